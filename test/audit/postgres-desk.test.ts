/** Acts of people on a database: interrupted between record and deed, and through the command. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpireRequest } from '../../src/audit/expire.ts';
import { parseObject } from '../../src/audit/json.ts';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { AuditFault } from '../../src/audit/log.ts';
import { withCustody } from '../../src/audit/open-custody.ts';
import { verifyPlace } from '../../src/audit/place.ts';
import { rotateLog, type Rotation } from '../../src/audit/rotate.ts';
import type { ShownRecord } from '../../src/audit/show.ts';
import { clock, temporaryDirectory, testKeys } from './support/log.ts';
import { startPostgres, type TestServer } from './support/postgres.ts';
import { ann, bob, calls, cutOff, newPlace, standStill, stands, type Place } from './support/postgres-place.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

const ofKind = (shown: readonly ShownRecord[], kind: string): ShownRecord[] =>
  shown.filter(({ members }) => members['k'] === kind);

/** What became of work that is cut off. */
const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (fault: unknown) => fault,
  );

describe('content that expires', () => {
  const may = Date.UTC(2020, 4, 1);
  const request: ExpireRequest = { beforeMonth: '2020-06', rule: 'content', by: 'user:ann' };

  async function oldPlace(): Promise<Place> {
    const place = await newPlace(server);
    const log = await place.open('one', { ...clock(may) });
    for (const caller of [ann, bob]) calls(log, 4, caller);
    await log.close();
    return place;
  }

  let later = may + 34 * 86_400_000;
  const expire = (place: Place): Promise<unknown> =>
    withCustody({ directory: '', address: place.desk, keys: testKeys, ...clock((later += 1000)) }, (desk) =>
      desk.expire(request),
    );
  const phases = async (place: Place): Promise<unknown[]> =>
    ofKind(await place.show({}), 'key.destroy').map(({ members }) => [members['f'], members['q']]);
  const keys = async (place: Place): Promise<number> =>
    (await server.sql(place.name, 'select * from chaperone_audit.caller_key')).rows.length;
  const phase = (name: string): unknown => ({ before: '2020-06', rule: 'content', phase: name });

  test('is on record before a key goes: cut off there, nothing is gone, and a second run does it', async () => {
    const place = await oldPlace();
    const release = await standStill(server, place, 'lock table caller_key in row exclusive mode');
    const cut = outcomeOf(expire(place));
    await stands(server, place);
    expect(await phases(place)).toEqual([[phase('begin'), { callers: 2 }]]);
    await cutOff(server, place);
    expect(await cut).toBeInstanceOf(AuditFault);
    await release();
    expect(await keys(place)).toBe(2);
    expect((await place.show({ keys: testKeys })).filter(({ unreadable }) => unreadable)).toEqual([]);
    expect(await expire(place)).toEqual({ keys: 2, callers: 2, held: 0 });
    expect(await keys(place)).toBe(0);
    expect(await phases(place)).toEqual([
      [phase('begin'), { callers: 2 }],
      [phase('begin'), { callers: 2 }],
      [phase('done'), { keys: 2, callers: 2, held: 0 }],
    ]);
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
  });

  test('cut off behind it: the beginning is on record, and a second run says that it is done', async () => {
    const place = await oldPlace();
    const release = await standStill(server, place, 'lock table caller_key in row exclusive mode');
    const cut = outcomeOf(expire(place));
    await stands(server, place);
    const releaseHead = await standStill(server, place, 'select from head for update');
    await release();
    await expect.poll(() => keys(place)).toBe(0);
    await stands(server, place);
    await cutOff(server, place);
    expect(await cut).toBeInstanceOf(AuditFault);
    await releaseHead();
    expect(await phases(place)).toEqual([[phase('begin'), { callers: 2 }]]);
    expect(await expire(place)).toEqual({ keys: 0, callers: 0, held: 0 });
    expect(await phases(place)).toEqual([
      [phase('begin'), { callers: 2 }],
      [phase('done'), { keys: 0, callers: 0, held: 0 }],
    ]);
    expect(await place.verify()).toMatchObject({ verdict: 'ok' });
  });

  test('is refused to a replica before anything is on record', async () => {
    const place = await oldPlace();
    const log = await place.open('one', { ...clock((later += 1000)) });
    await expect(log.expire(request)).rejects.toMatchObject({ code: 'AUDIT_ROLE', exitCode: 78 });
    await log.close();
    expect(await phases(place)).toEqual([]);
  });
});

