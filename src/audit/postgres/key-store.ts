import type { KeyStore } from '../key-store.ts';
import { parseSubjectFile, type SubjectFile } from '../keyring-file.ts';
import { AuditFault } from '../log.ts';
import { textOf, type Database, type Statement } from './database.ts';

/** Where a replica hears that a caller's key is gone. */
export const forgetChannel = 'chaperone_audit_forget';

const callersFolder = 'dir/';

/**
 * The keys of all writers of a database, wrapped as in a directory. A caller is one row and one for each month, so that a
 * writer never has to change a row: it cannot make anybody unreadable. Only the owner's role can.
 */
export class PostgresKeyStore implements KeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(name: string): Promise<Buffer | undefined> {
    if (name.startsWith(callersFolder)) return this.#readCaller(name);
    const [row] = await this.#database.query('select content from key_file where name = $1', [name]);
    return row === undefined ? undefined : Buffer.from(textOf(row, 'content'));
  }

  async write(name: string, content: string): Promise<void> {
    if (name.startsWith(callersFolder)) return this.#writeCaller(name, content);
    const insert = 'insert into key_file (name, content) values ($1, $2) on conflict do nothing';
    if ((await this.#database.change(insert, [name, content])) === 1) return;
    // A right of its own, which writers do not have.
    await this.#database.change('update key_file set content = $2 where name = $1', [name, content]);
  }

  async addMonth(name: string, before: SubjectFile | undefined, after: SubjectFile): Promise<boolean> {
    const epoch = after.epochs.at(-1);
    if (epoch === undefined) return false;
    const caller =
      before === undefined
        ? 'insert into caller (name, sid) values ($1, $2) on conflict do nothing returning name'
        : 'select name from caller where name = $1 and sid = $2';
    try {
      const added = await this.#database.change(
        `with known as (${caller})
         insert into caller_key (name, month, kid, kek, wrapped) select name, $3, $4, $5, $6 from known
         on conflict do nothing`,
        [name, after.sid, epoch.month, epoch.kid, epoch.kek, epoch.wrapped],
      );
      return added === 1;
    } catch (error) {
      // The caller was erased between the look and the act.
      if (error instanceof AuditFault && error.code === 'AUDIT_DATABASE_RACE') return false;
      throw error;
    }
  }

  /** The row is gone for every reader. What is left of it in free pages, WAL and backups dies with the key over it. */
  async erase(name: string): Promise<void> {
    const table = name.startsWith(callersFolder) ? 'caller' : 'key_file';
    await this.#database.together([
      [`delete from ${table} where name = $1`, [name]],
      ['select pg_notify($1, $2)', [forgetChannel, '']],
    ]);
  }

  async names(folder: string): Promise<string[]> {
    const table = `${folder}/` === callersFolder ? 'caller' : 'key_file';
    const rows = await this.#database.query(`select name from ${table} where starts_with(name, $1) order by name`, [
      `${folder}/`,
    ]);
    return rows.map((row) => textOf(row, 'name'));
  }

  async #readCaller(name: string): Promise<Buffer | undefined> {
    const rows = await this.#database.query(
      'select sid, month, kid, kek, wrapped from caller left join caller_key using (name) where name = $1 order by month',
      [name],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const epochs = rows
      .filter((row) => row['month'] !== null)
      .map((row) => ({
        month: textOf(row, 'month'),
        kid: textOf(row, 'kid'),
        kek: textOf(row, 'kek'),
        wrapped: textOf(row, 'wrapped'),
      }));
    return Buffer.from(JSON.stringify({ sid: textOf(first, 'sid'), epochs }));
  }

  /** Wraps the months of a known caller anew. No writer runs then, so nobody adds one. */
  async #writeCaller(name: string, content: string): Promise<void> {
    const file = parseSubjectFile(content);
    if (file === undefined) throw new AuditFault('KEY_CORRUPT', 'The keys of a caller are damaged', 3);
    const change = 'update caller_key set kid = $3, kek = $4, wrapped = $5 where name = $1 and month = $2';
    await this.#database.together(
      file.epochs.map(({ month, kid, kek, wrapped }): Statement => [change, [name, month, kid, kek, wrapped]]),
    );
  }
}
