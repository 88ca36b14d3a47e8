import { Breaks, readBreaks } from './breaks.ts';
import {
  isSigned,
  keysFor,
  parseNote,
  splitNotes,
  type Checkpoint,
  type ParsedNote,
  type VerifierKey,
} from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';
import { sha256 } from './tree.ts';

/** A note of a log directory that holds. */
export interface KeptNote {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

export interface KeptNotes {
  /** All good notes, in the order in which they were signed. */
  readonly notes: readonly KeptNote[];
  /** Good notes over records that a repair gave up: the log no longer follows from them. */
  readonly lost: readonly KeptNote[];
  /** Notes that are not what this log's key signed: where, and in a few words why. */
  readonly faults: readonly string[];
  /** Bytes of `checkpoints.log` up to the last whole note. */
  readonly length: number;
  /** The repairs of the log. */
  readonly breaks: Breaks;
}

/** What was signed between two repairs. */
interface Piece {
  readonly content: Buffer;
  readonly keys: readonly VerifierKey[];
  /** Notes over more records than this were given up later. */
  readonly limit: number;
  /** True where a repair has taken note of what does not hold. */
  readonly isExcused: boolean;
}

/**
 * Reads `checkpoints.log` and `checkpoint`. A last note without its end is what a crash leaves in `checkpoints.log`; it
 * was never published and does not count. What does not hold before a break is excused by it when it is still the same.
 */
export async function readNotes(files: FileLayer, layout: Layout, keys: readonly VerifierKey[]): Promise<KeptNotes> {
  const repairs = await readBreaks(files, layout, keys);
  const breaks = typeof repairs === 'string' ? new Breaks([], new Map()) : repairs;
  const content = (await readIfPresent(files, layout.checkpoints)) ?? Buffer.alloc(0);
  const newest = await readIfPresent(files, layout.checkpoint);
  const reader = new NoteReader();
  if (typeof repairs === 'string') reader.faults.push(repairs);
  for (const { index, notes } of breaks.all) {
    if (sha256(content.subarray(0, notes.bytes)).toString('hex') === notes.sha256) continue;
    reader.faults.push(`checkpoints.log is not what it was before the log was repaired at record ${index}`);
  }
  for (const piece of piecesOf(content, keys, breaks)) reader.readPiece(piece);
  // A crash between the two writes leaves the file `checkpoint` one note behind.
  const isExcused = newest !== undefined && breaks.all.some(({ note }) => note === sha256(newest).toString('hex'));
  if (newest !== undefined && !isExcused) reader.readNewest(newest.toString('utf8'), breaks.keysBehind(keys));
  return { notes: reader.notes, lost: reader.lost, faults: reader.faults, length: reader.length, breaks };
}

function piecesOf(content: Buffer, keys: readonly VerifierKey[], breaks: Breaks): Piece[] {
  const { all } = breaks;
  const cuts = [0, ...all.map(({ notes }) => notes.bytes), content.length];
  return cuts.slice(1).map((end, at) => {
    const after = all.slice(at).filter(({ index, signed }) => signed > index);
    return {
      content: content.subarray(cuts[at], end),
      keys: breaks.keysBehind(keys, at),
      limit: Math.min(Number.POSITIVE_INFINITY, ...after.map(({ index }) => index)),
      isExcused: at < all.length,
    };
  });
}

class NoteReader {
  readonly notes: KeptNote[] = [];
  readonly lost: KeptNote[] = [];
  readonly faults: string[] = [];
  length = 0;
  readonly #seen = new Set<string>();
  #count = 0;
  #largest = 0;

  readPiece({ content, keys, limit, isExcused }: Piece): void {
    const parts = splitNotes(content.toString('utf8'));
    const whole = parts.filter((part, at) => at < parts.length - 1 || !isUnfinished(part));
    this.length += isExcused ? content.length : Buffer.byteLength(whole.join(''));
    for (const note of whole) {
      this.#seen.add(note);
      this.#count += 1;
      this.#take(judge(note, keys), note, `Checkpoint ${this.#count} in checkpoints.log`, limit, isExcused);
    }
  }

  readNewest(note: string, keys: readonly VerifierKey[]): void {
    if (this.#seen.has(note)) return;
    this.#take(judge(note, keys), note, 'The file checkpoint', Number.POSITIVE_INFINITY, false);
  }

  #take(checkpoint: Checkpoint | string, note: string, where: string, limit: number, isExcused: boolean): void {
    if (typeof checkpoint === 'string') {
      if (!isExcused) this.faults.push(`${where} ${checkpoint}`);
      return;
    }
    const { size } = checkpoint;
    if (size > limit) this.lost.push({ checkpoint, note });
    else this.notes.push({ checkpoint, note });
    if (size < this.#largest && !isExcused && size <= limit) {
      this.faults.push(`The checkpoint over ${size} records was signed after one over ${this.#largest}`);
    }
    if (size <= limit) this.#largest = Math.max(this.#largest, size);
  }
}

function judge(note: string, keys: readonly VerifierKey[]): Checkpoint | string {
  const parsed = parseNote(note);
  if (parsed === undefined) return 'is not a signed note';
  if (!keys.some((key) => key.name === parsed.checkpoint.origin)) return 'is of another log';
  if (isSigned(parsed, keysFor(keys, parsed.checkpoint.size))) return parsed.checkpoint;
  return isSigned(parsed, keys)
    ? 'is signed by a key of this log at a time at which it did not sign'
    : 'is not signed by the key of this log';
}

/** True when a note that was kept outside is signed by a key that signed such a tree, before or behind a repair. */
export function isAnchorOf(note: ParsedNote, keys: readonly VerifierKey[], breaks: Breaks): boolean {
  const { size } = note.checkpoint;
  return isSigned(note, keysFor(keys, size)) || isSigned(note, keysFor(breaks.keysBehind(keys), size));
}

/** A crash cuts a note short, or leaves sectors of zeros. */
function isUnfinished(part: string): boolean {
  return !part.endsWith('\n') || part.includes('\0') || !/\n\n\u2014 .+\n$/.test(part);
}

/** The note over the most records. */
export function largest(notes: readonly KeptNote[]): Checkpoint | undefined {
  return notes.reduce<Checkpoint | undefined>(
    (best, { checkpoint }) => (best === undefined || checkpoint.size >= best.size ? checkpoint : best),
    undefined,
  );
}
