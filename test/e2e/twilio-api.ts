import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenOn, portOf } from '../../src/server/port.ts';

/** A request to move a live call, as Twilio's REST interface got it. */
export interface MoveRequest {
  readonly method: string;
  readonly path: string;
  /** User and password of the basic authentication. */
  readonly credentials: string;
  readonly contentType: string;
  readonly form: Readonly<Record<string, string>>;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** What the interface answers: a status, after some milliseconds; undefined: nothing at all. */
export interface Answer {
  readonly status: number;
  readonly afterMs?: number;
}

/** The part of Twilio's REST interface that moves a call, on loopback: it checks the credentials as Twilio does. */
export class TwilioApi {
  readonly requests: MoveRequest[] = [];
  /** The next answers, in order; after them every request with good credentials succeeds. */
  readonly answers: (Answer | undefined)[] = [];
  /** Called when a call was moved, as Twilio then ends its stream. */
  onMoved: (callSid: string) => void = () => undefined;
  readonly #valid: () => string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(valid: () => string) {
    this.#valid = valid;
  }

  /** `valid` gives the credentials that are accepted, `AC…:token`. */
  static async start(valid: () => string): Promise<TwilioApi> {
    const api = new TwilioApi(valid);
    await listenOn(api.#server, { host: '127.0.0.1', port: 0 });
    return api;
  }

  get origin(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const move = await read(request);
    this.requests.push(move);
    const planned = this.answers.length > 0;
    const answer = planned ? this.answers.shift() : { status: this.#judge(move) };
    if (answer === undefined) return;
    await sleep(answer.afterMs ?? 0);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end('{"status":"in-progress"}');
    if (answer.status === 200) this.onMoved(/Calls\/(\w+)\.json$/u.exec(move.path)?.[1] ?? '');
  }

  #judge({ method, path, credentials, contentType, form }: MoveRequest): number {
    const [account] = this.#valid().split(':');
    if (credentials !== this.#valid()) return 401;
    if (!new RegExp(`^/2010-04-01/Accounts/${account}/Calls/CA[0-9a-f]{32}\\.json$`, 'u').test(path)) return 404;
    const isForm = method === 'POST' && contentType === 'application/x-www-form-urlencoded';
    return isForm && /^<\?xml .*<Response>.*<\/Response>$/su.test(form['Twiml'] ?? '') ? 200 : 400;
  }
}

async function read(request: IncomingMessage): Promise<MoveRequest> {
  const at = performance.now();
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    credentials: scheme === 'Basic' ? Buffer.from(encoded, 'base64').toString('utf8') : '',
    contentType: request.headers['content-type'] ?? '',
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8'))),
    at,
  };
}
