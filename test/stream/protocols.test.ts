import { describe } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { protocolSuite } from '../suites/protocol.ts';

describe.each(Object.entries(protocols))('%s', (name, codec) => {
  protocolSuite(name, codec);
});
