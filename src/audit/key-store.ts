import { dirname, join } from 'node:path';
import { makeDirectoryDurably, readIfPresent, replaceFile, writeAll, type FileLayer } from './durable.ts';

/**
 * Where the keys of a log lie, wrapped. The only part of a log that changes and that forgets. Names are paths with `/`.
 * Every method that changes something resolves when the change is durable.
 */
export interface KeyStore {
  read(name: string): Promise<Buffer | undefined>;
  /** Whole or not at all; replaces what was there. */
  write(name: string, content: string): Promise<void>;
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

  read(name: string): Promise<Buffer | undefined> {
    return readIfPresent(this.#files, join(this.#directory, name));
  }

  async write(name: string, content: string): Promise<void> {
    const path = join(this.#directory, name);
    await makeDirectoryDurably(this.#files, dirname(path));
    await replaceFile(this.#files, path, Buffer.from(content));
  }

  async erase(name: string): Promise<void> {
    const path = join(this.#directory, name);
    const facts = await this.#files.facts(path);
    if (facts === undefined) return;
    const file = await this.#files.open(path, 'write');
    try {
      await writeAll(file, Buffer.alloc(facts.size), 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    await this.#files.unlink(path);
    await this.#files.syncDirectory(dirname(path));
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
}
