import { join } from 'node:path';
import { isSigned, parseSignedText, signNote, type Signer, type VerifierKey } from './checkpoint.ts';
import { readAt, readIfPresent, type FileLayer } from './durable.ts';
import { readFrame, readHeader, type Frame } from './frame.ts';
import { parseBreak, type Damage, type LogBreak, type LostStretch } from './break-record.ts';
import { parseObject } from './json.ts';
import { segmentPath, type Layout } from './layout.ts';
import { previousOf } from './segment.ts';
import { leafHash } from './tree.ts';

const title = 'chaperone-audit/1 break';
/** More than the first record of any segment. */
const openingLength = 70_000;

export function breakPath(layout: Layout, index: number): string {
  return join(layout.breaks, `${index.toString(16).padStart(16, '0')}.note`);
}

/** Where a `log.break` is kept whose segment was purged: its frame. */
export function breakRecordPath(layout: Layout, index: number): string {
  return join(layout.breaks, `${index.toString(16).padStart(16, '0')}.cal`);
}

/** Where a segment lies whose name the segment behind it needs. */
export function asidePath(layout: Layout, { segment, sha256 }: Damage): string {
  return join(layout.aside, `${segment.toString(16).padStart(16, '0')}-${sha256.slice(0, 16)}.cal`);
}

/** The note without which no `log.break` is believed. */
export function signBreak(index: number, leaf: Buffer, signer: Signer): string {
  return signNote(`${title}\n${signer.name}\nrecord ${index}\n${leaf.toString('base64')}\n`, signer);
}

/** The breaks of a log, signed by its key, and what they say of its segments. */
export class Breaks {
  readonly all: readonly LogBreak[];
  /** Leaves of the records that say so, by number. */
  readonly leaves: ReadonlyMap<number, Buffer>;

  constructor(all: readonly LogBreak[], leaves: ReadonlyMap<number, Buffer>) {
    this.all = all;
    this.leaves = leaves;
  }

  /**
   * The keys as they sign behind the first `count` breaks. Where a tree was given up, the key that signed then goes on from
   * there, even when it had followed another one later than that.
   */
  keysBehind(keys: readonly VerifierKey[], count = this.all.length): readonly VerifierKey[] {
    return this.all.slice(0, count).reduce(
      (ranges, { index, signed, vkey }) => {
        const newest = signed > index ? ranges.findIndex((key) => key.vkey === vkey) : -1;
        return ranges.map((key, at) => {
          if (at > newest) return key;
          const from = Math.min(key.from ?? 0, index);
          return at === newest ? { ...key, from } : { ...key, from, until: Math.min(key.until ?? index, index) };
        });
      },
      [...keys],
    );
  }

  /** True when the record of this number opens its segment as a signed break. */
  isAt(index: number | undefined): boolean {
    return index !== undefined && this.leaves.has(index);
  }

  /** True when the key of the log signed that this leaf is a break. */
  isSigned(index: number, leaf: Buffer): boolean {
    return this.leaves.get(index)?.equals(leaf) === true;
  }

  /** What the newest break says of a segment that lies in its place; undefined where it is not damaged. */
  damageOf(segment: number): Damage | undefined {
    return this.#damages().findLast((damage) => damage.segment === segment && damage.sha256 !== '');
  }

  /** True when a break says that the records between two segments are lost with their files. */
  isMissing(first: number, next: number): boolean {
    return this.#gaps().some((gap) => gap.first <= first && gap.next === next);
  }

  /** True when a break says that the records before a segment are lost with their files. */
  isMissingBefore(next: number): boolean {
    return this.#gaps().some((gap) => gap.next === next);
  }

  /** How many records of a range are declared lost. */
  lostIn(first: number, next: number): number {
    const stretches = this.#damages().flatMap((damage) => damage.stretches);
    const lost = new Set<number>();
    for (const stretch of stretches) {
      for (let at = Math.max(first, stretch.first); at < Math.min(next, stretch.next); at += 1) lost.add(at);
    }
    return lost.size;
  }

  /** The leaf of a lost record, where a break knows it. */
  leafOf(index: number): Buffer | undefined {
    return this.all.findLast(({ leaves }) => leaves.has(index))?.leaves.get(index);
  }

  /** Segments whose names were needed again: they lie aside. */
  aside(): Damage[] {
    return this.all.flatMap(({ index, damages }) =>
      damages.filter(({ segment, sha256 }) => segment === index && sha256 !== ''),
    );
  }

