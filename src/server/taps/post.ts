import { createHmac } from 'node:crypto';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Peer } from '../../policy/tls.ts';
import { isLoopbackHost } from '../../policy/vendors.ts';
import type { WebhookTap } from '../config.ts';
import { connectJudged, refusalOf, type DialRefusal } from '../dial.ts';
import { version } from '../version.ts';
import { bounds } from './limits.ts';

/** What came of one attempt: the receiver's status, or why it could not be reached. */
export type PostOutcome = { readonly status: number } | DialRefusal;

export function isDelivered(outcome: PostOutcome): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}

/**
 * `t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>` under the secret. The time is part of what is signed, so that
 * a receiver can refuse what somebody recorded and sends again.
 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const code = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${code}`;
}

/**
 * Posts to one receiver. Its address, certificate and TLS version are judged on every new connection, as those of a
 * vendor are; no redirect is followed; its answer is a status and nothing else.
 */
export class Poster {
  readonly #settings: WebhookTap;
  readonly #url: URL;
  readonly #peer: Peer;
  readonly #trust: SecureContext | undefined;
  readonly #agent = new PreparedAgent();

  constructor(settings: WebhookTap) {
    this.#settings = settings;
    this.#url = new URL(settings.url);
    this.#peer = peerOf(settings, this.#url);
    const { certificateAuthority: ca } = settings;
    this.#trust = ca === undefined ? undefined : createSecureContext({ ca, minVersion: 'TLSv1.2' });
  }

  /** `now` is wall-clock milliseconds. It never rejects. */
  async post(body: string, now: number, ending: AbortSignal): Promise<PostOutcome> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    const timer = setTimeout(abort, bounds.postMs).unref();
    ending.addEventListener('abort', abort, { once: true });
    if (ending.aborted) abort();
    try {
      return { status: await this.#send(body, now, attempt.signal) };
    } catch (fault) {
      return refusalOf(fault, attempt.signal);
    } finally {
      clearTimeout(timer);
      ending.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(body: string, now: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    if (!this.#agent.isConnected) {
      const target = { vendor: this.#peer, trust: this.#trust };
      this.#agent.prepare((await connectJudged(target, this.#url, signal)).transport);
    }
    const { id, secret } = this.#settings;
    const { hostname, host, pathname, search } = this.#url;
    const headers = {
      host,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': `chaperone/${version}`,
      'chaperone-tap': id,
      'chaperone-signature': signatureOf(secret.reveal(), Math.floor(now / 1000), body),
    };
    return new Promise<number>((resolve, reject) => {
      const options = { agent: this.#agent, method: 'POST', hostname, path: `${pathname}${search}`, headers, signal };
      request(options, (response) => resolve(statusOf(response)))
        .once('error', reject)
        .end(body);
    });
  }
}

/** The status, when the answer has come to its end or has become longer than anybody needs. */
function statusOf(response: IncomingMessage): Promise<number> {
  const status = response.statusCode ?? 0;
  let bytes = 0;
  return new Promise<number>((resolve, reject) => {
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > bounds.answerBytes) response.destroy();
    });
    response.once('error', reject);
    response.once('close', () => resolve(status));
  });
}

function peerOf({ id, url, addresses }: WebhookTap, { hostname }: URL): Peer {
  return { id, url, addresses, loopback: isLoopbackHost(hostname), pins: [] };
}

/** One connection at a time, made before it is asked for and kept while it is used. */
class PreparedAgent extends Agent {
  #prepared: Socket | undefined;

  constructor() {
    super({ keepAlive: true, maxSockets: 1, timeout: bounds.idleMs });
  }

  get isConnected(): boolean {
    return Object.values(this.freeSockets).some((sockets) => sockets?.some((socket) => !socket.destroyed) === true);
  }

  prepare(socket: Socket): void {
    this.#prepared = socket;
  }

  override createConnection(): Socket {
    const socket = this.#prepared;
    this.#prepared = undefined;
    if (socket === undefined) throw Object.assign(new Error('The connection is gone'), { code: 'ECONNRESET' });
    return socket;
  }
}
