import { request } from 'node:https';
import { WebSocket } from 'ws';
import { UpgradeRefused } from '../../src/server/demo/carrier.ts';
import { appToken } from '../interop/app.ts';
import type { VendorScript } from '../vendors/loopback.ts';

export interface Approach {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Gets each message, also one that comes with the answer to the upgrade. */
  readonly hear?: (message: Record<string, unknown>) => void;
  /** Certificate and key of the client, PEM. */
  readonly certificate?: { readonly certificate: string; readonly key: string };
}

/** Where an app comes: an `Interop`, or what another test has of one. */
export interface Door {
  readonly base: string;
  readonly stage: { readonly scene: { readonly authority: string } };
}

export const withToken: Approach = { headers: { authorization: `Bearer ${appToken}` } };

/** Opens a socket as the SDK of an app would; `path` is the vendor's own. */
export function approach(interop: Door, path: string, how: Approach = withToken): Promise<WebSocket> {
  const url = interop.base.replace(/^http/u, 'ws') + path;
  const { certificate: cert, key } = how.certificate ?? {};
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...(how.protocols ?? [])], {
      ca: interop.stage.scene.authority,
      headers: { ...how.headers },
      ...(cert === undefined ? {} : { cert, key }),
    });
    const { hear } = how;
    if (hear) socket.on('message', (data: Buffer) => hear(JSON.parse(data.toString()) as Record<string, unknown>));
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => reject(new UpgradeRefused(response.statusCode ?? 0, Buffer.concat(parts).toString())));
    });
  });
}

/** The answer to an upgrade that is refused: `401 APP_UNKNOWN`. */
export async function refusalOf(interop: Door, path: string, how?: Approach): Promise<string> {
  try {
    (await approach(interop, path, how)).terminate();
  } catch (fault) {
    if (fault instanceof UpgradeRefused) return `${fault.status} ${fault.body.trim()}`;
    throw fault;
  }
  return 'let in';
}

/** A request that is no upgrade. */
export function ask(
  interop: Door,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { authority: ca } = interop.stage.scene;
    const sent = request(interop.base + path, { method, ca, headers: { ...headers }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    sent.once('error', reject);
    sent.end(method === 'GET' ? undefined : '{}');
  });
}

/** A vendor that keeps what it is sent, text and binary. */
export const listener: VendorScript = {
  onMessage: (session, data, binary) => {
    if (binary) session.heard.push(data);
    else session.texts.push(data.toString());
  },
};

/** The next message of a socket, as JSON. */
export function next(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
  });
}
