import { posix } from 'node:path';
import type { FileFacts, FileLayer, OpenFile } from '../durable.ts';
import { headerLength } from '../frame.ts';
import { layoutOf, segmentStarts } from '../layout.ts';
import { AuditFault } from '../log.ts';
import { contextName } from '../payload.ts';
import { tileWidth } from '../tile-store.ts';
import { bytesOf, numberOf, textOf, type Database, type Row } from './database.ts';
import { PostgresKeyStore } from './key-store.ts';
import { storeContext } from './store.ts';

/** The names of a log in a database, as everything that reads a log directory asks for them. */
export const databaseLayout = layoutOf('postgresql');

/** The kinds of which the database keeps an index: the text of the condition must be that of the index. */
export const indexedKinds = `kind ~ '^"(access|anchor|baa|erase|hold|incident|key\\.(rotate|destroy)|log|policy|record|retention|seg)\\M'`;

/** Rows that are fetched at once. */
const page = 4096;
/** What is fetched to read how a segment begins. */
const firstPage = 256;

/**
 * The chain of one writer as the files of a log directory, made from the rows as they are asked for. So one verifier, one
 * reader and one prover serve every sink. It cannot be written to.
 */
export class PostgresFiles implements FileLayer {
  readonly #database: Database;
  readonly #origin: string;
  readonly #keys: PostgresKeyStore;

  constructor(database: Database, origin: string) {
    this.#database = database;
    this.#origin = origin;
    this.#keys = new PostgresKeyStore(database);
  }

  async readFile(path: string): Promise<Buffer> {
    const content = await this.#content(nameOf(path));
    if (content !== undefined) return content;
    throw Object.assign(new Error('There is no such file of the log'), { code: 'ENOENT' });
  }

  async open(path: string, how: 'read' | 'write' | 'create'): Promise<OpenFile> {
    if (how !== 'read') throw readOnly();
    const first = segmentOf(nameOf(path));
    if (first === undefined) return heldFile(await this.readFile(path));
    return this.#openSegment(path, first);
  }

