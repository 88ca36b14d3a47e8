import { textOf, type Database } from './database.ts';
import { runningWriters } from './lock.ts';

/**
 * True while a caller is on a call of any running writer: one that was admitted and has not ended. What a dead writer left
 * open is over.
 */
export async function isOnCall(database: Database, subject: string): Promise<boolean> {
  const rows = await database.query(
    `select distinct admitted.origin from event as admitted
     where admitted.subject = $1 and admitted.kind = '"call.admit"' and not exists (
       select from event as ended where ended.call = admitted.call and ended.origin = admitted.origin
       and ended.kind = '"call.end"')`,
    [JSON.stringify(subject)],
  );
  if (rows.length === 0) return false;
  return (
    (await runningWriters(
      database,
      rows.map((row) => textOf(row, 'origin')),
    )) > 0
  );
}
