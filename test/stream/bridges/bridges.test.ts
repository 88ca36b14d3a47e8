import { describe } from 'vitest';
import { bridges } from '../../../src/stream/bridges/index.ts';
import { voiceBridgeSuite } from '../../suites/bridge.ts';
import { textBridgeSuite } from '../../suites/text-bridge.ts';

describe.each(Object.entries(bridges))('%s', (name, bridge) => {
  if (bridge.caller === 'twilio-media-streams') voiceBridgeSuite(name, bridge);
  else textBridgeSuite(name, bridge);
});
