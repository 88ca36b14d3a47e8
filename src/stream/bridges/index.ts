import type { Bridge } from '../bridge.ts';
import { twilioOpenai } from './twilio-openai.ts';

/** Every bridge from Twilio Media Streams, by the name that a route of the configuration gives. */
export const bridges = {
  'openai-realtime': twilioOpenai,
} as const satisfies Record<string, Bridge>;

export type BridgeName = keyof typeof bridges;
