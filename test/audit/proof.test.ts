import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  consistencyStretches,
  foldSubtrees,
  inclusionStretches,
  isConsistent,
  perfectSubtrees,
  rootOfInclusion,
  type Stretch,
} from '../../src/audit/proof.ts';
import { emptyRoot, Frontier, leafHash, nodeHash } from '../../src/audit/tree.ts';

const size = 70;
const leaves = Array.from({ length: size }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));

/** The Merkle tree hash word for word as RFC 6962 section 2.1 defines it. */
function treeHash(part: readonly Buffer[]): Buffer {
  const [only] = part;
  if (only === undefined) return emptyRoot;
  if (part.length === 1) return only;
  let split = 1;
  while (split * 2 < part.length) split *= 2;
  return nodeHash(treeHash(part.slice(0, split)), treeHash(part.slice(split)));
}

function hashesOf(stretches: readonly Stretch[]): Buffer[] {
  return stretches.map((stretch) =>
    foldSubtrees(
      perfectSubtrees(stretch).map(({ level, index }) =>
        treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
    ),
  );
}

describe('the tree', () => {
  test('has the roots of RFC 6962 at every size, grown or taken up again from its edge', () => {
    const frontier = new Frontier();
    for (const [at, leaf] of leaves.entries()) {
      expect(frontier.root()).toEqual(treeHash(leaves.slice(0, at)));
      expect(Frontier.of(frontier.size, frontier.edge).root()).toEqual(frontier.root());
      frontier.push(leaf);
    }
    expect(() => Frontier.of(3, [leaves[0] ?? Buffer.alloc(32)])).toThrow(RangeError);
  });
});

describe('inclusion', () => {
  test('of every leaf in every tree leads to the root, and no other leaf or index does', () => {
    for (let count = 1; count <= size; count += 1) {
      const root = treeHash(leaves.slice(0, count));
      for (let index = 0; index < count; index += 1) {
        const path = hashesOf(inclusionStretches(index, count));
        const leaf = leaves[index] ?? emptyRoot;
        expect(rootOfInclusion(leaf, index, count, path)).toEqual(root);
        expect(rootOfInclusion(randomBytes(32), index, count, path)).not.toEqual(root);
        if (count > 1) expect(rootOfInclusion(leaf, (index + 1) % count, count, path)).not.toEqual(root);
        expect(rootOfInclusion(leaf, index, count, [...path, root])).toBeUndefined();
        if (path.length > 0) expect(rootOfInclusion(leaf, index, count, path.slice(1))).not.toEqual(root);
      }
    }
  });

  test('of a leaf that is not there cannot be asked for', () => {
    expect(() => inclusionStretches(5, 5)).toThrow(RangeError);
    expect(() => inclusionStretches(-1, 5)).toThrow(RangeError);
    expect(rootOfInclusion(leaves[0] ?? emptyRoot, 5, 5, [])).toBeUndefined();
  });
});

describe('consistency', () => {
  test('of every two trees holds, and with another older root or path does not', () => {
    for (let newer = 1; newer <= size; newer += 1) {
      for (let older = 1; older <= newer; older += 1) {
        const path = hashesOf(consistencyStretches(older, newer));
        const before = { size: older, root: treeHash(leaves.slice(0, older)) };
        const after = { size: newer, root: treeHash(leaves.slice(0, newer)) };
        expect(isConsistent(before, after, path)).toBe(true);
        expect(isConsistent({ size: older, root: randomBytes(32) }, after, path)).toBe(false);
        expect(isConsistent(before, { size: newer, root: randomBytes(32) }, path)).toBe(false);
        expect(isConsistent(before, after, [...path, randomBytes(32)])).toBe(false);
      }
    }
  });

  test('with the empty tree needs no path, and no tree is consistent with a smaller one', () => {
    const after = { size: 3, root: treeHash(leaves.slice(0, 3)) };
    expect(isConsistent({ size: 0, root: emptyRoot }, after, [])).toBe(true);
    expect(isConsistent({ size: 4, root: treeHash(leaves.slice(0, 4)) }, after, [])).toBe(false);
    expect(() => consistencyStretches(4, 3)).toThrow(RangeError);
  });
});