describe('rotation of the keys of all writers', () => {
  const next = openKeyVariable('NEXT_KEY', randomBytes(32).toString('base64'));
  const callers = ['+15125550101', '+15125550102', '+15125550103', '+15125550104', '+15125550105'];

  async function writtenPlace(): Promise<Place> {
    const place = await newPlace(server);
    for (const replica of ['one', 'two']) {
      const log = await place.open(replica);
      for (const caller of callers) calls(log, 4, caller);
      await log.close();
    }
    return place;
  }

  const rotate = (place: Place): Promise<Rotation> =>
    rotateLog({ directory: '', address: place.desk, keys: testKeys, next, by: 'user:ann', ...clock() });
  const readable = async (place: Place, keys: typeof next): Promise<number> => {
    const shown = ofKind(await place.show({ keys }), 'call.admit');
    return shown.filter(({ sealed }) => sealed?.['callSid'] === 'CA0').length;
  };
  const wrappedBy = async (place: Place): Promise<string[]> =>
    (await server.sql(place.name, 'select distinct kek from chaperone_audit.caller_key')).rows.map(({ kek }) => kek);

  async function assertRotated(place: Place, { to }: Rotation): Promise<void> {
    expect(await wrappedBy(place)).toEqual([to]);
    expect(await readable(place, next)).toBe(2 * callers.length);
    await expect(place.show({ keys: testKeys })).rejects.toMatchObject({ code: 'KEY_WRONG' });
    expect(await verifyPlace({ directory: '', address: place.address }, { keys: next })).toMatchObject({
      verdict: 'ok',
    });
    // The replicas go on with the new key, and know their callers.
    await expect(place.open('one')).rejects.toMatchObject({ code: 'KEY_WRONG', exitCode: 78 });
    const log = await place.open('one', { keys: next });
    calls(log, 4, callers[0] ?? '');
    await log.close();
    const of = await place.show({ keys: next, caller: callers[0] ?? '' });
    expect(new Set(of.map(({ members }) => members['s'])).size).toBe(1);
    expect(ofKind(of, 'call.admit')).toHaveLength(3);
  }

  test('opens everything with the new key and nothing with the old one, and is on record', async () => {
    const place = await writtenPlace();
    const [before = ''] = await wrappedBy(place);
    expect(await readable(place, testKeys)).toBe(2 * callers.length);
    const rotation = await rotate(place);
    expect(rotation).toEqual({ from: before, to: expect.not.stringMatching(before), subjects: callers.length });
    await assertRotated(place, rotation);
    expect(ofKind(await place.show({}), 'key.rotate')).toMatchObject([
      { members: { a: 'user:ann', q: { callers: callers.length }, f: { from: before, to: rotation.to } } },
    ]);
  });

  test('is refused while a replica runs, and no replica starts while it runs', async () => {
    const place = await writtenPlace();
    const log = await place.open('one');
    await expect(rotate(place)).rejects.toMatchObject({ code: 'AUDIT_LOCKED', exitCode: 75 });
    await log.close();
    const release = await standStill(server, place, 'lock table caller_key in share mode');
    const rotating = rotate(place);
    await stands(server, place);
    await expect(place.open('one')).rejects.toMatchObject({ code: 'AUDIT_LOCKED', exitCode: 75 });
    await release();
    await assertRotated(place, await rotating);
  });

  test.each([
    ['at the first caller', 'select from caller_key order by name limit 1 for update'],
    ['at the third caller', 'select from caller_key order by name offset 2 limit 1 for update'],
    ['before the log can open its own keys with the new one', 'select from key_file for update'],
    ['behind the last caller, before it is on record', 'lock table head in share mode'],
  ])('cut off %s is completed by a second run', async (_where, lock) => {
    const place = await writtenPlace();
    const release = await standStill(server, place, lock);
    const cut = outcomeOf(rotate(place));
    await stands(server, place);
    await cutOff(server, place);
    expect(await cut).toBeInstanceOf(AuditFault);
    await release();
    expect(ofKind(await place.show({}), 'key.rotate')).toEqual([]);
    const rotation = await rotate(place);
    await assertRotated(place, rotation);
    expect(ofKind(await place.show({}), 'key.rotate')).toHaveLength(1);
  });
});

