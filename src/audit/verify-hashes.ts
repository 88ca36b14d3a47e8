import { asidePath, type Breaks } from './breaks.ts';
import { hashFile, openingOf } from './closed.ts';
import type { LogDescription } from './description.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';
import type { SegmentStart } from './segment.ts';
import type { FullTile } from './tile-collector.ts';
import { indexPath, isIndexOf } from './segment-index.ts';
import { tilePath, TileStore, tileWidth } from './tile-store.ts';
import { tombstonesBefore } from './tombstone.ts';
import { Frontier, hashLength } from './tree.ts';
import { NotWhole } from './verdict.ts';
import type { VerifiedSegment } from './verify-segment.ts';

/** Where the records begin that are left. */
export interface LogStart extends SegmentStart {
  /** Records that were purged. */
  readonly purged: number;
}

/**
 * How the oldest segment that is left starts. What was before it must have been purged as its tombstones say, and the
 * hashes of what was purged must still lead to what follows. Throws {@link NotWhole} where they do not.
 */
export async function readPurged(
  files: FileLayer,
  layout: Layout,
  first: number,
  description: LogDescription,
  breaks: Breaks,
): Promise<LogStart> {
  if (first === 0) return { first, previous: description.hash, edge: [], fileBefore: '', time: 0, purged: 0 };
  const start = await openingOf(files, layout, first);
  if (typeof start === 'object' && breaks.isMissing(0, first)) return { ...start, purged: 0 };
  const tombstones = await tombstonesBefore(files, layout, first, description.keys);
  if (typeof tombstones === 'string') throw new NotWhole('tampered', `The log has a gap: ${tombstones}.`, 0);
  if (typeof start === 'string') throw new NotWhole('corrupt', `The segment of record ${first} ${start}.`, first);
  const last = tombstones.at(-1);
  const root = Frontier.of(first, start.edge).root();
  if (last?.root.equals(root) !== true || last.sha256 !== start.fileBefore) {
    throw new NotWhole('tampered', `The tombstone before record ${first} does not lead to what follows.`, first);
  }
  const untold = tombstones.flatMap((tombstone) => tombstone.breaks).find((index) => !breaks.isAt(index));
  if (untold !== undefined) {
    throw new NotWhole('tampered', `Record ${untold} said that the log was repaired: what it said is gone.`, untold);
  }
  // Of records that a repair declared lost nobody may know the hashes: the root above is what vouches for the rest.
  if (tombstones.some(({ lacksHashes }) => lacksHashes)) return { ...start, purged: first };
  const hashes = await new TileStore(files, layout, []).stretch({ start: 0, end: first }).catch(() => undefined);
  if (hashes?.equals(root) === true) return { ...start, purged: first };
  throw new NotWhole(
    'tampered',
    `The hashes of the purged records before ${first} do not lead to what follows.`,
    first,
  );
}

/**
 * Compares full tiles with what is stored; resolves to what is worth a note. A tile is not synced: a crash may leave it
 * cut or with holes, and then the records are asked instead of it. One with other hashes is a forgery.
 */
export async function compareTiles(files: FileLayer, layout: Layout, tiles: readonly FullTile[]): Promise<string[]> {
  const notes: string[] = [];
  for (const { level, index, hashes } of tiles) {
    const stored = await readIfPresent(files, tilePath(layout, level, index));
    const made = Buffer.concat(hashes);
    if (stored === undefined || stored.equals(made)) continue;
    const name = `The stored tile ${index} of level ${level}`;
    if (stored.length === made.length && !stored.includes(Buffer.alloc(hashLength))) {
      throw new NotWhole('tampered', `${name} holds the hashes of other records.`, index * tileWidth ** (level + 1));
    }
    notes.push(`${name} is damaged; the records themselves stand for it.`);
  }
  return notes;
}

/** Throws {@link NotWhole} for an index that would hide records from a search. One of another segment is never used. */
export async function compareIndex(
  files: FileLayer,
  layout: Layout,
  first: number,
  { sha256, index, isDamaged }: VerifiedSegment,
): Promise<void> {
  const stored = await readIfPresent(files, indexPath(layout, first));
  // A damaged segment is searched itself: an index of it would be believed by the hash that it had before.
  const isRight =
    !isDamaged && stored !== undefined && (!isIndexOf(stored, sha256) || stored.equals(index.bytes(sha256)));
  if (stored === undefined || isRight) return;
  throw new NotWhole(
    'tampered',
    `The index of the segment of record ${first} leads to other records: a search could miss some.`,
    first,
  );
}

/** Files that were set aside: one that is gone is worth a note, one that was changed is a forgery. */
export async function compareAside(
  files: FileLayer,
  layout: Layout,
  breaks: Breaks,
  purged: number,
): Promise<string[]> {
  const notes: string[] = [];
  for (const damage of breaks.aside()) {
    // What was purged goes with what was set aside of it.
    if (damage.segment < purged) continue;
    const path = asidePath(layout, damage);
    if ((await files.facts(path)) === undefined) notes.push(`The file that was set aside as ${path} is gone.`);
    else if ((await hashFile(files, path)) !== damage.sha256) {
      throw new NotWhole('tampered', `The file that was set aside as ${path} was changed.`, damage.segment);
    }
  }
  return notes;
}
