import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import { apiKey, base, say, words } from './say.ts';

const book = tool({
  name: 'book',
  description: 'Books an appointment.',
  parameters: z.object({ name: z.string(), day: z.string() }),
  execute: async (input) => {
    say({ tool: input });
    return 'booked';
  },
});

// The quick start of @openai/agents-realtime; `url` is what changed.
const agent = new RealtimeAgent({ name: 'Front desk', instructions: 'You book appointments.', tools: [book] });
const session = new RealtimeSession(agent, { transport: 'websocket', model: 'gpt-realtime-2.1' });
let audio = 0;
let results = 0;
session.on('audio', ({ data }) => (audio += data.byteLength));
session.on('error', ({ error }) => say({ error: String(error) }));
session.on('transport_event', (event) => {
  if (event.type === 'conversation.item.input_audio_transcription.completed') say({ heard: event['transcript'] });
  if (event.type === 'response.output_audio_transcript.done') say({ said: event['transcript'] });
  // The answer to the tool's result is the last one.
  if (event.type === 'response.done' && ++results === 2) {
    say({ audio });
    session.close();
  }
});
await session.connect({ apiKey, url: `${base.replace(/^http/u, 'ws')}/v1/realtime?model=gpt-realtime-2.1` });
for (let piece = 0; piece < 5; piece += 1)
  session.sendAudio(new Uint8Array(960).fill(piece).buffer, { commit: piece === 4 });
session.sendMessage(`please call ${words} back`);
