import { describe } from 'vitest';
import { bridges } from '../../../src/stream/bridges/index.ts';
import { bridgeSuite } from '../../suites/bridge.ts';

describe.each(Object.entries(bridges))('%s', (name, bridge) => {
  bridgeSuite(name, bridge);
});
