import { dirname } from 'node:path';
import { makeDirectoryDurably, replaceFile, type FileLayer } from './durable.ts';
import { segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import type { FullTile } from './tile-collector.ts';
import { TileStore, tilePath, tileWidth } from './tile-store.ts';

/** A range of records that is about to go. */
interface Range {
  readonly first: number;
  readonly next: number;
}

/**
 * Makes durable every tile that holds hashes of a segment that is about to go. Rejects when all of them together do not
 * lead to the signed root.
 */
export async function makeTilesDurable(files: FileLayer, layout: Layout, range: Range, root: Buffer): Promise<void> {
  for await (const { level, index, hashes } of tilesOver(files, layout, range)) {
    const path = tilePath(layout, level, index);
    await makeDirectoryDurably(files, dirname(path));
    await replaceFile(files, path, Buffer.concat(hashes));
  }
  await assertTilesLead(files, layout, range, root);
}

/**
 * The tiles over a range, level by level: those of level 0 made from the records once more, those above from those below.
 */
export async function* tilesOver(files: FileLayer, layout: Layout, { first, next }: Range): AsyncGenerator<FullTile> {
  const starts = segmentStarts(await files.list(layout.segments));
  const tiles = new TileStore(files, layout, starts);
  const records = new TileStore(files, layout, starts, false);
  for (let level = 0, width = tileWidth; ; level += 1, width *= tileWidth) {
    // Of level 0 the tile at the end reaches into the next segment; above, only what is full can be stored.
    const end = level === 0 ? Math.ceil(next / width) : Math.floor(next / width);
    if (end === 0) return;
    for (let index = Math.floor(first / width); index < end; index += 1) {
      // The first tile may begin in a segment that is gone: then it was made durable with that one.
      const source = level === 0 && index * width >= first ? records : tiles;
      yield { level, index, hashes: await source.hashes(level, index * tileWidth, (index + 1) * tileWidth) };
    }
    tiles.forget();
  }
}

/** Rejects when the tiles that are stored do not lead to the root before `next`. */
export async function assertTilesLead(files: FileLayer, layout: Layout, { next }: Range, root: Buffer): Promise<void> {
  const found = await new TileStore(files, layout, []).stretch({ start: 0, end: next });
  if (found.equals(root)) return;
  throw new AuditFault('AUDIT_CORRUPT', `The hashes of the records before ${next} do not lead to their root`, 3);
}
