import { makeDirectoryDurably } from '../durable.ts';
import { readEnd, type EndOptions } from '../end.ts';
import { segmentPath } from '../layout.ts';
import { AuditFault } from '../log.ts';
import { NoteStore } from '../note-store.ts';
import { readNotes } from '../notes.ts';
import type { RecoveredSegment } from '../recover.ts';
import { SegmentFile } from '../segment-file.ts';
import { restoreIndexes } from '../restore-indexes.ts';
import { writeIndex } from '../segment-index.ts';
import type { SealedRecord, SegmentFacts, Sink, Tail } from '../sink.ts';
import { TileWriter } from '../tile-writer.ts';

export interface FileSinkOptions extends EndOptions {
  /** A segment that has reached this many bytes is closed. */
  readonly segmentBytes: number;
}

/** Opens the segments of a directory. Rejects with an AuditFault when they are not what was signed. */
export async function openFileSink(options: FileSinkOptions): Promise<Sink> {
  const { files, layout } = options;
  await makeDirectoryDurably(files, layout.segments);
  await makeDirectoryDurably(files, layout.indexes);
  const kept = await readNotes(files, layout, options.keys);
  const names = await files.list(layout.segments);
  for (const name of names.filter((entry) => entry.endsWith('.tmp'))) await files.unlink(`${layout.segments}/${name}`);
  const { tail, starts, last } = await readEnd(options, kept);
  const segment = last === undefined || tail.sealed ? undefined : await reopen(options, last, tail.time);
  const tiles = await TileWriter.open(files, layout, starts, tail.frontier, kept.breaks);
  await restoreIndexes(files, layout, starts, kept.breaks);
  return new FileSink(options, tail, segment, new NoteStore(files, layout, kept.length), tiles);
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

async function reopen(options: FileSinkOptions, recovered: RecoveredSegment, time: number): Promise<SegmentFile> {
  const path = segmentPath(options.layout, recovered.first);
  const records = recovered.frontier.size - recovered.first;
  return SegmentFile.reopen(options.files, path, recovered.bytes, { first: recovered.first, records, time });
}
