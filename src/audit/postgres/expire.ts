import type { ExpireReport, ExpireRequest } from '../expire.ts';
import type { Holds } from '../hold.ts';
import type { Keyring } from '../keyring.ts';
import { AuditFault } from '../log.ts';
import type { LogWriter } from '../writer.ts';
import { numberOf, type Database } from './database.ts';
import { forgetChannel } from './key-store.ts';

export interface DatabaseExpirerOptions {
  readonly database: Database;
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  readonly clockDoubt: () => string | undefined;
}

/**
 * Destroys the keys of old months of all writers' callers in one transaction. While it runs no writer adds a key, so that
 * no caller who is calling just now is forgotten.
 */
export async function expireInDatabase(
  { database, writer, keyring, holds, clockDoubt }: DatabaseExpirerOptions,
  { beforeMonth, rule, by }: ExpireRequest,
): Promise<ExpireReport> {
  const doubt = clockDoubt();
  if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `No content expires: ${doubt}`, 75);
  const inForce = await holds.all();
  const heldAll = inForce.some(({ subject }) => subject === undefined);
  const subjects = inForce.flatMap(({ subject }) => subject ?? []);
  const old = 'name in (select name from caller_key where month < $1)';
  const isHeld = '($2 or sid = any ($3))';
  const [row] = await database.query(`select count(*) as held from caller where ${old} and ${isHeld}`, [
    beforeMonth,
    heldAll,
    subjects,
  ]);
  const [, keys = 0, callers = 0] = await database.together([
    ['lock table caller_key in share row exclusive mode'],
    [
      `delete from caller_key where month < $1 and name in (select name from caller where not ${isHeld})`,
      [beforeMonth, heldAll, subjects],
    ],
    ['delete from caller where not exists (select from caller_key where caller_key.name = caller.name)'],
    ['select pg_notify($1, $2)', [forgetChannel, '']],
  ]);
  keyring.forgetAll();
  const report = { keys, callers, held: numberOf(row, 'held') };
  const facts = { before: beforeMonth, rule };
  await writer.gate({ kind: 'key.destroy', actor: by, action: 'D', outcome: 'ok', totals: { ...report }, facts });
  return report;
}
