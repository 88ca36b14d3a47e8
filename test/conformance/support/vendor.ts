import { createHash } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TlsOptions } from 'node:tls';
import type { Scene } from '../../../src/server/demo/scene.ts';
import { vendorTls, type StageVendor } from '../../e2e/stage.ts';
import { Peer, readHead } from './peer.ts';

const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The value of Sec-WebSocket-Accept for a key. RFC 6455 section 4.2.2. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + acceptGuid)
    .digest('base64');
}

/** The answer that accepts an upgrade, with other or more headers. */
export function accepting(head: string, headers: Readonly<Record<string, string | undefined>> = {}): string {
  const key = /^sec-websocket-key: *(.*)$/imu.exec(head)?.[1] ?? '';
  const all = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptOf(key), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export interface RawVendorOptions {
  /** The answer to the upgrade; undefined: none at all. */
  readonly answer?: (head: string) => string | undefined;
  readonly tls?: (scene: Scene) => Promise<TlsOptions>;
  /** Of each call, before anything of it is read. It is not kept then. */
  readonly onPeer?: (peer: Peer) => void;
}

/** A vendor on bare sockets: every byte that it receives is kept with its time, every byte that it sends is given. */
export class RawVendor implements StageVendor {
  readonly peers: Peer[] = [];
  /** Heads of the upgrades that came. */
  readonly heads: string[] = [];
  /** Connections that came, also those that never spoke. */
  connections = 0;
  readonly #options: RawVendorOptions;
  /** The TCP connections, by the port that each comes from: a TLS socket cannot be reset. */
  readonly #sockets = new Map<number, Socket>();
  readonly #waiting: ((peer: Peer) => void)[] = [];
  #server: TlsServer | undefined;

  constructor(options: RawVendorOptions = {}) {
    this.#options = options;
  }

  /** For `Stage.open`. */
  readonly start = async (scene: Scene): Promise<RawVendor> => {
    const tls = await (this.#options.tls ?? trustedTls)(scene);
    this.#server = createTlsServer(tls, (socket) => void this.#accept(socket));
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      const port = socket.remotePort ?? 0;
      this.#sockets.set(port, socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(port));
    });
    await listen(this.#server, scene.vendorPort);
    return this;
  };

  get sessions(): StageVendor['sessions'] {
    return this.peers.map((peer, at) => ({
      path: / (\S+) HTTP/u.exec(this.heads[at] ?? '')?.[1] ?? '',
      texts: [...peer.texts, this.heads[at] ?? ''],
      audioFrames: peer.texts.filter((text) => text.includes('"media"')).length,
    }));
  }

  /** The end of the next call at this side. Asked for before the call is placed. */
  next(): Promise<Peer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Another certificate, from the next connection on. */
  renew(tls: TlsOptions): void {
    this.#server?.setSecureContext(tls);
  }

  /** Ends a connection with a TCP reset. */
  reset(peer: Peer): void {
    this.#sockets.get(peer.socket.remotePort ?? 0)?.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #accept(socket: Socket): Promise<void> {
    const { head, rest } = await readHead(socket).catch(() => ({ head: '', rest: Buffer.alloc(0) }));
    if (head === '') return;
    const answer = this.#options.answer === undefined ? accepting(head) : this.#options.answer(head);
    if (answer === undefined) return;
    const peer = new Peer(socket, undefined, rest);
    if (this.#options.onPeer === undefined) {
      this.heads.push(head);
      this.peers.push(peer);
    }
    this.#options.onPeer?.(peer);
    socket.write(answer, 'latin1');
    this.#waiting.shift()?.(peer);
  }
}

export async function trustedTls(scene: Scene): Promise<TlsOptions> {
  const { certificate, key } = await vendorTls(scene);
  return { cert: certificate, key };
}

export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
}
