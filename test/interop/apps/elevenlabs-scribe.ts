import { AudioFormat, ElevenLabsClient, RealtimeEvents } from '@elevenlabs/elevenlabs-js';
import { apiKey, base, say, words } from './say.ts';

// The quick start of Scribe of @elevenlabs/elevenlabs-js; `baseUrl` is what changed.
const client = new ElevenLabsClient({ apiKey, baseUrl: base });
const connection = await client.speechToText.realtime.connect({
  modelId: 'scribe_v2_realtime',
  audioFormat: AudioFormat.ULAW_8000,
  sampleRate: 8000,
  keyterms: [`for ${words}`],
  includeTimestamps: true,
});
connection.on(RealtimeEvents.SESSION_STARTED, () => {
  connection.send({ audioBase64: Buffer.alloc(160, 0x55).toString('base64'), previousText: `this is ${words}` });
  connection.commit();
});
connection.on(RealtimeEvents.PARTIAL_TRANSCRIPT, ({ text }) => say({ partial: text }));
connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT, ({ text }) => say({ committed: text }));
connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT_WITH_TIMESTAMPS, ({ words: timed }) => {
  say({ words: timed?.map(({ text }) => text) });
  connection.close();
});
connection.on(RealtimeEvents.ERROR, (fault) => say({ error: fault }));
