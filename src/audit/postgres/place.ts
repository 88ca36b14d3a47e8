import type { LogPlace, LogSource } from '../reader.ts';
import { AuditFault } from '../log.ts';
import { parseNote } from '../checkpoint.ts';
import { verdicts, type PlaceReport, type VerifyReport } from '../verdict.ts';
import { verifyLog, type VerifyOptions } from '../verify.ts';
import type { DatabaseAddress } from './address.ts';
import { connectDatabase } from './database.ts';
import { runningWriters } from './lock.ts';
import { sightingsIn, type Sighting } from './peers.ts';
import { knownWriters, sourceOf, type KnownWriter } from './source.ts';
import { storeContext } from './store.ts';

/** The logs of all writers of a database. Rejects with `AUDIT_MISSING` where nobody has written yet. */
export async function openDatabasePlace(address: DatabaseAddress): Promise<LogPlace> {
  const database = await connectDatabase(address, () => undefined);
  try {
    await storeContext(database);
    const writers = await knownWriters(database);
    if (writers.length === 0) throw new AuditFault('AUDIT_MISSING', 'The audit database holds no log yet', 66);
    const sources: LogSource[] = [];
    for (const { origin } of writers) sources.push(await sourceOf(database, origin));
    return {
      sources,
      verify: (options) => verifyWriters(sources, writers, options),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** True while a process writes to a database. */
export async function isDatabaseWritten(address: DatabaseAddress): Promise<boolean> {
  const database = await connectDatabase(address, () => undefined);
  try {
    const writers = await knownWriters(database);
    const origins = writers.map(({ origin }) => origin);
    return (await runningWriters(database, origins)) > 0;
  } finally {
    await database.close();
  }
}

/** Every chain, against the newest checkpoint that the others recorded of it; and the directory, against what they recorded. */
async function verifyWriters(
  sources: readonly LogSource[],
  writers: readonly KnownWriter[],
  options: VerifyOptions,
): Promise<PlaceReport> {
  const sightings: Sighting[] = [];
  for (const source of sources) sightings.push(...(await sightingsIn(source)));
  const logs: VerifyReport[] = [];
  for (const { files, layout, description } of sources) {
    const { vkey, anchor, ...common } = options;
    const given = anchor !== undefined && parseNote(anchor)?.checkpoint.origin === description.origin;
    const note = given ? anchor : newestOf(description.origin, sightings);
    const ownKey = vkey?.startsWith(`${description.origin}+`) === true;
    logs.push(
      await verifyLog(layout.root, {
        ...common,
        files,
        ...(ownKey ? { vkey } : {}),
        ...(note === undefined ? {} : { anchor: note }),
      }),
    );
  }
  const missing = missingOf(writers, sightings);
  const worst = logs.find(({ exitCode }) => exitCode !== 0);
  const warnings = logs.flatMap((log) => log.warnings.map((warning) => `${log.origin}: ${warning}`));
  const bad = logs.filter(({ exitCode }) => exitCode !== 0).map(({ origin, sentence }) => `${origin}: ${sentence}`);
  const verdict = missing === undefined ? (worst?.verdict ?? verdictOf(logs)) : 'tampered';
  return {
    verdict,
    exitCode: verdicts[verdict],
    sentence: missing ?? (bad.length > 0 ? bad.join(' ') : praise(logs)),
    warnings,
    logs,
  };
}

function verdictOf(logs: readonly VerifyReport[]): VerifyReport['verdict'] {
  return logs.some(({ verdict }) => verdict === 'broken') ? 'broken' : 'ok';
}

/** The checkpoint over the most records that another log recorded. */
function newestOf(origin: string, sightings: readonly Sighting[]): string | undefined {
  let newest: { readonly size: number; readonly note: string } | undefined;
  for (const { log, note } of sightings) {
    const size = parseNote(note)?.checkpoint.size ?? 0;
    if (log === origin && size > (newest?.size ?? 0)) newest = { size, note };
  }
  return newest?.note;
}

function missingOf(writers: readonly KnownWriter[], sightings: readonly Sighting[]): string | undefined {
  const keys = new Map(writers.map(({ origin, vkey }) => [origin, vkey]));
  const gone = sightings.find(({ log, vkey }) => keys.get(log) !== vkey);
  if (gone === undefined) return undefined;
  const what = keys.has(gone.log) ? 'stands in the directory of writers with another key' : 'is not there any more';
  return `The log of ${gone.log}, which ${gone.by} saw at its record ${gone.index}, ${what}.`;
}

function praise(logs: readonly VerifyReport[]): string {
  const records = logs.reduce((sum, log) => sum + log.records, 0);
  const names = logs.map((log) => log.origin).join(', ');
  const [first] = logs;
  if (first !== undefined && logs.length === 1) return first.sentence;
  return (
    `All ${logs.length} logs are whole, and none of those that they saw is missing: ` +
    `${records.toLocaleString('en-US')} records of ${names}.`
  );
}
