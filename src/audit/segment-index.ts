import { join } from 'node:path';
import { readAt, replaceFile, type FileLayer, type OpenFile } from './durable.ts';
import { readHeader } from './frame.ts';
import { parseObject, type JsonObject } from './json.ts';
import type { Layout } from './layout.ts';
import type { QuickReader } from './quick.ts';
import { sha256 } from './tree.ts';

/** What a record can be found by: its caller's reference, its call, and its kind where that kind is rare. */
export function lookupKeys({ s: reference, c: call, k: kind }: JsonObject): string[] {
  const keys = [];
  if (typeof reference === 'string') keys.push(subjectKey(reference));
  if (typeof call === 'string') keys.push(callKey(call));
  if (typeof kind === 'string' && rareKinds.test(kind)) keys.push(kindKey(kind));
  return keys;
}

/** Kinds of which a call makes none: what was done with the log itself. */
const rareKinds = /^(?:access|baa|erase|hold|incident|key\.(?:rotate|destroy)|log|policy|record|retention)\b/;

export function kindKey(kind: string): string {
  return `k ${kind}`;
}

export function subjectKey(reference: string): string {
  return `s ${reference}`;
}

export function callKey(call: string): string {
  return `c ${call}`;
}

const magic = Buffer.from('CIX1');
const keyBytes = 16;
const entryBytes = keyBytes + 8;
const offsetBytes = 4;
const headerBytes = magic.length + 8 + 32;

/** Path of the index of the segment that starts with record `first`. */
export function indexPath(layout: Layout, first: number): string {
  return join(layout.indexes, `${first.toString(16).padStart(16, '0')}.idx`);
}

interface Found {
  readonly key: Buffer;
  readonly offsets: number[];
}

/** Collects where in a segment the records of each caller and call lie. */
export class IndexBuilder {
  readonly #found = new Map<string, Found>();
  readonly #calls = new Map<string, Found>();
  readonly #subjects = new Map<string, Found>();

  add(keys: readonly string[], offset: number): void {
    for (const key of keys) {
      if (key.startsWith('s ')) note(this.#subjects, 's ', key.slice(2), offset);
      else if (key.startsWith('c ')) note(this.#calls, 'c ', key.slice(2), offset);
      else note(this.#found, '', key, offset);
    }
  }

  /** The same, of a record that was read without making a text of it. */
  addRecord(bytes: Buffer, record: QuickReader, offset: number): void {
    const { kind, call, subject } = record;
    if (subject.end > 0) note(this.#subjects, 's ', record.text(bytes, subject), offset);
    if (call.end > 0) note(this.#calls, 'c ', record.text(bytes, call), offset);
    if (mayBeRare(bytes, kind.start)) this.add(lookupKeys({ k: record.text(bytes, kind) }), offset);
  }

  /** Takes up the records of a segment that was checked before. */
  addSegment(bytes: Buffer): void {
    for (let offset = 0, body = readHeader(bytes, 0); body !== undefined; body = readHeader(bytes, offset)) {
      this.add(lookupKeys(headOf(bytes.subarray(body.start, body.end))), offset);
      offset = body.end + 1;
    }
  }

  /**
   * The index of a closed segment: `CIX1`, number of keys, number of offsets, SHA-256 of the segment; for each key, in
   * order, the first 16 bytes of its SHA-256, place and number of its offsets; then all offsets. Numbers are 32-bit,
   * big-endian.
   */
  bytes(segmentHash: string): Buffer {
    const entries = [this.#found, this.#calls, this.#subjects].flatMap((found) => [...found.values()]);
    entries.sort((first, second) => first.key.compare(second.key));
    const count = entries.reduce((sum, { offsets }) => sum + offsets.length, 0);
    const made = Buffer.alloc(headerBytes + entries.length * entryBytes + count * offsetBytes);
    magic.copy(made);
    made.writeUInt32BE(entries.length, 4);
    made.writeUInt32BE(count, 8);
    made.write(segmentHash, 12, 'hex');
    let place = 0;
    for (const [at, { key, offsets }] of entries.entries()) {
      const entry = headerBytes + at * entryBytes;
      key.copy(made, entry);
      made.writeUInt32BE(place, entry + keyBytes);
      made.writeUInt32BE(offsets.length, entry + keyBytes + 4);
      for (const offset of offsets) {
        made.writeUInt32BE(offset, headerBytes + entries.length * entryBytes + place * offsetBytes);
        place += 1;
      }
    }
    return made;
  }
}

function note(found: Map<string, Found>, prefix: string, key: string, offset: number): void {
  const present = found.get(key);
  if (present === undefined) found.set(key, { key: hashedKey(`${prefix}${key}`), offsets: [offset] });
  else present.offsets.push(offset);
}

/** False for the kinds of which a call makes many: those that begin with c, d, n, s, v or `ph`. */
function mayBeRare(bytes: Buffer, start: number): boolean {
  const first = bytes[start] ?? 0;
  return first === 0x70 ? bytes[start + 1] === 0x6f : !common.includes(first);
}

const common = Buffer.from('cdnsv');

/** The clear members that stand before the actor: place, time, kind, call, caller's reference. */
export function headOf(body: Buffer): JsonObject {
  const end = body.indexOf(',"a":');
  return parseObject(`${body.toString('utf8', 0, Math.max(end, 0))}}`) ?? {};
}

/**
 * Stores an index, whole or not at all: what stands there after a crash is right, and what is not right was forged. When
 * it is missing or of another segment, the segment itself is read.
 */
export async function writeIndex(files: FileLayer, layout: Layout, first: number, index: Buffer): Promise<void> {
  await replaceFile(files, indexPath(layout, first), index);
}

/** True for the bytes of an index that a search would believe to be of the segment with this hash. */
export function isIndexOf(bytes: Buffer, segmentHash: string): boolean {
  return (
    bytes.length >= headerBytes &&
    bytes.subarray(0, 4).equals(magic) &&
    bytes.toString('hex', 12, headerBytes) === segmentHash
  );
}

/** Offsets of the records with this key; undefined where there is no index of the segment with this hash. */
export async function lookUp(file: OpenFile, segmentHash: string, key: string): Promise<number[] | undefined> {
  const header = await readAt(file, 0, headerBytes);
  if (!isIndexOf(header, segmentHash)) return undefined;
  const keys = header.readUInt32BE(4);
  const entry = await findEntry(file, keys, hashedKey(key));
  if (entry === undefined) return [];
  const place = entry.readUInt32BE(keyBytes);
  const count = entry.readUInt32BE(keyBytes + 4);
  const bytes = await readAt(file, headerBytes + keys * entryBytes + place * offsetBytes, count * offsetBytes);
  if (bytes.length < count * offsetBytes) return undefined;
  return Array.from({ length: count }, (_, at) => bytes.readUInt32BE(at * offsetBytes));
}

async function findEntry(file: OpenFile, keys: number, wanted: Buffer): Promise<Buffer | undefined> {
  let low = 0;
  let high = keys;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const entry = await readAt(file, headerBytes + middle * entryBytes, entryBytes);
    const order = entry.subarray(0, keyBytes).compare(wanted);
    if (order === 0) return entry;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

function hashedKey(key: string): Buffer {
  return sha256(Buffer.from(key)).subarray(0, keyBytes);
}
