import { AuditFault } from '../log.ts';
import { textOf, type Database } from './database.ts';

/** Rejects with `AUDIT_ROLE` where this login cannot remove rows of `table`: before anything is on record as begun. */
export async function assertMayRemove(database: Database, table: 'caller' | 'event', what: string): Promise<void> {
  if (await mayRemove(database, table)) return;
  throw new AuditFault('AUDIT_ROLE', `Only a login of the role chaperone_owner can ${what}: do it with that`, 78);
}

/** True where this login can remove rows of `table`. */
export async function mayRemove(database: Database, table: 'caller' | 'event'): Promise<boolean> {
  const [row] = await database.query(`select has_table_privilege($1, 'delete') as may`, [table]);
  return row?.['may'] === true;
}

/**
 * Rejects with `AUDIT_ROLE` where this login cannot add records: a writer that finds that out with its first record would
 * be started again and again.
 */
export async function assertMayAdd(database: Database): Promise<void> {
  const [session] = await database.query(`select current_setting('transaction_read_only') as state`);
  if (textOf(session, 'state') === 'on') {
    throw new AuditFault('AUDIT_ROLE', 'The audit database takes no writing: it is a standby or set to read only', 78);
  }
  const [row] = await database.query(
    `select string_agg(name, ', ' order by name) as names from unnest($1::text[]) as name
     where not has_table_privilege(name, 'insert')`,
    [added],
  );
  const names = textOf(row, 'names');
  if (names === '') return;
  const wanted = 'A writer needs a login of the role chaperone_writer or chaperone_owner';
  throw new AuditFault('AUDIT_ROLE', `${wanted}: this one has not the right to add to ${names}`, 78);
}

const added = ['writer', 'head', 'event', 'note', 'caller', 'caller_key', 'key_file'];