describe('a correction, through the command', { timeout: 120_000 }, () => {
  const main = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));
  let folder: string;
  let key: string;

  beforeAll(async () => {
    folder = await temporaryDirectory();
    key = join(folder, 'key');
    await createKeyFile(key);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const audit = (...args: string[]): Promise<{ code: number; out: string; errors: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, ['--import', 'tsx', main, 'audit', ...args], (_error, out, errors) =>
        resolve({ code: child.exitCode ?? -1, out, errors }),
      );
    });

  test('is appended to the log of the desk, beside a running replica, and stands with its record', async () => {
    const place = await newPlace(server);
    const keys = await openKeyFile(key);
    const log = await place.open('one', { keys });
    calls(log, 4, ann);
    await log.settled();
    const [admitted] = ofKind(await place.show({ keys, caller: ann }), 'call.admit');
    const record = String(admitted?.index);
    const correct = (url: string, ...more: string[]): ReturnType<typeof audit> =>
      audit('correct', url, '--record', record, '--keys', key, '--as', 'ann', ...more);

    const note = 'it was her daughter who called';
    expect(await correct(place.writer, '--note', note)).toEqual({
      code: 0,
      out: `Appended to record ${record}: correction.\n`,
      errors: '',
    });
    // From here on there are two logs: which one is meant must be said.
    expect(await correct(place.owner, '--note', note)).toMatchObject({
      code: 64,
      errors: expect.stringContaining('--log'),
    });
    const one = ['--log', 'glow.example/one'];
    const denial = await correct(
      place.owner,
      ...one,
      '--what',
      'denial',
      '--note',
      'heard again: it is right',
      '--json',
    );
    expect(parseObject(denial.out)).toMatchObject({ record: Number(record), what: 'denial' });
    expect(
      await audit('correct', place.owner, ...one, '--record', '99999', '--note', note, '--keys', key),
    ).toMatchObject({
      code: 5,
    });

    const shown = await place.show({ keys, caller: ann });
    expect(ofKind(shown, 'call.admit')[0]?.amendments).toMatchObject([
      { what: 'correction', by: 'user:ann', note },
      { what: 'denial', note: 'heard again: it is right' },
    ]);
    const inClear = await server.sql(
      place.name,
      `select convert_from(body, 'UTF8') as body from chaperone_audit.event`,
    );
    expect(inClear.rows.filter(({ body }) => body.includes('record.amend'))).toHaveLength(2);
    expect(JSON.stringify(inClear.rows)).not.toContain('daughter');
    expect((await audit('show', place.owner, '--caller', ann, '--keys', key)).out).toContain(note);

    expect(await audit('erase', place.owner, '--caller', ann, '--keys', key)).toMatchObject({ code: 0 });
    expect(await correct(place.owner, ...one, '--note', 'again')).toMatchObject({ code: 65 });
    const after = await place.show({ keys });
    expect(ofKind(after, 'call.admit')[0]?.amendments?.[0]).not.toHaveProperty('note');
    await log.close();
    expect(await audit('verify', place.reader)).toMatchObject({ code: 0 });
  });
});
