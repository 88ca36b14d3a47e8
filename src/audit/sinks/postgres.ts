import { createHash, type Hash } from 'node:crypto';
import { readEnd, type EndOptions } from '../end.ts';
import { headerLength } from '../frame.ts';
import { AuditFault } from '../log.ts';
import { readNotes } from '../notes.ts';
import { numberOf, textOf, type Database } from '../postgres/database.ts';
import type { RecoveredSegment } from '../recover.ts';
import type { SealedRecord, SegmentFacts, Sink, Tail } from '../sink.ts';
import { hashLength } from '../tree.ts';

export interface PostgresSinkOptions extends EndOptions {
  /** The connection that holds the writer's lock: whoever loses the lock can write no more. */
  readonly database: Database;
  readonly origin: string;
  /** A segment that has reached this many bytes is closed. */
  readonly segmentBytes: number;
}

const dayLength = 86_400_000;

/** Opens the chain of one writer. Rejects with an AuditFault when it is not what was signed. */
export async function openPostgresSink(options: PostgresSinkOptions): Promise<Sink> {
  const { files, layout, keys, database, origin } = options;
  await assertDurable(database);
  const { tail, last } = await readEnd(options, await readNotes(files, layout, keys));
  const [head] = await database.query('select n from head where origin = $1', [origin]);
  const size = numberOf(head, 'n');
  if (size > tail.frontier.size) {
    const what = `The log ends before record ${tail.frontier.size}, but ${size} were written: the end was removed`;
    throw new AuditFault('AUDIT_ROLLED_BACK', what, 4);
  }
  if (size < tail.frontier.size) {
    throw new AuditFault('AUDIT_TAMPERED', `Records from ${size} on were added beside the writer`, 2);
  }
  return new PostgresSink(options, tail, last === undefined || tail.sealed ? undefined : openSegment(last, tail.time));
}

/** What an acknowledgement rests on. Rejects where a setting lets the server acknowledge what a power cut can take back. */
async function assertDurable(database: Database): Promise<void> {
  const [row] = await database.query(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes`,
  );
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    if (textOf(row, name) !== 'off') continue;
    throw new AuditFault(
      'AUDIT_NOT_DURABLE',
      `The setting ${name} of the audit database is off: it would acknowledge records that a power cut takes back. ` +
        'Set it to on, for this role too',
      78,
    );
  }
  // From here on a reload of the server's settings cannot weaken this session.
  await database.query(`select set_config('synchronous_commit', $1, false)`, [textOf(row, 'synchronous_commit')]);
}

/** The open segment: what the next ones need to know of it. */
interface OpenSegment {
  readonly first: number;
  /** UTC day on which it was opened or taken up again, in days since 1970. */
  readonly day: number;
  readonly digest: Hash;
  records: number;
  length: number;
}

function openSegment(last: RecoveredSegment, time: number): OpenSegment {
  const { first, bytes, frontier } = last;
  const digest = createHash('sha256').update(bytes);
  return { first, day: dayOf(time), digest, records: frontier.size - first, length: bytes.length };
}

function dayOf(time: number): number {
  return Math.floor(time / dayLength);
}

/**
 * Moves the end of the chain and adds the records in one statement, so in one transaction: with another writer at the
 * same end, one of the two finds that it has moved and adds nothing. The bodies come as one value, cut by their lengths.
 */
const appendRecords = `
with moved as (
  update head set n = n + cardinality($4::int[]) where origin = $1 and n = $2 returning n
), cut as (
  select place, length, sum(length) over (order by place) - length as start
  from unnest($4::int[]) with ordinality as part (length, place)
)
insert into event (origin, n, body, leaf)
select $1, $2::bigint + place - 1, substring($3::bytea from start::int + 1 for length),
       substring($5::bytea from (place::int - 1) * ${hashLength} + 1 for ${hashLength})
from cut where exists (select from moved)`;

class PostgresSink implements Sink {
  readonly tail: Tail;
  readonly #options: PostgresSinkOptions;
  #segment: OpenSegment | undefined;

  constructor(options: PostgresSinkOptions, tail: Tail, segment: OpenSegment | undefined) {
    this.#options = options;
    this.tail = tail;
    this.#segment = segment;
  }

  async append(records: readonly SealedRecord[]): Promise<void> {
    const segment = this.#current();
    await this.#insert(records);
    for (const { bytes } of records) {
      segment.digest.update(bytes);
      segment.length += bytes.length;
    }
    segment.records += records.length;
  }

  due(time: number): SegmentFacts | undefined {
    const { first, records, day, length, digest } = this.#current();
    if (length < this.#options.segmentBytes && dayOf(time) <= day) return undefined;
    return { first, records, sha256: digest.copy().digest('hex') };
  }

  async seal(record: SealedRecord): Promise<string> {
    await this.append([record]);
    const { digest } = this.#current();
    this.#segment = undefined;
    return digest.digest('hex');
  }

  async open(record: SealedRecord, time: number): Promise<void> {
    await this.#insert([record]);
    const digest = createHash('sha256').update(record.bytes);
    this.#segment = { first: record.index, day: dayOf(time), digest, records: 1, length: record.bytes.length };
  }

  async assertInPlace(): Promise<void> {
    await assertDurable(this.#options.database);
  }

  async publish(note: string): Promise<void> {
    const [, size = ''] = note.split('\n');
    const insert = 'insert into note (origin, size, note) values ($1, $2, $3)';
    await this.#options.database.change(insert, [this.#options.origin, size, note]);
  }

  /** The connection is the lock's: it ends with that. */
  async close(): Promise<void> {
    this.#segment = undefined;
  }

  async #insert(records: readonly SealedRecord[]): Promise<void> {
    const { database, origin } = this.#options;
    const bodies = records.map(({ bytes }) => bytes.subarray(headerLength, bytes.length - 1));
    const added = await database.change(appendRecords, [
      origin,
      records[0]?.index ?? 0,
      Buffer.concat(bodies),
      bodies.map(({ length }) => length),
      Buffer.concat(records.map(({ leaf }) => leaf)),
    ]);
    if (added === records.length) return;
    throw new AuditFault('AUDIT_FENCED', 'Another process has written to this log; this one writes no more', 74);
  }

  #current(): OpenSegment {
    if (this.#segment === undefined) throw new AuditFault('AUDIT_CLOSED', 'No segment of the audit log is open', 74);
    return this.#segment;
  }
}
