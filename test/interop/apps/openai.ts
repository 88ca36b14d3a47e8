import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { apiKey, base, say, words } from './say.ts';

// The quick start of the openai package; `baseURL` is what changed.
const client = new OpenAI({ apiKey, baseURL: `${base}/v1` });
const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1' }, client);

realtime.socket.on('open', () => {
  realtime.send({
    type: 'session.update',
    session: { type: 'realtime', instructions: 'You book appointments.', tracing: 'auto' },
  });
  realtime.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] },
  });
  for (let piece = 0; piece < 5; piece += 1)
    realtime.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(960, piece).toString('base64') });
  realtime.send({ type: 'input_audio_buffer.commit' });
  realtime.send({ type: 'response.create' });
});
let transcript = '';
let input = '';
realtime.on('session.updated', ({ session }) => say({ session }));
realtime.on('conversation.item.input_audio_transcription.completed', (event) => say({ heard: event.transcript }));
realtime.on('response.output_audio_transcript.delta', ({ delta }) => (transcript += delta));
realtime.on('response.function_call_arguments.delta', ({ delta }) => (input += delta));
realtime.on('response.function_call_arguments.done', (event) => say({ arguments: event.arguments, deltas: input }));
realtime.on('response.output_audio.delta', ({ delta }) => say({ audio: Buffer.from(delta, 'base64').length }));
realtime.on('response.done', () => {
  say({ said: transcript });
  realtime.close();
});
realtime.on('error', (error) => say({ error: error.message }));
realtime.socket.on('unexpected-response', (_request, response) => {
  say({ refused: response.statusCode });
  response.resume();
  realtime.socket.terminate();
});
