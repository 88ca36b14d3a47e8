import type { Breaks } from './breaks.ts';
import type { LogDescription } from './description.ts';
import type { Diagnosis } from './diagnose.ts';
import { readIfPresent, removeDurably, type FileLayer } from './durable.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { indexPath, IndexBuilder, isIndexOf } from './segment-index.ts';
import { resumeTiles } from './tile-writer.ts';
import { unknownTiles, type FullTile } from './tile-collector.ts';
import { leavesIn, tilePath, TileStore, tileWidth } from './tile-store.ts';
import { sha256 } from './tree.ts';

interface Source {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly description: LogDescription;
}

/**
 * Removes tiles and indexes that do not fit the records, so that they are made anew; behind a log that is cut, all tiles
 * that reach over the cut. A crash while it does so costs nothing.
 */
export async function clearCaches(
  { files, layout }: Source,
  breaks: Breaks,
  cut?: Pick<Diagnosis, 'tree' | 'damages'>,
): Promise<void> {
  const starts = segmentStarts(await files.list(layout.segments));
  const size = starts[0] ?? 0;
  const tiles = await resumeTiles(new TileStore(files, layout, []), size).catch(() => unknownTiles(size));
  let at = size;
  const passOver = (until: number): void => {
    for (; at < until; at += 1) tiles.push(undefined);
  };
  for (const [place, first] of starts.entries()) {
    passOver(first);
    const bytes = await files.readFile(segmentPath(layout, first));
    const isPlanned = cut?.damages.some(({ segment }) => segment === first) === true;
    const next = starts[place + 1];
    if (!isPlanned && breaks.damageOf(first) === undefined) {
      if (next !== undefined) await clearIndex(files, layout, first, bytes);
      const leaves = leavesIn(bytes, first, first, next ?? Number.POSITIVE_INFINITY);
      for (const leaf of leaves) tiles.push(leaf);
      at += leaves.length;
    }
    if (next !== undefined) passOver(next);
    for (const tile of tiles.take()) await clearTile(files, layout, tile);
  }
  if (cut !== undefined) await clearTilesFrom(files, layout, cut.tree.size);
}

async function clearTile(files: FileLayer, layout: Layout, { level, index, hashes }: FullTile): Promise<void> {
  const path = tilePath(layout, level, index);
  const stored = await readIfPresent(files, path);
  if (stored?.equals(Buffer.concat(hashes)) === false) await removeDurably(files, path);
}

/** Tiles that hold hashes of records behind this one. */
async function clearTilesFrom(files: FileLayer, layout: Layout, size: number): Promise<void> {
  for (let level = 0, width = tileWidth; ; level += 1, width *= tileWidth) {
    let index = Math.floor(size / width);
    for (; (await files.facts(tilePath(layout, level, index))) !== undefined; index += 1) {
      await removeDurably(files, tilePath(layout, level, index));
    }
    if (Math.floor(size / width) === 0) return;
  }
}

async function clearIndex(files: FileLayer, layout: Layout, first: number, bytes: Buffer): Promise<void> {
  const path = indexPath(layout, first);
  const stored = await readIfPresent(files, path);
  const hash = sha256(bytes).toString('hex');
  if (stored === undefined || !isIndexOf(stored, hash)) return;
  const index = new IndexBuilder();
  index.addSegment(bytes);
  if (!stored.equals(index.bytes(hash))) await removeDurably(files, path);
}
