import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a token: tokens of any length are compared in the same time. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function sameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}
