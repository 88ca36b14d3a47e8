import { DeepgramClient } from '@deepgram/sdk';
import { apiKey, base, say, words } from './say.ts';

// The quick start of the voice agent of @deepgram/sdk; `baseUrl` is what changed.
const deepgram = new DeepgramClient({ apiKey, baseUrl: base.replace(/^http/u, 'ws') });
const connection = await deepgram.agent.v1.connect({ Authorization: apiKey, reconnectAttempts: 0 });

let audio = 0;
connection.on('message', (message) => {
  if (message instanceof Blob) {
    audio += message.size;
    return;
  }
  if (typeof message !== 'object' || !('type' in message)) return;
  if (message.type === 'Welcome') {
    connection.sendSettings({
      type: 'Settings',
      audio: { input: { encoding: 'mulaw', sample_rate: 8000 }, output: { encoding: 'mulaw', sample_rate: 8000 } },
      agent: {
        think: {
          provider: { type: process.env['THINK'] ?? 'open_ai', model: 'gpt-4o-mini' },
          prompt: `Help ${words}.`,
        },
        speak: { provider: { type: 'deepgram', model: 'aura-2-thalia-en' } },
      },
    } as Parameters<typeof connection.sendSettings>[0]);
  } else if (message.type === 'SettingsApplied') {
    say({ applied: true });
    for (let piece = 0; piece < 10; piece += 1) connection.sendMedia(Buffer.alloc(160, 0x55));
    connection.sendInjectUserMessage({ type: 'InjectUserMessage', content: `i am ${words}` });
  } else if (message.type === 'ConversationText') say({ [message.role]: message.content });
  else if (message.type === 'AgentAudioDone') {
    say({ audio });
    connection.close();
  }
});
connection.on('close', (event) => {
  say({ closed: event.code, reason: event.reason });
  process.exit(0);
});
connection.on('error', ({ message }) => say({ error: message }));
connection.connect();
await connection.waitForOpen();
