import { AssemblyAI } from 'assemblyai';
import { apiKey, base, say, words } from './say.ts';

// The quick start of the streaming of assemblyai; `websocketBaseUrl` is what changed.
const transcriber = new AssemblyAI({ apiKey }).streaming.transcriber({
  websocketBaseUrl: `${base.replace(/^http/u, 'ws')}/v3/ws`,
  apiKey,
  sampleRate: 8000,
  encoding: 'pcm_mulaw',
  formatTurns: true,
  speechModel: 'universal-streaming-english',
  keytermsPrompt: ['Kybella', `for ${words}`],
  connectTimeout: 10_000,
  maxConnectionRetries: 0,
  ...(process.env['GATEWAY'] === undefined
    ? {}
    : {
        llmGateway: {
          model: process.env['GATEWAY'],
          max_tokens: 9,
          messages: [{ role: 'user', content: `is it ${words}?` }],
        },
      }),
});
transcriber.on('turn', ({ transcript, words: heard, turn_is_formatted: formatted, end_of_turn: ended }) => {
  say({ transcript, words: heard.map(({ text }) => text), ended });
  if (formatted) void transcriber.close();
});
try {
  await transcriber.connect();
  say({ begun: true });
  transcriber.updateConfiguration({ prompt: `expect ${words}` });
  for (let piece = 0; piece < 2; piece += 1) transcriber.sendAudio(new Uint8Array(800).fill(0x55).buffer);
} catch (fault) {
  say({ refused: fault instanceof Error ? fault.message : '' });
}
