import type { AuditEvent } from './event.ts';
import { isObject, type JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { segmentStarts } from './layout.ts';
import { AuditFault } from './log.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { readBody } from './query.ts';
import type { LogSource } from './reader.ts';
import { readRecord, type RecordText } from './record.ts';

/**
 * What is appended to a record, 45 CFR 164.526: it was corrected, a correction was denied, or the person disagrees with
 * the denial. A record is never changed.
 */
export const amendmentKinds = ['correction', 'denial', 'disagreement'] as const;

export type AmendmentKind = (typeof amendmentKinds)[number];

export interface AmendRequest {
  /** Number of the record. */
  readonly record: number;
  /** `user:<id>`. */
  readonly by: string;
  readonly what: AmendmentKind;
  /** What is right, why it was denied, or the statement of the person: encrypted with the caller's key. */
  readonly note: string;
}

/** Something that was appended to a record. */
export interface Amendment {
  /** Number of the record that says it. */
  readonly record: number;
  /** ISO 8601. */
  readonly date: string;
  readonly by: string;
  readonly what: string;
  /** Absent without the key. */
  readonly note?: string;
}

/**
 * The event that is appended for a record: encrypted for the caller whom that record is about. Rejects with an AuditFault
 * where there is no such record, or its caller was erased. `own`: the log that takes the event.
 */
export async function amendmentEvent(
  source: LogSource,
  keys: KeyProvider,
  { record: index, by, what, note }: AmendRequest,
): Promise<AuditEvent> {
  const record = await recordOf(source, index);
  const payloads = await openPayloads(source.files, source.layout, source.description, keys);
  const { c: call, s: subject } = record.members;
  const caller = typeof subject === 'string' ? await callerOf(source, payloads, record, subject) : undefined;
  return {
    kind: 'record.amend',
    actor: by,
    action: 'U',
    outcome: what === 'denial' ? 'refused' : 'ok',
    totals: { record: index },
    facts: { what, log: source.description.origin },
    sealed: { note },
    ...(typeof call === 'string' ? { call } : {}),
    ...(caller === undefined ? {} : { caller }),
  };
}

async function recordOf({ files, layout }: LogSource, index: number): Promise<RecordText> {
  const body = await readBody(files, layout, segmentStarts(await files.list(layout.segments)), index);
  const record = body === undefined ? 'is not in the log' : readRecord(body);
  if (typeof record === 'object') return record;
  throw new AuditFault('AUDIT_MISSING', `Record ${index} ${record}`, 5);
}

/** The number of the caller of a record; undefined where it is withheld. It stands encrypted in a record of the call. */
async function callerOf(
  source: LogSource,
  payloads: Payloads,
  record: RecordText,
  subject: string,
): Promise<string | undefined> {
  const { c: call, n: index } = record.members;
  await payloads.addAll();
  for await (const other of source.find({ subject })) {
    const opened = other.payload === undefined ? 'gone' : payloads.open(other);
    if (typeof opened === 'object' && typeof opened['caller'] === 'string') return opened['caller'];
  }
  // Where no number was given the call stands for it.
  if (typeof call === 'string' && (await payloads.addCaller(`call ${call}`)) === subject) return undefined;
  throw new AuditFault('AUDIT_ERASED', `Nobody can tell any more whom record ${String(index)} is about`, 65);
}

/** What was appended, by the log and the number of the record that it is about. */
export class Amendments {
  readonly #found = new Map<string, Amendment[]>();

  /** Takes a record of the log of `origin` where it amends another one. */
  add(record: RecordText, payloads: Payloads | undefined, origin: string): void {
    const about = subjectOfAmendment(record.members, origin);
    if (about === undefined) return;
    this.#found.set(about, [...(this.#found.get(about) ?? []), amendmentOf(record, payloads)]);
  }

  of(origin: string, index: number): readonly Amendment[] {
    return this.#found.get(`${origin} ${index}`) ?? [];
  }
}

function subjectOfAmendment({ k: kind, q: totals, f: facts }: JsonObject, origin: string): string | undefined {
  if (kind !== 'record.amend' || !isObject(totals) || typeof totals['record'] !== 'number') return undefined;
  const log = isObject(facts) && typeof facts['log'] === 'string' ? facts['log'] : origin;
  return `${log} ${totals['record']}`;
}

function amendmentOf(record: RecordText, payloads: Payloads | undefined): Amendment {
  const { n: index, t: time, a: by, f: facts } = record.members;
  const opened = payloads === undefined || record.payload === undefined ? 'gone' : payloads.open(record);
  const note = typeof opened === 'object' ? opened['note'] : undefined;
  return {
    record: Number(index),
    date: new Date(Number(time)).toISOString(),
    by: String(by),
    what: isObject(facts) ? String(facts['what']) : '',
    ...(typeof note === 'string' ? { note } : {}),
  };
}

/** An amendment as a line below what it is about. */
export function describeAmendment({ record, date, by, what, note }: Amendment): string {
  return `${what} of ${date} by ${by} (record ${record})${note === undefined ? '' : `: ${note}`}`;
}
