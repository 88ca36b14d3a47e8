import { createHmac } from 'node:crypto';
import { signerOf, type Signer } from '../checkpoint.ts';
import type { Keyring } from '../keyring.ts';

/** The signer of a writer: the writers share one seed, and each has a key of its own from it. */
export function writerSigner(keyring: Keyring, origin: string): Signer {
  return signerOf(origin, createHmac('sha256', keyring.signing).update(`writer ${origin}`).digest());
}
