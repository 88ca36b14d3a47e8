import { DeepgramClient } from '@deepgram/sdk';
import { apiKey, base, say, words } from './say.ts';

// The quick start of @deepgram/sdk; `baseUrl` is what changed.
const deepgram = new DeepgramClient({ apiKey, baseUrl: base.replace(/^http/u, 'ws') });
const connection = await deepgram.listen.v1.connect({
  model: 'nova-3',
  interim_results: 'true',
  encoding: 'mulaw',
  sample_rate: 8000,
  keyterm: words,
  Authorization: apiKey,
  reconnectAttempts: 0,
});

connection.on('message', (message) => {
  if (message.type === 'Results') {
    const [alternative] = message.channel.alternatives;
    say({
      final: message.is_final,
      transcript: alternative?.transcript,
      words: alternative?.words.map(({ word, punctuated_word: written }) => [word, written]),
    });
    if (message.is_final === true) connection.sendCloseStream({ type: 'CloseStream' });
  } else say({ type: message.type });
});
connection.on('close', ({ code }) => {
  say({ closed: code });
  process.exit(0);
});
connection.on('error', ({ message }) => say({ error: message }));
connection.connect();
await connection.waitForOpen();
for (let piece = 0; piece < 10; piece += 1) connection.sendMedia(Buffer.alloc(160, 0x55));
connection.sendFinalize({ type: 'Finalize' });
