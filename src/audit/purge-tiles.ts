import { dirname } from 'node:path';
import { makeDirectoryDurably, replaceFile, type FileLayer } from './durable.ts';
import { segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { TileStore, tilePath, tileWidth } from './tile-store.ts';

/**
 * Makes durable every tile that holds hashes of a segment that is about to go. The tiles of level 0 are made from the
 * records once more; those above from those below. Rejects when all of them together do not lead to the signed root.
 */
export async function makeTilesDurable(
  files: FileLayer,
  layout: Layout,
  { first, next }: { readonly first: number; readonly next: number },
  root: Buffer,
): Promise<void> {
  const starts = segmentStarts(await files.list(layout.segments));
  const tiles = new TileStore(files, layout, starts);
  const records = new TileStore(files, layout, starts, false);
  for (let level = 0, width = tileWidth; ; level += 1, width *= tileWidth) {
    // Of level 0 the tile at the end reaches into the next segment; above, only what is full can be stored.
    const end = level === 0 ? Math.ceil(next / width) : Math.floor(next / width);
    if (end === 0) break;
    for (let index = Math.floor(first / width); index < end; index += 1) {
      // The first tile may begin in a segment that is gone: then it was made durable with that one.
      const source = level === 0 && index * width >= first ? records : tiles;
      const hashes = await source.hashes(level, index * tileWidth, (index + 1) * tileWidth);
      const path = tilePath(layout, level, index);
      await makeDirectoryDurably(files, dirname(path));
      await replaceFile(files, path, Buffer.concat(hashes));
    }
    tiles.forget();
  }
  const found = await new TileStore(files, layout, []).stretch({ start: 0, end: next });
  if (!found.equals(root)) {
    throw new AuditFault('AUDIT_CORRUPT', `The hashes of the records before ${next} do not lead to their root`, 3);
  }
}
