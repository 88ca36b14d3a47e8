import type { KeyProvider } from '../key-provider.ts';
import { rotateKeys } from '../keyring-open.ts';
import { systemRandom } from '../seal.ts';
import { connectDatabase } from './database.ts';
import { withDatabaseDesk, type DeskOptions } from './desk.ts';
import { PostgresKeyStore } from './key-store.ts';
import { keepWritersAway } from './lock.ts';
import { storeContext } from './store.ts';

export interface DatabaseRotation extends DeskOptions {
  readonly next: KeyProvider;
  readonly by: string;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Wraps the keys of all writers of a database anew and records it. No replica may run. Can be run again. */
export async function rotateDatabase({
  next,
  by,
  onProgress,
  ...desk
}: DatabaseRotation): Promise<{ readonly from: string; readonly to: string; readonly subjects: number }> {
  const rotation = await rotateAlone(desk, next, onProgress);
  const { from, to, subjects } = rotation;
  await withDatabaseDesk({ ...desk, keys: next }, (custody) =>
    custody.gate({
      kind: 'key.rotate',
      actor: by,
      action: 'U',
      outcome: 'ok',
      totals: { callers: subjects },
      facts: { from, to, provider: next.name },
    }),
  );
  return rotation;
}

async function rotateAlone(
  { address, keys }: DeskOptions,
  next: KeyProvider,
  onProgress: DatabaseRotation['onProgress'],
): ReturnType<typeof rotateKeys> {
  const database = await connectDatabase(address, () => undefined);
  try {
    await keepWritersAway(database);
    const origin = await storeContext(database);
    const store = new PostgresKeyStore(database);
    return await rotateKeys({ store, provider: keys, origin, random: systemRandom }, next, onProgress);
  } finally {
    await database.close();
  }
}
