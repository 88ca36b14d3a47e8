import { join } from 'node:path';
import { isSigned, keysFor, parseSignedText, signNote, type Signer, type VerifierKey } from './checkpoint.ts';
import { readAt, readIfPresent, type FileLayer } from './durable.ts';
import { readFrame, type Frame } from './frame.ts';
import { hasStrings, isObject, parseObject, type JsonObject } from './json.ts';
import { segmentPath, type Layout } from './layout.ts';

/** Records that cannot be read: their numbers, and the bytes of their segment that are passed over. */
export interface LostStretch {
  readonly first: number;
  readonly next: number;
  readonly offset: number;
  readonly end: number;
}

/** A segment that a repair set aside, or found missing. */
export interface Damage {
  /** The number that names the segment. */
  readonly segment: number;
  /** SHA-256 of the file as it was left, hex; empty where the file is missing. */
  readonly sha256: string;
  readonly stretches: readonly LostStretch[];
}

/** What a `log.break` says. */
export interface LogBreak {
  /** Number of the record, and of the segment that it opens. */
  readonly index: number;
  /** ms UTC. */
  readonly time: number;
  readonly by: string;
  /** Records lost or unreadable. */
  readonly lost: number;
  /** What `verify` had found. */
  readonly found: string;
  /** How many records were signed over before; more than `index`: the tree that was signed could not be continued. */
  readonly signed: number;
  /** The root that was signed over them, base64; empty where nothing was signed. */
  readonly root: string;
  /** SHA-256 of the file `checkpoint` where that did not hold, hex; else empty. */
  readonly note: string;
  /** The beginning of `checkpoints.log` as it was left. */
  readonly notes: { readonly bytes: number; readonly sha256: string };
  readonly damages: readonly Damage[];
  /** Leaves of lost records that are known from elsewhere, by number. */
  readonly leaves: ReadonlyMap<number, Buffer>;
}

const title = 'chaperone-audit/1 break';
/** More than the first record of any segment. */
const openingLength = 70_000;

export function breakPath(layout: Layout, index: number): string {
  return join(layout.breaks, `${index.toString(16).padStart(16, '0')}.note`);
}

/** Where a segment lies whose name the segment behind it needs. */
export function asidePath(layout: Layout, { segment, sha256 }: Damage): string {
  return join(layout.aside, `${segment.toString(16).padStart(16, '0')}-${sha256.slice(0, 16)}.cal`);
}

/** The note without which no `log.break` is believed. */
export function signBreak(index: number, leaf: Buffer, signer: Signer): string {
  return signNote(`${title}\n${signer.name}\nrecord ${index}\n${leaf.toString('base64')}\n`, signer);
}

/** Damages and leaves as the facts of a `log.break` carry them. */
export function writeDamages(damages: readonly Damage[], leaves: ReadonlyMap<number, Buffer>): Record<string, string> {
  const text = damages.map(({ segment, sha256, stretches }) => {
    const parts = stretches.map(({ first, next, offset, end }) => `${first}-${next}@${offset}-${end}`);
    return `${segment}:${sha256}:${parts.join(',')}`;
  });
  const known = [...leaves].map(([index, leaf]) => `${index}:${leaf.toString('base64')}`);
  return { damaged: text.join(' '), ...(known.length === 0 ? {} : { leaves: known.join(' ') }) };
}

/** The breaks of a log, signed by its key, and what they say of its segments. */
export class Breaks {
  readonly all: readonly LogBreak[];
  readonly #leaves: ReadonlyMap<number, Buffer>;

  constructor(all: readonly LogBreak[], leaves: ReadonlyMap<number, Buffer>) {
    this.all = all;
    this.#leaves = leaves;
  }

  /** True when the record of this number opens its segment as a signed break. */
  isAt(index: number | undefined): boolean {
    return index !== undefined && this.#leaves.has(index);
  }

  /** True when the key of the log signed that this leaf is a break. */
  isSigned(index: number, leaf: Buffer): boolean {
    return this.#leaves.get(index)?.equals(leaf) === true;
  }

  /** What the newest break says of a segment that lies in its place; undefined where it is not damaged. */
  damageOf(segment: number): Damage | undefined {
    return this.#damages().findLast((damage) => damage.segment === segment && damage.sha256 !== '');
  }

  /** True when a break says that the records between two segments are lost with their files. */
  isMissing(first: number, next: number): boolean {
    const gaps = this.#damages().flatMap(({ sha256, stretches }) => (sha256 === '' ? stretches : []));
    return gaps.some((gap) => gap.first <= first && gap.next === next);
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

  #damages(): Damage[] {
    return this.all.flatMap(({ index, damages }) =>
      damages.filter(({ segment, sha256 }) => sha256 === '' || segment !== index),
    );
  }
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
    const opening = await openingFrame(files, layout, index);
    const record = opening === undefined ? undefined : parseObject(opening.body.toString('utf8'));
    // A repair that was interrupted leaves a note without its segment: nothing was done yet.
    if (opening === undefined || record?.['k'] !== 'log.break') continue;
    const note = (await readIfPresent(files, breakPath(layout, index)))?.toString('utf8') ?? '';
    if (!isNoteOf(note, index, opening.leaf, keys)) return `Record ${index} says that the log was repaired, but ${no}`;
    const found = parseBreak(index, record);
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

async function openingFrame(files: FileLayer, layout: Layout, index: number): Promise<Frame | undefined> {
  const path = segmentPath(layout, index);
  if ((await files.facts(path)) === undefined) return undefined;
  const file = await files.open(path, 'read');
  try {
    const frame = readFrame(await readAt(file, 0, openingLength), 0);
    return typeof frame === 'string' ? undefined : frame;
  } finally {
    await file.close();
  }
}

function isNoteOf(note: string, index: number, leaf: Buffer, keys: readonly VerifierKey[]): boolean {
  const signed = parseSignedText(note);
  if (signed === undefined || !isSigned(signed, keysFor(keys, index + 1))) return false;
  const [head, , record, hash] = signed.text.split('\n');
  return head === title && record === `record ${index}` && hash === leaf.toString('base64');
}

function parseBreak(index: number, { t: time, a: by, q: totals, f: facts }: JsonObject): LogBreak | undefined {
  if (typeof time !== 'number' || typeof by !== 'string' || !isObject(totals) || !isObject(facts)) return undefined;
  const { lost, signed, notes: bytes } = totals;
  if (typeof lost !== 'number' || typeof signed !== 'number' || typeof bytes !== 'number') return undefined;
  if (!hasStrings(facts, 'found', 'damaged', 'notes', 'was')) return undefined;
  const { found, damaged, was: root, leaves = '', note = '', notes: sha256 } = facts;
  const damages = words(damaged).map(parseDamage);
  const known = words(typeof leaves === 'string' ? leaves : '').map((word) => word.split(':'));
  return {
    index,
    time,
    by,
    lost,
    found,
    signed,
    root,
    note: typeof note === 'string' ? note : '',
    notes: { bytes, sha256 },
    damages,
    leaves: new Map(known.map(([number = '', leaf = '']) => [Number(number), Buffer.from(leaf, 'base64')])),
  };
}

function parseDamage(word: string): Damage {
  const [segment = '', sha256 = '', stretches = ''] = word.split(':');
  const parts = [...stretches.matchAll(/(\d+)-(\d+)@(\d+)-(\d+)/g)];
  return {
    segment: Number(segment),
    sha256,
    stretches: parts.map(([, first, next, offset, end]) => ({
      first: Number(first),
      next: Number(next),
      offset: Number(offset),
      end: Number(end),
    })),
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
