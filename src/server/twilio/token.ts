import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ReasonCode } from '../../policy/reason.ts';

/** What a call token says. It travels encrypted in the path of the stream URL: Twilio drops query strings there. */
export interface CallClaim {
  readonly route: string;
  readonly callSid: string;
  /** The caller's number as Twilio gave it; empty when withheld. */
  readonly caller: string;
  readonly callerName: string;
  /** SHA-256, in hex, of the notice that is spoken before the stream opens. Undefined: none is, on this side. */
  readonly notice?: string | undefined;
}

const opened = z.object({
  route: z.string(),
  callSid: z.string(),
  caller: z.string(),
  callerName: z.string(),
  notice: z.string().optional(),
  expires: z.number(),
});

const lifetimeMs = 60_000;
/** Clocks of replicas differ; a token that lives longer than this beyond its lifetime was made before a clock was set back. */
const skewMs = 5_000;
/** A wall clock that jumps forward and back could make a token young again: it is remembered by the other clock. */
const rememberedMs = 3_600_000;
const nonceBytes = 12;
const tagBytes = 16;
/** More calls than any one process takes in an hour; beyond it a token is refused, none is forgotten early. */
const rememberedTokens = 100_000;

/**
 * One-time call tokens. Any replica with the same auth token can read a token, so the replica that answered the TwiML
 * request need not be the one that gets the stream. That a token is used once is known to each replica for itself;
 * a replay elsewhere is bounded by the lifetime and by the CallSid, which must be that of the stream's start.
 */
export class CallTokens {
  #keys: readonly Buffer[] = [];
  /** Nonces, with when they were used in monotonic milliseconds. */
  readonly #used = new Map<string, number>();

  constructor(authTokens: readonly string[]) {
    this.useKeysOf(authTokens);
  }

  /** Tokens are made under the first auth token and read under any; what was used before stays used. */
  useKeysOf(authTokens: readonly string[]): void {
    this.#keys = authTokens.map((token) => Buffer.from(hkdfSync('sha256', token, '', 'chaperone call token v1', 32)));
  }

  /** `now` is wall-clock milliseconds. */
  mint(claim: CallClaim, now: number): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('CallTokens needs at least one auth token');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const plain = JSON.stringify({ ...claim, expires: now + lifetimeMs });
    return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    );
  }

  /** Takes a token for its only use. The reason code says why it cannot be taken. */
  redeem(token: string, route: string, now: number): CallClaim | ReasonCode {
    const opened = this.#open(Buffer.from(token, 'base64url'));
    if (opened === undefined || opened.claim.route !== route) return 'TOKEN_INVALID';
    if (opened.expires < now || opened.expires > now + lifetimeMs + skewMs) return 'TOKEN_EXPIRED';
    const elapsed = performance.now();
    this.#forget(elapsed - rememberedMs);
    if (this.#used.has(opened.nonce) || this.#used.size >= rememberedTokens) return 'TOKEN_REPLAYED';
    this.#used.set(opened.nonce, elapsed);
    return opened.claim;
  }

  #open(token: Buffer): { claim: CallClaim; expires: number; nonce: string } | undefined {
    if (token.length <= nonceBytes + tagBytes) return undefined;
    const nonce = token.subarray(0, nonceBytes);
    for (const key of this.#keys) {
      const plain = decrypt(key, nonce, token.subarray(nonceBytes));
      if (plain === undefined) continue;
      const { expires, ...claim } = opened.parse(JSON.parse(plain));
      return { claim, expires, nonce: nonce.toString('base64') };
    }
    return undefined;
  }

  /** Entries are in order of use: the walk ends at the first that is younger. */
  #forget(before: number): void {
    for (const [nonce, usedAt] of this.#used) {
      if (usedAt >= before) return;
      this.#used.delete(nonce);
    }
  }
}

function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return decipher.update(sealed.subarray(0, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined; // Not made under this key, or changed on the way: the caller says which refusal that is.
  }
}
