/** What replicas share in PostgreSQL: callers, their erasure, retention. Rows E12 to E14. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyPlace } from '../../src/audit/place.ts';
import { withCustody } from '../../src/audit/open-custody.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { clock, eventNumber, testKeys } from './support/log.ts';
import { startPostgres, type TestServer } from './support/postgres.ts';
import { ann, bob, calls, eventually, newPlace } from './support/postgres-place.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

describe('what replicas share', () => {
  test('one caller has one reference and one key, however many replicas meet the number at once', async () => {
    const place = await newPlace(server);
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
    const place = await newPlace(server);
    const [one, two] = [await place.open('one'), await place.open('two')];
    calls(one, 8, ann);
    calls(two, 8, ann, 100);
    calls(two, 8, bob, 200);
    await Promise.all([one.settled(), two.settled()]);
    const receipt = await place.atDesk((desk) => desk.erase({ caller: ann, by: 'user:ann' }));
    // Eight from each, and the making of the key.
    expect(receipt).toMatchObject({ outcome: 'erased', records: 17 });
    // Replicas that run have forgotten the key too: what comes later has another reference.
    calls(two, 4, ann, 300);
    await two.settled();
    expect(await place.atDesk((desk) => desk.erase({ caller: bob, by: 'user:ann' }))).toMatchObject({ records: 9 });
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
    const place = await newPlace(server);
    const log = await place.open('one');
    calls(log, 4, ann);
    await log.settled();
    const hold = await place.atDesk((desk) => desk.hold({ caller: ann, matter: 'case 7', by: 'user:ann' }));
    expect(await place.atDesk((desk) => desk.erase({ caller: ann, by: 'user:ann' }))).toMatchObject({
      outcome: 'held',
    });
    await place.atDesk((desk) => desk.release(hold.id, 'user:ann'));
    await expect(log.erase({ caller: ann, by: 'user:x' })).rejects.toMatchObject({ exitCode: 78 });
    await log.close();
    expect((await place.show({ keys: testKeys, caller: ann })).some(({ unreadable }) => unreadable)).toBe(false);
  });

  test('E12: an erasure waits for the end of a call on any running replica', async () => {
    const place = await newPlace(server);
    const log = await place.open('one');
    const about = { call: 'live', caller: ann, actor: 'system', outcome: 'ok' } as const;
    log.record({ ...about, kind: 'call.admit', sealed: { callSid: 'CA1' } });
    await log.settled();
    const erased = place.atDesk((desk) => desk.erase({ caller: ann, by: 'user:ann' }));
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
    const place = await newPlace(server);
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
    await place.atDesk(async (desk) => desk.holds());
    expect((await server.sql(place.name, 'select * from chaperone_audit.caller')).rows).toEqual([]);
    const done = (await place.show({})).filter(({ members }) => members['k'] === 'erase.done');
    expect(done).toHaveLength(1);
    // Once: the next desk finds nothing to do.
    await place.atDesk(async (desk) => desk.holds());
    expect((await place.show({})).filter(({ members }) => members['k'] === 'erase.done')).toHaveLength(1);
  });

  test('E13: a caller who comes back with an older copy of the keys is erased again', async () => {
    const place = await newPlace(server);
    const log = await place.open('one');
    calls(log, 4, ann);
    await log.close();
    const copy = await server.sql(
      place.name,
      'select c.name, sid, month, kid, kek, wrapped from chaperone_audit.caller c join chaperone_audit.caller_key using (name)',
    );
    await place.atDesk((desk) => desk.erase({ caller: ann, by: 'user:ann' }));
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
    await place.atDesk(async (desk) => desk.holds());
    expect((await server.sql(place.name, 'select * from chaperone_audit.caller')).rows).toEqual([]);
  });
});

describe('retention', () => {
  const may = Date.UTC(2020, 4, 1);
  const note = (at: number): AuditEvent => ({
    ...eventNumber(at, ann),
    facts: { note: `event ${at} ${'x'.repeat(200)}` },
  });

  test('purge removes old segments of every chain, leaves tombstones and hashes, and stops at a hold', async () => {
    const place = await newPlace(server);
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
    const verified = await place.verify();
    expect(verified).toMatchObject({ verdict: 'ok' });
    expect(verified.logs[0]?.purged).toBeGreaterThan(300);
    // The chain goes on behind what was purged.
    const again = await place.open('one', { ...clock(may + 200_000_000) });
    calls(again, 4, bob);
    await again.close();
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
    await server.sql(
      place.name,
      `alter table chaperone_audit.tombstone disable trigger all; delete from chaperone_audit.tombstone where origin = 'glow.example/one'`,
    );
    expect(await place.verify()).toMatchObject({ verdict: 'tampered' });
  }, 60_000);

  test('purge stops before damage in one chain, says so, and goes on with the others', async () => {
    const place = await newPlace(server);
    for (const replica of ['one', 'two']) {
      const log = await place.open(replica, { ...clock(may) });
      for (let at = 0; at < 900; at += 1) log.record(note(at));
      await log.close();
    }
    await server.sql(
      place.name,
      `alter table chaperone_audit.event disable trigger all;
       update chaperone_audit.event set body = convert_to(replace(convert_from(body, 'UTF8'), ' xxx', ' yxx'), 'UTF8')
       where origin = 'glow.example/one' and n = 9;
       alter table chaperone_audit.event enable trigger all`,
    );
    const request = { before: Date.UTC(2021, 0, 1), rule: 'retention', by: 'user:ann' };
    const report = await place.atDesk((desk) => desk.purge(request), clock(may + 86_400_000));
    expect(report.stopped).toBe('damaged');
    expect(new Set(report.purged.map(({ log }) => log))).toEqual(new Set(['glow.example/two']));
    const verified = await place.verify();
    expect(verified.verdict).toBe('corrupt');
    expect(verified.sentence).toContain('glow.example/one');
  }, 60_000);

  test('E14: a desk whose clock is ten years ahead of every replica destroys nothing', async () => {
    const place = await newPlace(server);
    const log = await place.open('one', { ...clock(may) });
    calls(log, 8, ann);
    await log.close();
    const wrong = clock(may + 3653 * 86_400_000);
    const old = { before: Date.UTC(2026, 0, 1), rule: 'retention', by: 'user:ann' };
    // The second time too: by then the wrong clock has dated records of its own.
    for (let tried = 0; tried < 2; tried += 1) {
      await expect(place.atDesk((desk) => desk.purge(old), wrong)).rejects.toMatchObject({ code: 'CLOCK_DOUBT' });
    }
    const month = { beforeMonth: '2026-01', rule: 'content', by: 'user:ann' };
    await expect(place.atDesk((desk) => desk.expire(month), wrong)).rejects.toMatchObject({ code: 'CLOCK_DOUBT' });
    expect((await place.show({ keys: testKeys, caller: ann })).some(({ unreadable }) => unreadable)).toBe(false);
  });

  test('expire destroys the keys of old months, but not of whom a hold is on', async () => {
    const place = await newPlace(server);
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