  async list(path: string): Promise<string[]> {
    const name = nameOf(path);
    if (name === 'seg') return (await this.#starts()).map((first) => `${hex(first)}.cal`);
    if (name === 'tombstone') {
      const rows = await this.#ask('select first from tombstone where origin = $1');
      return rows.map((row) => `${hex(numberOf(row, 'first'))}.note`);
    }
    if (!name.startsWith('keys/')) return [];
    const folder = name.slice('keys/'.length);
    return (await this.#keys.names(folder)).map((full) => full.slice(folder.length + 1));
  }

  async facts(path: string): Promise<FileFacts | undefined> {
    const first = segmentOf(nameOf(path));
    if (first === undefined) {
      const content = await this.#content(nameOf(path));
      return content === undefined ? undefined : factsOf(content.length);
    }
    const [row] = await this.#ask(
      `select sum(octet_length(body) + $4) as size from event where origin = $1 and n >= $2 and n < $3`,
      [first, await this.#endOf(first), headerLength + 1],
    );
    return factsOf(numberOf(row, 'size'));
  }

  readonly rename = refuse;
  readonly link = refuse;
  readonly unlink = refuse;
  readonly makeDirectory = refuse;
  readonly setPermission = refuse;
  readonly setChanged = refuse;
  readonly syncDirectory = refuse;

  async #content(name: string): Promise<Buffer | undefined> {
    const first = segmentOf(name);
    if (first !== undefined) return this.#segment(first, await this.#endOf(first));
    if (name === 'log.json') {
      const [row] = await this.#ask('select description from writer where origin = $1');
      return row === undefined ? undefined : bytesOf(row, 'description');
    }
    if (name === 'checkpoints.log') {
      const rows = await this.#ask('select note from note where origin = $1 order by size');
      return Buffer.from(rows.map((row) => textOf(row, 'note')).join(''));
    }
    if (name === 'checkpoint') {
      const [row] = await this.#ask('select note from note where origin = $1 order by size desc limit 1');
      return row === undefined ? undefined : Buffer.from(textOf(row, 'note'));
    }
    if (name.startsWith('tombstone/')) {
      const at = Number.parseInt(name.slice('tombstone/'.length), 16);
      const [row] = await this.#ask('select note from tombstone where origin = $1 and first = $2', [at]);
      return row === undefined ? undefined : Buffer.from(textOf(row, 'note'));
    }
    if (name.startsWith('tile/')) return this.#tile(name);
    if (name === `keys/${contextName}`) return Buffer.from(await storeContext(this.#database));
    return name.startsWith('keys/') ? this.#keys.read(name.slice('keys/'.length)) : undefined;
  }

  async #starts(): Promise<number[]> {
    const rows = await this.#ask(
      `select n from event where origin = $1 and kind in ('"log.genesis"', '"seg.open"') and ${indexedKinds} order by n`,
    );
    return rows.map((row) => numberOf(row, 'n'));
  }

  /** Where the segment after this one starts. */
  async #endOf(first: number): Promise<number> {
    const [row] = await this.#ask(
      `select min(n) as n from event where origin = $1 and kind = '"seg.open"' and ${indexedKinds} and n > $2`,
      [first],
    );
    return row?.['n'] === null ? Number.MAX_SAFE_INTEGER : numberOf(row, 'n');
  }

  async #segment(first: number, end: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let next = first; next < end;) {
      const rows = await this.#records(next, end, page);
      parts.push(...rows.map(frame));
      if (rows.length < page) break;
      next = numberOf(rows.at(-1), 'n') + 1;
    }
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  #records(start: number, end: number, limit: number): Promise<Row[]> {
    return this.#ask('select n, body, leaf from event where origin = $1 and n >= $2 and n < $3 order by n limit $4', [
      start,
      end,
      limit,
    ]);
  }

  /** A segment of which at first only the beginning is fetched: to read how it opens needs no more. */
  async #openSegment(path: string, first: number): Promise<OpenFile> {
    const end = await this.#endOf(first);
    const beginning = Buffer.concat((await this.#records(first, end, firstPage)).map(frame));
    if (beginning.length === 0) return heldFile(await this.readFile(path));
    let whole: Promise<Buffer> | undefined;
    const read = async (into: Uint8Array, position: number): Promise<number> => {
      if (position + into.length > beginning.length) whole ??= this.readFile(path);
      return copy((await whole) ?? beginning, into, position);
    };
    return { ...heldFile(beginning), read, facts: async () => factsOf((await (whole ??= this.readFile(path))).length) };
  }

  /** A full tile that a purge left, or of level 0 as the stored leaves give it. */
  async #tile(name: string): Promise<Buffer | undefined> {
    const [, level = '', ...groups] = name.split('/');
    const index = Number(groups.join('').replaceAll('x', ''));
    const [row] = await this.#ask('select hashes from tile where origin = $1 and level = $2 and index = $3', [
      Number(level),
      index,
    ]);
    if (row !== undefined) return bytesOf(row, 'hashes');
    if (level !== '0') return undefined;
    const rows = await this.#ask('select leaf from event where origin = $1 and n >= $2 and n < $3 order by n', [
      index * tileWidth,
      (index + 1) * tileWidth,
    ]);
    return rows.length < tileWidth ? undefined : Buffer.concat(rows.map((leaf) => bytesOf(leaf, 'leaf')));
  }

  #ask(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#database.query(text, [this.#origin, ...values]);
  }
}

function nameOf(path: string): string {
  return posix.relative(databaseLayout.root, path);
}

function segmentOf(name: string): number | undefined {
  return name.startsWith('seg/') ? segmentStarts([name.slice('seg/'.length)])[0] : undefined;
}

function hex(index: number): string {
  return index.toString(16).padStart(16, '0');
}

function frame(row: Row): Buffer {
  const body = bytesOf(row, 'body');
  // The stored hash, not one made anew: a body that was changed is then a frame that does not hold.
  const header = `${body.length.toString(16).padStart(8, '0')} ${bytesOf(row, 'leaf').toString('hex', 0, 4)} `;
  return Buffer.concat([Buffer.from(header), body, Buffer.of(0x0a)]);
}

function heldFile(bytes: Buffer): OpenFile {
  return {
    read: async (into, position) => copy(bytes, into, position),
    facts: async () => factsOf(bytes.length),
    close: async () => undefined,
    write: refuse,
    datasync: refuse,
    truncate: refuse,
  };
}

function copy(bytes: Buffer, into: Uint8Array, position: number): number {
  return bytes.copy(into, 0, position, position + into.length);
}

function factsOf(size: number): FileFacts {
  return { size, inode: 0, mode: 0o444, changed: 0 };
}

async function refuse(): Promise<never> {
  throw readOnly();
}

function readOnly(): AuditFault {
  return new AuditFault('AUDIT_READ_ONLY', 'A log in PostgreSQL is not changed as files are', 65);
}
