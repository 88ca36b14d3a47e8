import { WebSocket } from 'ws';
import { apiKey, base, say, words } from './say.ts';

// @elevenlabs/elevenlabs-js has no client for this socket. These are the messages that its vendor documents.
const url = `${base.replace(/^http/u, 'ws')}/v1/text-to-speech/voice_1/stream-input?model_id=eleven_flash_v2_5&output_format=ulaw_8000`;
const socket = new WebSocket(url, { headers: { 'xi-api-key': apiKey } });
socket.on('open', () => {
  socket.send(JSON.stringify({ text: ' ', voice_settings: { stability: 0.5 }, 'xi-api-key': apiKey }));
  for (const text of `Thank you ${words}, see you on Tuesday. `.match(/.{1,5}/gu) ?? [])
    socket.send(JSON.stringify({ text }));
  socket.send(JSON.stringify({ text: '' }));
});
let caption = '';
socket.on('message', (data: Buffer) => {
  const message = JSON.parse(data.toString()) as { alignment?: { chars: string[] }; isFinal?: boolean };
  caption += (message.alignment?.chars ?? []).join('');
  if (message.isFinal !== true) return;
  say({ caption });
  socket.close(1000);
});
socket.on('close', (code) => say({ closed: code }));
socket.on('error', ({ message }) => say({ error: message }));
