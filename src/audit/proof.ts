import { hashLength, nodeHash } from './tree.ts';

/** A stretch of leaves, from `start` up to but not including `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * The subtrees whose roots prove that leaf `index` is in a tree of `size` leaves, from the leaf's sibling up
 * (RFC 6962 section 2.1.1).
 */
export function inclusionStretches(index: number, size: number): Stretch[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('The tree has no such leaf');
  const path: Stretch[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.toReversed();
}

/** The subtrees whose roots prove that the tree of `older` leaves is the beginning of the one of `size` leaves (section 2.1.2). */
export function consistencyStretches(older: number, size: number): Stretch[] {
  if (older < 0 || older > size) throw new RangeError('The older tree must not be the larger one');
  if (older === 0 || older === size) return [];
  const path: Stretch[] = [];
  let start = 0;
  let end = size;
  let whole = true;
  while (older !== end) {
    const middle = start + largestPowerBelow(end - start);
    if (older <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
      whole = false;
    }
  }
  if (!whole) path.push({ start, end });
  return path.toReversed();
}

/** The perfect subtrees that a stretch of a proof is made of, largest first, as level (log2 of leaves) and index in it. */
export function perfectSubtrees({ start, end }: Stretch): { readonly level: number; readonly index: number }[] {
  const found: { level: number; index: number }[] = [];
  for (let at = start; at < end;) {
    const level = Math.floor(Math.log2(end - at));
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** The root over subtrees that follow each other, the last one the smallest. */
export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
  const root = hashes.reduceRight<Buffer | undefined>(
    (right, left) => (right === undefined ? left : nodeHash(left, right)),
    undefined,
  );
  if (root === undefined) throw new RangeError('A subtree has at least one leaf');
  return root;
}

/** The root that a leaf and its path lead to (RFC 9162 section 2.1.3.2); undefined when the path has the wrong length. */
export function rootOfInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (index < 0 || index >= size || path.some((hash) => hash.length !== hashLength)) return undefined;
  let root = leaf;
  let node = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else root = nodeHash(root, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : undefined;
}

/** True when the path shows that the older tree is the beginning of the newer one (RFC 9162 section 2.1.4.2). */
export function isConsistent(older: TreeHead, newer: TreeHead, path: readonly Buffer[]): boolean {
  if (older.size > newer.size || path.some((hash) => hash.length !== hashLength)) return false;
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return path.length === 0;
  let node = older.size - 1;
  let last = newer.size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  const [seed, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...path] : path;
  if (seed === undefined) return false;
  let before = seed;
  let after = seed;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else after = nodeHash(after, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && before.equals(older.root) && after.equals(newer.root);
}

/** A tree by its size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

function isPowerOfTwo(size: number): boolean {
  return 2 ** Math.floor(Math.log2(size)) === size;
}

/** The largest power of two that is smaller than `count`. */
function largestPowerBelow(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return power === count ? power / 2 : power;
}
