import { readFrame, type Frame } from './frame.ts';
import { encodeHash, endsOf } from './record.ts';

/** A record in its place. */
export interface ScannedRecord extends Frame {
  readonly index: number;
  readonly offset: number;
}

/**
 * Where a scan stopped. `frame`: the bytes are no record. `order`: they are a record, but not the one that belongs
 * here.
 */
export interface ScanStop {
  readonly index: number;
  readonly offset: number;
  readonly fault: { readonly kind: 'frame' | 'order'; readonly what: string } | undefined;
  /** The leaf of the last good record. */
  readonly previous: Buffer;
}

/** The record of this index at `offset`, behind one whose leaf is `previous`; or what is wrong with what stands there. */
export function scanRecord(
  bytes: Buffer,
  offset: number,
  index: number,
  previous: Buffer,
): ScannedRecord | NonNullable<ScanStop['fault']> {
  const frame = readFrame(bytes, offset);
  if (typeof frame === 'string') return { kind: 'frame', what: frame };
  const misplaced = misplacement(frame.body, index, previous);
  return misplaced === undefined ? { ...frame, index, offset } : { kind: 'order', what: misplaced };
}

/** Goes through the records of a segment from its first index on, and stops at the end or at the first fault. */
export function scanSegment(
  bytes: Buffer,
  first: number,
  before: Buffer,
  visit: (record: ScannedRecord) => void,
): ScanStop {
  let index = first;
  let offset = 0;
  let previous = before;
  while (offset < bytes.length) {
    const record = scanRecord(bytes, offset, index, previous);
    if ('kind' in record) return { index, offset, previous, fault: record };
    visit(record);
    index += 1;
    offset = record.next;
    previous = record.leaf;
  }
  return { index, offset, previous, fault: undefined };
}

function misplacement(body: Buffer, index: number, previous: Buffer): string | undefined {
  if (!startsWithIndex(body, index)) return 'does not carry the number of its place';
  return endsOf(body)?.previous === encodeHash(previous)
    ? undefined
    : 'does not carry the hash of the record before it';
}

/** Every record starts with its number: `{"n":617,`. */
function startsWithIndex(body: Buffer, index: number): boolean {
  const start = `{"n":${index},`;
  return body.toString('latin1', 0, start.length) === start;
}
