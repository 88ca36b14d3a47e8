import { isSigned, parseNote, splitNotes, type Checkpoint, type VerifierKey } from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';

/** A note of a log directory and whether it holds. */
export interface KeptNote {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

export interface KeptNotes {
  /** All good notes, in the order in which they were signed. */
  readonly notes: readonly KeptNote[];
  /** Notes that are not what this log's key signed: where, and in a few words why. */
  readonly faults: readonly string[];
  /** Bytes of `checkpoints.log` up to the last whole note. */
  readonly length: number;
}

/**
 * Reads `checkpoints.log` and `checkpoint`. A last note without its end is what a crash leaves in `checkpoints.log`; it
 * was never published and does not count.
 */
export async function readNotes(files: FileLayer, layout: Layout, keys: readonly VerifierKey[]): Promise<KeptNotes> {
  const content = (await readIfPresent(files, layout.checkpoints))?.toString('utf8') ?? '';
  const newest = (await readIfPresent(files, layout.checkpoint))?.toString('utf8');
  const parts = splitNotes(content);
  const whole = parts.filter((part, at) => at < parts.length - 1 || !isUnfinished(part));
  const notes: KeptNote[] = [];
  const faults: string[] = [];
  const read = (note: string, where: string): void => {
    const result = judge(note, keys);
    if (typeof result === 'string') faults.push(`${where} ${result}`);
    else notes.push({ checkpoint: result, note });
  };
  for (const [at, note] of whole.entries()) read(note, `Checkpoint ${at + 1} in checkpoints.log`);
  // A crash between the two writes leaves the file `checkpoint` one note behind.
  if (newest !== undefined && !whole.includes(newest)) read(newest, 'The file checkpoint');
  return { notes, faults, length: Buffer.byteLength(whole.join('')) };
}

function judge(note: string, keys: readonly VerifierKey[]): Checkpoint | string {
  const parsed = parseNote(note);
  if (parsed === undefined) return 'is not a signed note';
  if (!keys.some((key) => key.name === parsed.checkpoint.origin)) return 'is of another log';
  return isSigned(parsed, keys) ? parsed.checkpoint : 'is not signed by the key of this log';
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
