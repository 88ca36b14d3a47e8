import type { Breaks } from './breaks.ts';
import type { FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';
import { TileCollector, unknownTiles } from './tile-collector.ts';
import { TileStore, tileWidth } from './tile-store.ts';
import { Frontier } from './tree.ts';

/** Collects the hashes of new records into tiles and stores each tile when it is full. */
export class TileWriter {
  readonly #store: TileStore;
  readonly #tiles: TileCollector;

  private constructor(store: TileStore, tiles: TileCollector) {
    this.#store = store;
    this.#tiles = tiles;
  }

  /** Takes the tiles up where the log ends; makes all anew when they do not lead to its tree. */
  static async open(
    files: FileLayer,
    layout: Layout,
    starts: readonly number[],
    frontier: Frontier,
    breaks: Breaks,
  ): Promise<TileWriter> {
    const store = new TileStore(files, layout, starts, true, breaks);
    try {
      const tiles = await resumeTiles(store, frontier.size);
      return leadsTo(tiles, frontier) ? new TileWriter(store, tiles) : await TileWriter.#rebuild(store, frontier.size);
    } catch (error) {
      // Where a repair has accepted that records are lost, the tiles over them are too.
      if (breaks.all.length === 0) throw error;
      return new TileWriter(store, unknownTiles(frontier.size));
    } finally {
      store.forget();
    }
  }

  static async #rebuild(store: TileStore, size: number): Promise<TileWriter> {
    const writer = new TileWriter(store, new TileCollector([]));
    for await (const leaves of store.allLeaves(size)) {
      for (const leaf of leaves) writer.push(leaf);
      await writer.flush();
    }
    return writer;
  }

  /** Takes the hash of a durable record. */
  push(leaf: Buffer): void {
    this.#tiles.push(leaf);
  }

  /** Stores the tiles that became full. They are a cache and not synced. */
  async flush(): Promise<void> {
    for (const { level, index, hashes } of this.#tiles.take()) await this.#store.write(level, index, hashes);
  }
}

/** The tiles of a log of this size, as they go on from there. */
export async function resumeTiles(store: TileStore, size: number): Promise<TileCollector> {
  const levels = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / tileWidth)) {
    const full = Math.floor(count / tileWidth);
    const hashes = count % tileWidth === 0 ? [] : await store.hashes(level, full * tileWidth, count);
    levels.push({ full, hashes });
  }
  return new TileCollector(levels);
}

/** The unfinished tiles of all levels, from the highest down, hold the right edge of the tree. */
function leadsTo(tiles: TileCollector, frontier: Frontier): boolean {
  const edge = tiles.unfinished.toReversed().flatMap((hashes) => {
    const part = new Frontier();
    for (const hash of hashes) if (hash !== undefined) part.push(hash);
    return part.edge;
  });
  return edge.length === frontier.edge.length && edge.every((hash, at) => frontier.edge[at]?.equals(hash));
}
