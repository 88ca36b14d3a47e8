import type { ExpireReport, ExpireRequest } from '../expire.ts';
import type { Hold, Holds } from '../hold.ts';
import type { Keyring } from '../keyring.ts';
import { AuditFault } from '../log.ts';
import type { LogWriter } from '../writer.ts';
import { numberOf, type Database } from './database.ts';
import { forgetChannel } from './key-store.ts';
import { assertMayRemove } from './role.ts';

export interface DatabaseExpirerOptions {
  readonly database: Database;
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  readonly clockDoubt: () => string | undefined;
}

/**
 * Destroys the keys of old months of all writers' callers, between two records as in a directory. They go in one
 * transaction; while it runs no writer adds a key, so that no caller who is calling just now is forgotten. An interruption
 * leaves at worst a beginning without its end; it can be run again.
 */
export async function expireInDatabase(
  { database, writer, keyring, holds, clockDoubt }: DatabaseExpirerOptions,
  { beforeMonth, rule, by }: ExpireRequest,
): Promise<ExpireReport> {
  const doubt = clockDoubt();
  if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `No content expires: ${doubt}`, 75);
  await assertMayRemove(database, 'caller', 'let content expire');
  const event = { kind: 'key.destroy', actor: by, action: 'D', outcome: 'ok' } as const;
  const facts = { before: beforeMonth, rule };
  const old = 'select count(distinct name) as callers from caller_key where month < $1';
  const callers = numberOf((await database.query(old, [beforeMonth]))[0], 'callers');
  if (callers > 0) await writer.gate({ ...event, totals: { callers }, facts: { ...facts, phase: 'begin' } });
  const report = await destroyKeys(database, await holds.all(), beforeMonth);
  keyring.forgetAll();
  await writer.gate({ ...event, totals: { ...report }, facts: { ...facts, phase: 'done' } });
  return report;
}

async function destroyKeys(database: Database, inForce: readonly Hold[], beforeMonth: string): Promise<ExpireReport> {
  const heldAll = inForce.some(({ subject }) => subject === undefined);
  const subjects = inForce.flatMap(({ subject }) => subject ?? []);
  const isHeld = '($2 or sid = any ($3))';
  const which = [beforeMonth, heldAll, subjects];
  const old = 'name in (select name from caller_key where month < $1)';
  const [row] = await database.query(`select count(*) as held from caller where ${old} and ${isHeld}`, which);
  const [, keys = 0, callers = 0] = await database.together([
    ['lock table caller_key in share row exclusive mode'],
    [`delete from caller_key where month < $1 and name in (select name from caller where not ${isHeld})`, which],
    ['delete from caller where not exists (select from caller_key where caller_key.name = caller.name)'],
    ['select pg_notify($1, $2)', [forgetChannel, '']],
  ]);
  return { keys, callers, held: numberOf(row, 'held') };
}
