import { dirname, join } from 'node:path';
import { leavesOfDamaged, type Breaks } from './breaks.ts';
import { makeDirectoryDurably, placeFile, readIfPresent, type FileLayer } from './durable.ts';
import { readHeader } from './frame.ts';
import { segmentPath, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { foldSubtrees, perfectSubtrees, type Stretch } from './proof.ts';
import { Frontier, hashLength, leafHash } from './tree.ts';

/** Hashes in a full tile, and leaves under a hash of the level above (C2SP tlog-tiles). */
export const tileWidth = 256;
const tileLevels = 8;

/** Path of a full tile below the log: index 1234067 of level 0 is `tile/0/x001/x234/067`. */
export function tilePath(layout: Layout, level: number, index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? [];
  const named = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`));
  return join(layout.tiles, String(level), ...named);
}

/** The leaf of a record as a stored tile has it; undefined where there is none. */
export async function leafInTile(files: FileLayer, layout: Layout, index: number): Promise<Buffer | undefined> {
  const tile = await readIfPresent(files, tilePath(layout, 0, Math.floor(index / tileWidth)));
  const at = (index % tileWidth) * hashLength;
  const leaf = tile?.length === tileWidth * hashLength ? tile.subarray(at, at + hashLength) : undefined;
  return leaf?.some((byte) => byte !== 0) === true ? leaf : undefined;
}

/** The root over a full tile: a hash of the level above. */
export function tileRoot(hashes: readonly Buffer[]): Buffer {
  const frontier = new Frontier();
  for (const hash of hashes) frontier.push(hash);
  return frontier.root();
}

/**
 * The hashes of a stored log, from tiles where there are any and from the records where not. A tile is a cache: it is
 * made anew when it is missing or cut, and what is proven with it is checked against a signed root.
 */
export class TileStore {
  readonly #files: FileLayer;
  readonly #layout: Layout;
  readonly #starts: readonly number[];
  readonly #useTiles: boolean;
  readonly #breaks: Breaks | undefined;
  readonly #recent = new Map<string, readonly Buffer[]>();
  #segment: { readonly first: number; readonly bytes: Buffer } | undefined;

  /** `starts`: first indexes of the segments, in order. `useTiles` false: only what the records say counts. */
  constructor(files: FileLayer, layout: Layout, starts: readonly number[], useTiles = true, breaks?: Breaks) {
    this.#breaks = breaks;
    this.#useTiles = useTiles;
    this.#files = files;
    this.#layout = layout;
    this.#starts = starts;
  }

  async write(level: number, index: number, hashes: readonly Buffer[]): Promise<void> {
    const path = tilePath(this.#layout, level, index);
    await makeDirectoryDurably(this.#files, dirname(path));
    await placeFile(this.#files, path, Buffer.concat(hashes));
  }

  /** The root over a stretch of leaves as a proof needs it. */
  async stretch(stretch: Stretch): Promise<Buffer> {
    const hashes: Buffer[] = [];
    for (const { level, index } of perfectSubtrees(stretch)) hashes.push(await this.#perfect(level, index));
    return foldSubtrees(hashes);
  }

  /** The hashes of a level from `start` up to but not including `end`, which lie in one tile. */
  async hashes(level: number, start: number, end: number): Promise<Buffer[]> {
    const tile = Math.floor(start / tileWidth);
    const stored = await this.#read(level, tile);
    if (stored !== undefined) return stored.slice(start - tile * tileWidth, end - tile * tileWidth);
    if (level === 0) return this.leaves(start, end);
    const made: Buffer[] = [];
    for (let at = start; at < end; at += 1) {
      made.push(tileRoot(await this.hashes(level - 1, at * tileWidth, (at + 1) * tileWidth)));
    }
    return made;
  }

  /** Leaves as the records give them. Rejects when a record is not there (any more). */
  async leaves(start: number, end: number): Promise<Buffer[]> {
    const found: Buffer[] = [];
    for (const [at, first] of this.#starts.entries()) {
      const next = this.#starts[at + 1] ?? Number.POSITIVE_INFINITY;
      if (next <= start || first >= end) continue;
      found.push(...(await this.#leavesOf(first, start, Math.min(end, next))));
    }
    if (found.length === end - start) return found;
    throw lost(start, end);
  }

  /** All leaves in order, segment by segment. */
  async *allLeaves(size: number): AsyncGenerator<readonly Buffer[]> {
    if (this.#starts[0] !== 0) throw new AuditFault('AUDIT_CORRUPT', 'The tiles of purged records are damaged', 3);
    for (const [at, first] of this.#starts.entries()) {
      const next = Math.min(this.#starts[at + 1] ?? size, size);
      const leaves = await this.#leavesOf(first, first, next);
      if (leaves.length < next - first) throw lost(first, next);
      yield leaves;
    }
  }

  /** Lets go of what was kept for the next question. */
  forget(): void {
    this.#recent.clear();
    this.#segment = undefined;
  }

  /** The leaves of one segment from `start` on, below `end`; fewer where some are lost. */
  async #leavesOf(first: number, start: number, end: number): Promise<Buffer[]> {
    const bytes = await this.#segmentBytes(first);
    const damage = this.#breaks?.damageOf(first);
    if (damage === undefined || this.#breaks === undefined) return leavesIn(bytes, first, start, end);
    const known = leavesOfDamaged(bytes, damage, this.#breaks);
    return known.slice(Math.max(start - first, 0), end - first).filter((leaf) => leaf !== undefined);
  }

  async #segmentBytes(first: number): Promise<Buffer> {
    if (this.#segment?.first !== first) {
      this.#segment = { first, bytes: await this.#files.readFile(segmentPath(this.#layout, first)) };
    }
    return this.#segment.bytes;
  }

  async #perfect(level: number, index: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / tileLevels);
    const width = 2 ** (level - tileLevel * tileLevels);
    return tileRoot(await this.hashes(tileLevel, index * width, (index + 1) * width));
  }

  async #read(level: number, index: number): Promise<readonly Buffer[] | undefined> {
    if (!this.#useTiles) return undefined;
    const name = `${level} ${index}`;
    const recent = this.#recent.get(name);
    if (recent !== undefined) return recent;
    const bytes = await readIfPresent(this.#files, tilePath(this.#layout, level, index));
    if (bytes?.length !== tileWidth * hashLength) return undefined;
    const hashes = Array.from({ length: tileWidth }, (_, at) => bytes.subarray(at * hashLength, (at + 1) * hashLength));
    if (this.#recent.size > tileWidth) this.#recent.clear();
    this.#recent.set(name, hashes);
    return hashes;
  }
}

function lost(start: number, end: number): AuditFault {
  const what = `The records ${start} to ${end - 1} are not all in the log, and no tile holds their hashes`;
  return new AuditFault('AUDIT_MISSING', what, 5);
}

/** The leaves of a segment whose index is in a range. Hops from header to header: the segment was checked before. */
export function leavesIn(bytes: Buffer, first: number, start: number, end: number): Buffer[] {
  const leaves: Buffer[] = [];
  let offset = 0;
  for (let index = first; index < end; index += 1) {
    const body = readHeader(bytes, offset);
    if (body === undefined) break;
    if (index >= start) leaves.push(leafHash(bytes.subarray(body.start, body.end)));
    offset = body.end + 1;
  }
  return leaves;
}
