import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { WebSocketServer, type WebSocket } from 'ws';
import { listenOn } from '../port.ts';
import { answerTo } from './booking.ts';
import { readMessage, type VendorSession } from './messages.ts';

export interface DemoVendorOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface DemoVendor {
  readonly port: number;
  readonly sessions: readonly VendorSession[];
  close(): Promise<void>;
}

/** A demo vendor keeps what it receives only so long as this many sessions. */
const keptSessions = 64;
const keptTexts = 2_000;

/**
 * A voice vendor for the demo, the tests and the compose file. It speaks the vendor side of both Twilio protocols:
 * audio comes back as an echo, a finished sentence is answered in a few tokens. `GET /sessions` shows what it received.
 */
export async function startDemoVendor(options: DemoVendorOptions): Promise<DemoVendor> {
  const sessions: VendorSession[] = [];
  const server = createServer(options, (request, response) => answerHttp(sessions, request, response));
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 1024 * 1024 });
  sockets.on('connection', (socket, request) => {
    const session: VendorSession = { path: request.url ?? '/', texts: [], audioFrames: 0 };
    sessions.push(session);
    if (sessions.length > keptSessions) sessions.shift();
    hold(socket, session);
  });
  return {
    port: await listenOn(server, options),
    sessions,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createServer(
  options: DemoVendorOptions,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (options.tls === undefined) return createHttpServer(listener);
  return createHttpsServer({ cert: options.tls.certificate, key: options.tls.key, minVersion: 'TLSv1.2' }, listener);
}

function answerHttp(sessions: readonly VendorSession[], request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/healthz') {
    response.end('ok\n');
  } else if (request.url === '/sessions') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(sessions));
  } else {
    response.writeHead(404).end();
  }
}

function hold(socket: WebSocket, session: VendorSession): void {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    const message = readMessage(text);
    if (message.event === 'media') {
      session.audioFrames += 1;
      socket.send(
        `{"event":"media","streamSid":"${message.streamSid}","media":{"payload":"${message.media?.payload}"}}`,
      );
      return;
    }
    if (session.texts.length < keptTexts) session.texts.push(text);
    if (message.type === 'prompt' && message.last === true) answer(socket, message.voicePrompt ?? '');
  });
}

/** As language models do: a few characters at a time, the last piece marked; a pseudonym is said back as it came. */
function answer(socket: WebSocket, prompt: string): void {
  const pseudonyms = prompt.match(/\[[A-Z]+_\d+\]/gu) ?? [];
  const tokens = [answerTo(prompt), ...pseudonyms].join(' ').match(/.{1,5}/gsu) ?? [];
  tokens.forEach((token, index) => {
    socket.send(JSON.stringify({ type: 'text', token, last: index === tokens.length - 1 }));
  });
}
