import { randomBytes } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { ask, callSidOf, type Carrier } from '../../../src/server/demo/carrier.ts';
import { opening } from '../../../src/server/demo/streams.ts';
import { signTwilioRequest } from '../../../src/server/twilio/signature.ts';
import type { Stage } from '../../e2e/stage.ts';
import { maskingKey } from './frames.ts';
import { Peer, readHead } from './peer.ts';

/** How an upgrade departs from the right one. A header that is undefined is left out; a list is sent several times. */
export interface UpgradeChanges {
  readonly method?: string;
  readonly version?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly rest: Buffer;
  readonly socket: TLSSocket;
}

let calls = 100_000;

/** A new call as far as its one-time stream URL. */
export async function streamUrl(
  carrier: Carrier,
  route: string,
): Promise<{ readonly url: string; readonly callSid: string }> {
  const callSid = callSidOf((calls += 1));
  const { streamUrl: url } = await ask(carrier, route, callSid);
  if (url === undefined) throw new Error('The call was sent to a human');
  return { url, callSid };
}

export function connectTo(carrier: Carrier): Promise<TLSSocket> {
  const { port, hostname } = new URL(carrier.origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', servername: hostname, ca: carrier.authority });
    socket.once('secureConnect', () => {
      socket.removeListener('error', reject);
      resolve(socket.on('error', () => undefined));
    });
    socket.once('error', reject);
  });
}

/** Sends an upgrade written by hand and reads the head of the answer. */
export async function upgrade(carrier: Carrier, url: string, changes: UpgradeChanges = {}): Promise<RawAnswer> {
  const { pathname, host } = new URL(url);
  const headers: Record<string, string | readonly string[] | undefined> = {
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    'X-Twilio-Signature': signTwilioRequest(carrier.authToken, url, new Map()),
    ...changes.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value = []]) =>
    (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`),
  );
  const { method = 'GET', version = 'HTTP/1.1', path = pathname } = changes;
  const socket = await connectTo(carrier);
  socket.write([`${method} ${path} ${version}`, ...lines, '', ''].join('\r\n'), 'latin1');
  const { head, rest } = await readHead(socket);
  return { status: Number(/^HTTP\/1\.\d (\d{3})/u.exec(head)?.[1]), head, rest, socket };
}

/** The caller's end of an accepted call, on a bare socket. */
export interface RawCall {
  readonly caller: Peer;
  readonly vendor: Peer;
  readonly callSid: string;
  readonly streamSid: string;
}

/** Places a call whose both ends are bare sockets. The vendor of the stage must be a raw one. */
export async function placeCall(
  stage: Stage,
  vendor: { next(): Promise<Peer> },
  route = 'front-desk',
): Promise<RawCall> {
  const coming = vendor.next();
  const { url, callSid } = await streamUrl(stage.carrier, route);
  const { status, socket, rest } = await upgrade(stage.carrier, url);
  if (status !== 101) throw new Error(`The upgrade was answered with ${status}`);
  return {
    caller: new Peer(socket, maskingKey, rest),
    vendor: await coming,
    callSid,
    streamSid: `MZ${callSid.slice(2)}`,
  };
}

/** The same with a Media Streams call that has started. */
export async function startCall(stage: Stage, vendor: { next(): Promise<Peer> }): Promise<RawCall> {
  const call = await placeCall(stage, vendor);
  for (const text of opening(call.callSid, call.streamSid, stage.carrier.accountSid)) call.caller.send(text);
  return call;
}
