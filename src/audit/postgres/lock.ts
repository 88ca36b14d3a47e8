import type { Lock } from '../lock.ts';
import { AuditFault } from '../log.ts';
import { numberOf, type Database } from './database.ts';

/** Sets the locks of the log apart from others of the same database: `CHAP`. */
const lockClass = 0x43484150;
/** Two numbers that no writer's name is likely to give. */
const everyWriter = 1;
const making = 2;
const retryTime = 100;

/**
 * Takes a writer's name for this connection. The server gives it back when the connection ends, however it ends, and the
 * same connection writes the records: whoever has lost the lock can write no more. Rejects with `AUDIT_LOCKED` when
 * another connection still has it after `patience` ms.
 */
export async function takeWriterLock(database: Database, origin: string, patience: number): Promise<Lock> {
  if (!(await isGiven(database, 'pg_try_advisory_lock_shared($1, $2)', everyWriter))) {
    throw new AuditFault(
      'AUDIT_LOCKED',
      'The keys of this log are being wrapped anew: start again when that is done',
      75,
    );
  }
  for (
    let waited = 0;
    !(await isGiven(database, 'pg_try_advisory_lock($1, hashtext($2))', origin));
    waited += retryTime
  ) {
    if (waited >= patience) {
      const what = `Another process writes the log of ${origin}; one log has one writer: stop it, or give this one another name`;
      throw new AuditFault('AUDIT_LOCKED', what, 75);
    }
    await new Promise((resolve) => setTimeout(resolve, retryTime));
  }
  return {
    renew: async () => void (await database.query('select 1')),
    release: () => database.close(),
  };
}

/** Keeps every writer away while the keys of all are changed. Rejects with `AUDIT_LOCKED` while one runs. */
export async function keepWritersAway(database: Database): Promise<void> {
  if (await isGiven(database, 'pg_try_advisory_lock($1, $2)', everyWriter)) return;
  throw new AuditFault('AUDIT_LOCKED', 'A process writes to this database: stop all of them first', 75);
}

/** Does what only one process may do at a time. */
export async function alone<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.query('select pg_advisory_lock($1, $2)', [lockClass, making]);
  try {
    return await work();
  } finally {
    await database.query('select pg_advisory_unlock($1, $2)', [lockClass, making]);
  }
}

/** The writers among these that run now. */
export async function runningWriters(database: Database, origins: readonly string[]): Promise<number> {
  const [row] = await database.query(
    `select count(*) as running from unnest($2::text[]) as name where exists (
       select from pg_locks where locktype = 'advisory' and granted and classid = $1::bigint::oid
       and objid = (hashtext(name)::bigint & 4294967295)::oid
       and database = (select oid from pg_database where datname = current_database()))`,
    [lockClass, origins],
  );
  return numberOf(row, 'running');
}

async function isGiven(database: Database, lock: string, name: string | number): Promise<boolean> {
  const [row] = await database.query(`select ${lock} as given`, [lockClass, name]);
  return row?.['given'] === true;
}
