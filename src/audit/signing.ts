import { signerOf, type Signer } from './checkpoint.ts';
import type { LogDescription } from './description.ts';
import type { Keyring } from './keyring.ts';
import { AuditFault } from './log.ts';

/** The signer whose key the log names last. Rejects where the keys of the log do not hold it. */
export function signerOfLog({ origin, keys }: LogDescription, keyring: Keyring): Signer {
  const newest = keys.at(-1)?.vkey;
  const seeds = [keyring.signing, ...(keyring.nextSigning === undefined ? [] : [keyring.nextSigning])];
  const signer = seeds.map((seed) => signerOf(origin, seed)).find(({ vkey }) => vkey === newest);
  if (signer !== undefined) return signer;
  throw new AuditFault('AUDIT_TAMPERED', 'log.json does not name the key that this log signs with', 2);
}
