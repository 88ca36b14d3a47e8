import { createServer } from 'node:https';
import { WebSocketServer, type WebSocket } from 'ws';
import type { VendorSession } from '../../src/server/demo/messages.ts';
import type { Scene } from '../../src/server/demo/scene.ts';
import { listenOn } from '../../src/server/port.ts';
import { vendorTls, type StageVendor } from '../e2e/stage.ts';

type Message = Readonly<Record<string, unknown>>;

/** One session of a loopback vendor, as its protocol sees it and as a test asks for it. */
export class LoopbackSession implements VendorSession {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly texts: string[] = [];
  readonly heard: Buffer[] = [];
  closedWith: number | undefined;
  readonly socket: WebSocket;

  constructor(socket: WebSocket, path: string, headers: LoopbackSession['headers']) {
    this.socket = socket;
    this.path = path;
    this.headers = headers;
  }

  get audioFrames(): number {
    return this.heard.length;
  }

  /** What was received, of one type. */
  received(type: string): readonly Message[] {
    return this.texts.map((text) => JSON.parse(text) as Message).filter((message) => message['type'] === type);
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

/** What a vendor does with what it receives. */
export interface VendorScript {
  onOpen?(session: LoopbackSession): void;
  onMessage(session: LoopbackSession, data: Buffer, binary: boolean): void;
}

export interface LoopbackVendor extends StageVendor {
  readonly sessions: readonly LoopbackSession[];
}

/** A vendor of the scene on real TLS that plays a script. */
export async function startVendor(scene: Scene, script: VendorScript): Promise<LoopbackVendor> {
  const { certificate, key } = await vendorTls(scene);
  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2' });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const sessions: LoopbackSession[] = [];
  sockets.on('connection', (socket, request) => {
    const session = new LoopbackSession(socket, request.url ?? '/', request.headers);
    sessions.push(session);
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      session.closedWith = code;
    });
    socket.on('message', (data: Buffer, binary) => script.onMessage(session, data, binary));
    script.onOpen?.(session);
  });
  await listenOn(server, { host: '127.0.0.1', port: scene.vendorPort });
  return {
    sessions,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
