import { join } from 'node:path';
import { isSigned, parseSignedText, signNote, type Signer, type VerifierKey } from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';

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
}

const title = 'chaperone-audit/1 tombstone';

export function tombstonePath(layout: Layout, first: number): string {
  return join(layout.tombstones, `${first.toString(16).padStart(16, '0')}.note`);
}

export function signTombstone({ first, next, sha256, root }: Tombstone, signer: Signer): string {
  const lines = [title, signer.name, `records ${first} to ${next - 1}`, sha256, root.toString('base64')];
  return signNote(`${lines.join('\n')}\n`, signer);
}

/** Reads a tombstone; undefined when it is not one that a key of this log signed. */
export function parseTombstone(note: string, keys: readonly VerifierKey[]): Tombstone | undefined {
  const signed = parseSignedText(note);
  if (signed === undefined || !isSigned(signed, keys)) return undefined;
  const [head, name, range = '', sha256 = '', root = '', ...rest] = signed.text.split('\n');
  const [, first = '', last = ''] = /^records (\d{1,15}) to (\d{1,15})$/.exec(range) ?? [];
  if (head !== title || !keys.some((key) => key.name === name) || first === '' || rest.join('') !== '')
    return undefined;
  return { first: Number(first), next: Number(last) + 1, sha256, root: Buffer.from(root, 'base64') };
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
