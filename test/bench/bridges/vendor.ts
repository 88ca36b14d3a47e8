import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Scene } from '../../../src/server/demo/scene.ts';

/** One session: it takes sound, and says what it is told to. */
export class VendorLeg {
  readonly socket: WebSocket;
  /** When the last message came, monotonic milliseconds. */
  heardAt = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer) => {
      this.heardAt = performance.now();
      if (!data.includes('"session.update"')) return;
      const { session } = JSON.parse(data.toString()) as { session: object };
      socket.send(JSON.stringify({ type: 'session.updated', event_id: 'event_u', session }));
    });
  }

  /** What the caller said. */
  writeDown(transcript: string): void {
    const type = 'conversation.item.input_audio_transcription.completed';
    this.socket.send(JSON.stringify({ type, event_id: 'event_t', item_id: 'item_t', content_index: 0, transcript }));
  }
}

export interface SilentVendor {
  /** The session that was opened next. */
  next(): Promise<VendorLeg>;
  close(): Promise<void>;
}

/** OpenAI Realtime as far as a call needs it that hears nothing but its end. */
export async function startSilentVendor(scene: Scene): Promise<SilentVendor> {
  const [cert, key] = await Promise.all(
    ['vendor.pem', 'vendor.key'].map((name) => readFile(join(scene.directory, 'tls', name), 'utf8')),
  );
  const server = createServer({ cert, key });
  const legs: VendorLeg[] = [];
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => legs.push(new VendorLeg(socket)));
  await new Promise<void>((resolve) => {
    server.listen(scene.vendorPort, '127.0.0.1', resolve);
  });
  let taken = 0;
  return {
    async next() {
      taken += 1;
      for (;;) {
        const leg = legs[taken - 1];
        if (leg !== undefined && leg.heardAt > 0) return leg;
        await wait(2);
      }
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
