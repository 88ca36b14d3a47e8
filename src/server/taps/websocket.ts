import { reasons } from '../../policy/reason.ts';
import { Heartbeat, type Leg } from '../socket.ts';
import type { TapLine } from './line.ts';
import type { Outlet } from './reader.ts';

/** A WebSocket that is only written to: one text message a line. What the peer sends is not looked at. */
export function openSocket(socket: Leg['socket']): Outlet {
  const heartbeat = new Heartbeat(socket);
  socket.on('error', () => undefined); // `close` follows.
  return {
    get unread() {
      return socket.bufferedAmount;
    },
    write: ({ json }: TapLine) => socket.send(json, { binary: false }),
    tell: (what) => socket.send(`{"event":"${what}"}`, { binary: false }),
    beat: (now) => heartbeat.beat(now),
    close: (reason) => {
      if (reason === 'PEER_TOO_SLOW') socket.terminate();
      else socket.close(reason === undefined ? 1000 : reasons[reason].close, reason);
    },
  };
}
