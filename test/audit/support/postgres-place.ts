import { Client } from 'pg';
import { openPostgresLog, type PostgresLogOptions } from '../../../src/audit/postgres/open.ts';
import type { DatabaseAddress } from '../../../src/audit/postgres/address.ts';
import type { PostgresLog } from '../../../src/audit/postgres/postgres-log.ts';
import { withCustody } from '../../../src/audit/open-custody.ts';
import { verifyPlace, withPlace } from '../../../src/audit/place.ts';
import { showLogs, type ShownRecord } from '../../../src/audit/show.ts';
import type { PlaceReport } from '../../../src/audit/verdict.ts';
import { clock, eventNumber, testKeys } from './log.ts';
import { addressOf, type TestDatabase, type TestServer } from './postgres.ts';

let databases = 0;

/** A database of its own with the migration, and what is done with it. */
export interface Place extends TestDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  readonly desk: DatabaseAddress;
  open(replica: string, options?: Partial<PostgresLogOptions>): Promise<PostgresLog>;
  show(options: Parameters<typeof showLogs>[1]): Promise<ShownRecord[]>;
  verify(): Promise<PlaceReport>;
  /** As the owner. */
  atDesk<T>(work: Parameters<typeof withCustody<T>>[1], at?: ReturnType<typeof clock>): Promise<T>;
}

export async function newPlace(server: TestServer): Promise<Place> {
  const name = `log_${(databases += 1)}`;
  const urls = await server.database(name);
  const [address, desk] = [await addressOf(urls.writer), await addressOf(urls.owner)];
  const own = { keys: testKeys, practice: 'glow' };
  return {
    ...urls,
    name,
    address,
    desk,
    open: (replica, options = {}) =>
      openPostgresLog({
        ...own,
        address,
        origin: `glow.example/${replica}`,
        ...clock(),
        ...options,
        limits: { segmentBytes: 20_000, lockPatience: 0, ...options.limits },
      }),
    show: (options) => withPlace({ directory: '', address }, ({ sources }) => showLogs(sources, options)),
    verify: () => verifyPlace({ directory: '', address }, {}),
    atDesk: (work, at = clock()) => withCustody({ directory: '', address: desk, keys: testKeys, ...at }, work),
  };
}

/** Calls of four events each. */
export function calls(log: PostgresLog, count: number, caller: string, from = 0): void {
  for (let at = from; at < from + count; at += 1) log.record(eventNumber(at, caller));
}

export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tried = 0; !(await holds()); tried += 1) {
    if (tried > 200) throw new Error('It did not come about');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const ann = '+15125550143';
export const bob = '+15125550144';

/** Whatever comes behind this statement stands still until the answer is called. */
export async function standStill(server: TestServer, { name }: Place, statement: string): Promise<() => Promise<void>> {
  const client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: name });
  await client.connect();
  await client.query('begin');
  await client.query(`set local search_path = chaperone_audit; ${statement}`);
  return () => client.end();
}

/** Resolves when a session of ours stands still behind a lock. */
export async function stands(server: TestServer, { name }: Place): Promise<void> {
  const waiting = `select from pg_stat_activity where application_name = 'chaperone' and datname = $1 and wait_event_type = 'Lock'`;
  await eventually(async () => (await server.sql(name, waiting, [name])).rows.length > 0);
}

/** Ends all sessions of ours, as when their process is killed. */
export async function cutOff(server: TestServer, { name }: Place): Promise<void> {
  const ended = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chaperone' and datname = $1`;
  await server.sql(name, ended, [name]);
}
