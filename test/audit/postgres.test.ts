/** The log in PostgreSQL: who may do what, what is refused, what several replicas share. Rows E1 to E14 of a database. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { AuditFault } from '../../src/audit/log.ts';
import { withCustody } from '../../src/audit/open-custody.ts';
import { verifyPlace, withPlace } from '../../src/audit/place.ts';
import { parseDatabaseAddress, type DatabaseAddress } from '../../src/audit/postgres/address.ts';
import { connectDatabase } from '../../src/audit/postgres/database.ts';
import { openPostgresLog, type PostgresLogOptions } from '../../src/audit/postgres/open.ts';
import type { PostgresLog } from '../../src/audit/postgres/postgres-log.ts';
import { showLogs, type ShownRecord } from '../../src/audit/show.ts';
import { clock, eventNumber, testKeys } from './support/log.ts';
import { addressOf, startPostgres, startRelay, type TestDatabase, type TestServer } from './support/postgres.ts';

let server: TestServer;
let databases = 0;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

interface Place extends TestDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  readonly desk: DatabaseAddress;
  open(replica: string, options?: Partial<PostgresLogOptions>): Promise<PostgresLog>;
  show(options: Parameters<typeof showLogs>[1]): Promise<ShownRecord[]>;
}

async function newPlace(): Promise<Place> {
  const name = `log_${(databases += 1)}`;
  const urls = await server.database(name);
  const address = await addressOf(urls.writer);
  const open: Place['open'] = (replica, options = {}) =>
    openPostgresLog({
      address,
      keys: testKeys,
      origin: `glow.example/${replica}`,
      practice: 'glow',
      ...clock(),
      ...options,
      limits: { segmentBytes: 20_000, lockPatience: 0, ...options.limits },
    });
  const show: Place['show'] = (options) =>
    withPlace({ directory: '', address }, ({ sources }) => showLogs(sources, options));
  return { ...urls, name, address, desk: await addressOf(urls.owner), open, show };
}

function calls(log: PostgresLog, count: number, caller: string, from = 0): void {
  for (let at = from; at < from + count; at += 1) log.record(eventNumber(at, caller));
}

const ann = '+15125550143';
const bob = '+15125550144';
const atDesk = <T>(place: Place, work: Parameters<typeof withCustody<T>>[1]): Promise<T> =>
  withCustody({ directory: '', address: place.desk, keys: testKeys, ...clock() }, work);

describe('roles', () => {
  test('a writer adds and changes nothing; a reader sees no key; nobody changes a record', async () => {
    const place = await newPlace();
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
    const place = await newPlace();
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
    const place = await newPlace();
    await server.sql('postgres', 'alter role test_writer set synchronous_commit = off');
    await expect(place.open('one')).rejects.toMatchObject({ code: 'AUDIT_NOT_DURABLE' });
    await server.sql('postgres', 'alter role test_writer reset synchronous_commit');
  });

  test('a setting that is turned off in the run is found, and cannot weaken the session meanwhile', async () => {
    const place = await newPlace();
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
    const place = await newPlace();
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
    const place = await newPlace();
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
    const place = await newPlace();
    const address = { ...place.address, tls: { authority: undefined } };
    await expect(place.open('one', { address })).rejects.toMatchObject({
      code: 'AUDIT_DATABASE',
      message: expect.stringContaining('with TLS and a checked certificate'),
    });
  });
});

describe('what replicas share', () => {
  test('one caller has one reference and one key, however many replicas meet the number at once', async () => {
    const place = await newPlace();
    const logs = await Promise.all(['one', 'two', 'three'].map((name) => place.open(name)));
    for (const log of logs) for (let at = 0; at < 10; at += 1) calls(log, 4, `+1512555010${at}`, at * 4);
    await Promise.all(logs.map((log) => log.settled()));
    await Promise.all(logs.map((log) => log.close()));
    const shown = await place.show({ keys: testKeys, caller: '+15125550105' });
    expect(new Set(shown.map(({ members }) => members['s'])).size).toBe(1);
    expect(new Set(shown.map(({ log }) => log)).size).toBe(3);
    expect(shown.some(({ unreadable }) => unreadable)).toBe(false);
    expect(await server.sql(place.name, 'select count(*)::int as n from chaperone_audit.caller')).toMatchObject({
      rows: [{ n: 10 }],
    });
    const all = await place.show({ keys: testKeys });
    expect(all.filter(({ unreadable }) => unreadable)).toEqual([]);
    // Each key was made once: the event of its making stands in one chain.
    expect(all.filter(({ members }) => members['k'] === 'key.create')).toHaveLength(10);
  });

  test('erasing a caller makes the records of all replicas unreadable, and no other', async () => {
    const place = await newPlace();
    const [one, two] = [await place.open('one'), await place.open('two')];
    calls(one, 8, ann);
    calls(two, 8, ann, 100);
    calls(two, 8, bob, 200);
    await Promise.all([one.settled(), two.settled()]);
    const receipt = await atDesk(place, (desk) => desk.erase({ caller: ann, by: 'user:ann' }));
    // Eight from each, and the making of the key.
    expect(receipt).toMatchObject({ outcome: 'erased', records: 17 });
    // Replicas that run have forgotten the key too: what comes later has another reference.
    calls(two, 4, ann, 300);
    await two.settled();
    expect(await atDesk(place, (desk) => desk.erase({ caller: bob, by: 'user:ann' }))).toMatchObject({ records: 9 });
    await Promise.all([one.close(), two.close()]);
    const shown = await place.show({ keys: testKeys });
    const admitted = shown.filter(({ members }) => members['k'] === 'call.admit');
    expect(admitted.map(({ unreadable }) => unreadable)).toEqual([true, true, true, true, true, true, false]);
    expect(await place.show({ keys: testKeys, caller: bob })).toEqual([]);
    expect(await place.show({ keys: testKeys, caller: ann })).toHaveLength(5);
    expect(await verifyPlace({ directory: '', address: place.address }, { keys: testKeys })).toMatchObject({
      verdict: 'ok',
    });
  });

  test('a replica cannot erase, and a hold forbids it', async () => {
    const place = await newPlace();
    const log = await place.open('one');
    calls(log, 4, ann);
    await log.settled();
    const hold = await atDesk(place, (desk) => desk.hold({ caller: ann, matter: 'case 7', by: 'user:ann' }));
    expect(await atDesk(place, (desk) => desk.erase({ caller: ann, by: 'user:ann' }))).toMatchObject({
      outcome: 'held',
    });
    await atDesk(place, (desk) => desk.release(hold.id, 'user:ann'));
    await expect(log.erase({ caller: ann, by: 'user:x' })).rejects.toMatchObject({ exitCode: 78 });
    await log.close();
    expect((await place.show({ keys: testKeys, caller: ann })).some(({ unreadable }) => unreadable)).toBe(false);
  });

  test('E12: an erasure waits for the end of a call on any running replica', async () => {
    const place = await newPlace();
    const log = await place.open('one');
    const about = { call: 'live', caller: ann, actor: 'system', outcome: 'ok' } as const;
    log.record({ ...about, kind: 'call.admit', sealed: { callSid: 'CA1' } });
    await log.settled();
    const erased = atDesk(place, (desk) => desk.erase({ caller: ann, by: 'user:ann' }));
    await eventually(async () => {
      const { rows } = await server.sql(
        place.name,
        `select name from chaperone_audit.key_file where name like 'pending/%'`,
      );
      return rows.length === 1;
    });
    log.record({ ...about, kind: 'phi.redacted', counts: { NAME: 1 } });
    log.record({ ...about, kind: 'call.end' });
    await log.settled();
    expect(await erased).toMatchObject({ outcome: 'erased', records: 4 });
    await log.close();
    const shown = await place.show({ keys: testKeys });
    expect(shown.filter(({ members }) => members['c'] === 'live').every((record) => record.sealed === undefined)).toBe(
      true,
    );
  });

  test('E12, E13: the call of a dead replica delays nothing; a begun erasure is finished at the next desk', async () => {
    const place = await newPlace();
    const log = await place.open('one');
    log.record({ kind: 'call.admit', call: 'dead', caller: ann, actor: 'system', outcome: 'ok' });
    await log.settled();
    const [row] = (await server.sql(place.name, 'select name, sid from chaperone_audit.caller')).rows;
    const { name, sid }: { name: string; sid: string } = row;
    const pending = JSON.stringify({ subject: sid, name, keys: [], by: 'user:ann' });
    await server.sql(place.name, 'insert into chaperone_audit.key_file values ($1, $2)', [
      `pending/${sid}.json`,
      pending,
    ]);
    // Its connections end as those of a process that was killed.
    await server.sql(
      place.name,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chaperone' and datname = $1`,
      [place.name],
    );
    await eventually(async () => log.failed);
    await log.close();
    await atDesk(place, async (desk) => desk.holds());
    expect((await server.sql(place.name, 'select * from chaperone_audit.caller')).rows).toEqual([]);
    const done = (await place.show({})).filter(({ members }) => members['k'] === 'erase.done');
    expect(done).toHaveLength(1);
    // Once: the next desk finds nothing to do.
    await atDesk(place, async (desk) => desk.holds());
    expect((await place.show({})).filter(({ members }) => members['k'] === 'erase.done')).toHaveLength(1);
  });

  test('E13: a caller who comes back with an older copy of the keys is erased again', async () => {
    const place = await newPlace();
    const log = await place.open('one');
    calls(log, 4, ann);
    await log.close();
    const copy = await server.sql(
      place.name,
      'select c.name, sid, month, kid, kek, wrapped from chaperone_audit.caller c join chaperone_audit.caller_key using (name)',
    );
    await atDesk(place, (desk) => desk.erase({ caller: ann, by: 'user:ann' }));
    const { name, sid, month, kid, kek, wrapped }: Record<string, string> = copy.rows[0];
    await server.sql(place.name, 'insert into chaperone_audit.caller values ($1, $2)', [name, sid]);
    await server.sql(place.name, 'insert into chaperone_audit.caller_key values ($1, $2, $3, $4, $5)', [
      name,
      month,
      kid,
      kek,
      wrapped,
    ]);
    await server.sql(place.name, `delete from chaperone_audit.key_file where name like 'erased %'`);
    await atDesk(place, async (desk) => desk.holds());
    expect((await server.sql(place.name, 'select * from chaperone_audit.caller')).rows).toEqual([]);
  });
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tried = 0; !(await holds()); tried += 1) {
    if (tried > 200) throw new Error('It did not come about');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('retention', () => {
  const may = Date.UTC(2020, 4, 1);
  const note = (at: number): AuditEvent => ({
    ...eventNumber(at, ann),
    facts: { note: `event ${at} ${'x'.repeat(200)}` },
  });

  test('purge removes old segments of every chain, leaves tombstones and hashes, and stops at a hold', async () => {
    const place = await newPlace();
    for (const replica of ['one', 'two']) {
      const log = await place.open(replica, { ...clock(may) });
      for (let at = 0; at < 900; at += 1) log.record(note(at));
      await log.close();
    }
    const request = { before: Date.UTC(2021, 0, 1), rule: 'retention', by: 'user:ann' };
    const replica = await place.open('three', { ...clock(may + 86_400_000) });
    await expect(replica.purge(request)).rejects.toMatchObject({ code: 'AUDIT_ROLE' });
    await replica.close();
    const desk = <T>(work: Parameters<typeof withCustody<T>>[1]): Promise<T> =>
      withCustody({ directory: '', address: place.desk, keys: testKeys, ...clock(may + 172_800_000) }, work);
    const hold = await desk((custody) => custody.hold({ matter: 'case 9', by: 'user:ann' }));
    expect(await desk((custody) => custody.purge(request))).toMatchObject({
      purged: [],
      stopped: { matter: 'case 9' },
    });
    await desk((custody) => custody.release(hold.id, 'user:ann'));
    const before = await server.sql(place.name, 'select count(*)::int as n from chaperone_audit.event');
    const report = await desk((custody) => custody.purge(request));
    expect(new Set(report.purged.map(({ log }) => log))).toEqual(new Set(['glow.example/one', 'glow.example/two']));
    const after = await server.sql(place.name, 'select count(*)::int as n from chaperone_audit.event');
    expect(after.rows[0].n).toBeLessThan(before.rows[0].n / 2);
    const verified = await verifyPlace({ directory: '', address: place.address }, {});
    expect(verified).toMatchObject({ verdict: 'ok' });
    expect(verified.logs[0]?.purged).toBeGreaterThan(300);
    // The chain goes on behind what was purged.
    const again = await place.open('one', { ...clock(may + 200_000_000) });
    calls(again, 4, bob);
    await again.close();
    expect(await verifyPlace({ directory: '', address: place.address }, {})).toMatchObject({ verdict: 'ok' });
    await server.sql(
      place.name,
      `alter table chaperone_audit.tombstone disable trigger all; delete from chaperone_audit.tombstone where origin = 'glow.example/one'`,
    );
    expect(await verifyPlace({ directory: '', address: place.address }, {})).toMatchObject({ verdict: 'tampered' });
  }, 60_000);

  test('expire destroys the keys of old months, but not of whom a hold is on', async () => {
    const place = await newPlace();
    const old = await place.open('one', { ...clock(may) });
    for (const caller of [ann, bob]) calls(old, 4, caller);
    await old.close();
    const later = await place.open('one', { ...clock(may + 20 * 86_400_000 + 86_400_000 * 20) });
    calls(later, 4, ann, 40);
    await later.close();
    const desk = <T>(work: Parameters<typeof withCustody<T>>[1]): Promise<T> =>
      withCustody({ directory: '', address: place.desk, keys: testKeys, ...clock(may + 50 * 86_400_000) }, work);
    const request = { beforeMonth: '2020-06', rule: 'content', by: 'user:ann' };
    await desk((custody) => custody.hold({ caller: bob, matter: 'case 3', by: 'user:ann' }));
    expect(await desk((custody) => custody.expire(request))).toEqual({ keys: 1, callers: 0, held: 1 });
    const shown = await place.show({ keys: testKeys });
    const of = (call: string): unknown[] =>
      shown.filter(({ members: { k, c } }) => k === 'call.admit' && c === call).map(({ unreadable }) => unreadable);
    expect(of('call-0')).toEqual([true, false]);
    expect(of('call-40')).toEqual([false]);
  });
});

describe('what is found', () => {
  /** As the superuser can, who can do everything. */
  const forge = (place: Place, statement: string, values?: unknown[]): Promise<unknown> =>
    server.sql(
      place.name,
      `set session_replication_role = replica; ${statement}`.replace(/^set[^;]*; (?=.*\$1)/u, ''),
      values,
    );

  async function written(): Promise<Place> {
    const place = await newPlace();
    const [one, two] = [await place.open('one'), await place.open('two')];
    for (const log of [one, two]) calls(log, 300, ann);
    await Promise.all([one.settled(), two.settled()]);
    await Promise.all([one.close(), two.close()]);
    // Opened once more, each records how far it saw the other.
    await (await place.open('one')).close();
    await (await place.open('two')).close();
    return place;
  }

  const verdict = async (place: Place): Promise<string> =>
    (await verifyPlace({ directory: '', address: place.address }, {})).verdict;

  test.each([
    [
      'E7: a changed body',
      `update chaperone_audit.event set body = convert_to(replace(convert_from(body, 'UTF8'), '"o":"ok"', '"o":"no"'), 'UTF8') where origin = 'glow.example/one' and n = 40`,
      'corrupt',
      'AUDIT_CORRUPT',
    ],
    [
      'E7: a record that is gone',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n = 40`,
      'tampered',
      'AUDIT_CORRUPT',
    ],
    [
      'a record of the other chain in its place',
      `update chaperone_audit.event e set body = o.body, leaf = o.leaf from chaperone_audit.event o where o.origin = 'glow.example/two' and o.n = e.n and e.origin = 'glow.example/one' and e.n = 40`,
      'tampered',
      'AUDIT_CORRUPT',
    ],
    [
      'the end removed, head and notes with it',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n > 200; delete from chaperone_audit.note where origin = 'glow.example/one' and size > 201; update chaperone_audit.head set n = 201 where origin = 'glow.example/one'`,
      'rolled back',
      undefined,
    ],
    [
      'the end removed, the notes left',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n > 200`,
      'rolled back',
      'AUDIT_ROLLED_BACK',
    ],
    [
      'a note that nobody signed',
      `update chaperone_audit.note set note = replace(note, 'glow.example/one', 'glow.example/two') where origin = 'glow.example/one'`,
      'tampered',
      'AUDIT_TAMPERED',
    ],
  ])('%s', async (_title, statement, expected, fault) => {
    const place = await written();
    expect(await verdict(place)).toBe('ok');
    await forge(place, statement);
    expect(await verdict(place)).toBe(expected);
    if (fault !== undefined) await expect(place.open('one')).rejects.toBeInstanceOf(AuditFault);
  });

  test('E8: a chain taken out of the directory, or put there with another key', async () => {
    const place = await written();
    for (const table of ['event', 'note', 'head', 'writer']) {
      await forge(place, `delete from chaperone_audit.${table} where origin = 'glow.example/two'`);
    }
    const report = await verifyPlace({ directory: '', address: place.address }, {});
    expect(report).toMatchObject({ verdict: 'tampered', exitCode: 2 });
    expect(report.sentence).toMatch(
      /^The log of glow\.example\/two, which glow\.example\/one saw at its record \d+, is not there any more\.$/u,
    );
  });

  test('records added beside the writer are refused at its next start', async () => {
    const place = await written();
    await forge(
      place,
      `insert into chaperone_audit.event (origin, n, body, leaf) select origin, n + 1, body, leaf from chaperone_audit.event where origin = 'glow.example/one' order by n desc limit 1`,
    );
    await expect(place.open('one')).rejects.toMatchObject({ code: 'AUDIT_TAMPERED' });
    expect(await verdict(place)).toBe('tampered');
  });
});

describe('E1 to E4: the database fails', () => {
  test('a connection that ends is a failed log: nothing more is taken, and the fault comes at once', async () => {
    const place = await newPlace();
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
    expect(await verifyPlace({ directory: '', address: place.address }, {})).toMatchObject({ verdict: 'ok' });
  });

  test('an answer that never comes leaves no fork: the next start reads what is there', async () => {
    const place = await newPlace();
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
    expect(await verifyPlace({ directory: '', address: place.address }, {})).toMatchObject({ verdict: 'ok' });
  });

  test('a role that lost its right, or a database made read only, is a failed log', async () => {
    const place = await newPlace();
    const log = await place.open('one');
    await server.sql(place.name, 'revoke insert on chaperone_audit.event from chaperone_writer');
    calls(log, 2, ann);
    await expect(log.settled()).rejects.toMatchObject({ code: 'AUDIT_DATABASE', exitCode: 78 });
    expect(log.failed).toBe(true);
    await log.close();
  });
});
