import { tileRoot, tileWidth } from './tile-store.ts';

/** A tile that has all its hashes. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Buffer[];
}

/** A level of tiles: how many are full, and the hashes of the one that is not. */
interface Level {
  full: number;
  hashes: Buffer[];
}

/** Puts leaves into tiles: a full tile of one level is a hash of the level above. */
export class TileCollector {
  readonly #levels: Level[];
  #ready: FullTile[] = [];

  constructor(levels: Level[]) {
    this.#levels = levels;
  }

  /** The hashes of the tiles that are not full, by level. */
  get unfinished(): readonly (readonly Buffer[])[] {
    return this.#levels.map((level) => level.hashes);
  }

  push(leaf: Buffer): void {
    this.#add(0, leaf);
  }

  /** The tiles that became full since they were last taken. */
  take(): FullTile[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #add(at: number, hash: Buffer): void {
    const level = this.#levels[at] ?? { full: 0, hashes: [] };
    this.#levels[at] = level;
    level.hashes.push(hash);
    if (level.hashes.length < tileWidth) return;
    const { hashes } = level;
    this.#ready.push({ level: at, index: level.full, hashes });
    level.full += 1;
    level.hashes = [];
    this.#add(at + 1, tileRoot(hashes));
  }
}
