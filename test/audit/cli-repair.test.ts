import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseObject } from '../../src/audit/json.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { openFileLog } from '../../src/audit/open.ts';
import { runVerb, type VerbResult } from '../server/cli/verb.ts';
import { eventNumber, segmentOne, temporaryDirectory } from './support/log.ts';

let place: string;
let audit: string;
let key: string;

const run = (...words: string[]): Promise<VerbResult> => runVerb(['audit', ...words]);

beforeAll(async () => {
  place = await temporaryDirectory();
  audit = join(place, 'audit');
  key = join(place, 'key');
  await createKeyFile(key);
  const log = await openFileLog({
    directory: audit,
    keys: await openKeyFile(key),
    origin: 'glow.example/1',
    practice: 'Glow',
    now: () => Date.now(),
    monotonic: () => performance.now(),
  });
  for (let at = 0; at < 12; at += 1) log.record(eventNumber(at));
  await log.close();
});

afterAll(() => rm(place, { recursive: true }));

describe('chaperone audit', { timeout: 120_000 }, () => {
  test('correct appends to a record, beside which show gives it', async () => {
    const record = ['--record', '4', '--keys', key, '--as', 'ann'];
    expect(await run('correct', audit, ...record, '--note', 'it was her daughter')).toMatchObject({
      code: 0,
      out: 'Appended to record 4: correction.\n',
    });
    const denied = await run('correct', audit, ...record, '--what', 'denial', '--note', 'heard again', '--json');
    expect(parseObject(denied.out)).toMatchObject({ record: 4, what: 'denial' });
    const shown = await run('show', audit, '--keys', key);
    expect(shown.out).toMatch(
      /\n +correction of .* by user:ann \(record \d+\): it was her daughter\n +denial of .*: heard again\n/,
    );
    expect(await run('correct', audit, '--record', '900', '--keys', key, '--note', 'x')).toMatchObject({ code: 5 });
    expect((await run('correct', '--help')).out).toContain('164.526');
  });

  test('rotate --signing prints the new public key, and both keys verify', async () => {
    const old = /"vkey":"([^"]+)"/.exec(await readFile(join(audit, 'log.json'), 'utf8'))?.[1] ?? '';
    const rotated = await run('rotate', audit, '--signing', '--keys', key, '--as', 'ann');
    expect(rotated.code).toBe(0);
    const fresh = rotated.out.trim().split('\n').at(-1) ?? '';
    expect(fresh).toMatch(/^glow\.example\/1\+[0-9a-f]{8}\+/);
    for (const vkey of [old, fresh]) expect(await run('verify', audit, '--vkey', vkey)).toMatchObject({ code: 0 });
  });

  test('repair says the price, does it with consent, and verify says it for ever', async () => {
    expect(await run('repair', audit, '--keys', key)).toMatchObject({ code: 0, out: expect.stringMatching(/^OK {2}/) });
    const segment = join(audit, 'seg', segmentOne);
    const bytes = await readFile(segment);
    const at = bytes.indexOf('"n":6,');
    bytes[at + 40] = (bytes[at + 40] ?? 0) ^ 1;
    await writeFile(segment, bytes);
    const planned = await run('repair', audit, '--keys', key);
    expect(planned).toMatchObject({
      code: 3,
      out: expect.stringContaining('A repair would lose 1 records. To do it: --accept-loss'),
    });
    const done = await run(
      'repair',
      audit,
      '--keys',
      key,
      '--accept-loss',
      '--as',
      'ann',
      '--note',
      'a disk',
      '--json',
    );
    expect(done.code).toBe(0);
    expect(parseObject(done.out)).toMatchObject({ outcome: 'repaired', lost: 1 });
    const verified = await run('verify', audit);
    expect(verified).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^BROKEN, REPAIRED {2}The log was broken at record \d+ on .* by user:ann: 1 record lost or unreadable\./,
      ),
    });
    expect(await run('verify', audit, '--strict')).toMatchObject({ code: 3 });
    const json = parseObject((await run('verify', audit, '--json')).out);
    expect(json).toMatchObject({ verdict: 'broken', exitCode: 0, breaks: [{ by: 'user:ann', lost: 1 }] });
    expect((await run('repair', '--help')).out).toMatch(/Exit codes:[^]*Examples:/);
  });
});
