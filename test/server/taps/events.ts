import { get, type IncomingMessage } from 'node:http';

export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A reader of server-sent events, parsed as WHATWG HTML section 9.2.6 says. */
export class EventReader {
  readonly events: StreamEvent[] = [];
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What came before the first event and between events: comments and fields that are no event. */
  text = '';
  readonly ended: Promise<void>;
  readonly #response: IncomingMessage;
  #rest = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.ended = new Promise((resolve) => response.once('close', () => resolve()));
    response.on('error', () => undefined);
    response.setEncoding('utf8').on('data', (piece: string) => this.#read(piece));
  }

  static open(port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        resolve(new EventReader(response));
      }).once('error', reject);
    });
  }

  /** The lines of transcripts, parsed. */
  get lines(): Record<string, unknown>[] {
    return this.raw.map((json) => JSON.parse(json) as Record<string, unknown>);
  }

  /** As they came. */
  get raw(): string[] {
    return this.events.filter(({ event }) => event === 'message').map(({ data }) => data);
  }

  /** Events that are no lines. */
  get notices(): string[] {
    return this.events.filter(({ event }) => event !== 'message').map(({ event }) => event);
  }

  close(): void {
    this.#response.destroy();
  }

  #read(piece: string): void {
    this.text += piece;
    const blocks = (this.#rest + piece).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map<string, string>();
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
      }
      const data = fields.get('data');
      if (data !== undefined) this.events.push({ id: fields.get('id'), event: fields.get('event') ?? 'message', data });
    }
  }
}
