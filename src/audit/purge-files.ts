import { join } from 'node:path';
import { breakRecordPath } from './breaks.ts';
import type { VerifierKey } from './checkpoint.ts';
import { readIfPresent, replaceFile, unlinkIfPresent, type FileLayer } from './durable.ts';
import { readFrame } from './frame.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { indexPath } from './segment-index.ts';
import { parseTombstone, tombstonePath } from './tombstone.ts';

/** Removes the files that have their tombstone already: what an interrupted purge has left. */
export async function finishPurges(files: FileLayer, layout: Layout, keys: readonly VerifierKey[]): Promise<void> {
  for (;;) {
    const [first] = segmentStarts(await files.list(layout.segments));
    if (first === undefined) return;
    const note = await readIfPresent(files, tombstonePath(layout, first));
    const tombstone = note === undefined ? undefined : parseTombstone(note.toString('utf8'), keys);
    if (tombstone?.first !== first || tombstone.next <= first) return;
    await removeSegments(files, layout, tombstone);
  }
}

/**
 * Removes the segments of a range, the newest first: as long as one is left it is the one that the tombstone is named
 * after. What a repair or a crash has set aside of them goes too.
 */
export async function removeSegments(
  files: FileLayer,
  layout: Layout,
  { first, next }: { readonly first: number; readonly next: number },
): Promise<void> {
  const isInside = (name: string): boolean => {
    const start = Number.parseInt(name.slice(0, 16), 16);
    return start >= first && start < next;
  };
  for (const name of await files.list(layout.aside)) {
    if (isInside(name)) await unlinkIfPresent(files, join(layout.aside, name));
  }
  const names = await files.list(layout.segments);
  for (const name of names) {
    if (name.endsWith('.torn') && isInside(name)) await unlinkIfPresent(files, join(layout.segments, name));
  }
  for (const start of segmentStarts(names).toReversed()) {
    if (start < first || start >= next) continue;
    await files.unlink(segmentPath(layout, start));
    await files.syncDirectory(layout.segments);
    await unlinkIfPresent(files, indexPath(layout, start));
  }
}

/** What a repair said stays when its segment goes: a loss that was accepted is told for ever. */
export async function keepBreak(files: FileLayer, layout: Layout, index: number): Promise<void> {
  const bytes = await files.readFile(segmentPath(layout, index));
  const frame = readFrame(bytes, 0);
  if (typeof frame === 'string') throw new AuditFault('AUDIT_CORRUPT', `The repair at record ${index} ${frame}`, 3);
  await replaceFile(files, breakRecordPath(layout, index), bytes.subarray(0, frame.next), 0o444);
}
