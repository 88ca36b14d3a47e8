import { readDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import type { JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { layoutOf, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { allRecords, findRecords } from './query.ts';
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
  /** Clear members, without `p` and `e`. */
  readonly members: JsonObject;
  /** The payload: absent where there is none, or no key was given. */
  readonly sealed?: JsonObject;
  /** True where there is a payload whose key is gone: the caller was erased or the content has expired. */
  readonly unreadable: boolean;
}

/** Reads records without verifying the log. Rejects with an AuditFault where there is no log or the key is wrong. */
export async function showLog(directory: string, options: ShowOptions = {}): Promise<ShownRecord[]> {
  const files = options.files ?? nodeFiles;
  const layout = layoutOf(directory);
  const payloads = await payloadsOf(files, layout, options);
  const subject = options.caller === undefined ? undefined : await payloads?.addCaller(options.caller);
  if (options.caller === undefined) await payloads?.addAll();
  else if (subject === undefined) return [];
  const shown: ShownRecord[] = [];
  const wanted = {
    ...(options.call === undefined ? {} : { call: options.call }),
    ...(subject === undefined ? {} : { subject }),
  };
  for await (const record of Object.keys(wanted).length === 0
    ? allRecords(files, layout)
    : findRecords(files, layout, wanted)) {
    shown.push(show(record, payloads));
    if (options.last !== undefined && shown.length > options.last) shown.shift();
  }
  return shown;
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

async function payloadsOf(files: FileLayer, layout: Layout, options: ShowOptions): Promise<Payloads | undefined> {
  const description = await readDescription(files, layout);
  if (description === undefined || typeof description === 'string') {
    throw new AuditFault('AUDIT_MISSING', `There is no audit log in ${layout.root}`, 66);
  }
  if (options.keys !== undefined) return openPayloads(files, layout, description, options.keys);
  if (options.caller === undefined) return undefined;
  throw new AuditFault('KEY_MISSING', 'Finding the records of a caller needs the key of the log', 78);
}
