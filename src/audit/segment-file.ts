import { createHash, type Hash } from 'node:crypto';
import { replaceFile, writeAll, type FileLayer, type OpenFile } from './durable.ts';
import { AuditFault } from './log.ts';
import { IndexBuilder } from './segment-index.ts';
import type { SealedRecord, SegmentFacts } from './sink.ts';

interface Position {
  readonly first: number;
  readonly records: number;
  /** Time of the newest record, ms UTC. */
  readonly time: number;
}

const dayLength = 86_400_000;

/** The segment that is being written. */
export class SegmentFile {
  readonly #files: FileLayer;
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #inode: number;
  readonly #digest: Hash;
  readonly #index = new IndexBuilder();
  readonly first: number;
  /** UTC day on which the segment was opened or taken up again, in days since 1970. */
  readonly #day: number;
  #records: number;
  #length: number;

  private constructor(files: FileLayer, path: string, opened: OpenedFile, bytes: Buffer, position: Position) {
    this.#files = files;
    this.#path = path;
    this.#file = opened.file;
    this.#inode = opened.inode;
    this.#digest = createHash('sha256').update(bytes);
    this.first = position.first;
    this.#records = position.records;
    this.#day = Math.floor(position.time / dayLength);
    this.#length = bytes.length;
    this.#index.addSegment(bytes);
  }

  /** Starts a segment: it appears under its name with its first record whole, or not at all. */
  static async create(files: FileLayer, path: string, record: SealedRecord, time: number): Promise<SegmentFile> {
    await replaceFile(files, path, record.bytes);
    const opened = await openAt(files, path);
    return new SegmentFile(files, path, opened, record.bytes, { first: record.index, records: 1, time });
  }

  /** Takes a segment up again behind its last whole record. */
  static async reopen(files: FileLayer, path: string, bytes: Buffer, position: Position): Promise<SegmentFile> {
    return new SegmentFile(files, path, await openAt(files, path), bytes, position);
  }

  async append(records: readonly SealedRecord[]): Promise<void> {
    const bytes = Buffer.concat(records.map((record) => record.bytes));
    await writeAll(this.#file, bytes, this.#length);
    await this.#file.datasync();
    this.#digest.update(bytes);
    for (const record of records) {
      this.#index.add(record.keys, this.#length);
      this.#length += record.bytes.length;
    }
    this.#records += records.length;
  }

  isDue(time: number, limit: number): boolean {
    return this.#length >= limit || Math.floor(time / dayLength) > this.#day;
  }

  facts(): SegmentFacts {
    return { first: this.first, records: this.#records, sha256: this.#digest.copy().digest('hex') };
  }

  /** Appends the seal, closes the file and takes the right to write from it. Resolves to its hash and its index. */
  async finish(seal: SealedRecord): Promise<{ readonly sha256: string; readonly index: Buffer }> {
    await this.append([seal]);
    await this.#file.close();
    await this.#files.setPermission(this.#path, 0o444);
    const sha256 = this.#digest.digest('hex');
    return { sha256, index: this.#index.bytes(sha256) };
  }

  /** Rejects when the name of the segment leads to another file, or to none: what is written there nobody would find. */
  async assertInPlace(): Promise<void> {
    const facts = await this.#files.facts(this.#path);
    if (facts?.inode === this.#inode && facts.size === this.#length) return;
    throw new AuditFault('AUDIT_REPLACED', `The open segment ${this.#path} was removed, replaced or cut`, 74);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

interface OpenedFile {
  readonly file: OpenFile;
  readonly inode: number;
}

async function openAt(files: FileLayer, path: string): Promise<OpenedFile> {
  const file = await files.open(path, 'write');
  return { file, inode: (await file.facts()).inode };
}
