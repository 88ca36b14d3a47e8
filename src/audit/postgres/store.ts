import { AuditFault } from '../log.ts';
import { textOf, type Database } from './database.ts';

const format = 'chaperone-audit/1 postgres/1';

/** What the wrapped keys of this database are bound to. Rejects where it is no audit log, or cannot be trusted with one. */
export async function storeContext(database: Database): Promise<string> {
  const [row] = await database.query(
    `select format, id, pg_is_in_recovery() as standby, current_setting('server_encoding') as encoding from store`,
  );
  if (textOf(row, 'format') !== format) {
    throw new AuditFault('AUDIT_FORMAT', `The audit database is not of the format ${format}`, 78);
  }
  if (textOf(row, 'encoding') !== 'UTF8') {
    throw new AuditFault('AUDIT_FORMAT', 'The audit database must have the encoding UTF8', 78);
  }
  return `postgresql/${textOf(row, 'id')}`;
}
