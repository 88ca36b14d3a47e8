import type { LostStretch } from './break-record.ts';
import { readFrame, type Frame } from './frame.ts';
import { endsOf } from './record.ts';
import { nextStart } from './tail.ts';
import type { Frontier } from './tree.ts';

/** A whole record somewhere in the bytes of a segment, whether or not it belongs there. */
interface Piece {
  readonly index: number;
  readonly offset: number;
  readonly end: number;
  readonly leaf: Buffer;
  /** What it says that the leaf before it is. */
  readonly previous: Buffer;
}

/** A segment that does not hold. */
export interface Patient {
  readonly bytes: Buffer;
  /** The number that names it. */
  readonly first: number;
  /** The tree before it; undefined where leaves before it are lost. */
  readonly before: Frontier | undefined;
  /** Roots that were signed, by size. */
  readonly roots: ReadonlyMap<number, Buffer>;
  /** The leaf of a record as a stored tile has it. */
  readonly tileLeaf: (index: number) => Promise<Buffer | undefined>;
}

/** What can be kept of it. */
export interface Survey {
  readonly stretches: readonly LostStretch[];
  /** Leaves of lost records that their neighbours do not tell. */
  readonly leaves: ReadonlyMap<number, Buffer>;
  /** The number behind the last record that is kept or passed over. */
  readonly end: number;
}

/** How the segment behind a closed one opens. */
export interface Behind {
  readonly first: number;
  readonly previous: Buffer;
  readonly edge: readonly Buffer[];
}

/** The shortest record that could be: bounds how many a segment may claim to hold. */
const shortestFrame = 60;

/**
 * What is left of a closed segment. All of it is kept that follows from the next one: when every leaf is known and they
 * lead to the tree that it opens with, only records that are not theirs are lost.
 */
export async function surveyClosed(patient: Patient, behind: Behind): Promise<Survey> {
  const { bytes, first, before } = patient;
  const pieces = new Pieces(bytes, first, behind.first);
  const leaves = await leavesOf(pieces, patient, behind.first, behind.previous);
  if (before !== undefined && leadsTo(before, leaves, behind.edge)) {
    return plan(patient, pieces, leaves, behind.first);
  }
  // Not every leaf is known: what follows backwards from the next segment, and what was signed from the front.
  const back = await leavesOf(pieces, { ...patient, tileLeaf: unknown }, behind.first, behind.previous);
  let from = back.length;
  while (from > 0 && back[from - 1] !== undefined && pieces.find(first + from - 1, back[from - 1])) from -= 1;
  const signed = before === undefined ? 0 : signedPart(patient, before, leaves).signed - first;
  return plan(
    patient,
    pieces,
    leaves.map((leaf, at) => (at < signed || at >= from ? leaf : undefined)),
    behind.first,
  );
}

/**
 * What is left of the last segment, or of one before a segment whose opening is lost (`limit`): as far as every leaf is
 * known and the roots that were signed agree.
 */
export async function surveyLast(patient: Patient, limit?: number): Promise<Survey> {
  const { bytes, first, before } = patient;
  const pieces = new Pieces(bytes, first, limit ?? first + Math.ceil(bytes.length / shortestFrame));
  const next = limit ?? pieces.next;
  if (before === undefined) return plan(patient, pieces, [], next);
  const leaves = await leavesOf(pieces, patient, next, undefined);
  const { good } = signedPart(patient, before, leaves);
  return plan(patient, pieces, leaves.slice(0, good - first), next);
}

const unknown = (): Promise<undefined> => Promise.resolve(undefined);

/** The whole records of a segment, as they lie and by number. */
class Pieces {
  readonly all: Piece[] = [];
  readonly #byIndex = new Map<number, Piece[]>();
  /** The number behind the highest. */
  next: number;

  constructor(bytes: Buffer, first: number, limit: number) {
    this.next = first;
    for (let offset = 0; offset < bytes.length;) {
      const frame = readFrame(bytes, offset);
      if (typeof frame !== 'string') this.#take(offset, frame, first, limit);
      offset = typeof frame === 'string' ? nextStart(bytes, offset) : frame.next;
    }
  }

