import type { Checkpoint } from './checkpoint.ts';
import type { TileCollector } from './tile-collector.ts';
import { Frontier, hashLength } from './tree.ts';
import { NotWhole } from './verdict.ts';

/** Stands for a leaf that is lost, so that the number of leaves stays right. Nothing is concluded from it. */
const unknownLeaf = Buffer.alloc(hashLength);

/** The tree over the records that are read, compared with every root that was signed. */
export class GrowingTree {
  readonly #roots = new Map<number, Buffer>();
  readonly #tiles: TileCollector;
  #frontier: Frontier;
  #isKnown = true;

  /** Throws {@link NotWhole} when two checkpoints disagree. */
  constructor(frontier: Frontier, tiles: TileCollector, checkpoints: readonly Checkpoint[]) {
    this.#frontier = frontier;
    this.#tiles = tiles;
    for (const { size, root } of checkpoints) {
      const known = this.#roots.get(size);
      if (known !== undefined && !known.equals(root)) {
        throw new NotWhole('tampered', `Two checkpoints over ${size} records disagree: the log was forked.`);
      }
      this.#roots.set(size, root);
    }
  }

  get size(): number {
    return this.#frontier.size;
  }

  get root(): Buffer {
    return this.#frontier.root();
  }

  /** False behind a lost leaf, until a segment says the edge of the tree again. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** The tree as it is now; undefined behind a lost leaf. */
  copy(): Frontier | undefined {
    return this.#isKnown ? this.#frontier.copy() : undefined;
  }

  /** The next leaf; undefined for one that is lost. */
  push(leaf: Buffer | undefined): void {
    this.#isKnown &&= leaf !== undefined;
    const frontier = this.#frontier;
    frontier.push(leaf ?? unknownLeaf);
    this.#tiles.push(leaf, this.#isKnown ? frontier : undefined);
    const signed = this.#roots.get(frontier.size);
    if (signed === undefined || !this.#isKnown || signed.equals(frontier.root())) return;
    throw new NotWhole(
      'tampered',
      `The records up to ${frontier.size - 1} are not the ones that the checkpoint over ${frontier.size} records was signed over.`,
      frontier.size - 1,
    );
  }

  /** So many records are gone. */
  skip(count: number): void {
    for (let at = 0; at < count; at += 1) this.push(undefined);
  }

  /** The edge that a segment opens with. Who vouches for it is the next signed root: it follows from this edge. */
  resume(size: number, edge: readonly Buffer[]): void {
    this.#frontier = Frontier.of(size, edge);
    this.#isKnown = true;
    const signed = this.#roots.get(size);
    if (signed?.equals(this.#frontier.root()) === false) {
      throw new NotWhole('tampered', `The segment of record ${size} opens with the tree of other records.`, size);
    }
  }

  hasEdge(edge: readonly Buffer[]): boolean {
    const own = this.#frontier.edge;
    return edge.length === own.length && edge.every((hash, at) => own[at]?.equals(hash));
  }
}
