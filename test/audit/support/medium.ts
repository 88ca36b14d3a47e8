import type { FileFacts } from '../../../src/audit/durable.ts';

const sector = 512;

/** A file: what is seen and what is on the medium. */
export interface Inode {
  readonly id: number;
  /** As every process sees it. */
  seen: Buffer;
  /** As the medium holds it for certain. */
  synced: Buffer;
  mode: number;
  changed: number;
}

/** Draws numbers from 0 to below 1, the same ones for the same seed. */
export function seeded(seed: number): () => number {
  let state = (seed + 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A file after a crash: synced bytes, and of what was written since then some sectors, the others as they were or zero. */
export function survivor(inode: Inode, random: () => number, id: number): Inode {
  const { seen, synced } = inode;
  const pattern = random();
  const length =
    pattern < 0.25
      ? synced.length
      : pattern < 0.5
        ? Math.max(synced.length, Math.floor(random() * (seen.length + 1)))
        : seen.length;
  const bytes = Buffer.alloc(Math.max(length, Math.min(seen.length, synced.length)));
  synced.copy(bytes, 0, 0, bytes.length);
  for (let start = 0; start < bytes.length; start += sector) {
    const end = Math.min(start + sector, bytes.length);
    const isNew = !seen.subarray(start, end).equals(synced.subarray(start, end));
    if (isNew && random() < (pattern < 0.75 ? 0.5 : 0.9)) seen.copy(bytes, start, start, end);
  }
  return { id, seen: bytes, synced: Buffer.from(bytes), mode: inode.mode, changed: inode.changed };
}

export function factsOf(inode: Inode): FileFacts {
  return { size: inode.seen.length, inode: inode.id, mode: inode.mode, changed: inode.changed };
}
