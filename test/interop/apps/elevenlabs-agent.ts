import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js/Client.js';
import {
  AudioInterface,
  ClientTools,
  Conversation,
} from '@elevenlabs/elevenlabs-js/api/resources/conversationalAi/conversation/index.js';
import { apiKey, base, say, words } from './say.ts';

// The quick start of the agents of @elevenlabs/elevenlabs-js; `baseUrl` is what changed. The URL of a public agent is
// written into this version of the SDK: `requiresAuth` lets it ask the base URL where the socket is.
class Telephone extends AudioInterface {
  override start(hear: (audio: Buffer) => void): void {
    for (let piece = 0; piece < 5; piece += 1) hear(Buffer.alloc(160, 0x55));
  }
  override stop(): void {}
  override interrupt(): void {}
  override output(audio: Buffer): void {
    say({ audio: audio.length });
  }
}

const clientTools = new ClientTools();
clientTools.register('find_slot', (parameters) => {
  say({ asked: parameters['for'] });
  return `Tuesday for ${words}`;
});
const conversation = new Conversation({
  client: new ElevenLabsClient({ apiKey, baseUrl: base }),
  agentId: process.env['AGENT'] ?? 'agent_1',
  requiresAuth: true,
  audioInterface: new Telephone(),
  clientTools,
  config: {
    extraBody: {},
    conversationConfigOverride: { agent: { first_message: `Hello ${words}` } },
    dynamicVariables: { patient: words },
  },
  callbackUserTranscript: (heard) => say({ heard }),
  callbackAgentResponse: (said) => say({ said }),
  callbackLatencyMeasurement: (latency) => say({ latency }),
  callbackAgentResponseCorrection: (_original, corrected) => {
    say({ corrected });
    conversation.endSession();
  },
});
// Without a listener the SDK throws what it also rejects with.
conversation.on('error', () => undefined);
await conversation.startSession().then(
  () => conversation.sendUserMessage(`i am ${words}`),
  (fault: Error) => say({ refused: fault.message }),
);
