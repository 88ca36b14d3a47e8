import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

/** Bytes of an AES-256 key. */
export const keyLength = 32;

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** Fills a buffer with random bytes and returns it. */
export type Random = (into: Buffer) => Buffer;

export const systemRandom: Random = (into) => randomFillSync(into);

/**
 * Random nonces, drawn from the system in blocks because one call for each record costs more than the encryption.
 * Random and not counted: after a torn tail is cut off an index is written a second time, and a counted nonce would
 * then repeat under the same key.
 */
export class Nonces {
  readonly #random: Random;
  readonly #block = Buffer.alloc(nonceLength * 256);
  #used = this.#block.length;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Buffer {
    if (this.#used === this.#block.length) {
      this.#random(this.#block);
      this.#used = 0;
    }
    this.#used += nonceLength;
    return this.#block.subarray(this.#used - nonceLength, this.#used);
  }
}

/** AES-256-GCM: base64 of nonce ‖ ciphertext ‖ tag. `context` is authenticated and not encrypted. */
export function seal(key: Buffer, nonce: Buffer, plain: string | Buffer, context: string): string {
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(Buffer.from(context));
  const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // GCM is a stream: `final` gives no more bytes, but makes the tag.
  cipher.final();
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64');
}

/** The plain bytes, or undefined when key, context or ciphertext are not those of the sealing. */
export function unseal(key: Buffer, sealed: string, context: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceLength + tagLength || bytes.toString('base64') !== sealed) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-tagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceLength, -tagLength)), decipher.final()]);
  } catch {
    return undefined;
  }
}
