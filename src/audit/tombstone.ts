import { join } from 'node:path';
import { isSigned, parseSignedText, signNote, type Signer, type VerifierKey } from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import { segmentStarts, type Layout } from './layout.ts';

/** What stands in the place of a segment that was purged. */
export interface Tombstone {
  /** Index of the first record of the segment. */
  readonly first: number;
  /** Index of the first record after it. */
  readonly next: number;
  /** SHA-256 of the segment, hex. */
  readonly sha256: string;
  /** Root over all records before `next`. */
  readonly root: Buffer;
  /** Repairs that opened a segment of these records: what they said is kept. */
  readonly breaks: readonly number[];
  /** True where records were lost before, and nobody knows all their hashes. */
  readonly lacksHashes: boolean;
}

const title = 'chaperone-audit/1 tombstone';
const lacking = 'hashes are lost';

export function tombstonePath(layout: Layout, first: number): string {
  return join(layout.tombstones, `${first.toString(16).padStart(16, '0')}.note`);
}

export function signTombstone(tombstone: Tombstone, signer: Signer): string {
  const { first, next, sha256, root, breaks, lacksHashes } = tombstone;
  const lines = [
    title,
    signer.name,
    `records ${first} to ${next - 1}`,
    sha256,
    root.toString('base64'),
    ...breaks.map((index) => `break ${index}`),
    ...(lacksHashes ? [lacking] : []),
  ];
  return signNote(`${lines.join('\n')}\n`, signer);
}

/** Reads a tombstone; undefined when it is not one that a key of this log signed. */
export function parseTombstone(note: string, keys: readonly VerifierKey[]): Tombstone | undefined {
  const signed = parseSignedText(note);
  if (signed === undefined || !isSigned(signed, keys)) return undefined;
  const [head, name, range = '', sha256 = '', root = '', ...rest] = signed.text.trimEnd().split('\n');
  const [, first = '', last = ''] = /^records (\d{1,15}) to (\d{1,15})$/.exec(range) ?? [];
  if (head !== title || !keys.some((key) => key.name === name) || first === '') return undefined;
  const breaks = rest.filter((line) => line !== lacking).map((line) => /^break (\d{1,15})$/.exec(line)?.[1]);
  if (breaks.includes(undefined)) return undefined;
  return {
    first: Number(first),
    next: Number(last) + 1,
    sha256,
    root: Buffer.from(root, 'base64'),
    breaks: breaks.map(Number),
    lacksHashes: rest.includes(lacking),
  };
}

/**
 * The tombstones that lead from the beginning of the log to record `first`; where they do not, in a few words why.
 * Empty when nothing was purged.
 */
export async function tombstonesBefore(
  files: FileLayer,
  layout: Layout,
  first: number,
  keys: readonly VerifierKey[],
): Promise<readonly Tombstone[] | string> {
  const found: Tombstone[] = [];
  for (let at = 0; at < first; at = found.at(-1)?.next ?? first) {
    const note = (await readIfPresent(files, tombstonePath(layout, at)))?.toString('utf8');
    const missing = `the records ${at} to ${first - 1} are missing`;
    if (note === undefined) return `${missing}, and no tombstone says that they were purged`;
    const tombstone = parseTombstone(note, keys);
    if (tombstone === undefined) return `${missing}, and their tombstone is not signed by the key of this log`;
    if (tombstone.first !== at || tombstone.next <= at || tombstone.next > first) {
      return `${missing}, and their tombstone is of other records`;
    }
    found.push(tombstone);
  }
  return found;
}

/** The first records of the segments that are left. One beside its tombstone is what an interrupted purge has yet to remove. */
export async function startsLeft(files: FileLayer, layout: Layout, keys: readonly VerifierKey[]): Promise<number[]> {
  const starts = segmentStarts(await files.list(layout.segments));
  for (;;) {
    const [first] = starts;
    if (first === undefined) return starts;
    const note = await readIfPresent(files, tombstonePath(layout, first));
    const tombstone = note === undefined ? undefined : parseTombstone(note.toString('utf8'), keys);
    if (tombstone === undefined || tombstone.first !== first || tombstone.next <= first) return starts;
    starts.splice(0, starts.filter((start) => start < tombstone.next).length);
  }
}
