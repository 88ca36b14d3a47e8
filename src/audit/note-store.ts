import { dirname } from 'node:path';
import { errorCode, replaceFile, writeAll, type FileLayer, type OpenFile } from './durable.ts';
import type { Layout } from './layout.ts';

/**
 * Keeps every note that was ever signed. A note is durable in `checkpoints.log` before it becomes the public
 * `checkpoint`, so that no tree is ever signed that disagrees with one signed before.
 */
export class NoteStore {
  readonly #files: FileLayer;
  readonly #layout: Layout;
  #length: number;
  #file: OpenFile | undefined;

  constructor(files: FileLayer, layout: Layout, length: number) {
    this.#files = files;
    this.#layout = layout;
    this.#length = length;
  }

  async publish(note: string): Promise<void> {
    const file = this.#file ?? (await this.#open());
    this.#file = file;
    const bytes = Buffer.from(note);
    await writeAll(file, bytes, this.#length);
    await file.datasync();
    this.#length += bytes.length;
    await replaceFile(this.#files, this.#layout.checkpoint, bytes, 0o644);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<OpenFile> {
    const path = this.#layout.checkpoints;
    try {
      const file = await this.#files.open(path, 'create', 0o644);
      await this.#files.syncDirectory(dirname(path));
      return file;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const file = await this.#files.open(path, 'write');
    await file.truncate(this.#length);
    return file;
  }
}