  of(index: number): readonly Piece[] {
    return this.#byIndex.get(index) ?? [];
  }

  find(index: number, leaf: Buffer | undefined): Piece | undefined {
    return leaf === undefined ? undefined : this.of(index).find((piece) => piece.leaf.equals(leaf));
  }

  #take(offset: number, { body, leaf, next: end }: Frame, first: number, limit: number): void {
    const index = Number(/^\{"n":(\d{1,15}),/.exec(body.toString('latin1', 0, 24))?.[1] ?? -1);
    const text = endsOf(body)?.previous;
    if (index < first || index >= limit || text === undefined) return;
    const piece = { index, offset, end, leaf, previous: Buffer.from(text, 'base64') };
    this.all.push(piece);
    this.#byIndex.set(index, [...this.of(index), piece]);
    this.next = Math.max(this.next, index + 1);
  }
}

/** Every leaf from the back: each record says the one before it; a gap is asked of the tiles. */
async function leavesOf(
  pieces: Pieces,
  { first, tileLeaf }: Patient,
  next: number,
  last: Buffer | undefined,
): Promise<(Buffer | undefined)[]> {
  const leaves: (Buffer | undefined)[] = Array.from({ length: next - first }, () => undefined);
  let expected = last;
  for (let index = next - 1; index >= first; index -= 1) {
    const [only, second] = pieces.of(index);
    const leaf = expected ?? (await tileLeaf(index)) ?? (second === undefined ? only?.leaf : undefined);
    leaves[index - first] = leaf;
    expected = pieces.find(index, leaf)?.previous;
  }
  return leaves;
}

function leadsTo(before: Frontier, leaves: readonly (Buffer | undefined)[], edge: readonly Buffer[]): boolean {
  const tree = before.copy();
  for (const leaf of leaves) {
    if (leaf === undefined) return false;
    tree.push(leaf);
  }
  return tree.edge.length === edge.length && edge.every((hash, at) => tree.edge[at]?.equals(hash));
}

/**
 * How far the leaves are known and agree with what was signed (`good`), and how much of that was signed: behind a root
 * that disagrees nothing counts.
 */
function signedPart(
  { roots }: Patient,
  before: Frontier,
  leaves: readonly (Buffer | undefined)[],
): { readonly good: number; readonly signed: number } {
  const tree = before.copy();
  let signed = tree.size;
  for (const leaf of leaves) {
    if (leaf === undefined) return { good: tree.size, signed };
    tree.push(leaf);
    const root = roots.get(tree.size);
    if (root === undefined) continue;
    if (!root.equals(tree.root())) return { good: signed, signed };
    signed = tree.size;
  }
  return { good: tree.size, signed };
}

/** The stretches between the records that are where they belong. `leaves`: those that hold; what has none is lost. */
function plan(
  { bytes, first }: Patient,
  pieces: Pieces,
  leaves: readonly (Buffer | undefined)[],
  next: number,
): Survey {
  const stretches: LostStretch[] = [];
  const known = new Map<number, Buffer>();
  let index = first;
  let offset = 0;
  const lose = (until: number, end: number): void => {
    stretches.push({ first: index, next: until, offset, end });
    // The last lost one is told by the record behind it.
    for (let lost = index; lost < (end < bytes.length ? until - 1 : until); lost += 1) {
      const leaf = leaves[lost - first];
      if (leaf !== undefined) known.set(lost, leaf);
    }
  };
  for (const piece of pieces.all) {
    if (piece.index < index || leaves[piece.index - first]?.equals(piece.leaf) !== true) continue;
    if (piece.index > index || piece.offset > offset) lose(piece.index, piece.offset);
    index = piece.index + 1;
    offset = piece.end;
  }
  const end = Math.max(index, next);
  if (offset < bytes.length || index < end) lose(end, bytes.length);
  return { stretches, leaves: known, end };
}
