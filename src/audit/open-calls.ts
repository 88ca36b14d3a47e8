import { openingOf } from './closed.ts';
import type { FileLayer } from './durable.ts';
import { readHeader } from './frame.ts';
import { segmentPath, type Layout } from './layout.ts';
import type { SegmentStart } from './segment.ts';
import { headOf } from './segment-index.ts';

const callMark = '"k":"call.';
/** Longer than any call, ms. */
const longestCall = 24 * 3_600_000;
/** Segments before the last one that are read for calls without an end: more than a day of them is a day of overload. */
const mostSegments = 4;

/** The bytes of the segments before the last one that can hold the beginning of a call that was going on at `time`. */
export async function segmentsOfLastHours(
  files: FileLayer,
  layout: Layout,
  starts: readonly number[],
  last: SegmentStart,
  time: number,
): Promise<Buffer[]> {
  const found: Buffer[] = [];
  let after = last;
  for (const first of starts.slice(-1 - mostSegments, -1).toReversed()) {
    if (after.time < time - longestCall) break;
    found.unshift(await files.readFile(segmentPath(layout, first)));
    const opening = first === 0 ? undefined : await openingOf(files, layout, first);
    if (opening === undefined || typeof opening === 'string') break;
    after = opening;
  }
  return found;
}

/** Calls that were admitted in these segments and did not end there: the process ended before they did. */
export function openCalls(segments: readonly Buffer[]): string[] {
  const open = new Set<string>();
  for (const bytes of segments) {
    for (let at = bytes.indexOf(callMark); at >= 0; at = bytes.indexOf(callMark, at + 1)) {
      const start = bytes.lastIndexOf(0x0a, at) + 1;
      const body = readHeader(bytes, start);
      if (body === undefined) continue;
      const { k: kind, c: call } = headOf(bytes.subarray(body.start, body.end));
      if (typeof call !== 'string') continue;
      if (kind === 'call.admit') open.add(call);
      else if (kind === 'call.end') open.delete(call);
    }
  }
  return [...open];
}