  #gaps(): LostStretch[] {
    return this.#damages().flatMap(({ sha256, stretches }) => (sha256 === '' ? stretches : []));
  }

  #damages(): Damage[] {
    return this.all.flatMap(({ index, damages }) =>
      damages.filter(({ segment, sha256 }) => sha256 === '' || segment !== index),
    );
  }
}

/** Leaves of a damaged segment by number from its first record on; undefined where one is lost and nobody knows it. */
export function leavesOfDamaged(bytes: Buffer, { segment, stretches }: Damage, breaks: Breaks): (Buffer | undefined)[] {
  const leaves: (Buffer | undefined)[] = [];
  let offset = 0;
  for (const stretch of [...stretches, undefined]) {
    const limit = stretch?.offset ?? bytes.length;
    for (let body = readHeader(bytes, offset); body !== undefined && offset < limit; body = readHeader(bytes, offset)) {
      leaves.push(leafHash(bytes.subarray(body.start, body.end)));
      offset = body.end + 1;
    }
    if (stretch === undefined) break;
    for (let lost = stretch.first; lost < stretch.next; lost += 1) leaves.push(breaks.leafOf(lost));
    const last = previousOf(bytes, stretch.end);
    if (stretch.next > stretch.first && last !== undefined) leaves[stretch.next - 1 - segment] = last;
    offset = stretch.end;
  }
  return leaves;
}

/** Reads the breaks of a log; where one is not what the key of the log signed, in a few words what is wrong. */
export async function readBreaks(
  files: FileLayer,
  layout: Layout,
  keys: readonly VerifierKey[],
): Promise<Breaks | string> {
  const all: LogBreak[] = [];
  const leaves = new Map<number, Buffer>();
  for (const index of breakIndexes(await files.list(layout.breaks))) {
    const opening =
      (await openingFrame(files, segmentPath(layout, index))) ??
      (await openingFrame(files, breakRecordPath(layout, index)));
    const record = opening === undefined ? undefined : parseObject(opening.body.toString('utf8'));
    // A repair that was interrupted leaves a note without its segment: nothing was done yet.
    if (opening === undefined || record?.['k'] !== 'log.break') continue;
    const note = (await readIfPresent(files, breakPath(layout, index)))?.toString('utf8') ?? '';
    const found = parseBreak(index, record);
    if (!isNoteOf(note, index, opening.leaf, keys, found?.vkey)) return unsignedBreak(index);
    if (found === undefined) return `Record ${index} is a repair that cannot be read`;
    all.push(found);
    leaves.set(index, opening.leaf);
  }
  return new Breaks(all, leaves);
}

const no = 'the key of this log did not sign that';

/** What to say of a `log.break` for which there is no note. */
export function unsignedBreak(index: number): string {
  return `Record ${index} says that the log was repaired, but ${no}`;
}

function breakIndexes(names: readonly string[]): number[] {
  return names
    .flatMap((name) => /^([0-9a-f]{16})\.note$/.exec(name)?.[1] ?? [])
    .map((digits) => Number.parseInt(digits, 16))
    .sort((first, second) => first - second);
}

async function openingFrame(files: FileLayer, path: string): Promise<Frame | undefined> {
  if ((await files.facts(path)) === undefined) return undefined;
  const file = await files.open(path, 'read');
  try {
    const frame = readFrame(await readAt(file, 0, openingLength), 0);
    return typeof frame === 'string' ? undefined : frame;
  } finally {
    await file.close();
  }
}

/** True when the first record of a segment says that the log was repaired, signed or not. */
export async function opensAsBreak(files: FileLayer, layout: Layout, index: number): Promise<boolean> {
  const opening = await openingFrame(files, segmentPath(layout, index));
  return opening !== undefined && parseObject(opening.body.toString('utf8'))?.['k'] === 'log.break';
}

function isNoteOf(
  note: string,
  index: number,
  leaf: Buffer,
  keys: readonly VerifierKey[],
  vkey: string | undefined,
): boolean {
  const signed = parseSignedText(note);
  // A key that still signs, or that began later, over records that are given up.
  const own = keys.filter((key) => key.vkey === vkey && (key.until ?? index + 1) > index);
  if (signed === undefined || !isSigned(signed, own)) return false;
  const [head, , record, hash] = signed.text.split('\n');
  return head === title && record === `record ${index}` && hash === leaf.toString('base64');
}
