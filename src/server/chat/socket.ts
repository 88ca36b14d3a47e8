import { EventEmitter } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { EventStream } from '../../stream/event-stream.ts';
import { parseObject } from '../../stream/json.ts';
import { refusalOf, type Connection, type DialRefusal } from '../dial.ts';
import type { LegSocket } from '../leg-socket.ts';
import { vendorMessageBytes } from '../socket.ts';
import { version } from '../version.ts';
import { JudgedAgent, type ConnectionPlan } from './agent.ts';

export interface ChatPlan extends ConnectionPlan {
  /** Headers of every request, credentials among them: never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The word of the leg that gives up the answer in progress. */
  readonly cancel: string;
  /** The word that the leg ends an answer with. */
  readonly done: string;
}

const open = 1;
const closed = 3;
const retryAfterMs = 250;
/** The body of a refusal is a sentence. */
const refusalBytes = 16 * 1024;

/** No answer, too many requests, a fault of the server: what may go better the second time. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * The leg to a model of text as if it were a socket: a message that is sent is a request, and each event of its answer is a
 * message that comes. One answer at a time; a new request gives up the one before. No redirect is followed.
 */
export class ChatSocket extends EventEmitter implements LegSocket {
  readonly OPEN = open;
  readonly CLOSED = closed;
  readonly bufferedAmount = 0;
  readyState: number = open;
  isPaused = false;
  readonly #plan: ChatPlan;
  readonly #url: URL;
  readonly #agent: JudgedAgent;
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(plan: ChatPlan, first: Connection) {
    super();
    this.#plan = plan;
    this.#agent = new JudgedAgent(plan, first);
    this.#url = new URL(plan.vendor.url);
    this.#url.pathname = `${this.#url.pathname.replace(/\/$/u, '')}/chat/completions`;
  }

  send(data: Buffer): void {
    this.#giveUp();
    if (data.toString() !== this.#plan.cancel) this.#ask(data, true);
  }

  pause(): void {
    this.isPaused = true;
    this.#response?.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.#response?.resume();
  }

  /** Nothing is agreed on with the other side: there is no session to be ended. */
  close(code: number): void {
    if (this.readyState === closed) return;
    this.readyState = closed;
    this.#giveUp();
    this.#agent.destroy();
    this.emit('close', code);
  }

  terminate(): void {
    this.close(1006);
  }

  /** Whether it is there shows with the next request; until then nothing is expected of it. */
  ping(): void {
    this.emit('pong');
  }

  #giveUp(): void {
    clearTimeout(this.#retry);
    this.#request?.destroy();
    this.#request = undefined;
    this.#response = undefined;
  }

  #ask(body: Buffer, mayRepeat: boolean): void {
    const { hostname, host, pathname, search } = this.#url;
    const headers = {
      ...this.#plan.headers,
      host,
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': `chaperone/${version}`,
    };
    const made = request({ method: 'POST', agent: this.#agent, hostname, path: `${pathname}${search}`, headers });
    this.#request = made;
    made.once('response', (response) => {
      if (this.#request === made) this.#take(response, body, mayRepeat);
    });
    made.on('error', (fault) => {
      if (this.#request !== made || this.#response !== undefined) return;
      const refusal = refusalOf(fault, AbortSignal.any([]));
      if (mayRepeat && refusal.reason === 'VENDOR_UNREACHABLE')
        this.#repeat(body, made.reusedSocket ? 0 : retryAfterMs);
      else this.#fail(refusal);
    });
    made.end(body);
  }

  #repeat(body: Buffer, afterMs: number): void {
    this.#giveUp();
    this.#retry = setTimeout(() => this.#ask(body, false), afterMs);
  }

  #take(response: IncomingMessage, body: Buffer, mayRepeat: boolean): void {
    const status = response.statusCode ?? 0;
    const isStream = /^text\/event-stream\b/iu.test(response.headers['content-type'] ?? '');
    if (status === 200 && isStream) return this.#read(response);
    // What nobody reads would keep the connection.
    if (status !== 400) response.resume();
    if (mayRepeat && passing.has(status)) this.#repeat(body, retryAfterMs);
    else if (status === 400) this.#explain(response);
    else
      this.#fail({
        reason: status >= 300 && status < 400 ? 'VENDOR_REDIRECT' : 'VENDOR_REJECTED',
        subject: String(status),
      });
  }

  #read(response: IncomingMessage): void {
    this.#response = response;
    const events = new EventStream(vendorMessageBytes);
    if (this.isPaused) response.pause();
    response.on('data', (piece: Buffer) => {
      const found = this.#response === response ? events.push(piece) : [];
      if (found === undefined) this.#fail({ reason: 'FRAME_TOO_LARGE', subject: 'event' });
      else for (const event of found) if (this.#response === response) this.emit('message', event, false);
    });
    response.once('end', () => {
      if (this.#response !== response) return;
      this.#request = undefined;
      this.emit('message', Buffer.from(this.#plan.done), false);
    });
    response.once('error', () => {
      if (this.#response === response) this.#fail({ reason: 'VENDOR_CLOSED', subject: 'answer' });
    });
  }

  /** A request that the vendor will not answer as it is: its protocol has a message for that, if it says why. */
  #explain(response: IncomingMessage): void {
    this.#response = response;
    const pieces: Buffer[] = [];
    let bytes = 0;
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= refusalBytes) pieces.push(piece);
    });
    response.once('error', () => undefined);
    response.once('close', () => {
      if (this.#response !== response) return;
      const said = Buffer.concat(pieces);
      if (typeof parseObject(said) === 'string') this.#fail({ reason: 'VENDOR_REJECTED', subject: '400' });
      else this.emit('message', said, false);
    });
  }

  #fail(refusal: DialRefusal): void {
    this.#giveUp();
    if (this.readyState === open) this.emit('refusal', refusal);
  }
}
