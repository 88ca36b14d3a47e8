import type { LogBreak } from './break-record.ts';
import { Breaks } from './breaks.ts';
import { parseNote, parseVerifierKey, type Checkpoint } from './checkpoint.ts';
import { readDescription, type LogDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { layoutOf, segmentPath, type Layout } from './layout.ts';
import { isAnchorOf, largest, readNotes, type KeptNotes } from './notes.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { TileStore } from './tile-store.ts';
import { startsLeft } from './tombstone.ts';
import { TileCollector, unknownTiles } from './tile-collector.ts';
import { resumeTiles } from './tile-writer.ts';
import { Frontier } from './tree.ts';
import { NotWhole, verdicts, type BreakReport, type Finding, type VerifyReport } from './verdict.ts';
import { isoTime, praise } from './praise.ts';
import { RecordClock } from './verify-clock.ts';
import { compareAside, compareIndex, compareTiles, readPurged } from './verify-hashes.ts';
import { SegmentVerifier } from './verify-segment.ts';
import { GrowingTree } from './verify-tree.ts';

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
  readonly #warnings: string[] = [];
  readonly #clock: RecordClock;
  #tree = new GrowingTree(new Frontier(), new TileCollector([]), []);
  /** Signing keys that the log announces, with the record that does. */
  readonly #announced = new Map<string, number>();
  #origin = '';
  #checkpoints: readonly Checkpoint[] = [];
  #breaks = new Breaks([], new Map());
  #signed = 0;
  #segments = 0;
  #purged = 0;

  constructor(directory: string, options: VerifyOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeFiles;
    this.#layout = layoutOf(directory);
    this.#clock = new RecordClock(options.now ?? Number.POSITIVE_INFINITY, this.#warnings);
  }

  async run(): Promise<void> {
    const description = await this.#describe();
    this.#origin = description.origin;
    // The notes are read before the records: a log that is being written only grows.
    const kept = await readNotes(this.#files, this.#layout, description.keys);
    this.#breaks = kept.breaks;
    const anchor = this.#current(this.#readAnchor(description, kept), kept);
    this.#checkpoints = this.#readCheckpoints(kept, anchor);
    await this.#readSegments(description);
    this.#judgeSuccessions(description);
    this.#warnings.push(...(await compareAside(this.#files, this.#layout, this.#breaks, this.#purged)));
    this.#judgeEnd(anchor);
  }

  report(finding: Finding | undefined): VerifyReport {
    const verdict = finding?.verdict ?? (this.#breaks.all.length === 0 ? 'ok' : 'broken');
    const breaks = this.#breaks.all.map(reportOf);
    const facts = {
      origin: this.#origin,
      records: this.#tree.size,
      purged: this.#purged,
      checkpoints: this.#checkpoints.length,
      signed: this.#signed,
      from: isoTime(this.#clock.first),
      to: isoTime(this.#clock.last),
      breaks,
    };
    return {
      verdict,
      exitCode: verdicts[verdict],
      sentence: finding?.sentence ?? praise(facts),
      ...facts,
      segments: this.#segments,
      root: this.#tree.root.toString('base64'),
      ...(finding?.record === undefined ? {} : { record: finding.record }),
      warnings: this.#warnings,
    };
  }

  async #describe(): Promise<LogDescription> {
    const description = await readDescription(this.#files, this.#layout);
    if (description === undefined) {
      throw new NotWhole('incomplete', `There is no log.json in ${this.#layout.root}: this is not a whole audit log.`);
    }
    if (typeof description === 'string') throw new NotWhole('corrupt', `log.json ${description}.`);
    if (description.fault !== undefined) throw new NotWhole('tampered', `${description.fault}.`);
    const { vkey } = this.#options;
    if (vkey !== undefined && !description.keys.some((key) => key.vkey === parseVerifierKey(vkey)?.vkey)) {
      throw new NotWhole('tampered', 'log.json names another key than the one that was given: this is not that log.');
    }
    this.#judgeKeys(description, vkey);
    return description;
  }

  /** A key that nobody handed over to is only believed by one who names it, or one that follows it. */
  #judgeKeys({ keys }: LogDescription, vkey: string | undefined): void {
    const at = keys.findLastIndex(({ isUnannounced }) => isUnannounced === true);
    if (at < 0) return;
    const what = `From record ${keys[at]?.from} on the log is signed by a key that the one before did not hand over to`;
    if (!keys.slice(at).some((key) => key.vkey === vkey)) {
      throw new NotWhole('tampered', `${what}: believe it only if you were told that key, and give it with --vkey.`);
    }
    this.#warnings.push(`${what}: that one was lost.`);
  }

  #readAnchor(description: LogDescription, { breaks }: KeptNotes): Checkpoint | undefined {
    if (this.#options.anchor === undefined) return undefined;
    const note = parseNote(this.#options.anchor);
    if (note === undefined) throw new NotWhole('incomplete', 'The anchor is not a signed note.');
    if (note.checkpoint.origin !== description.origin) {
      throw new NotWhole(
        'tampered',
        `The anchor is of the log ${note.checkpoint.origin}, this is ${description.origin}.`,
      );
    }
    if (!isAnchorOf(note, description.keys, breaks)) {
      throw new NotWhole('tampered', 'The anchor is not signed by the key that log.json names.');
    }
    return note.checkpoint;
  }

  /** An anchor over records that a repair gave up says nothing about the log as it is now. */
  #current(anchor: Checkpoint | undefined, { lost }: KeptNotes): Checkpoint | undefined {
    if (anchor === undefined) return undefined;
    const isLost =
      lost.some(({ checkpoint }) => checkpoint.size === anchor.size && checkpoint.root.equals(anchor.root)) ||
      this.#breaks.all.some(({ signed, root }) => signed === anchor.size && root === anchor.root.toString('base64'));
    const cut = this.#breaks.all.find(({ index, signed }) => signed >= anchor.size && index < anchor.size);
    if (!isLost || cut === undefined) return anchor;
    this.#warnings.push(
      `The anchor over ${anchor.size} records is of the tree that was given up at record ${cut.index}.`,
    );
    return undefined;
  }

  #readCheckpoints({ notes, faults }: KeptNotes, anchor: Checkpoint | undefined): readonly Checkpoint[] {
    const [fault] = faults;
    if (fault !== undefined) throw new NotWhole('tampered', `${fault}.`);
    this.#signed = largest(notes)?.size ?? 0;
    const all = notes.map(({ checkpoint }) => checkpoint);
    return anchor === undefined ? all : [...all, anchor];
  }

  async #readSegments(description: LogDescription): Promise<void> {
    const starts = await startsLeft(this.#files, this.#layout, description.keys);
    const start = await readPurged(this.#files, this.#layout, starts[0] ?? 0, description, this.#breaks);
    this.#purged = start.purged;
    const tiles = await this.#tilesFrom(start.first);
    this.#tree = new GrowingTree(Frontier.of(start.first, start.edge), tiles, this.#checkpoints);
    const verifier = new SegmentVerifier({
      tree: this.#tree,
      checkpoints: this.#checkpoints,
      start,
      breaks: this.#breaks,
      payloads: await this.#openPayloads(description),
      clock: this.#clock,
      announced: this.#announced,
      warnings: this.#warnings,
    });
    for (const [at, first] of starts.entries()) {
      const next = starts[at + 1];
      const read = verifier.read(await this.#files.readFile(segmentPath(this.#layout, first)), first, next);
      this.#warnings.push(...(await compareTiles(this.#files, this.#layout, tiles.take())));
      if (next !== undefined) await compareIndex(this.#files, this.#layout, first, read);
      this.#segments += 1;
      this.#options.onProgress?.(this.#tree.size, (at + 1) / starts.length);
    }
  }

  /** Each new key must be announced in the log, under a signature of the one before. */
  #judgeSuccessions({ keys }: LogDescription): void {
    // Where records are gone the announcement may be among them.
    if (this.#purged > 0 || this.#breaks.all.length > 0) return;
    for (const { vkey, from = 0, isUnannounced } of keys) {
      const announced = this.#announced.get(vkey);
      if (from === 0 || isUnannounced === true || (announced !== undefined && announced < from)) continue;
      throw new NotWhole('tampered', `The log does not announce the key that signs from record ${from} on.`, from);
    }
  }

  /** The tiles behind what was purged; where the purged hashes are lost too, only those that begin later. */
  async #tilesFrom(size: number): Promise<TileCollector> {
    return resumeTiles(new TileStore(this.#files, this.#layout, []), size).catch(() => unknownTiles(size));
  }

  async #openPayloads(description: LogDescription): Promise<Payloads | undefined> {
    if (this.#options.keys === undefined) return undefined;
    const payloads = await openPayloads(this.#files, this.#layout, description, this.#options.keys);
    await payloads.addAll();
    return payloads;
  }

  #judgeEnd(anchor: Checkpoint | undefined): void {
    const { size } = this.#tree;
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

function reportOf({ index, time, by, lost, found }: LogBreak): BreakReport {
  return { record: index, date: isoTime(time), by, lost, found };
}
