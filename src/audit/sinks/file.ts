import { createHash } from 'node:crypto';
import type { VerifierKey } from '../checkpoint.ts';
import { checkClosedSegments, openingOf } from '../closed.ts';
import { makeDirectoryDurably, type FileLayer } from '../durable.ts';
import { parseObject } from '../json.ts';
import { segmentPath, segmentStarts, type Layout } from '../layout.ts';
import { AuditFault } from '../log.ts';
import { NoteStore } from '../note-store.ts';
import { largest, readNotes } from '../notes.ts';
import { openCalls, segmentsOfLastHours } from '../open-calls.ts';
import { recoverSegment, type RecoveredSegment } from '../recover.ts';
import { SegmentFile } from '../segment-file.ts';
import { writeIndex } from '../segment-index.ts';
import type { SegmentStart } from '../segment.ts';
import type { SealedRecord, SegmentFacts, Sink, Tail } from '../sink.ts';
import { TileWriter } from '../tile-writer.ts';
import { Frontier } from '../tree.ts';

export interface FileSinkOptions {
  readonly files: FileLayer;
  readonly layout: Layout;
  /** SHA-256 of `log.json`. */
  readonly descriptionHash: Buffer;
  readonly keys: readonly VerifierKey[];
  /** A segment that has reached this many bytes is closed. */
  readonly segmentBytes: number;
  /** At most this many bytes of closed segments, the newest first, are read again when the log opens. */
  readonly checkedBytes: number;
}

/** Opens the segments of a directory. Rejects with an AuditFault when they are not what was signed. */
export async function openFileSink(options: FileSinkOptions): Promise<Sink> {
  const { files, layout } = options;
  await makeDirectoryDurably(files, layout.segments);
  await makeDirectoryDurably(files, layout.indexes);
  const kept = await readNotes(files, layout, options.keys);
  const [fault] = kept.faults;
  if (fault !== undefined) throw new AuditFault('AUDIT_TAMPERED', fault, 2);
  const signed = largest(kept.notes);
  const notes = new NoteStore(files, layout, kept.length);
  const names = await files.list(layout.segments);
  for (const name of names.filter((entry) => entry.endsWith('.tmp'))) await files.unlink(`${layout.segments}/${name}`);
  const starts = segmentStarts(names);
  const first = starts.at(-1);
  if (first === undefined) {
    if (signed !== undefined) throw allGone(signed.size);
    const tiles = await TileWriter.open(files, layout, [], new Frontier());
    return new FileSink(options, emptyTail(options.descriptionHash), undefined, notes, tiles);
  }
  const start = await startOf(options, first);
  await checkClosedSegments(files, layout, starts, start, options.checkedBytes, options.keys);
  const recovered = await recoverSegment(files, layout, start, signed);
  const ended = tailOf(recovered, signed?.size ?? 0);
  const earlier = await segmentsOfLastHours(files, layout, starts, start, ended.time);
  const tail = { ...ended, openCalls: openCalls([...earlier, recovered.bytes]) };
  const segment = tail.sealed ? undefined : await reopen(options, recovered, tail.time);
  const tiles = await TileWriter.open(files, layout, starts, tail.frontier);
  return new FileSink(options, tail, segment, notes, tiles);
}

class FileSink implements Sink {
  readonly tail: Tail;
  readonly #options: FileSinkOptions;
  readonly #notes: NoteStore;
  readonly #tiles: TileWriter;
  #segment: SegmentFile | undefined;

  constructor(
    options: FileSinkOptions,
    tail: Tail,
    segment: SegmentFile | undefined,
    notes: NoteStore,
    tiles: TileWriter,
  ) {
    this.#options = options;
    this.#tiles = tiles;
    this.tail = tail;
    this.#segment = segment;
    this.#notes = notes;
  }

  async append(records: readonly SealedRecord[]): Promise<void> {
    await this.#current().append(records);
    for (const record of records) this.#tiles.push(record.leaf);
  }

  due(time: number): SegmentFacts | undefined {
    const segment = this.#current();
    return segment.isDue(time, this.#options.segmentBytes) ? segment.facts() : undefined;
  }

  async seal(record: SealedRecord): Promise<string> {
    const segment = this.#current();
    const { sha256, index } = await segment.finish(record);
    await writeIndex(this.#options.files, this.#options.layout, segment.first, index);
    this.#tiles.push(record.leaf);
    this.#segment = undefined;
    return sha256;
  }

  async open(record: SealedRecord, time: number): Promise<void> {
    const path = segmentPath(this.#options.layout, record.index);
    this.#segment = await SegmentFile.create(this.#options.files, path, record, time);
    this.#tiles.push(record.leaf);
  }

  async assertInPlace(): Promise<void> {
    await this.#segment?.assertInPlace();
  }

  async publish(note: string): Promise<void> {
    // Whoever reads the note may ask for the tiles under it.
    await this.#tiles.flush();
    await this.#notes.publish(note);
  }

  async close(): Promise<void> {
    await this.#segment?.close();
    await this.#notes.close();
  }

  #current(): SegmentFile {
    if (this.#segment === undefined) throw new AuditFault('AUDIT_CLOSED', 'No segment of the audit log is open', 74);
    return this.#segment;
  }
}

function allGone(size: number): AuditFault {
  const what = `The log holds no record, but a checkpoint was signed over ${size} records: the segments were removed`;
  return new AuditFault('AUDIT_ROLLED_BACK', what, 4);
}

function emptyTail(descriptionHash: Buffer): Tail {
  return {
    frontier: new Frontier(),
    previous: descriptionHash,
    time: 0,
    sealed: true,
    signed: 0,
    fileBefore: '',
    openCalls: [],
    torn: undefined,
  };
}

async function startOf({ files, layout, descriptionHash }: FileSinkOptions, first: number): Promise<SegmentStart> {
  if (first === 0) return { first, previous: descriptionHash, edge: [], fileBefore: '', time: 0 };
  const start = await openingOf(files, layout, first);
  if (typeof start !== 'string') return start;
  throw new AuditFault('AUDIT_CORRUPT', `The segment ${segmentPath(layout, first)} ${start}`, 3);
}

function tailOf(recovered: RecoveredSegment, signed: number): Omit<Tail, 'openCalls'> {
  const last = recovered.last === undefined ? undefined : parseObject(recovered.last.toString('utf8'));
  const time = typeof last?.['t'] === 'number' ? last['t'] : 0;
  const sealed = last?.['k'] === 'seg.seal';
  const fileBefore = sealed ? createHash('sha256').update(recovered.bytes).digest('hex') : '';
  return {
    frontier: recovered.frontier,
    previous: recovered.previous,
    time,
    sealed,
    signed,
    fileBefore,
    torn: recovered.torn,
  };
}

async function reopen(options: FileSinkOptions, recovered: RecoveredSegment, time: number): Promise<SegmentFile> {
  const path = segmentPath(options.layout, recovered.first);
  const records = recovered.frontier.size - recovered.first;
  return SegmentFile.reopen(options.files, path, recovered.bytes, { first: recovered.first, records, time });
}
