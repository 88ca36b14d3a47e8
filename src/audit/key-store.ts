import { dirname, join } from 'node:path';
import {
  makeDirectoryDurably,
  readIfPresent,
  replaceFile,
  writeAll,
  type FileLayer,
  type OpenFile,
} from './durable.ts';
import type { SubjectFile } from './keyring-file.ts';

/**
 * Where the keys of a log lie, wrapped. The only part of a log that changes and that forgets. Names are paths with `/`.
 * Every method that changes something resolves when the change is durable.
 */
export interface KeyStore {
  read(name: string): Promise<Buffer | undefined>;
  /** Whole or not at all; replaces what was there. */
  write(name: string, content: string): Promise<void>;
  /**
   * Adds the key of a month to a caller, or the caller with it. False: what the store holds of the caller is no longer
   * `before`, because another process was faster or the caller was erased; nothing was written then.
   */
  addMonth(name: string, before: SubjectFile | undefined, after: SubjectFile): Promise<boolean>;
  /** Gone for good: overwritten where the medium allows it, then removed. Fine when it is not there. */
  erase(name: string): Promise<void>;
  /** Names that start with `folder/`. */
  names(folder: string): Promise<string[]>;
}

/** Keys as small files below a directory. */
export class FileKeyStore implements KeyStore {
  readonly #files: FileLayer;
  readonly #directory: string;

  constructor(files: FileLayer, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  async read(name: string): Promise<Buffer | undefined> {
    const content = await readIfPresent(this.#files, join(this.#directory, name));
    // JSON has no zero byte: the file was being overwritten to be removed, and counts as removed.
    return content?.includes(0) === true ? undefined : content;
  }

  async write(name: string, content: string): Promise<void> {
    const path = join(this.#directory, name);
    await makeDirectoryDurably(this.#files, dirname(path));
    const before = await this.#openIfPresent(path);
    await replaceFile(this.#files, path, Buffer.from(content));
    // The file that was replaced has no name any more, but its bytes would stay on the medium.
    if (before !== undefined) await overwrite(before);
  }

  /** One process writes a directory: nobody can have been faster. */
  async addMonth(name: string, _before: SubjectFile | undefined, after: SubjectFile): Promise<boolean> {
    await this.write(name, JSON.stringify(after));
    return true;
  }

  async erase(name: string): Promise<void> {
    const path = join(this.#directory, name);
    // An interrupted write may have left its beginning beside the file.
    for (const part of [path, `${path}.tmp`]) {
      const file = await this.#openIfPresent(part);
      if (file === undefined) continue;
      await overwrite(file);
      await this.#files.unlink(part);
      await this.#files.syncDirectory(dirname(part));
    }
  }

  async names(folder: string): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await this.#files.list(join(this.#directory, folder))) {
      const name = `${folder}/${entry}`;
      if (entry.endsWith('.json')) found.push(name);
      else if (!entry.endsWith('.tmp')) found.push(...(await this.names(name)));
    }
    return found;
  }

  async #openIfPresent(path: string): Promise<OpenFile | undefined> {
    return (await this.#files.facts(path)) === undefined ? undefined : this.#files.open(path, 'write');
  }
}

async function overwrite(file: OpenFile): Promise<void> {
  try {
    await writeAll(file, Buffer.alloc((await file.facts()).size), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}
