import { AuditFault } from './log.ts';
import { keyLength, Nonces, seal, systemRandom, unseal } from './seal.ts';

/**
 * Whoever holds the key over all keys of a log. It is asked once when the log opens, never for a record.
 * Its methods reject with an AuditFault whose code starts with `KEY_`; no message holds a key or a part of one.
 */
export interface KeyProvider {
  /** What the provider is called in messages and in `sys.json`: `file`, `env`, ... */
  readonly name: string;
  /** Where the key comes from, for messages: a path, a variable name, a key id. */
  readonly source: string;
  /** True for a service that may be away, or be told to give the key no more. */
  readonly remote: boolean;
  /** Encrypts a key of 32 bytes. `context` is bound to the result, and may be logged by the provider: never PHI. */
  wrap(key: Buffer, context: string): Promise<string>;
  /** Decrypts what `wrap` gave. Rejects with `KEY_WRONG` when it was not this key that wrapped it. */
  unwrap(wrapped: string, context: string): Promise<Buffer>;
}

/** A provider that holds its 32-byte key in memory. */
export function localKey(name: string, source: string, key: Buffer): KeyProvider {
  const nonces = new Nonces(systemRandom);
  return {
    name,
    source,
    remote: false,
    wrap: (plain, context) => Promise.resolve(seal(key, nonces.next(), plain, context)),
    unwrap: (wrapped, context) => {
      const plain = unseal(key, wrapped, context);
      if (plain?.length === keyLength) return Promise.resolve(plain);
      return Promise.reject(
        new AuditFault('KEY_WRONG', `The key of ${source} does not open this log: give the key it was made with`, 78),
      );
    },
  };
}

/** Reads 32 bytes written as base64 or as 64 hex digits; throws an AuditFault that tells what was found. */
export function parseKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (bytes.length === keyLength && /^[0-9a-zA-Z+/=_-]+$/.test(trimmed)) return bytes;
  throw new AuditFault(
    'KEY_LENGTH',
    `The key of ${source} is ${bytes.length} bytes long: it must be ${keyLength} random bytes as base64 or hex`,
    78,
  );
}
