/** The log in PostgreSQL: who may do what, what is refused at the start and what ends the run. Rows E1 to E4 and E10. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditFault } from '../../src/audit/log.ts';
import { verifyPlace } from '../../src/audit/place.ts';
import { parseDatabaseAddress, type DatabaseAddress } from '../../src/audit/postgres/address.ts';
import { connectDatabase } from '../../src/audit/postgres/database.ts';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { eventNumber } from './support/log.ts';
import { addressOf, startPostgres, startRelay, type TestServer } from './support/postgres.ts';
import { ann, calls, eventually, newPlace } from './support/postgres-place.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

describe('roles', () => {
  test('a writer adds and changes nothing; a reader sees no key; nobody changes a record', async () => {
    const place = await newPlace(server);
    const log = await place.open('one');
    calls(log, 8, ann);
    await log.close();
    const refusal = async (url: string, statement: string): Promise<string> => {
      const database = await connectDatabase(await addressOf(url), () => undefined);
      try {
        await database.query(statement);
        return 'done';
      } catch (error) {
        return error instanceof AuditFault ? error.message : String(error);
      } finally {
        await database.close();
      }
    };
    const noRight = 'The audit database failed: the role has not the right to do this';
    for (const statement of [
      'delete from event',
      `update event set body = ''`,
      'truncate event',
      'delete from note',
      'delete from caller',
      `update caller_key set wrapped = ''`,
      `update key_file set content = ''`,
      'delete from writer',
      `update head set origin = 'x'`,
      `insert into tombstone values ('glow.example/one', 0, '')`,
    ]) {
      expect([statement, await refusal(place.writer, statement)]).toEqual([statement, noRight]);
    }
    for (const table of ['caller', 'caller_key', 'key_file']) {
      expect(await refusal(place.reader, `select * from ${table}`)).toBe(noRight);
    }
    expect(await refusal(place.reader, 'select count(*) from event')).toBe('done');
    expect(await refusal(place.owner, `update event set body = ''`)).toBe(noRight);
    expect(await refusal(place.owner, 'delete from note')).toBe(noRight);
    const reader = await addressOf(place.reader);
    expect(await verifyPlace({ directory: '', address: reader }, {})).toMatchObject({ verdict: 'ok' });
  });
});

describe('refused at the start', () => {
  test.each(['fsync', 'synchronous_commit', 'full_page_writes'])('%s is off', async (setting) => {
    const place = await newPlace(server);
    await server.sql('postgres', `alter system set ${setting} = off`);
    await server.sql('postgres', 'select pg_reload_conf()');
    try {
      await expect(retried(() => place.open('one'), 'AUDIT_NOT_DURABLE')).rejects.toMatchObject({
        code: 'AUDIT_NOT_DURABLE',
        exitCode: 78,
        message: expect.stringContaining(`The setting ${setting} of the audit database is off`),
      });
    } finally {
      await server.sql('postgres', `alter system reset ${setting}`);
      await server.sql('postgres', 'select pg_reload_conf()');
    }
  });

  test('a role whose own setting is off', async () => {
    const place = await newPlace(server);
    await server.sql('postgres', 'alter role test_writer set synchronous_commit = off');
    await expect(place.open('one')).rejects.toMatchObject({ code: 'AUDIT_NOT_DURABLE' });
    await server.sql('postgres', 'alter role test_writer reset synchronous_commit');
  });

  test('a setting that is turned off in the run is found, and cannot weaken the session meanwhile', async () => {
    const place = await newPlace(server);
    const log = await place.open('one', { limits: { watchEvery: 0 } });
    await server.sql('postgres', 'alter system set synchronous_commit = off');
    await server.sql('postgres', 'select pg_reload_conf()');
    calls(log, 4, ann);
    await log.settled();
    await server.sql('postgres', 'alter system set fsync = off');
    await server.sql('postgres', 'select pg_reload_conf()');
    await expect(retried(async () => (calls(log, 1, ann), log.settled()), 'AUDIT_NOT_DURABLE')).rejects.toMatchObject({
      code: 'AUDIT_NOT_DURABLE',
    });
    expect(log.failed).toBe(true);
    await log.close();
    await server.sql('postgres', 'alter system reset all');
    await server.sql('postgres', 'select pg_reload_conf()');
  });

  test('a database without the migration, a wrong password, nobody at the address', async () => {
    const place = await newPlace(server);
    await server.sql('postgres', 'create database bare');
    const options = { address: { ...place.address, database: 'bare' } };
    await expect(place.open('one', options)).rejects.toMatchObject({
      exitCode: 78,
      message: 'The audit database failed: it holds no audit log: run the file audit.postgres.sql first',
    });
    const away = { address: { ...place.address, port: 1 } };
    await expect(place.open('one', away)).rejects.toMatchObject({
      exitCode: 75,
      message: 'The audit database cannot be reached: nobody answers at that address',
    });
    const nowhere = { address: { ...place.address, database: 'nowhere' } };
    await expect(place.open('one', nowhere)).rejects.toMatchObject({ exitCode: 78 });
  });

  test('E10: another key, and another practice', async () => {
    const place = await newPlace(server);
    await (await place.open('one')).close();
    const other = openKeyVariable('AUDIT_KEY', randomBytes(32).toString('base64'));
    await expect(place.open('two', { keys: other })).rejects.toMatchObject({ code: 'KEY_WRONG' });
    await expect(place.open('two', { practice: 'calm' })).rejects.toMatchObject({
      code: 'AUDIT_ORIGIN',
      message: expect.stringContaining('one practice, one database'),
    });
  });
});

/** The server's processes take a moment to hear of a new setting. */
async function retried(work: () => Promise<unknown>, code: string): Promise<unknown> {
  for (let tried = 0; ; tried += 1) {
    const result = await work().catch((error: unknown) => error);
    if (result instanceof AuditFault && result.code === code) throw result;
    if (tried > 50) return result;
    if (typeof result === 'object' && result !== null && 'close' in result && typeof result.close === 'function')
      await result.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the address', () => {
  const parse = (text: string): Promise<DatabaseAddress> => parseDatabaseAddress(text, async () => 'PEM');

  test('on this machine needs no TLS; elsewhere it does, and nothing less', async () => {
    expect((await parse('postgres://a@127.0.0.1/x')).tls).toBeUndefined();
    expect((await parse('postgres://a@[::1]/x')).tls).toBeUndefined();
    expect((await parse('postgres://a@localhost/x?sslmode=disable')).tls).toBeUndefined();
    expect(await parse('postgres://a@%2Frun%2Fpostgresql/x')).toMatchObject({
      host: '/run/postgresql',
      tls: undefined,
    });
    expect((await parse('postgres://a@db.example/x')).tls).toEqual({ authority: undefined });
    expect((await parse('postgres://a@10.0.0.7/x?sslrootcert=ca.pem')).tls).toEqual({ authority: 'PEM' });
    for (const mode of ['disable', 'prefer', 'require', 'no-verify', 'verify-ca']) {
      await expect(parse(`postgres://a:secret@db.example/x?sslmode=${mode}`)).rejects.toMatchObject({
        code: 'AUDIT_ADDRESS',
        exitCode: 78,
        message: expect.stringMatching(new RegExp(`^(?!.*secret).*sslmode=${mode}; only verify-full`, 'u')),
      });
    }
  });

  test.each([
    'postgres://db.example/x',
    'postgres://a@db.example',
    'http://a@b/c',
    'postgres://a:topsecret@b/c?user=x',
    'nothing',
  ])('%s is refused, and never quoted', async (text) => {
    await expect(parse(text)).rejects.toSatisfy(
      (fault: unknown) => fault instanceof AuditFault && fault.exitCode === 78 && !fault.message.includes('topsecret'),
    );
  });

  test('a server without TLS is refused where TLS must be', async () => {
    const place = await newPlace(server);
    const address = { ...place.address, tls: { authority: undefined } };
    await expect(place.open('one', { address })).rejects.toMatchObject({
      code: 'AUDIT_DATABASE',
      message: expect.stringContaining('with TLS and a checked certificate'),
    });
  });
});

