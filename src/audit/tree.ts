import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const hashLength = 32;

/** SHA-256 of the bytes. A buffer from Node's pool and a Latin-1 text cost half of what a buffer of its own does. */
export function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}

/** The root of a tree without leaves (RFC 6962 section 2.1). */
export const emptyRoot = sha256(Buffer.alloc(0));

const pair = Buffer.alloc(1 + 2 * hashLength, 1);

/** An interior node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(pair, 1);
  right.copy(pair, 1 + hashLength);
  return sha256(pair);
}

/** A leaf: SHA-256(0x00 ‖ body). */
export function leafHash(body: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(0), body]));
}

/**
 * The right edge of a growing Merkle tree: the roots of its perfect subtrees, largest first. All that is needed to add
 * a leaf and to say the root; at most 53 hashes.
 */
export class Frontier {
  #size = 0;
  readonly #roots: Buffer[] = [];
  readonly #formed: Buffer[] = [];

  /** A frontier as another one gave it with `edge`. Throws RangeError when the number of hashes does not fit the size. */
  static of(size: number, edge: readonly Buffer[]): Frontier {
    if (!Number.isSafeInteger(size) || size < 0 || edge.length !== countOnes(size)) {
      throw new RangeError('The number of hashes does not fit the size of the tree');
    }
    const frontier = new Frontier();
    frontier.#size = size;
    frontier.#roots.push(...edge);
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  get edge(): readonly Buffer[] {
    return this.#roots;
  }

  /** The same tree, untouched by what is pushed here later. */
  copy(): Frontier {
    return Frontier.of(this.#size, this.#roots);
  }

  push(leaf: Buffer): void {
    let subtree = leaf;
    let height = 0;
    // One merge for each trailing one bit of the size: exactly the perfect subtrees that become twice as large.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.#roots.pop();
      if (left === undefined) throw new RangeError('The frontier has fewer hashes than its size asks for');
      subtree = nodeHash(left, subtree);
      height += 1;
      this.#formed[height] = subtree;
    }
    this.#roots.push(subtree);
    this.#size += 1;
  }

  /** The root of the newest perfect subtree of this height. Only asked when the last leaf completed one. */
  formed(height: number): Buffer | undefined {
    return this.#formed[height];
  }

  root(): Buffer {
    return (
      this.#roots.reduceRight<Buffer | undefined>(
        (right, left) => (right === undefined ? left : nodeHash(left, right)),
        undefined,
      ) ?? emptyRoot
    );
  }
}

function countOnes(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
