import type { Client, ClientConfig } from 'pg';
import { errorCode } from '../durable.ts';
import { AuditFault } from '../log.ts';
import type { DatabaseAddress } from './address.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Statement = readonly [text: string, values?: readonly unknown[]];

/** One connection to PostgreSQL, in the schema of the log. Every method rejects with an AuditFault. */
export interface Database {
  query(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Rows that a statement added, changed or removed. */
  change(text: string, values?: readonly unknown[]): Promise<number>;
  /** All of them or none. Resolves to the rows that each changed. */
  together(statements: readonly Statement[]): Promise<number[]>;
  /** Tells of notifications of a channel. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Nobody may wait for ever for a database that is away: after this time without an answer the connection is given up, ms. */
const answerTime = 60_000;
const connectTime = 10_000;

/**
 * A machine that dies says nothing: the server gives up on it, and on its lock, after some 25 seconds. A log without calls
 * is idle and must not be closed for that.
 */
const sessionSettings = `
  set search_path = chaperone_audit;
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
  set lock_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'; set idle_session_timeout = 0`;

/**
 * Connects. `onLost` is told once when the connection ends without having been closed: what was under way may or may not
 * have been done, and is never tried again.
 */
export async function connectDatabase(
  address: DatabaseAddress,
  onLost: (fault: AuditFault) => void,
): Promise<Database> {
  // Only who keeps its log in PostgreSQL loads the driver.
  const { Client } = await import('pg');
  const client = new Client(configOf(address));
  const connection = new Connection(client, onLost);
  try {
    await client.connect();
  } catch (error) {
    throw connectFault(error);
  }
  await connection.query(sessionSettings);
  return connection;
}

function configOf({ host, port, user, password, database, tls }: DatabaseAddress): ClientConfig {
  const ca = tls?.authority;
  return {
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    // Given also where it is false: otherwise PGSSLMODE of the environment would decide.
    ssl: tls === undefined ? false : { minVersion: 'TLSv1.2', host, ...(ca === undefined ? {} : { ca }) },
    application_name: 'chaperone',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTime,
    query_timeout: answerTime,
  };
}

class Connection implements Database {
  readonly #client: Client;
  #fault: AuditFault | undefined;
  #closed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: Client, onLost: (fault: AuditFault) => void) {
    this.#client = client;
    const lost = (error?: unknown): void => {
      if (this.#closed || this.#fault !== undefined) return;
      this.#fault = new AuditFault(
        'AUDIT_DATABASE_LOST',
        `The connection to the audit database ended${coded(error)}`,
        74,
      );
      onLost(this.#fault);
    };
    client.on('error', lost);
    client.on('end', () => lost());
  }

  async query(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#inTurn(() => this.#ask(text, values))).rows;
  }

  async change(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#inTurn(() => this.#ask(text, values))).rowCount;
  }

  together(statements: readonly Statement[]): Promise<number[]> {
    return this.#inTurn(async () => {
      const changed: number[] = [];
      await this.#ask('begin', []);
      try {
        for (const [text, values = []] of statements) changed.push((await this.#ask(text, values)).rowCount);
        await this.#ask('commit', []);
      } catch (error) {
        await this.#ask('rollback', []).catch(() => undefined);
        throw error;
      }
      return changed;
    });
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.#client.on('notification', (message) => {
      if (message.channel === channel) heard(message.payload ?? '');
    });
    await this.query(`listen ${channel}`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.end().catch(() => undefined);
  }

  /** One at a time: nothing of another caller comes between the statements of a transaction. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #ask(text: string, values: readonly unknown[]): Promise<{ readonly rows: Row[]; readonly rowCount: number }> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      const { rows, rowCount } = await this.#client.query<Row>({ text, values: [...values] });
      return { rows, rowCount: rowCount ?? 0 };
    } catch (error) {
      throw databaseFault(error);
    }
  }
}

/** What a code of PostgreSQL (Appendix A) or of the system means for whoever runs the log. */
const meanings: Readonly<Record<string, readonly [sentence: string, exitCode: number]>> = {
  '28P01': ['it refused the password', 78],
  '28000': ['it refused the login', 78],
  '3D000': ['it has no database of that name', 78],
  '3F000': ['it holds no audit log: run the file audit.postgres.sql first', 78],
  '42P01': ['it holds no audit log: run the file audit.postgres.sql first', 78],
  '42501': ['the role has not the right to do this', 78],
  '25006': ['it takes no writing: it is a standby or set to read only', 78],
  ECONNREFUSED: ['nobody answers at that address', 75],
  ENOTFOUND: ['its name leads nowhere', 75],
  ENOENT: ['there is no such socket', 75],
};

/** Foreign key gone, serialisation, deadlock: what another process did at the same time. */
const races = new Set(['23503', '40001', '40P01']);

/** An error of the driver in words. Its own message may quote what was sent: it is left out. */
function databaseFault(error: unknown): AuditFault {
  if (error instanceof AuditFault) return error;
  if (races.has(errorCode(error))) return new AuditFault('AUDIT_DATABASE_RACE', 'Another process was faster', 75);
  const [sentence, exitCode] = meanings[errorCode(error)] ?? [`it answered ${errorCode(error)}`, 74];
  return new AuditFault('AUDIT_DATABASE', `The audit database failed: ${sentence}`, exitCode);
}

function connectFault(error: unknown): AuditFault {
  const known = meanings[errorCode(error)];
  const [sentence, exitCode] = known ?? [
    `no connection came about, with TLS and a checked certificate where it must be${coded(error)}`,
    75,
  ];
  return new AuditFault('AUDIT_DATABASE', `The audit database cannot be reached: ${sentence}`, exitCode);
}

function coded(error: unknown): string {
  const code = errorCode(error);
  return code === 'unknown' ? '' : ` (${code})`;
}

export function textOf(row: Row | undefined, name: string): string {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
}

export function bytesOf(row: Row | undefined, name: string): Buffer {
  const value = row?.[name];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** A bigint comes as text; no log has 2^53 records. */
export function numberOf(row: Row | undefined, name: string): number {
  const value = row?.[name];
  return typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
}
