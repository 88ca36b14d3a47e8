import { webcrypto } from 'node:crypto';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import { listenOn, portOf } from '../../../src/server/port.ts';

/** One POST as the receiver saw it. */
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly path: string;
}

/** What a receiver does with a delivery: a status, a pause before it (ms), or a connection that is cut. */
export type Manner =
  { readonly status: number; readonly afterMs?: number; readonly location?: string } | 'cut' | 'hang';

/** A system of the practice on loopback: it keeps what it got and answers in the manner of the moment. */
export class Receiver {
  readonly attempts: Delivery[] = [];
  /** Those that it answered with success. */
  readonly taken: Delivery[] = [];
  manner: Manner = { status: 200 };
  connections = 0;
  readonly #server: ReturnType<typeof createServer> | ReturnType<typeof createPlainServer>;

  private constructor(tls: { certificate: string; key: string } | undefined) {
    const listener: RequestListener = (request, response) => void this.#receive(request, response);
    this.#server =
      tls === undefined ? createPlainServer(listener) : createServer({ cert: tls.certificate, key: tls.key }, listener);
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', () => (this.connections += 1));
  }

  /** With a certificate over TLS. */
  static async open(tls: { certificate: string; key: string } | undefined, port = 0): Promise<Receiver> {
    const receiver = new Receiver(tls);
    await listenOn(receiver.#server, { host: '127.0.0.1', port });
    return receiver;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Every line that was taken, in the order of arrival, copies too. */
  get lines(): Record<string, unknown>[] {
    return this.taken.flatMap(({ body }) => (JSON.parse(body) as { lines: Record<string, unknown>[] }).lines);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { headers, url = '' } = request;
    const delivery = { body: Buffer.concat(pieces).toString('utf8'), headers, path: url };
    this.attempts.push(delivery);
    const { manner } = this;
    if (manner === 'hang') return;
    if (manner === 'cut') return void request.socket.destroy();
    if (manner.status < 300) this.taken.push(delivery);
    if (manner.afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, manner.afterMs));
    if (manner.location !== undefined) response.setHeader('location', manner.location);
    response.writeHead(manner.status).end('thank you');
  }
}

/** Checks a signature as a receiver would that has read only the documentation, with another library than chaperone's. */
export async function isSigned({ body, headers }: Delivery, secret: string): Promise<boolean> {
  const parts = /^t=(?<time>\d+),v1=(?<code>[0-9a-f]{64})$/u.exec(String(headers['chaperone-signature']))?.groups;
  if (parts === undefined) return false;
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify']);
  const code = Uint8Array.from(Buffer.from(parts['code'] ?? '', 'hex'));
  const isRecent = Math.abs(Date.now() / 1000 - Number(parts['time'])) < 300;
  return isRecent && webcrypto.subtle.verify('HMAC', key, code, encoder.encode(`${parts['time']}.${body}`));
}
