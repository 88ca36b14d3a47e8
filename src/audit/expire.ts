import type { Holds } from './hold.ts';
import { parseSubjectFile } from './keyring-file.ts';
import type { Keyring } from './keyring.ts';
import { AuditFault } from './log.ts';
import type { LogWriter } from './writer.ts';

export interface ExpireRequest {
  /** Content of months before this one becomes unreadable: `2026-08`. */
  readonly beforeMonth: string;
  readonly rule: string;
  readonly by: string;
}

export interface ExpireReport {
  /** Keys that were destroyed. */
  readonly keys: number;
  /** Callers of whom nothing is left: neither key nor reference. */
  readonly callers: number;
  /** Callers that were left out for a hold. */
  readonly held: number;
}

export interface ExpirerOptions {
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  /** Why the wall clock cannot be believed, in a few words; undefined when a second clock agrees with it. */
  readonly clockDoubt: () => string | undefined;
}

/**
 * Lets the encrypted content of old months expire, sooner than the records of who, what and when: destroys the keys of
 * those months. A caller whose last key goes is forgotten wholly. Rejects with `CLOCK_DOUBT` when a wrong clock could have
 * chosen the month.
 */
export async function expireContent(
  { writer, keyring, holds, clockDoubt }: ExpirerOptions,
  { beforeMonth, rule, by }: ExpireRequest,
): Promise<ExpireReport> {
  const doubt = clockDoubt();
  if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `No content expires: ${doubt}`, 75);
  const event = { kind: 'key.destroy', actor: by, action: 'D', outcome: 'ok' } as const;
  const facts = { before: beforeMonth, rule };
  const names = await oldSubjects(keyring, beforeMonth);
  // On record before the first key is gone: an interruption leaves at worst a beginning without its end.
  if (names.length > 0) {
    await writer.gate({ ...event, totals: { callers: names.length }, facts: { ...facts, phase: 'begin' } });
  }
  const report = { keys: 0, callers: 0, held: 0 };
  for (const name of names) {
    const outcome = await writer.exclusive(() => expireOne(keyring, holds, name, beforeMonth));
    report.keys += outcome.keys;
    if (outcome.gone) report.callers += 1;
    if (outcome.held) report.held += 1;
  }
  const totals = { keys: report.keys, callers: report.callers, held: report.held };
  await writer.gate({ ...event, totals, facts: { ...facts, phase: 'done' } });
  return report;
}

/** The names of callers who have keys of old months. */
async function oldSubjects(keyring: Keyring, beforeMonth: string): Promise<string[]> {
  const subjects = await keyring.subjects();
  return [...subjects].flatMap(([name, { epochs }]) => (epochs.some(({ month }) => month < beforeMonth) ? name : []));
}

interface Outcome {
  readonly keys: number;
  readonly gone: boolean;
  readonly held: boolean;
}

async function expireOne(keyring: Keyring, holds: Holds, name: string, beforeMonth: string): Promise<Outcome> {
  const content = await keyring.store.read(name);
  const file = content === undefined ? undefined : parseSubjectFile(content.toString('utf8'));
  const old = file?.epochs.filter((epoch) => epoch.month < beforeMonth) ?? [];
  if (file === undefined || old.length === 0) return { keys: 0, gone: false, held: false };
  if ((await holds.covering(file.sid)) !== undefined) return { keys: 0, gone: false, held: true };
  const kept = file.epochs.filter((epoch) => epoch.month >= beforeMonth);
  keyring.forgetAll();
  if (kept.length === 0) await keyring.store.erase(name);
  else await keyring.store.write(name, JSON.stringify({ ...file, epochs: kept }));
  return { keys: old.length, gone: kept.length === 0, held: false };
}
