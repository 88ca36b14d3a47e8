import { join } from 'node:path';
import { makeDirectoryDurably, readIfPresent, writeAll, type FileLayer, type OpenFile } from '../../audit/durable.ts';
import { Nonces, systemRandom } from '../../audit/seal.ts';
import { bounds } from './limits.ts';
import {
  deliveredTo,
  indexText,
  offsetOfLine,
  openLines,
  piecesOf,
  readSegment,
  readSegments,
  sealLine,
  segmentPath,
  type Batch,
  type LineSeal,
  type Position,
  type Segment,
  type StoredLine,
} from './segment.ts';

export interface QueueOptions extends LineSeal {
  readonly files: FileLayer;
  readonly directory: string;
  readonly bytes: number;
  readonly ageMs: number;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** So many of the oldest lines were given up. */
  readonly onDropped: (lines: number) => void;
  /** What was written could not be made safe: the queue MUST be closed and opened again. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * Lines in the order in which they came, on the disk, until they are acknowledged. What was appended survives the death
 * of the process at once, and a loss of power after `syncMs`. It is bounded in bytes and in age: the oldest file is
 * given up first. Where the position is lost, lines are delivered twice, never left out. One process may have it open.
 */
export class DiskQueue {
  readonly #options: QueueOptions;
  readonly #nonces = new Nonces(systemRandom);
  readonly #segments: Segment[];
  readonly #positionFile: OpenFile;
  /** The file that is written to: the newest segment, or none yet. */
  #active: OpenFile | undefined;
  #position: Position;
  #syncing: NodeJS.Timeout | undefined;
  /** One thing at a time. */
  #work: Promise<unknown> = Promise.resolve();

  private constructor(options: QueueOptions, segments: Segment[], index: number, positionFile: OpenFile) {
    this.#options = options;
    this.#segments = segments;
    this.#position = { index, offset: 0 };
    this.#positionFile = positionFile;
  }

  static async open(options: QueueOptions): Promise<DiskQueue> {
    const { files, directory } = options;
    await makeDirectoryDurably(files, directory);
    const segments = await readSegments(files, directory);
    const path = join(directory, 'position');
    const written = await readIfPresent(files, path);
    const positionFile = await files.open(path, written === undefined ? 'create' : 'write');
    const queue = new DiskQueue(options, segments, deliveredTo(written, segments), positionFile);
    await queue.#removeSpent();
    await queue.#findOffset();
    return queue;
  }

  /** Lines that wait. */
  get waiting(): number {
    return this.#nextIndex - this.#position.index;
  }

  /** Index of the oldest line that is not acknowledged. */
  get oldest(): number {
    return this.#position.index;
  }

  /** Takes lines; gives the index of the last one. */
  append(lines: readonly StoredLine[]): Promise<number> {
    return this.#alone(async () => {
      const first = this.#nextIndex;
      const sealed = lines.map((line, index) => sealLine(this.#options, line, first + index, this.#nonces.next()));
      for (const piece of piecesOf(sealed, this.#options.bytes / bounds.queueFiles)) await this.#store(piece);
      this.#syncing ??= setTimeout(() => void this.sync(), bounds.syncMs).unref();
      return first + lines.length - 1;
    });
  }

  /** The oldest lines; undefined when there are none. */
  read(): Promise<Batch | undefined> {
    return this.#alone(async () => {
      await this.#expire();
      const [segment] = this.#segments;
      if (segment === undefined || this.waiting === 0) return undefined;
      const { offset } = this.#position;
      const bytes = await this.#bytesOf(segment, offset, Math.min(bounds.batchBytes * 2, segment.bytes - offset));
      const { lines, damaged, next } = openLines(this.#options, bytes, this.#position);
      if (damaged > 0) this.#options.onDropped(damaged);
      if (next.index === this.#position.index) await this.#giveUpOldest(); // No line ends in it: it is no queue file.
      return { lines, next };
    });
  }

  /** The lines of a batch are delivered. */
  acknowledge({ next }: Batch): Promise<void> {
    return this.#alone(async () => {
      if (next.index <= this.#position.index) return; // They were given up meanwhile.
      this.#position = next;
      await this.#removeSpent();
      await this.#storePosition();
    });
  }

  /** Makes what was appended safe against a loss of power; done by itself `syncMs` after it was appended. */
  async sync(): Promise<void> {
    clearTimeout(this.#syncing);
    this.#syncing = undefined;
    await this.#alone(async () => this.#active?.datasync()).catch(this.#options.onFault);
  }

  /** Gives up everything. */
  clear(): Promise<void> {
    return this.#alone(async () => {
      while (this.#segments.length > 0) await this.#giveUpOldest();
    });
  }

  async close(): Promise<void> {
    await this.#alone(async () => {
      clearTimeout(this.#syncing);
      if (this.waiting === 0) for (const segment of this.#segments.splice(0)) await this.#unlink(segment);
      else await this.#active?.datasync();
      await this.#closeActive();
      await this.#positionFile.close();
    });
  }

  get #nextIndex(): number {
    const last = this.#segments.at(-1);
    return last === undefined ? this.#position.index : last.first + last.lines;
  }

