import { request } from 'node:https';
import { WebSocket } from 'ws';
import { signTwilioRequest } from '../twilio/signature.ts';
import { canary } from './booking.ts';
import type { Scene } from './scene.ts';

/**
 * The part of Twilio that chaperone meets, for the demo and the tests: asks for TwiML, opens the stream with a
 * signature, and speaks both stream protocols over real sockets.
 */
export interface Carrier {
  /** Origin of the calls listener, `https://host:port`; also what is signed. */
  readonly origin: string;
  readonly authToken: string;
  /** PEM of the authority that signed the listener's certificate. */
  readonly authority: string;
  readonly accountSid: string;
}

/** The carrier that a scene was built for. */
export function carrierOf({ callsPort, authToken, authority, accountSid }: Scene): Carrier {
  return { origin: `https://localhost:${callsPort}`, authToken, authority, accountSid };
}

export interface TwimlAnswer {
  readonly status: number;
  readonly twiml: string;
  /** The stream that `<Connect>` names; undefined when the call goes straight to a human. */
  readonly streamUrl: string | undefined;
  readonly callSid: string;
}

export const callSidOf = (index: number): string => `CA${index.toString(16).padStart(32, '0')}`;

/** An incoming call: Twilio asks the route for TwiML. */
export async function ask(carrier: Carrier, route: string, callSid: string): Promise<TwimlAnswer> {
  const path = `/twilio/voice/${route}`;
  const form = {
    AccountSid: carrier.accountSid,
    CallSid: callSid,
    CallStatus: 'ringing',
    CallerName: canary.callerName,
    From: canary.number,
  };
  const values = new Map(Object.entries(form).map(([name, value]) => [name, [value]]));
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signTwilioRequest(carrier.authToken, carrier.origin + path, values),
  };
  const { status, body } = await post(
    carrier.origin + path,
    carrier.authority,
    headers,
    new URLSearchParams(form).toString(),
  );
  const url = /<(?:Stream|ConversationRelay) url="([^"]+)"/u.exec(body)?.[1];
  return { status, twiml: body, streamUrl: url, callSid };
}

function post(
  url: string,
  ca: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', ca, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The answer to an upgrade that was refused. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`Upgrade answered with ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Opens a stream as Twilio does: signed, no query, no extension. */
export function openStream(carrier: Carrier, url: string, signature?: string): Promise<WebSocket> {
  const signed = signature ?? signTwilioRequest(carrier.authToken, url, new Map());
  return open(url, carrier.authority, { 'x-twilio-signature': signed });
}

/** A WebSocket over TLS that trusts one authority. */
export function open(url: string, ca: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { ca, headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        reject(new UpgradeRefused(response.statusCode ?? 0, Buffer.concat(parts).toString('utf8'))),
      );
    });
  });
}
