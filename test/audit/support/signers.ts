import { randomBytes } from 'node:crypto';
import { signCheckpoint, signerOf, type Signer } from '../../../src/audit/checkpoint.ts';
import { origin } from './log.ts';

/** A key of someone else under the name of the log. */
export const foreign = signerOf(origin, randomBytes(32));
/** The key of another log. */
export const elsewhere = signerOf('elsewhere.example/1', randomBytes(32));

/** A note as another signer would have signed it. */
export function resign(note: string, signer: Signer, name = origin): string {
  const [, size = '0', root = ''] = note.split('\n');
  return signCheckpoint({ origin: name, size: Number(size), root: Buffer.from(root, 'base64') }, signer);
}
