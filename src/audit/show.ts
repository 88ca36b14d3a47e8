import { readDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import { isObject, parseObject, type JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { monthOf, openKeyring, personKey, type Keyring } from './keyring.ts';
import type { SubjectFile } from './keyring-file.ts';
import { layoutOf, segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { readRecord, type RecordText } from './record.ts';
import { readFrame } from './frame.ts';
import { systemRandom, unseal } from './seal.ts';

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
  /** The payload: absent where there is none or no key was given, `undefined` members never. */
  readonly sealed?: JsonObject;
  /** True where there is a payload whose key is gone: the caller was erased or the content has expired. */
  readonly unreadable: boolean;
}

/** Reads records without verifying the log. Rejects with an AuditFault where there is no log or the key is wrong. */
export async function showLog(directory: string, options: ShowOptions = {}): Promise<ShownRecord[]> {
  const files = options.files ?? nodeFiles;
  const layout = layoutOf(directory);
  const reader = await openReader(files, layout, options);
  const subject = await reader?.subjectOf(options.caller);
  if (options.caller !== undefined && subject === undefined) return [];
  const shown: ShownRecord[] = [];
  for (const first of segmentStarts(await files.list(layout.segments))) {
    for (const record of recordsOf(await files.readFile(segmentPath(layout, first)))) {
      if (!isWanted(record.members, options.call, subject)) continue;
      shown.push(await show(record, reader));
      if (options.last !== undefined && shown.length > options.last) shown.shift();
    }
  }
  return shown;
}

function isWanted(members: JsonObject, call: string | undefined, subject: string | undefined): boolean {
  return (call === undefined || members['c'] === call) && (subject === undefined || members['s'] === subject);
}

function* recordsOf(bytes: Buffer): Generator<RecordText> {
  for (let offset = 0; offset < bytes.length;) {
    const frame = readFrame(bytes, offset);
    if (typeof frame === 'string') return;
    const record = readRecord(frame.body);
    if (typeof record !== 'string') yield record;
    offset = frame.next;
  }
}

async function show(record: RecordText, reader: PayloadReader | undefined): Promise<ShownRecord> {
  const { p: _previous, e: _payload, ...members } = record.members;
  const index = typeof members['n'] === 'number' ? members['n'] : -1;
  if (record.payload === undefined || reader === undefined) return { index, members, unreadable: false };
  const sealed = await reader.open(record);
  return sealed === undefined ? { index, members, unreadable: true } : { index, members, sealed, unreadable: false };
}

async function openReader(files: FileLayer, layout: Layout, options: ShowOptions): Promise<PayloadReader | undefined> {
  const description = await readDescription(files, layout);
  if (description === undefined || typeof description === 'string') {
    throw new AuditFault('AUDIT_MISSING', `There is no audit log in ${layout.root}`, 66);
  }
  if (options.keys === undefined) {
    if (options.caller === undefined) return undefined;
    throw new AuditFault('KEY_MISSING', 'Finding the records of a caller needs the key of the log', 78);
  }
  const { origin, practice } = description;
  const keyring = await openKeyring(
    { files, directory: layout.keys, provider: options.keys, origin, random: systemRandom },
    false,
  );
  return new PayloadReader(keyring, practice);
}

/** Opens payloads with the keys of a log. */
class PayloadReader {
  readonly #keyring: Keyring;
  readonly #practice: string;
  #subjects: Map<string, SubjectFile> | undefined;

  constructor(keyring: Keyring, practice: string) {
    this.#keyring = keyring;
    this.#practice = practice;
  }

  /** The reference of a caller; undefined when the log does not know the number, or knows it no more. */
  async subjectOf(caller: string | undefined): Promise<string | undefined> {
    if (caller === undefined) return undefined;
    return (await this.#keyring.read(personKey(this.#practice, caller)))?.sid;
  }

  async open({ members, clear, payload }: RecordText): Promise<JsonObject | undefined> {
    const key = await this.#keyOf(members);
    const plain = key === undefined || payload === undefined ? undefined : unseal(key, payload, clear);
    const value = plain === undefined ? undefined : parseObject(plain.toString('utf8'));
    return isObject(value) ? value : undefined;
  }

  async #keyOf(members: JsonObject): Promise<Buffer | undefined> {
    const { s: reference, t: time } = members;
    if (typeof reference !== 'string') return this.#keyring.system;
    this.#subjects ??= new Map((await this.#keyring.subjects()).map((file) => [file.sid, file]));
    const file = this.#subjects.get(reference);
    const epoch = file?.epochs.find(({ month }) => typeof time === 'number' && month === monthOf(time));
    return file === undefined || epoch === undefined ? undefined : this.#keyring.open(file, epoch).key;
  }
}
