import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Peer } from '../policy/tls.ts';
import { isLoopbackHost } from '../policy/vendors.ts';
import type { ToolWebhook } from './config.ts';
import { connectJudged, refusalOf, type DialRefusal } from './dial.ts';
import { signatureOf } from './taps/post.ts';
import { version } from './version.ts';

/** What the system said, or why it said nothing. */
export type ToolOutcome = { readonly status: number; readonly body: string } | DialRefusal;

/** An answer that a language model is to read out is short. */
const answerBytes = 64 * 1024;
const retryAfterMs = 100;
/** A second attempt with less time than this would only cost the system its work. */
const leastRetryMs = 300;

const trusts = new WeakMap<ToolWebhook, SecureContext>();

/**
 * Asks the system of the practice, a second time where that may help. Its address, certificate and TLS version are judged
 * on each connection as those of a vendor are; no redirect is followed. `id` is the same in both attempts, so that a
 * system that has already done its work can say so again. Never rejects; `ending` gives it up.
 */
export async function askWebhook(
  settings: ToolWebhook,
  id: string,
  body: string,
  ending: AbortSignal,
): Promise<ToolOutcome> {
  const deadline = performance.now() + settings.timeoutMs;
  const signal = AbortSignal.any([AbortSignal.timeout(settings.timeoutMs), ending]);
  const first = await attempt(settings, id, body, signal);
  if (!mayHelpAgain(first) || signal.aborted || deadline - performance.now() < leastRetryMs) return first;
  await new Promise((resolve) => {
    setTimeout(resolve, retryAfterMs);
  });
  return attempt(settings, id, body, signal);
}

/** What the system said, if it could do what it was asked. */
export function answerIn(outcome: ToolOutcome): string | undefined {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300 ? outcome.body : undefined;
}

function mayHelpAgain(outcome: ToolOutcome): boolean {
  if ('status' in outcome) return outcome.status === 429 || outcome.status >= 500;
  return outcome.reason === 'VENDOR_UNREACHABLE';
}

async function attempt(settings: ToolWebhook, id: string, body: string, signal: AbortSignal): Promise<ToolOutcome> {
  try {
    const url = new URL(settings.url);
    const target = { vendor: peerOf(settings, url), trust: trustOf(settings) };
    const { transport } = await connectJudged(target, url, signal);
    return await send(settings, url, transport, { id, body, signal });
  } catch (fault) {
    return refusalOf(fault, signal);
  }
}

interface Post {
  readonly id: string;
  readonly body: string;
  readonly signal: AbortSignal;
}

function send(
  { secret }: ToolWebhook,
  { hostname, host, pathname, search }: URL,
  transport: Socket,
  { id, body, signal }: Post,
): Promise<ToolOutcome> {
  const headers = {
    host,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'user-agent': `chaperone/${version}`,
    connection: 'close',
    'chaperone-request': id,
    'chaperone-signature': signatureOf(secret.reveal(), Math.floor(Date.now() / 1000), body),
  };
  const options = { method: 'POST', hostname, path: `${pathname}${search}`, headers, signal };
  return new Promise((resolve, reject) => {
    request({ ...options, createConnection: () => transport }, (response) => {
      answerOf(response).then(resolve, reject);
    })
      .once('error', reject)
      .end(body);
  });
}

/** A longer answer than anybody reads out is a fault of the system and no answer. */
function answerOf(response: IncomingMessage): Promise<ToolOutcome> {
  const status = response.statusCode ?? 0;
  const pieces: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
      if (bytes > answerBytes)
        response.destroy(Object.assign(new Error('The answer is too long'), { code: 'EMSGSIZE' }));
    });
    response.once('error', reject);
    response.once('end', () => resolve({ status, body: Buffer.concat(pieces).toString('utf8') }));
  });
}

function peerOf({ url, addresses, subProcessor }: ToolWebhook, { hostname }: URL): Peer {
  return { id: subProcessor ?? 'tools', url, addresses, loopback: isLoopbackHost(hostname), pins: [] };
}

function trustOf(settings: ToolWebhook): SecureContext | undefined {
  const { certificateAuthority: ca } = settings;
  if (ca === undefined) return undefined;
  const trust = trusts.get(settings) ?? createSecureContext({ ca, minVersion: 'TLSv1.2' });
  trusts.set(settings, trust);
  return trust;
}
