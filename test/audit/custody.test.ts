import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Custody } from '../../src/audit/custody.ts';
import { nodeFiles } from '../../src/audit/durable.ts';
import type { FileLog } from '../../src/audit/file-log.ts';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { withCustody } from '../../src/audit/open-custody.ts';
import { showLog } from '../../src/audit/show.ts';
import { Spool } from '../../src/audit/spool.ts';
import { allBytes, eventNumber, openLog, temporaryDirectory, testKeys } from './support/log.ts';

let directory: string;
let audit: string;
let log: FileLog;
const by = 'user:ann';

beforeEach(async () => {
  directory = await temporaryDirectory();
  audit = join(directory, 'audit');
  ({ log } = await openLog(audit, { now: () => Date.now(), monotonic: () => performance.now() }));
  for (let at = 0; at < 8; at += 1) log.record(eventNumber(at, at < 4 ? '+15125550143' : '+15125550188'));
  await log.settled();
});

afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true });
});

function custody<T>(work: (custody: Custody) => Promise<T>): Promise<T> {
  return withCustody(
    { directory: audit, keys: testKeys, now: () => Date.now(), monotonic: () => performance.now() },
    work,
  );
}

describe('a command beside a running log', () => {
  test('erases, holds, proves and records a reading through the process that writes', async () => {
    const before = log.size;
    const hold = await custody((desk) => desk.hold({ caller: '+15125550188', matter: 'case 9', by }));
    expect(await custody((desk) => desk.holds())).toEqual([hold]);
    expect(await custody((desk) => desk.erase({ caller: '+15125550143', by }))).toMatchObject({
      outcome: 'erased',
      records: 5,
    });
    expect(await custody((desk) => desk.release(hold.id, by))).toEqual(hold);
    const { size } = await custody((desk) =>
      desk.gate({
        kind: 'access.read',
        actor: by,
        outcome: 'ok',
        action: 'R',
        purpose: 'HOPERAT',
        facts: { query: 'show' },
      }),
    );
    expect(size).toBe(log.size);
    expect((await custody((desk) => desk.prove(2))).body).toContain('"n":2,');
    expect(await custody((desk) => desk.purge({ before: 0, rule: 'none', by }))).toEqual({
      purged: [],
      stopped: 'open',
    });
    expect(await custody((desk) => desk.expire({ beforeMonth: '2020-01', rule: 'none', by }))).toMatchObject({
      keys: 0,
    });
    expect(log.size).toBeGreaterThan(before + 5);
    const kinds = (await showLog(audit)).map((record) => record.members['k']);
    expect(kinds).toEqual(
      expect.arrayContaining(['hold.set', 'erase.done', 'hold.clear', 'access.read', 'key.destroy']),
    );
  });

  test('gets the fault of what cannot be done', async () => {
    await expect(custody((desk) => desk.release('nothing', by))).rejects.toMatchObject({
      code: 'HOLD_UNKNOWN',
      exitCode: 65,
    });
  });

  test('may record that somebody read, and nothing that a call does', async () => {
    const call = custody((desk) => desk.gate({ kind: 'call.end', actor: 'system', outcome: 'ok' }));
    await expect(call).rejects.toMatchObject({ code: 'CUSTODY_REQUEST' });
  });

  test('leaves neither the request nor the answer, nor a number that could be read', async () => {
    const asked = custody((desk) => desk.erase({ caller: '+15125550143', by }));
    const seen = await allBytes(audit);
    await asked;
    for (const bytes of [...seen.values(), ...(await allBytes(audit)).values()])
      expect(bytes.includes('5550143')).toBe(false);
    expect(await readdir(join(audit, 'requests'))).toEqual([]);
  });

  test('with another key is refused before it asks', async () => {
    const keys = openKeyVariable('OTHER', randomBytes(32).toString('base64'));
    const clocks = { now: () => Date.now(), monotonic: () => performance.now() };
    const asked = withCustody({ directory: audit, keys, ...clocks }, (desk) => desk.holds());
    await expect(asked).rejects.toMatchObject({ code: 'KEY_WRONG' });
  });
});

describe('the spool', () => {
  test('does nothing for a request that nobody with the key made, or that is old', async () => {
    const handled: unknown[] = [];
    const key = randomBytes(32);
    const spool = join(directory, 'spool');
    await mkdir(spool);
    let now = 1_000_000;
    const server = new Spool({ files: nodeFiles, directory: spool, key, now: () => now });
    server.serve(5, (request) => {
      handled.push(request['verb']);
      return Promise.resolve('done');
    });
    await writeFile(join(spool, '0123456789abcdef.request'), 'AAAA');
    const stranger = new Spool({ files: nodeFiles, directory: spool, key: randomBytes(32), now: () => now });
    await expect(stranger.ask({ verb: 'foreign' }, 200)).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    const early = new Spool({ files: nodeFiles, directory: spool, key, now: () => now - 100_000 });
    await expect(early.ask({ verb: 'old' }, 200)).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    now += 1;
    const client = new Spool({ files: nodeFiles, directory: spool, key, now: () => now });
    expect(await client.ask({ verb: 'fresh' }, 2_000)).toBe('done');
    expect(handled).toEqual(['fresh']);
    server.stop();
  });
});

describe('a command on a log that nobody holds', () => {
  test('opens it itself, and never makes one', async () => {
    await log.close();
    expect(await custody((desk) => desk.erase({ caller: '+15125550143', by }))).toMatchObject({ outcome: 'erased' });
    const nothing = { directory: join(directory, 'none'), keys: testKeys, now: () => 0, monotonic: () => 0 };
    await expect(withCustody(nothing, (desk) => desk.holds())).rejects.toMatchObject({
      code: 'AUDIT_MISSING',
      exitCode: 66,
    });
    expect(await readdir(directory)).toEqual(['audit']);
  });
});
