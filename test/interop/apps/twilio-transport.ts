import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { TwilioRealtimeTransportLayer } from '@openai/agents-extensions';
import { RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import { WebSocketServer } from 'ws';
import { apiKey, say } from './say.ts';

// The server of the example of @openai/agents-extensions, as it stands behind Twilio. Here chaperone stands before it.
const tls = process.env['TLS'] ?? '';
const server = createServer({
  cert: readFileSync(join(tls, 'vendor.pem')),
  key: readFileSync(join(tls, 'vendor.key')),
});
const agent = new RealtimeAgent({ name: 'Front desk', instructions: 'You book appointments.' });

new WebSocketServer({ server }).on('connection', (twilioWebSocket) => {
  const transport = new TwilioRealtimeTransportLayer({ twilioWebSocket });
  const session = new RealtimeSession(agent, {
    transport,
    model: 'gpt-realtime-2.1',
    tracingDisabled: true,
    config: { audio: { input: { format: 'g711_ulaw' }, output: { format: 'g711_ulaw' } } },
  });
  session.on('transport_event', (event) => {
    if (event.type === 'twilio_message') say({ twilio: event['message'] });
    if (event.type === 'conversation.item.input_audio_transcription.completed') say({ heard: event['transcript'] });
  });
  session.on('error', ({ error }) => say({ error: String(error) }));
  twilioWebSocket.on('close', (code) => {
    say({ closed: code });
    server.close();
  });
  session
    .connect({ apiKey, url: process.env['OPENAI'] ?? '' })
    .then(() => say({ connected: true }))
    .catch((fault: unknown) => say({ fault: String(fault) }));
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => say({ listening: true }));
