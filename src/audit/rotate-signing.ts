import { signerOf, type VerifierKey } from './checkpoint.ts';
import { makeDirectoryDurably, nodeFiles, replaceFile } from './durable.ts';
import { FileKeyStore } from './key-store.ts';
import { changeSigning, type KeyringOptions } from './keyring-open.ts';
import { defaultLimits } from './limits.ts';
import { takeLock } from './lock.ts';
import { AuditFault } from './log.ts';
import { largest, readNotes } from './notes.ts';
import type { CustodyOptions } from './open-custody.ts';
import { openFileLog } from './open.ts';
import { openSource, type LogSource } from './reader.ts';
import { keyLength, systemRandom } from './seal.ts';
import { signSuccession, successionPath } from './succession.ts';

export interface SigningOptions extends CustodyOptions {
  /** `user:<id>`. */
  readonly by: string;
  /** The old key is gone: nobody who verifies the log believes the new one without having been told it. */
  readonly lost?: boolean;
}

export interface SigningRotation {
  /** The key that signed until now, and the one that signs from now on, as `vkey` texts. */
  readonly from: string;
  readonly to: string;
  /** Trees of more records than this are signed by the new key. */
  readonly size: number;
}

/** The seeds of a log while one follows the other. */
interface Seeds {
  readonly old: Buffer;
  readonly next: Buffer;
}

/**
 * Replaces the key that signs checkpoints. The log announces the new one, the old one signs that, and then hands over in
 * a note that both sign: from there on a signature of the old key over a larger tree is worth nothing. An interruption
 * leaves a log that opens, and is finished by running it again. No process may hold the log.
 */
export async function rotateSigning(options: SigningOptions): Promise<SigningRotation> {
  const { directory, keys: provider, lost = false, files = nodeFiles } = options;
  const source = await openSource(directory, files);
  const { origin } = source.description;
  const store = new FileKeyStore(files, source.layout.keys);
  const keyring: KeyringOptions = { store, provider, origin, random: systemRandom };
  const seeds = await locked(options, source, () => prepare(keyring, source, lost));
  const [before, next] = [newestKey(source), signerOf(origin, seeds.next)];
  if (before.vkey === next.vkey) return finish(options, keyring, seeds, source);
  const old = lost ? undefined : signerOf(origin, seeds.old);
  if (old !== undefined) await announce(options, source, { from: before.vkey, vkey: next.vkey });
  await locked(options, source, async () => {
    const { layout, description } = source;
    const size = largest((await readNotes(files, layout, description.keys)).notes)?.size ?? 0;
    await makeDirectoryDurably(files, layout.successions);
    const note = signSuccession(size, before, next, old);
    // From here on the new key signs.
    await replaceFile(files, successionPath(layout, size), Buffer.from(note), 0o444);
  });
  return finish(options, keyring, seeds, await openSource(directory, files));
}

/** Forgets the old seed, and has the new one sign its first checkpoint. */
async function finish(
  options: SigningOptions,
  keyring: KeyringOptions,
  { next }: Seeds,
  source: LogSource,
): Promise<SigningRotation> {
  const { vkey: to, from: size = 0 } = newestKey(source);
  const from = source.description.keys.at(-2)?.vkey ?? '';
  await locked(options, source, () => changeSigning(keyring, () => ({ signing: next, nextSigning: undefined })));
  await announce(options, source, {
    from,
    to,
    ...(options.lost === true ? { cause: 'the key before was lost', vkey: to } : {}),
  });
  return { from, to, size };
}

/** The next seed is durable before anything names it. One that an interrupted run has made is used. */
async function prepare(keyring: KeyringOptions, source: LogSource, lost: boolean): Promise<Seeds> {
  const made = await changeSigning(
    keyring,
    ({ signing, nextSigning }) => ({ signing, nextSigning: nextSigning ?? systemRandom(Buffer.alloc(keyLength)) }),
    lost,
  );
  const next = made.nextSigning ?? made.signing;
  const newest = newestKey(source).vkey;
  if (lost || [made.signing, next].some((seed) => signerOf(keyring.origin, seed).vkey === newest)) {
    return { old: made.signing, next };
  }
  throw new AuditFault('AUDIT_TAMPERED', 'The keys of the log do not hold the key that signs it: is it lost?', 2);
}

function newestKey({ description }: LogSource): VerifierKey {
  const newest = description.keys.at(-1);
  if (newest === undefined) throw new AuditFault('AUDIT_CORRUPT', 'log.json names no key', 3);
  return newest;
}

async function announce(
  options: SigningOptions,
  { files, description: { origin, practice } }: LogSource,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  const log = await openFileLog({ ...options, files, origin, practice });
  try {
    await log.gate({ kind: 'key.rotate', actor: options.by, action: 'U', outcome: 'ok', facts });
  } finally {
    await log.close();
  }
}

async function locked<T>({ now }: SigningOptions, { files, layout }: LogSource, work: () => Promise<T>): Promise<T> {
  const nonce = systemRandom(Buffer.alloc(8)).toString('hex');
  const lock = await takeLock({ files, path: layout.lock, nonce, now: now(), settle: defaultLimits.lockSettle });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
