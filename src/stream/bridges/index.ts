import type { Bridge } from '../bridge.ts';
import { twilioChat } from './twilio-chat.ts';
import { twilioDeepgramAgent } from './twilio-deepgram-agent.ts';
import { twilioElevenlabs } from './twilio-elevenlabs.ts';
import { twilioGemini } from './twilio-gemini.ts';
import { twilioOpenai } from './twilio-openai.ts';

/** Every bridge, by the name that a route of the configuration gives. */
export const bridges = {
  'openai-realtime': twilioOpenai,
  'deepgram-agent': twilioDeepgramAgent,
  elevenlabs: twilioElevenlabs,
  'gemini-live': twilioGemini,
  'chat-completions': twilioChat,
} as const satisfies Record<string, Bridge>;

export type BridgeName = keyof typeof bridges;
