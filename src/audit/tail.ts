import { isCutShort, readFrame, type Frame } from './frame.ts';
import { parseObject } from './json.ts';
import type { ScanStop } from './scan.ts';

/**
 * Why the end of the last segment is not what a crash leaves behind, in a few words; undefined when it is. What a crash
 * leaves was never acknowledged; everything else is damage, and nothing is repaired by guessing.
 *
 * `signed`: how many records the newest checkpoint vouches for.
 */
export function damageOf(bytes: Buffer, stop: ScanStop, signed: number): string | undefined {
  if (!looksTorn(bytes, stop.offset)) return 'this is not what a crash leaves behind';
  const behind = recordsBehind(bytes, stop.offset);
  if (behind.some(({ body }) => durableBefore(body) > stop.index)) return 'later records say that it was durable';
  if (behind.length > 0 && stop.index < signed) return 'it was durable when the last checkpoint was signed';
  return undefined;
}

/** How many records a record says were durable when it was written; 0 where it does not say. */
function durableBefore(body: Buffer): number {
  const durable = parseObject(body.toString('utf8'))?.['d'];
  return typeof durable === 'number' ? durable : 0;
}

/** The records that stand whole behind a fault, whatever is between them. */
function recordsBehind(bytes: Buffer, offset: number): Frame[] {
  const found: Frame[] = [];
  let at = offset;
  while (at < bytes.length) {
    const frame = readFrame(bytes, at);
    if (typeof frame !== 'string') found.push(frame);
    at = typeof frame === 'string' ? nextStart(bytes, at) : frame.next;
  }
  return found;
}

/** A frame starts behind a newline, or behind the zeros of a sector that was never written. */
export function nextStart(bytes: Buffer, offset: number): number {
  const line = bytes.indexOf(0x0a, offset);
  let next = line < 0 ? bytes.length : line + 1;
  const zero = bytes.indexOf(0, offset + 1);
  if (zero >= 0 && zero < next) {
    next = zero;
    while (bytes[next] === 0) next += 1;
  }
  return Math.max(next, offset + 1);
}

const sector = 512;

/**
 * True when the bytes from `offset` on look as a crash leaves them: the last record is cut short, or whole sectors were
 * never written and read as zeros. A record never holds a zero byte.
 */
function looksTorn(bytes: Buffer, offset: number): boolean {
  if (bytes.indexOf(0x0a, offset) < 0 && isCutShort(bytes, offset)) return true;
  for (let zero = bytes.indexOf(0, offset); zero >= 0;) {
    let end = zero;
    while (bytes[end] === 0) end += 1;
    if (end % sector === 0 || end === bytes.length) return true;
    zero = bytes.indexOf(0, end);
  }
  return false;
}