  #alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #store(sealed: readonly string[]): Promise<void> {
    const bytes = Buffer.from(sealed.join(''));
    await this.#makeRoom(bytes.length);
    const { segment, file } = await this.#written(bytes.length);
    await writeAll(file, bytes, segment.bytes);
    segment.bytes += bytes.length;
    segment.lines += sealed.length;
    segment.newestAt = this.#options.now();
  }

  async #makeRoom(bytes: number): Promise<void> {
    await this.#expire();
    const stored = (): number => this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    while (this.#segments.length > 0 && stored() + bytes > this.#options.bytes) await this.#giveUpOldest();
  }

  async #expire(): Promise<void> {
    const { now, ageMs } = this.#options;
    while ((this.#segments[0]?.newestAt ?? Infinity) < now() - ageMs) await this.#giveUpOldest();
  }

  async #giveUpOldest(): Promise<void> {
    const segment = this.#segments.shift();
    if (segment === undefined) return;
    const after = segment.first + segment.lines;
    const lost = after - this.#position.index;
    this.#position = { index: after, offset: 0 };
    await this.#remove(segment);
    await this.#storePosition();
    if (lost > 0) this.#options.onDropped(lost);
  }

  /** The newest file, or a new one where that is full or of an earlier process. */
  async #written(bytes: number): Promise<{ readonly segment: Segment; readonly file: OpenFile }> {
    const last = this.#segments.at(-1);
    const room = last !== undefined && last.bytes + bytes <= this.#options.bytes / bounds.queueFiles;
    if (room && this.#active !== undefined) return { segment: last, file: this.#active };
    const { files, directory, now } = this.#options;
    await this.#active?.datasync();
    await this.#closeActive();
    await this.#removeSpent();
    const segment = { first: this.#nextIndex, lines: 0, bytes: 0, newestAt: now() };
    const file = await files.open(segmentPath(directory, segment), 'create');
    this.#active = file;
    await files.syncDirectory(directory);
    this.#segments.push(segment);
    return { segment, file };
  }

  /** Removes files that are delivered to their end; the one that is written to stays while it is small. */
  async #removeSpent(): Promise<void> {
    for (let [oldest] = this.#segments; oldest !== undefined; [oldest] = this.#segments) {
      if (oldest.first + oldest.lines > this.#position.index) return;
      const isWritten = this.#segments.length === 1 && this.#active !== undefined;
      if (isWritten && oldest.bytes < bounds.spentBytes) return;
      this.#segments.shift();
      this.#position = { index: this.#position.index, offset: 0 };
      await this.#remove(oldest);
    }
  }

  /** Takes a file that is out of the list off the disk. The last one is the one that was written to. */
  async #remove(segment: Segment): Promise<void> {
    if (this.#segments.length === 0) await this.#closeActive();
    await this.#unlink(segment);
  }

  #unlink(segment: Segment): Promise<void> {
    return this.#options.files.unlink(segmentPath(this.#options.directory, segment));
  }

  async #closeActive(): Promise<void> {
    const file = this.#active;
    this.#active = undefined;
    await file?.close();
  }

  /** In place and not synced: an older position only delivers lines a second time. */
  async #storePosition(): Promise<void> {
    await writeAll(this.#positionFile, Buffer.from(`${indexText(this.#position.index)}\n`), 0);
  }

  #bytesOf(segment: Segment, offset: number, length: number): Promise<Buffer> {
    return readSegment(this.#options.files, segmentPath(this.#options.directory, segment), offset, length);
  }

  async #findOffset(): Promise<void> {
    const [segment] = this.#segments;
    const { index } = this.#position;
    if (segment === undefined || index === segment.first) return;
    const bytes = await this.#bytesOf(segment, 0, segment.bytes);
    this.#position = { index, offset: offsetOfLine(bytes, index - segment.first) };
  }
}
