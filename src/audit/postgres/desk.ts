import type { Custody } from '../custody.ts';
import type { KeyProvider } from '../key-provider.ts';
import { AuditFault } from '../log.ts';
import type { DatabaseAddress } from './address.ts';
import { connectDatabase } from './database.ts';
import { openPostgresLog } from './open.ts';
import { knownWriters, sourceOf } from './source.ts';
import { storeContext } from './store.ts';

export interface DeskOptions {
  readonly address: DatabaseAddress;
  readonly keys: KeyProvider;
  /** ms UTC. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** Another command may be at the desk: this long it is waited for, ms. */
const deskPatience = 60_000;

const deskPrefix = 'desk/';

/** The name of the desk's own log: beside those of the replicas there is one for what people do. */
function deskOrigin(context: string): string {
  return `${deskPrefix}${context.slice(context.indexOf('/') + 1)}`;
}

/** True for the log of the desk. */
export function isDeskOrigin(origin: string): boolean {
  return origin.startsWith(deskPrefix);
}

/**
 * Does work at the desk of a database: a writer with a chain of its own, one command at a time. No replica is asked, and
 * none needs to run. Rejects with `AUDIT_MISSING` where no replica has written yet.
 */
export async function withDatabaseDesk<T>(options: DeskOptions, work: (custody: Custody) => Promise<T>): Promise<T> {
  const { origin, practice } = await nameDesk(options.address);
  const log = await openPostgresLog({ ...options, origin, practice, limits: { lockPatience: deskPatience } });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

async function nameDesk(address: DatabaseAddress): Promise<{ readonly origin: string; readonly practice: string }> {
  const database = await connectDatabase(address, () => undefined);
  try {
    const origin = deskOrigin(await storeContext(database));
    const [first] = await knownWriters(database);
    if (first === undefined) throw new AuditFault('AUDIT_MISSING', 'The audit database holds no log yet', 66);
    return { origin, practice: (await sourceOf(database, first.origin)).description.practice };
  } finally {
    await database.close();
  }
}
