import type { Breaks } from './breaks.ts';
import type { VerifierKey } from './checkpoint.ts';
import { hashFile, openingOf } from './closed.ts';
import type { FileLayer } from './durable.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import type { SegmentStart } from './segment.ts';
import { tombstonesBefore } from './tombstone.ts';
import { Frontier } from './tree.ts';

/** What goes as one: the oldest segment, and with it those behind it of which nobody can say how the tree stood before. */
export interface Extent {
  readonly first: number;
  /** The first record that stays. */
  readonly next: number;
  /** When that one was made, ms UTC. */
  readonly time: number;
  /** SHA-256 of the last file as it was closed, hex. */
  readonly sha256: string;
  /** Root over all records before `next`. */
  readonly root: Buffer;
  readonly files: readonly ExtentFile[];
  /** Repairs that open one of its segments. */
  readonly breaks: readonly number[];
  /** Records that a repair has declared lost. */
  readonly lost: number;
  /** True where a repair says of one of its segments that it does not hold. */
  readonly isDamaged: boolean;
}

interface ExtentFile {
  /** The record that names the segment. */
  readonly start: number;
  /** What its hash must be, hex; undefined where the file that says so is lost. */
  readonly sha256: string | undefined;
}

/** True where all that is missing from the beginning of the log was purged, or a repair has accepted its loss. */
export async function isWholeBefore(
  files: FileLayer,
  layout: Layout,
  breaks: Breaks,
  keys: readonly VerifierKey[],
): Promise<boolean> {
  const [oldest = 0] = segmentStarts(await files.list(layout.segments));
  return breaks.isMissing(0, oldest) || typeof (await tombstonesBefore(files, layout, oldest, keys)) === 'object';
}

/**
 * The oldest extent from record `from` on. `open`: no closed one is left. `damaged`: it does not hold, and no repair has
 * accepted that.
 */
export async function oldestExtent(
  files: FileLayer,
  layout: Layout,
  breaks: Breaks,
  from: number,
): Promise<Extent | 'open' | 'damaged'> {
  const starts = segmentStarts(await files.list(layout.segments)).filter((start) => start >= from);
  for (const [at, next] of starts.entries()) {
    if (at === 0) continue;
    const after = await openingOf(files, layout, next);
    if (typeof after === 'object' && !isOpeningLost(breaks, next)) return extentOf(starts.slice(0, at), after, breaks);
    if (breaks.damageOf(next) === undefined) return 'damaged';
  }
  return 'open';
}

/** False for a file that is not the one that was closed, nor the one that a repair accepted as it was. */
export async function isAsClosed(files: FileLayer, layout: Layout, { files: parts }: Extent): Promise<boolean> {
  for (const { start, sha256 } of parts) {
    if (sha256 !== undefined && (await hashFile(files, segmentPath(layout, start))) !== sha256) return false;
  }
  return true;
}

/** A repair passes over the opening: what it says is not believed, even where it can be read. */
function isOpeningLost(breaks: Breaks, start: number): boolean {
  return breaks.damageOf(start)?.stretches.some(({ offset, end }) => offset === 0 && end > 0) === true;
}

function extentOf(starts: readonly number[], after: SegmentStart, breaks: Breaks): Extent {
  const [oldest = 0] = starts;
  const { first: next, fileBefore } = after;
  // What is missing from the beginning of the log goes with what follows it.
  const first = breaks.isMissing(0, oldest) ? 0 : oldest;
  const last = breaks.isMissingBefore(next) ? undefined : starts.at(-1);
  const closed = (start: number): string | undefined => (start === last ? fileBefore : undefined);
  const lost = breaks.lostIn(first, next);
  return {
    first,
    next,
    time: after.time,
    sha256: fileBefore,
    root: Frontier.of(next, after.edge).root(),
    files: starts.map((start) => ({ start, sha256: breaks.damageOf(start)?.sha256 ?? closed(start) })),
    breaks: starts.filter((start) => breaks.isAt(start)),
    lost,
    isDamaged: lost > 0 || starts.some((start) => breaks.damageOf(start) !== undefined),
  };
}
