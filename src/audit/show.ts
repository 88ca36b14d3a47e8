import { Amendments, type Amendment } from './amend.ts';
import type { FileLayer } from './durable.ts';
import type { JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { AuditFault } from './log.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { allRecords } from './query.ts';
import { openSource, type LogSource } from './reader.ts';
import type { RecordText } from './record.ts';

export interface ShowOptions {
  /** Opens payloads where it is given. */
  readonly keys?: KeyProvider;
  /** Only records of this call. */
  readonly call?: string;
  /** Only records of this caller's number. Needs `keys`. */
  readonly caller?: string;
  /** Only the newest so many. */
  readonly last?: number;
  readonly files?: FileLayer;
}

/** A record as it is shown. */
export interface ShownRecord {
  readonly index: number;
  /** Origin of its log, where several are shown together. */
  readonly log?: string;
  /** Clear members, without `p` and `e`. */
  readonly members: JsonObject;
  /** The payload: absent where there is none, or no key was given. */
  readonly sealed?: JsonObject;
  /** True where there is a payload whose key is gone: the caller was erased or the content has expired. */
  readonly unreadable: boolean;
  /** What was appended to it later: corrections, denials of one, statements of disagreement. */
  readonly amendments?: readonly Amendment[];
}

/** Reads records without verifying the log. Rejects with an AuditFault where there is no log or the key is wrong. */
export async function showLog(directory: string, options: ShowOptions = {}): Promise<ShownRecord[]> {
  return showLogs([await openSource(directory, options.files)], options);
}

/** The same of several logs that share their keys, in the order of time. */
export async function showLogs(sources: readonly LogSource[], options: ShowOptions): Promise<ShownRecord[]> {
  const payloads = await payloadsOf(sources, options);
  const subject = options.caller === undefined ? undefined : await payloads?.addCaller(options.caller);
  if (options.caller === undefined) await payloads?.addAll();
  else if (subject === undefined) return [];
  const wanted = {
    ...(options.call === undefined ? {} : { call: options.call }),
    ...(subject === undefined ? {} : { subject }),
  };
  const shown: ShownRecord[] = [];
  // What amends a record is about the same caller and call: it is found with it, and stands behind it.
  const amendments = new Amendments();
  for (const source of sources) {
    const { files, layout, description } = source;
    const found: ShownRecord[] = [];
    const records = Object.keys(wanted).length === 0 ? allRecords(files, layout) : source.find(wanted);
    for await (const record of records) {
      const one = show(record, payloads);
      amendments.add(record, payloads, description.origin);
      found.push(sources.length === 1 ? one : { ...one, log: description.origin });
      if (options.last !== undefined && found.length > options.last) found.shift();
    }
    shown.push(...found);
  }
  if (sources.length > 1) shown.sort((one, other) => timeOf(one) - timeOf(other));
  const newest = options.last === undefined ? shown : shown.slice(-options.last);
  return newest.map((one) => {
    const later = amendments.of(one.log ?? sources[0]?.description.origin ?? '', one.index);
    return later.length === 0 ? one : { ...one, amendments: later };
  });
}

function timeOf({ members: { t: time } }: ShownRecord): number {
  return typeof time === 'number' ? time : 0;
}

function show(record: RecordText, payloads: Payloads | undefined): ShownRecord {
  const { p: _previous, e: _payload, ...members } = record.members;
  const index = typeof members['n'] === 'number' ? members['n'] : -1;
  if (record.payload === undefined || payloads === undefined) return { index, members, unreadable: false };
  const sealed = payloads.open(record);
  return typeof sealed === 'string'
    ? { index, members, unreadable: true }
    : { index, members, sealed, unreadable: false };
}

async function payloadsOf([source]: readonly LogSource[], options: ShowOptions): Promise<Payloads | undefined> {
  if (source === undefined) return undefined;
  if (options.keys !== undefined) return openPayloads(source.files, source.layout, source.description, options.keys);
  if (options.caller === undefined) return undefined;
  throw new AuditFault('KEY_MISSING', 'Finding the records of a caller needs the key of the log', 78);
}
