import { dirname } from 'node:path';
import { makeDirectoryDurably, readIfPresent, replaceFile, type FileLayer } from './durable.ts';
import { segmentStarts, type Layout } from './layout.ts';
import type { Breaks } from './breaks.ts';
import { AuditFault } from './log.ts';
import type { FullTile } from './tile-collector.ts';
import { TileStore, tilePath, tileWidth } from './tile-store.ts';
import { hashLength } from './tree.ts';

/** A range of records that is about to go. */
interface Range {
  readonly first: number;
  readonly next: number;
}

/**
 * Makes durable every tile that holds hashes of a segment that is about to go. Resolves to whether all of them together
 * lead to the signed root: where records were lost, their hashes may be lost too. Nothing takes the place of a tile that
 * says otherwise.
 */
export async function makeTilesDurable(
  files: FileLayer,
  layout: Layout,
  range: Range,
  root: Buffer,
  breaks: Breaks,
): Promise<boolean> {
  for await (const { level, index, hashes } of tilesOver(files, layout, range, breaks)) {
    const path = tilePath(layout, level, index);
    const made = Buffer.concat(hashes);
    const stored = await readIfPresent(files, path);
    // A crash leaves a tile cut or with holes. One of other hashes tells that the records are not what they were.
    const isWhole = stored?.length === made.length && !stored.includes(Buffer.alloc(hashLength));
    if (isWhole && !stored.equals(made)) return false;
    await makeDirectoryDurably(files, dirname(path));
    await replaceFile(files, path, made);
  }
  return tilesLead(files, layout, range, root);
}

/** True where lost records share a tile with those of a range: then their hashes may lead nowhere. */
export function mayLackHashes({ first, next }: Range, breaks: Breaks): boolean {
  return breaks.lostIn(Math.floor(first / tileWidth) * tileWidth, Math.ceil(next / tileWidth) * tileWidth) > 0;
}

/**
 * The tiles over a range, level by level: those of level 0 made from the records once more, those above from those below.
 * Left out are those over records that are lost with their hashes.
 */
export async function* tilesOver(
  files: FileLayer,
  layout: Layout,
  { first, next }: Range,
  breaks?: Breaks,
): AsyncGenerator<FullTile> {
  const starts = segmentStarts(await files.list(layout.segments));
  const tiles = new TileStore(files, layout, starts, true, breaks);
  const records = new TileStore(files, layout, starts, false, breaks);
  for (let level = 0, width = tileWidth; ; level += 1, width *= tileWidth) {
    // Of level 0 the tile at the end reaches into the next segment; above, only what is full can be stored.
    const end = level === 0 ? Math.ceil(next / width) : Math.floor(next / width);
    if (end === 0) return;
    for (let index = Math.floor(first / width); index < end; index += 1) {
      // The first tile may begin in a segment that is gone: then it was made durable with that one.
      const source = level === 0 && index * width >= first ? records : tiles;
      const made = source.hashes(level, index * tileWidth, (index + 1) * tileWidth);
      const hashes = await made.catch(absentWhereLost);
      if (hashes !== undefined) yield { level, index, hashes };
    }
    tiles.forget();
  }
}

/** True when the tiles that are stored lead to the root before `next`. */
export async function tilesLead(files: FileLayer, layout: Layout, { next }: Range, root: Buffer): Promise<boolean> {
  const stretch = new TileStore(files, layout, []).stretch({ start: 0, end: next });
  return (await stretch.catch(absentWhereLost))?.equals(root) === true;
}

function absentWhereLost(error: unknown): undefined {
  if (error instanceof AuditFault && error.code === 'AUDIT_MISSING') return undefined;
  throw error;
}