describe('E1 to E4: the database fails', () => {
  test('a connection that ends is a failed log: nothing more is taken, and the fault comes at once', async () => {
    const place = await newPlace(server);
    const relay = await startRelay(server.port);
    const faults: AuditFault[] = [];
    const log = await place.open('one', {
      address: { ...place.address, port: relay.port },
      onFault: (fault) => faults.push(fault),
    });
    calls(log, 4, ann);
    await log.settled();
    await relay.close();
    await eventually(async () => log.failed);
    expect(faults).toMatchObject([{ code: 'AUDIT_DATABASE_LOST', exitCode: 74 }]);
    expect(log.record(eventNumber(1))).toBe(false);
    await expect(log.settled()).rejects.toMatchObject({ code: 'AUDIT_DATABASE_LOST' });
    await log.close();
    const again = await place.open('one');
    await again.close();
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
  });

  test('E2: a database that hangs acknowledges nothing, its lag grows, and when it answers all is there', async () => {
    const place = await newPlace(server);
    const relay = await startRelay(server.port);
    let elapsed = 0;
    const monotonic = (): number => elapsed;
    const log = await place.open('one', { address: { ...place.address, port: relay.port }, monotonic });
    await log.settled();
    relay.hold(true);
    calls(log, 4, ann);
    let acknowledged = false;
    const settled = log.settled().then(() => (acknowledged = true));
    elapsed += 2000;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([acknowledged, log.lag(elapsed), log.waiting]).toEqual([false, 2000, 4]);
    relay.hold(false);
    await settled;
    expect(log.lag(elapsed)).toBe(0);
    await log.close();
    await relay.close();
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
  });

  test('an answer that never comes leaves no fork: the next start reads what is there', async () => {
    const place = await newPlace(server);
    const relay = await startRelay(server.port);
    const log = await place.open('one', { address: { ...place.address, port: relay.port } });
    calls(log, 4, ann);
    const { size } = await log.settled();
    relay.cut('answers');
    calls(log, 4, ann, 4);
    await expect(log.settled()).rejects.toBeInstanceOf(AuditFault);
    await log.close();
    await relay.close();
    const again = await place.open('one', { limits: { lockPatience: 5000 } });
    expect(again.size).toBeGreaterThanOrEqual(size);
    calls(again, 4, ann, 8);
    await again.close();
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
  });

  const toAll = async (...statements: string[]): Promise<void> => {
    for (const statement of statements) await server.sql('postgres', statement);
  };
  const reload = 'select pg_reload_conf()';

  test.each([
    {
      lost: 'the right to add records',
      act: (name: string) => server.sql(name, 'revoke insert on chaperone_audit.event from chaperone_writer'),
      found: 'the role has not the right',
      said: 'has not the right to add to event',
    },
    {
      lost: 'the right to add callers',
      act: (name: string) => server.sql(name, 'revoke insert on chaperone_audit.caller from chaperone_writer'),
      found: 'the role has not the right',
      said: 'has not the right to add to caller',
    },
    {
      lost: 'all rights, because the server was set to read only',
      act: () => toAll('alter system set default_transaction_read_only = on', reload),
      found: 'it takes no writing',
      said: 'takes no writing',
    },
  ])('a role that lost $lost: input/output that ends the run; at the next start configuration', async (lost) => {
    const place = await newPlace(server);
    const faults: AuditFault[] = [];
    const log = await place.open('one', { onFault: (fault) => faults.push(fault) });
    await lost.act(place.name);
    try {
      // A reload of the settings reaches each session in its own time.
      await eventually(async () => {
        calls(log, 2, ann);
        await log.settled().catch(() => undefined);
        return log.failed;
      });
      expect(faults).toMatchObject([
        { code: 'AUDIT_DATABASE', exitCode: 74, message: expect.stringContaining(lost.found) },
      ]);
      await log.close();
      await expect(place.open('one')).rejects.toMatchObject({
        code: 'AUDIT_ROLE',
        exitCode: 78,
        message: expect.stringContaining(lost.said),
      });
    } finally {
      await toAll('alter system reset default_transaction_read_only', reload);
    }
  });
});
