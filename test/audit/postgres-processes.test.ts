/** Two processes, one PostgreSQL: what is killed in the middle forks nothing and loses nothing that was acknowledged. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { connectDatabase, type Database } from '../../src/audit/postgres/database.ts';
import { databaseLayout, PostgresFiles } from '../../src/audit/postgres/files.ts';
import { openPostgresLog } from '../../src/audit/postgres/open.ts';
import { PostgresKeyStore } from '../../src/audit/postgres/key-store.ts';
import { findRows } from '../../src/audit/postgres/source.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { clock, temporaryDirectory } from './support/log.ts';
import { addressOf, startPostgres, type TestServer } from './support/postgres.ts';

const child = fileURLToPath(new URL('support/postgres-child.ts', import.meta.url));
const shared = '+15125550143';
let place: string;
let server: TestServer;

beforeAll(async () => {
  place = await temporaryDirectory();
  await createKeyFile(join(place, 'key'));
  server = await startPostgres();
}, 60_000);

afterAll(async () => {
  await server.remove();
  await rm(place, { recursive: true });
});

interface Replica {
  /** Size of the log at its newest acknowledgement. */
  acknowledged(): number;
  /** Resolves when so many acknowledgements have come since the start. */
  after(acknowledgements: number): Promise<void>;
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly said: string }>;
}

function startReplica(url: string, origin: string): Replica {
  const replica = spawn(process.execPath, ['--import', 'tsx', child, url, join(place, 'key'), origin, shared]);
  let sizes: number[] = [];
  let rest = '';
  let said = '';
  let waiting: { readonly count: number; resolve(): void } | undefined;
  replica.stderr.on('data', (data: Buffer) => (said += data.toString()));
  replica.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    sizes = [...sizes, ...lines.map(Number)];
    if (waiting !== undefined && sizes.length >= waiting.count) waiting.resolve();
  });
  const ended: Replica['ended'] = new Promise((resolve) => {
    replica.once('close', (code, signal) => resolve({ code, signal, said }));
  });
  return {
    acknowledged: () => sizes.at(-1) ?? 0,
    after: async (count) => {
      const reached = new Promise<void>((resolve) => {
        waiting = { count, resolve };
        if (sizes.length >= count) resolve();
      });
      const early = ended.then(({ said: why }) => {
        throw new Error(`The replica ended early: ${why}`);
      });
      await Promise.race([reached, early]);
      early.catch(() => undefined);
    },
    kill: () => void replica.kill('SIGKILL'),
    ended,
  };
}

async function withReader<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await connectDatabase(await addressOf(url), () => undefined);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const verifyWriter = (database: Database, origin: string): ReturnType<typeof verifyLog> =>
  verifyLog(databaseLayout.root, { files: new PostgresFiles(database, origin) });

test(
  'two processes, one killed in the middle: no fork, nothing acknowledged lost, search finds both',
  { timeout: 120_000 },
  async () => {
    const { writer } = await server.database('pair');
    const first = startReplica(writer, 'glow.example/one');
    const second = startReplica(writer, 'glow.example/two');
    await Promise.all([first.after(40), second.after(40)]);
    first.kill();
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL', said: '' });
    const lost = first.acknowledged();
    // The other one goes on, and the killed one comes back under its name at once.
    const again = startReplica(writer, 'glow.example/one');
    await Promise.all([again.after(20), second.after(80)]);
    expect(again.acknowledged()).toBeGreaterThan(lost);
    for (const replica of [again, second]) replica.kill();
    await Promise.all([again.ended, second.ended]);

    await withReader(writer, async (database) => {
      const one = await verifyWriter(database, 'glow.example/one');
      const two = await verifyWriter(database, 'glow.example/two');
      expect([one.verdict, two.verdict]).toEqual(['ok', 'ok']);
      expect(one.records).toBeGreaterThanOrEqual(again.acknowledged());
      expect(two.records).toBeGreaterThanOrEqual(second.acknowledged());
      // One caller, one reference in both chains.
      const [name = ''] = await new PostgresKeyStore(database).names('dir');
      const [row] = await database.query('select sid from caller where name = $1', [name]);
      const found = new Map<unknown, number>();
      for await (const { members } of findRows(database, { subject: String(row?.['sid']) })) {
        found.set(members['b'], (found.get(members['b']) ?? 0) + 1);
      }
      expect(found.size).toBe(3);
      const [callers] = await database.query('select count(*)::int as count from caller');
      expect(callers).toEqual({ count: 1 });
    });
  },
);

test(
  'kill -9, again and again at the same name: every acknowledged record is there',
  { timeout: 120_000 },
  async () => {
    const { writer } = await server.database('again');
    for (let run = 0; run < 4; run += 1) {
      const replica = startReplica(writer, 'glow.example/one');
      await replica.after(5 + run * 23);
      replica.kill();
      await replica.ended;
      await withReader(writer, async (database) => {
        const report = await verifyWriter(database, 'glow.example/one');
        expect(report).toMatchObject({ verdict: 'ok' });
        expect(report.records).toBeGreaterThanOrEqual(replica.acknowledged());
      });
    }
  },
);

test(
  'PostgreSQL stopped at once in the middle: both end with 74, and all that was acknowledged is there',
  { timeout: 120_000 },
  async () => {
    const { writer } = await server.database('stopped');
    const replicas = ['glow.example/one', 'glow.example/two'].map((origin) => startReplica(writer, origin));
    await Promise.all(replicas.map((replica) => replica.after(30)));
    await server.stop('immediate');
    for (const replica of replicas) {
      const { code, said } = await replica.ended;
      expect(said).toMatch(/^AUDIT_DATABASE(?:_LOST)? /u);
      expect(code).toBe(74);
    }
    await server.start();
    await withReader(writer, async (database) => {
      for (const [at, origin] of ['glow.example/one', 'glow.example/two'].entries()) {
        const report = await verifyWriter(database, origin);
        expect(report).toMatchObject({ verdict: 'ok' });
        expect(report.records).toBeGreaterThanOrEqual(replicas[at]?.acknowledged() ?? 0);
      }
    });
    // What was open is closed by the next start.
    const keys = await openKeyFile(join(place, 'key'));
    const log = await openPostgresLog({
      address: await addressOf(writer),
      keys,
      origin: 'glow.example/one',
      practice: 'glow',
      ...clock(Date.now()),
    });
    await log.close();
    await withReader(writer, async (database) => {
      expect(await verifyWriter(database, 'glow.example/one')).toMatchObject({ verdict: 'ok', warnings: [] });
    });
  },
);

test(
  'a second process of the same name is refused while the first lives, and takes over when that is killed',
  { timeout: 120_000 },
  async () => {
    const { writer } = await server.database('fence');
    const first = startReplica(writer, 'glow.example/one');
    await first.after(3);
    const second = startReplica(writer, 'glow.example/one');
    const { code, said } = await second.ended;
    expect(code).toBe(75);
    expect(said).toContain('Another process writes the log of glow.example/one');
    first.kill();
    await first.ended;
    const third = startReplica(writer, 'glow.example/one');
    await third.after(3);
    third.kill();
    await third.ended;
    await withReader(writer, async (database) => {
      expect(await verifyWriter(database, 'glow.example/one')).toMatchObject({ verdict: 'ok' });
    });
  },
);
