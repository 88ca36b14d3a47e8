import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Why a file could not be read: a system error code (`ENOENT`). */
export interface Unreadable {
  readonly code: string;
}

/** Reads a configuration and the files that it names, relative to its folder, and remembers what it read. */
export class NamedFiles {
  readonly file: string;
  readonly #digests = new Map<string, string>();

  constructor(file: string) {
    this.file = resolve(file);
  }

  path(name: string): string {
    return resolve(dirname(this.file), name);
  }

  text(name: string): Promise<string | Unreadable> {
    return this.#read(this.path(name));
  }

  /** The configuration itself. */
  own(): Promise<string | Unreadable> {
    return this.#read(this.file);
  }

  async #read(path: string): Promise<string | Unreadable> {
    try {
      const content = await readFile(path);
      this.#digests.set(path, createHash('sha256').update(content).digest('hex'));
      return content.toString('utf8');
    } catch (fault) {
      return this.#unreadable(path, fault);
    }
  }

  /** SHA-256 in lower-case hex, read in pieces: a scanned agreement has megabytes, and calls may be running. */
  async sha256(name: string): Promise<string | Unreadable> {
    const path = this.path(name);
    const hash = createHash('sha256');
    try {
      for await (const piece of createReadStream(path)) hash.update(piece);
    } catch (fault) {
      return this.#unreadable(path, fault);
    }
    const digest = hash.digest('hex');
    this.#digests.set(path, digest);
    return digest;
  }

  get paths(): readonly string[] {
    return [...this.#digests.keys()];
  }

  /** One digest over all that was read, and over what could not be. */
  fingerprint(): string {
    const lines = [...this.#digests].map(([path, digest]) => `${path}\0${digest}\n`).sort();
    return createHash('sha256').update(lines.join('')).digest('hex');
  }

  #unreadable(path: string, fault: unknown): Unreadable {
    const code = fault instanceof Error && 'code' in fault ? String(fault.code) : 'UNKNOWN';
    this.#digests.set(path, code);
    return { code };
  }
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'which does not exist',
  EACCES: 'which may not be read by this user',
  EISDIR: 'which is a folder',
};

/** `"baa/vendor.pdf", which does not exist` */
export function unreadableSentence(name: string, { code }: Unreadable): string {
  return `"${name}", ${sentences[code] ?? `which cannot be read (${code})`}`;
}
