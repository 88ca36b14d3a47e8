import { createHash } from 'node:crypto';
import type { Breaks } from './breaks.ts';
import { readAt, type FileLayer } from './durable.ts';
import type { VerifierKey } from './checkpoint.ts';
import { segmentPath, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { readSegmentStart, type SegmentStart } from './segment.ts';
import { tombstonesBefore } from './tombstone.ts';

const chunk = 1 << 20;
/** More than the first record of any segment. */
const openingLength = 70_000;

/** SHA-256 of a file, hex. */
export async function hashFile(files: FileLayer, path: string): Promise<string> {
  const digest = createHash('sha256');
  const file = await files.open(path, 'read');
  try {
    for (let at = 0; ; at += chunk) {
      const bytes = await readAt(file, at, chunk);
      digest.update(bytes);
      if (bytes.length < chunk) return digest.digest('hex');
    }
  } finally {
    await file.close();
  }
}

/** How the segment that begins with record `first` starts, read from its first record. */
export async function openingOf(files: FileLayer, layout: Layout, first: number): Promise<SegmentStart | string> {
  const file = await files.open(segmentPath(layout, first), 'read');
  try {
    return readSegmentStart(await readAt(file, 0, openingLength), first);
  } finally {
    await file.close();
  }
}

/**
 * Checks closed segments, newest first, against the hash in the opening of the segment after each; stops after
 * `limit` bytes. What lies before is for `audit verify`: a log of years must not delay a start by minutes.
 */
export async function checkClosedSegments(
  files: FileLayer,
  layout: Layout,
  starts: readonly number[],
  last: SegmentStart,
  limit: number,
  keys: readonly VerifierKey[],
  breaks: Breaks,
): Promise<void> {
  let after = last;
  let read = 0;
  for (const first of starts.toReversed().slice(1)) {
    const path = segmentPath(layout, first);
    read += (await files.facts(path))?.size ?? 0;
    if (read > limit) return;
    const damage = breaks.damageOf(first);
    // Behind a segment that is gone nobody says how this one ended: that is for `audit verify`.
    const wanted = damage?.sha256 ?? (breaks.isMissingBefore(after.first) ? undefined : after.fileBefore);
    if (wanted !== undefined && (await hashFile(files, path)) !== wanted) {
      throw new AuditFault('AUDIT_CORRUPT', `The closed segment ${path} is not the one that was closed`, 3);
    }
    if (first === 0) return;
    const opening = await openingOf(files, layout, first);
    if (typeof opening === 'string' && damage !== undefined) return;
    if (typeof opening === 'string') throw new AuditFault('AUDIT_CORRUPT', `The segment ${path} ${opening}`, 3);
    after = opening;
  }
  if (after.first > 0 && !breaks.isMissingBefore(after.first)) await assertPurged(files, layout, after, keys);
}

/** The segments before the oldest one are gone: tombstones must say so, down to the hash of the last of them. */
async function assertPurged(
  files: FileLayer,
  layout: Layout,
  oldest: SegmentStart,
  keys: readonly VerifierKey[],
): Promise<void> {
  const tombstones = await tombstonesBefore(files, layout, oldest.first, keys);
  if (typeof tombstones === 'string') throw new AuditFault('AUDIT_CORRUPT', `Segments are gone: ${tombstones}`, 3);
  if (tombstones.at(-1)?.sha256 !== oldest.fileBefore) {
    throw new AuditFault('AUDIT_CORRUPT', `The tombstone before record ${oldest.first} is of another segment`, 3);
  }
}
