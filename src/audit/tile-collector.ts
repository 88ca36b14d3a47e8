import { tileRoot, tileWidth } from './tile-store.ts';
import type { Frontier } from './tree.ts';

/** A tile that has all its hashes. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Buffer[];
}

/** A level of tiles: how many are full, and the hashes of the one that is not, where they are known. */
interface Level {
  full: number;
  hashes: (Buffer | undefined)[];
}

/** Leaves under a hash of the level above, as a power of two. */
const tileHeight = 8;

/** Puts leaves into tiles: a full tile of one level is a hash of the level above. */
export class TileCollector {
  readonly #levels: Level[];
  #ready: FullTile[] = [];

  constructor(levels: Level[]) {
    this.#levels = levels;
  }

  /** The hashes of the tiles that are not full, by level. */
  get unfinished(): readonly (readonly (Buffer | undefined)[])[] {
    return this.#levels.map((level) => level.hashes);
  }

  /**
   * Takes the next leaf; undefined for one that is lost: no tile over it is made. `tree`: a tree that has just taken the
   * same leaf and knows the roots of full tiles already.
   */
  push(leaf: Buffer | undefined, tree?: Frontier): void {
    this.#add(0, leaf, tree);
  }

  /** The tiles that became full since they were last taken. */
  take(): FullTile[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #add(at: number, hash: Buffer | undefined, tree: Frontier | undefined): void {
    const level = this.#levels[at] ?? { full: 0, hashes: [] };
    this.#levels[at] = level;
    level.hashes.push(hash);
    if (level.hashes.length < tileWidth) return;
    const hashes = level.hashes.filter((known) => known !== undefined);
    const isWhole = hashes.length === tileWidth;
    if (isWhole) this.#ready.push({ level: at, index: level.full, hashes });
    level.full += 1;
    level.hashes = [];
    this.#add(at + 1, isWhole ? (tree?.formed(tileHeight * (at + 1)) ?? tileRoot(hashes)) : undefined, tree);
  }
}

/** Tiles behind so many leaves of which no hash is known: only those that begin later are made. */
export function unknownTiles(size: number): TileCollector {
  const levels: Level[] = [];
  for (let count = size; count > 0; count = Math.floor(count / tileWidth)) {
    const hashes = Array.from({ length: count % tileWidth }, () => undefined);
    levels.push({ full: Math.floor(count / tileWidth), hashes });
  }
  return new TileCollector(levels);
}
