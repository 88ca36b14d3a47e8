import { isOrigin } from '../checkpoint.ts';
import { readDescription } from '../description.ts';
import { AuditFault } from '../log.ts';
import { isWanted, type Wanted } from '../query.ts';
import type { LogSource } from '../reader.ts';
import { readRecord, type RecordText } from '../record.ts';
import { bytesOf, numberOf, textOf, type Database } from './database.ts';
import { databaseLayout, indexedKinds, PostgresFiles } from './files.ts';

/** Records that are fetched at once. */
const page = 1000;

/** A writer as the directory names it. */
export interface KnownWriter {
  readonly origin: string;
  readonly vkey: string;
  /** Its newest checkpoint; undefined before the first. */
  readonly note: string | undefined;
}

/** The directory of writers. */
export async function knownWriters(database: Database): Promise<KnownWriter[]> {
  const rows = await database.query(
    `select origin, vkey, (select note from note where note.origin = writer.origin order by size desc limit 1) as note
     from writer order by first_seen, origin`,
  );
  return rows.map((row) => ({
    origin: textOf(row, 'origin'),
    vkey: textOf(row, 'vkey'),
    note: row['note'] === null ? undefined : textOf(row, 'note'),
  }));
}

/** The chain of one writer, to be read. Rejects with `AUDIT_MISSING` where the directory does not name it. */
export async function sourceOf(database: Database, origin: string): Promise<LogSource> {
  const files = new PostgresFiles(database, origin);
  const description = await readDescription(files, databaseLayout);
  if (typeof description === 'string') throw new AuditFault('AUDIT_CORRUPT', `log.json ${description}`, 3);
  if (description === undefined || !isOrigin(origin)) {
    throw new AuditFault('AUDIT_MISSING', 'The audit database has no log of that name', 66);
  }
  const find = (wanted: Wanted): AsyncIterable<RecordText> => findRows(database, wanted, origin);
  return { files, layout: databaseLayout, description, find };
}

/**
 * Records of one writer, or of all where none is named, chain by chain in order. The database's own index says where to
 * look; what is found there must be what was asked for.
 */
export async function* findRows(database: Database, wanted: Wanted, origin?: string): AsyncGenerator<RecordText> {
  const { condition, value } = conditionOf(wanted);
  let after = { origin: '', n: -1 };
  for (;;) {
    const rows = await database.query(
      `select origin, n, body from event where ${condition} and (origin, n) > ($2, $3)
       and ($4::text is null or origin = $4) order by origin, n limit ${page}`,
      [JSON.stringify(value), after.origin, after.n, origin ?? null],
    );
    for (const row of rows) {
      const record = readRecord(bytesOf(row, 'body'));
      if (typeof record !== 'string' && isWanted(record, wanted)) yield record;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = { origin: textOf(last, 'origin'), n: numberOf(last, 'n') };
  }
}

/** The narrowest of what is asked for. */
function conditionOf({ subject, call, kind = 'log.genesis' }: Wanted): {
  readonly condition: string;
  readonly value: string;
} {
  if (subject !== undefined) return { condition: 'subject = $1', value: subject };
  if (call !== undefined) return { condition: 'call = $1', value: call };
  return { condition: `kind = $1 and ${indexedKinds}`, value: kind };
}

/**
 * When the newest record of the other logs was made, ms UTC; of this one where there is no other; 0 where there is none. A
 * clock that is wrong has dated its own records wrong too.
 */
export async function newestTime(database: Database, own: string): Promise<number> {
  const rows = await database.query(
    'select origin, body from event join head using (origin) where event.n = head.n - 1',
  );
  const others = rows.filter((row) => textOf(row, 'origin') !== own);
  const times = (others.length === 0 ? rows : others).map((row) => {
    const record = readRecord(bytesOf(row, 'body'));
    const time = typeof record === 'string' ? 0 : record.members['t'];
    return typeof time === 'number' ? time : 0;
  });
  return Math.max(0, ...times);
}
