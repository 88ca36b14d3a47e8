import { createServer } from 'node:https';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../../src/server/demo/scene.ts';
import { listenOn } from '../../src/server/port.ts';
import { vendorTls, type StageVendor } from '../e2e/stage.ts';

interface ChatMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_call_id?: string;
}

/** A request as the model got it, and the answer as the test gives it, in the form of the real interface. */
export class ModelRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly at = performance.now();
  /** When the other side gave it up. */
  abortedAt: number | undefined;
  /** Which connection it came on. */
  readonly connection: number;
  private readonly response: ServerResponse;
  private readonly id: string;

  constructor(
    id: string,
    about: { path: string; headers: IncomingHttpHeaders; text: string; connection: number },
    response: ServerResponse,
  ) {
    this.id = id;
    this.path = about.path;
    this.headers = about.headers;
    this.text = about.text;
    this.connection = about.connection;
    this.response = response;
    response.once('close', () => {
      if (!response.writableEnded) this.abortedAt = performance.now();
    });
  }

  get body(): Readonly<Record<string, unknown>> & { readonly messages: readonly ChatMessage[] } {
    return JSON.parse(this.text) as ModelRequest['body'];
  }

  /** What the caller or a tool said last. */
  get last(): string {
    return this.body.messages.at(-1)?.content ?? '';
  }

  say(content: string): this {
    return this.chunk({ content }, null);
  }

  call(id: string, name: string, input: string, index = 0): this {
    return this.chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }] }, null);
  }

  end(reason = 'stop'): void {
    this.chunk({}, reason);
    this.event({ id: this.id, object: 'chat.completion.chunk', choices: [], usage: { total_tokens: 42 } });
    this.response.end('data: [DONE]\n\n');
  }

  chunk(delta: object, reason: string | null): this {
    const chunk = { id: this.id, object: 'chat.completion.chunk', created: 1_789_000_000, model: 'gpt-5.4-mini' };
    return this.event({ ...chunk, choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] });
  }

  event(data: object): this {
    this.begin();
    // Cut in the middle, as a network may.
    const wire = Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
    this.response.write(wire.subarray(0, 7));
    this.response.write(wire.subarray(7));
    return this;
  }

  /** Bytes of the stream as they stand. */
  raw(text: string): void {
    this.begin();
    this.response.write(text);
  }

  private begin(): void {
    if (!this.response.headersSent)
      this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  refuse(status: number, body: object = { error: { message: 'no', type: 'invalid_request_error' } }): void {
    this.response
      .writeHead(status, { 'content-type': 'application/json', location: 'https://elsewhere.example/' })
      .end(JSON.stringify(body));
  }

  die(): void {
    this.response.socket?.destroy();
  }
}

/** What the model does with a request. */
export type Model = (request: ModelRequest) => void | Promise<void>;

export interface ChatModel extends StageVendor {
  readonly requests: readonly ModelRequest[];
  readonly connections: number;
  /** Closes every connection on which nothing is being said. */
  dropIdle(): void;
}

/** A model of text behind the interface of chat completions, on real TLS. Source: types of openai 6.49. */
export async function startChatModel(scene: Scene, model: Model): Promise<ChatModel> {
  const { certificate, key } = await vendorTls(scene);
  const requests: ModelRequest[] = [];
  const sockets = new Map<Socket, number>();
  let connections = 0;
  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2' }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const about = {
        path: request.url ?? '',
        headers: request.headers,
        text: Buffer.concat(pieces).toString(),
        connection: sockets.get(request.socket) ?? 0,
      };
      const made = new ModelRequest(`chatcmpl-${requests.length + 1}`, about, response);
      requests.push(made);
      void model(made);
    });
  });
  server.on('secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.set(socket, connections);
    socket.on('error', () => undefined);
  });
  await listenOn(server, { host: '127.0.0.1', port: scene.vendorPort });
  return {
    requests,
    get connections() {
      return connections;
    },
    get sessions() {
      return [{ path: '', texts: requests.map(({ text }) => text), audioFrames: 0 }];
    },
    dropIdle: () => server.closeIdleConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A model that answers with what it heard, a word at a time. */
export const echoing: Model = async (request) => {
  for (const word of `You said: ${request.last}`.match(/\S+\s*/gu) ?? []) {
    request.say(word);
    await sleep(2);
  }
  request.end();
};
