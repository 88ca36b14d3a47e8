import { isUtf8 } from 'node:buffer';
import { sha256 } from './tree.ts';

/** Bytes before the body of a frame: eight hex digits of length, eight of the leaf, a space after each. */
export const headerLength = 18;

/** The largest body. 65,535, so that a record also fits a C2SP entry bundle (16-bit length). */
export const maximumBody = 65_535;

export const smallestBody = 2;
const space = 0x20;
const newline = 0x0a;

export interface Frame {
  /** The JSON text, as a view of the bytes it was read from. */
  readonly body: Buffer;
  readonly leaf: Buffer;
  /** Offset of the byte after the frame. */
  readonly next: number;
}

/** One record as it lies on the disk, `LLLLLLLL HHHHHHHH {…}\n`, and its leaf. Throws RangeError over {@link maximumBody}. */
export function writeFrame(body: string): { readonly bytes: Buffer; readonly leaf: Buffer } {
  const length = Buffer.byteLength(body);
  if (length > maximumBody) throw new RangeError(`A record of ${length} bytes is over the limit of ${maximumBody}`);
  const bytes = Buffer.allocUnsafe(headerLength + length + 1);
  bytes.write(body, headerLength, 'utf8');
  const leaf = leafInPlace(bytes, 0, length);
  bytes.write(length.toString(16).padStart(8, '0'), 0, 'latin1');
  bytes[8] = space;
  bytes.write(leaf.toString('hex', 0, 4), 9, 'latin1');
  bytes[headerLength + length] = newline;
  return { bytes, leaf };
}

/**
 * Reads the frame at `offset`, or says in a few words what is wrong with it. Strict: what this accepts, `writeFrame`
 * could have written. The bytes must be the reader's own: the byte before the body is changed and put back.
 */
export function readFrame(bytes: Buffer, offset: number): Frame | string {
  if (bytes.length - offset < headerLength) return 'ends inside the header';
  const length = hexAt(bytes, offset);
  const prefix = hexAt(bytes, offset + 9);
  if (length < 0 || prefix < 0 || bytes[offset + 8] !== space || bytes[offset + 17] !== space)
    return 'has no valid header';
  if (length < smallestBody || length > maximumBody) return 'has an impossible length';
  const start = offset + headerLength;
  const end = start + length;
  if (end >= bytes.length) return 'ends before its length';
  if (bytes.indexOf(newline, start) !== end) return 'does not end where its length says';
  const leaf = leafInPlace(bytes, offset, length);
  if (leaf.readUInt32BE(0) !== prefix) return 'does not have the hash of its header';
  const body = bytes.subarray(start, end);
  if (body.includes(0) || body.includes(0x0d) || !isUtf8(body)) return 'holds bytes that no record may hold';
  return { body, leaf, next: end + 1 };
}

/** Where the body of the frame at `offset` lies by its header; undefined where there is no whole frame. */
export function readHeader(
  bytes: Buffer,
  offset: number,
): { readonly start: number; readonly end: number } | undefined {
  const length = hexAt(bytes, offset);
  const start = offset + headerLength;
  return length < smallestBody || start + length >= bytes.length ? undefined : { start, end: start + length };
}

/** True when the bytes from `offset` on are the beginning of a frame whose rest is missing. */
export function isCutShort(bytes: Buffer, offset: number): boolean {
  if (bytes.length - offset < headerLength) return true;
  const length = hexAt(bytes, offset);
  return length >= smallestBody && length <= maximumBody && offset + headerLength + length >= bytes.length;
}

/** Hashes 0x00 ‖ body without a copy: the separator before the body serves as the 0x00 for a moment. */
export function leafInPlace(bytes: Buffer, offset: number, length: number): Buffer {
  const before = offset + headerLength - 1;
  bytes[before] = 0;
  const leaf = sha256(bytes.subarray(before, before + 1 + length));
  bytes[before] = space;
  return leaf;
}

/** Eight LOWER-CASE hex digits as a number; -1 for anything else. */
export function hexAt(bytes: Buffer, offset: number): number {
  let value = 0;
  for (let at = offset; at < offset + 8; at += 1) {
    const byte = bytes[at] ?? 0;
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
