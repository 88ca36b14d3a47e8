import { isSigned, parseNote, parseVerifierKey, type Checkpoint } from './checkpoint.ts';
import { readDescription, type LogDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { layoutOf, segmentPath, segmentStarts, type Layout } from './layout.ts';
import { largest, readNotes } from './notes.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { TileStore } from './tile-store.ts';
import { resumeTiles } from './tile-writer.ts';
import { Frontier } from './tree.ts';
import { NotWhole, verdicts, type Finding, type VerifyReport } from './verdict.ts';
import { compareTiles, readPurged } from './verify-hashes.ts';
import { SegmentVerifier } from './verify-segment.ts';

export interface VerifyOptions {
  /** The key that the log must be signed with, as kept outside. Without it `log.json` is believed. */
  readonly vkey?: string;
  /** A signed note that was kept outside: the log must still hold all that it vouches for. */
  readonly anchor?: string;
  /** Opens every payload whose key is still there. */
  readonly keys?: KeyProvider;
  /** ms UTC: records dated later are noted. */
  readonly now?: number;
  /** Told after each segment. */
  readonly onProgress?: (records: number, share: number) => void;
  readonly files?: FileLayer;
}

/**
 * Reads the whole log again and trusts nothing but the key. Needs no secret. Never rejects for what the log holds: the
 * report says it; rejects when a file cannot be read.
 */
export async function verifyLog(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const verification = new Verification(directory, options);
  try {
    await verification.run();
    return verification.report(undefined);
  } catch (error) {
    if (error instanceof NotWhole) return verification.report(error.finding);
    throw error;
  }
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #files: FileLayer;
  readonly #layout: Layout;
  #frontier = new Frontier();
  readonly #warnings: string[] = [];
  #origin = '';
  #checkpoints: readonly Checkpoint[] = [];
  #signed = 0;
  #segments = 0;
  #purged = 0;
  #first = 0;
  #last = 0;

  constructor(directory: string, options: VerifyOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeFiles;
    this.#layout = layoutOf(directory);
  }

  async run(): Promise<void> {
    const description = await this.#describe();
    this.#origin = description.origin;
    const anchor = this.#readAnchor(description);
    // The notes are read before the records: a log that is being written only grows.
    this.#checkpoints = await this.#readCheckpoints(description, anchor);
    await this.#readSegments(description);
    this.#judgeEnd(anchor);
  }

  report(finding: Finding | undefined): VerifyReport {
    const verdict = finding?.verdict ?? 'ok';
    return {
      verdict,
      exitCode: verdicts[verdict],
      sentence: finding?.sentence ?? this.#praise(),
      origin: this.#origin,
      records: this.#frontier.size,
      segments: this.#segments,
      purged: this.#purged,
      checkpoints: this.#checkpoints.length,
      signed: this.#signed,
      root: this.#frontier.root().toString('base64'),
      from: isoTime(this.#first),
      to: isoTime(this.#last),
      ...(finding?.record === undefined ? {} : { record: finding.record }),
      warnings: this.#warnings,
    };
  }

  #praise(): string {
    const unsigned = this.#frontier.size - this.#signed;
    const tail = unsigned === 0 ? '' : `; the last ${count(unsigned, 'record')} came after the newest checkpoint`;
    const gone =
      this.#purged === 0 ? '' : `, of which the first ${this.#purged.toLocaleString('en-US')} were purged as signed`;
    return (
      `The log is whole: ${count(this.#frontier.size, 'record')}${gone} from ${isoTime(this.#first)} to ${isoTime(this.#last)}, ` +
      `${count(this.#checkpoints.length, 'checkpoint')} of ${this.#origin} ${this.#checkpoints.length === 1 ? 'holds' : 'hold'}${tail}.`
    );
  }

  async #describe(): Promise<LogDescription> {
    const description = await readDescription(this.#files, this.#layout);
    if (description === undefined) {
      throw new NotWhole('incomplete', `There is no log.json in ${this.#layout.root}: this is not a whole audit log.`);
    }
    if (typeof description === 'string') throw new NotWhole('corrupt', `log.json ${description}.`);
    const { vkey } = this.#options;
    if (vkey !== undefined && !description.keys.some((key) => key.vkey === parseVerifierKey(vkey)?.vkey)) {
      throw new NotWhole('tampered', 'log.json names another key than the one that was given: this is not that log.');
    }
    return description;
  }

  #readAnchor(description: LogDescription): Checkpoint | undefined {
    if (this.#options.anchor === undefined) return undefined;
    const note = parseNote(this.#options.anchor);
    if (note === undefined) throw new NotWhole('incomplete', 'The anchor is not a signed note.');
    if (note.checkpoint.origin !== description.origin) {
      throw new NotWhole(
        'tampered',
        `The anchor is of the log ${note.checkpoint.origin}, this is ${description.origin}.`,
      );
    }
    if (!isSigned(note, description.keys)) {
      throw new NotWhole('tampered', 'The anchor is not signed by the key that log.json names.');
    }
    return note.checkpoint;
  }

  async #readCheckpoints(description: LogDescription, anchor: Checkpoint | undefined): Promise<readonly Checkpoint[]> {
    const { notes, faults } = await readNotes(this.#files, this.#layout, description.keys);
    const [fault] = faults;
    if (fault !== undefined) throw new NotWhole('tampered', `${fault}.`);
    this.#signed = largest(notes)?.size ?? 0;
    const all = notes.map(({ checkpoint }) => checkpoint);
    for (const [at, checkpoint] of all.entries()) {
      const before = all[at - 1];
      if (before !== undefined && before.size > checkpoint.size) {
        throw new NotWhole(
          'tampered',
          `The checkpoint over ${checkpoint.size} records was signed after one over ${before.size}.`,
        );
      }
    }
    return anchor === undefined ? all : [...all, anchor];
  }

  async #readSegments(description: LogDescription): Promise<void> {
    const starts = segmentStarts(await this.#files.list(this.#layout.segments));
    const start = await readPurged(this.#files, this.#layout, starts[0] ?? 0, description);
    this.#purged = start.first;
    this.#frontier = Frontier.of(start.first, start.edge);
    const tiles = await resumeTiles(new TileStore(this.#files, this.#layout, []), start.first);
    const verifier = new SegmentVerifier({
      frontier: this.#frontier,
      checkpoints: this.#checkpoints,
      start,
      payloads: await this.#openPayloads(description),
      tiles,
      now: this.#options.now ?? Number.POSITIVE_INFINITY,
      warnings: this.#warnings,
    });
    for (const [at, first] of starts.entries()) {
      const path = segmentPath(this.#layout, first);
      const time = verifier.read(await this.#files.readFile(path), first, at === starts.length - 1);
      this.#warnings.push(...(await compareTiles(this.#files, this.#layout, tiles.take())));
      this.#segments += 1;
      this.#first ||= time.first;
      this.#last = time.last;
      this.#options.onProgress?.(this.#frontier.size, (at + 1) / starts.length);
    }
  }

  async #openPayloads(description: LogDescription): Promise<Payloads | undefined> {
    if (this.#options.keys === undefined) return undefined;
    const payloads = await openPayloads(this.#files, this.#layout, description, this.#options.keys);
    await payloads.addAll();
    return payloads;
  }

  #judgeEnd(anchor: Checkpoint | undefined): void {
    const { size } = this.#frontier;
    if (anchor !== undefined && anchor.size > size) {
      throw new NotWhole(
        'rolled back',
        `The log ends before record ${size}, but the anchor was signed over ${anchor.size} records: an older copy was put in place or the end was removed.`,
        size,
      );
    }
    if (this.#signed > size) {
      throw new NotWhole(
        'rolled back',
        `The log ends before record ${size}, but a checkpoint was signed over ${this.#signed} records: the end was removed.`,
        size,
      );
    }
    if (this.#signed === 0) {
      throw new NotWhole('incomplete', 'There is no signed checkpoint: nothing vouches for the records.', 0);
    }
  }
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

function isoTime(time: number): string {
  return time === 0 ? 'never' : new Date(time).toISOString();
}
