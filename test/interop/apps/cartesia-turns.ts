import { cartesia } from './cartesia.ts';
import { say, words } from './say.ts';

// Turns of @cartesia/cartesia-js.
const client = cartesia();
const socket = client.stt.autoFinalize.websocket(
  {
    model: 'ink-2',
    encoding: 'pcm_mulaw',
    sample_rate: 8000,
    keyterm: ['Kybella', `for ${words}`],
    turn_end_threshold: 0.2,
  },
  { reconnect: null },
);
socket.on('error', ({ message }) => say({ refused: message.split('\n')[0] }));
socket.on('connected', () => {
  say({ connected: true });
  socket.send({ type: 'config', turn: { end_threshold: 0.3 } });
  for (let piece = 0; piece < 2; piece += 1) socket.sendRaw(Buffer.alloc(800, 0x55));
});
socket.on('turn.update', ({ transcript }) => say({ update: transcript }));
socket.on('turn.end', ({ transcript }) => {
  say({ end: transcript });
  socket.send({ type: 'close' });
});
socket.on('close', (code) => say({ closed: code }));
