import type { CustodyOptions } from './open-custody.ts';
import type { AuditEvent } from './event.ts';
import { nodeFiles } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { FileKeyStore } from './key-store.ts';
import { rotateKeys, type KeyringOptions } from './keyring-open.ts';
import { takeLock, type Lock } from './lock.ts';
import { defaultLimits } from './limits.ts';
import { openFileLog } from './open.ts';
import { withDatabaseDesk } from './postgres/desk.ts';
import { rotateDatabase } from './postgres/rotate.ts';
import { openSource } from './reader.ts';
import { systemRandom } from './seal.ts';

export interface RotateOptions extends CustodyOptions {
  /** The provider that holds the log's keys from now on. */
  readonly next: KeyProvider;
  /** `user:<id>`. */
  readonly by: string;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Rotation {
  /** Name of the key-encryption key that was replaced. */
  readonly from: string;
  readonly to: string;
  readonly subjects: number;
}

/**
 * Wraps every key of a log anew and records it. No process may hold the log. An interruption leaves a log that opens
 * with the next key, and is finished by running it again.
 */
export async function rotateLog(options: RotateOptions): Promise<Rotation> {
  const { directory, address, keys, next, by, now, files = nodeFiles } = options;
  if (address !== undefined) return rotateDatabase({ ...options, address });
  const { layout, description } = await openSource(directory, files);
  const { origin, practice } = description;
  const nonce = systemRandom(Buffer.alloc(8)).toString('hex');
  const lock = await takeLock({ files, path: layout.lock, nonce, now: now(), settle: defaultLimits.lockSettle });
  const store = new FileKeyStore(files, layout.keys);
  const rotation = await rotateLocked(options, { store, provider: keys, origin, random: systemRandom }, lock);
  const log = await openFileLog({ ...options, keys: next, files, origin, practice });
  try {
    const facts = { from: rotation.from, to: rotation.to, provider: next.name };
    await log.gate({
      kind: 'key.rotate',
      actor: by,
      action: 'U',
      outcome: 'ok',
      totals: { callers: rotation.subjects },
      facts,
    });
  } finally {
    await log.close();
  }
  return rotation;
}

async function rotateLocked(
  { next, onProgress }: RotateOptions,
  keyring: KeyringOptions,
  lock: Lock,
): Promise<Rotation> {
  try {
    return await rotateKeys(keyring, next, onProgress);
  } finally {
    await lock.release();
  }
}

/** Records that the provider's old key was destroyed: from then on, copies of the keys made before are dead. */
export async function recordDestroyed(options: CustodyOptions, key: string, by: string): Promise<void> {
  const event: AuditEvent = { kind: 'key.destroy', actor: by, action: 'D', outcome: 'ok', facts: { key } };
  const { address } = options;
  if (address !== undefined) {
    await withDatabaseDesk({ ...options, address }, (custody) => custody.gate(event));
    return;
  }
  const { origin, practice } = (await openSource(options.directory, options.files)).description;
  const log = await openFileLog({ ...options, origin, practice });
  try {
    await log.gate(event);
  } finally {
    await log.close();
  }
}
