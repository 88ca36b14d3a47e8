import { randomBytes } from 'node:crypto';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { parseSubjectFile } from '../../src/audit/keyring-file.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { allBytes, openLog, temporaryDirectory, testKeys, writeLog } from './support/log.ts';

let directory: string;
let path: string;
let audit: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'audit.key');
  audit = join(directory, 'audit');
});

afterEach(() => rm(directory, { recursive: true }));

describe('[E10] a key file', () => {
  test('is made with mode 0400 and never overwritten', async () => {
    await createKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o400);
    const before = await readFile(path);
    await expect(createKeyFile(path)).rejects.toMatchObject({ code: 'KEY_EXISTS', exitCode: 78 });
    expect(await readFile(path)).toEqual(before);
  });

  test('may be base64 or hex', async () => {
    const key = randomBytes(32);
    await writeFile(path, key.toString('base64'), { mode: 0o400 });
    await writeLog(audit, 2, { keys: await openKeyFile(path) });
    await rm(path);
    await writeFile(path, `${key.toString('hex')}\n`, { mode: 0o600 });
    const shown = await showLog(audit, { keys: await openKeyFile(path) });
    expect(shown.some((record) => record.sealed?.['caller'] === '+15125550143')).toBe(true);
  });

  test('that is missing, too short, too long, not a key or open to others is refused in words', async () => {
    await expect(openKeyFile(path)).rejects.toMatchObject({ code: 'KEY_MISSING', exitCode: 78 });
    for (const content of [
      '',
      randomBytes(31).toString('base64'),
      randomBytes(33).toString('hex'),
      'not a key at all!',
    ]) {
      await writeFile(path, content, { mode: 0o400 });
      await expect(openKeyFile(path)).rejects.toMatchObject({ code: 'KEY_LENGTH', exitCode: 78 });
      await rm(path);
    }
    for (const mode of [0o440, 0o404, 0o620]) {
      await createKeyFile(path);
      await chmod(path, mode);
      await expect(openKeyFile(path)).rejects.toMatchObject({ code: 'KEY_EXPOSED', exitCode: 78 });
      await rm(path, { force: true });
    }
  });

  test('never shows in an error', async () => {
    const key = randomBytes(33).toString('base64');
    await writeFile(path, key, { mode: 0o400 });
    const fault: unknown = await openKeyFile(path).catch((error: unknown) => error);
    expect(String(fault)).not.toContain(key.slice(0, 8));
  });
});

describe('a key in a variable', () => {
  test('is refused when it is not set or has the wrong length', () => {
    expect(() => openKeyVariable('AUDIT_KEY', undefined)).toThrow('The variable AUDIT_KEY is not set');
    expect(() => openKeyVariable('AUDIT_KEY', 'abcd')).toThrow('3 bytes long');
  });
});

describe('[E10] the keys of a log', () => {
  test('that are not the right ones refuse the start, and nothing is written', async () => {
    await writeLog(audit, 4);
    const before = await allBytes(audit);
    const other = openKeyVariable('AUDIT_KEY', randomBytes(32).toString('base64'));
    await expect(openLog(audit, { keys: other })).rejects.toMatchObject({ code: 'KEY_WRONG', exitCode: 78 });
    await expect(showLog(audit, { keys: other })).rejects.toMatchObject({ code: 'KEY_WRONG' });
    expect(await allBytes(audit)).toEqual(before);
  });

  test('that are gone refuse the start instead of beginning anew', async () => {
    await writeLog(audit, 4);
    await rm(join(audit, 'keys'), { recursive: true });
    await expect(openLog(audit)).rejects.toMatchObject({ code: 'KEY_MISSING', exitCode: 78 });
    expect((await verifyLog(audit)).exitCode).toBe(0);
  });

  test('that are damaged refuse the start', async () => {
    await writeLog(audit, 4);
    await writeFile(join(audit, 'keys', 'sys.json'), '{"version":1}');
    await expect(openLog(audit)).rejects.toMatchObject({ code: 'KEY_CORRUPT' });
  });

  test('of another log do not open this one', async () => {
    await writeLog(audit, 4);
    const other = join(directory, 'other');
    const { log } = await openLog(other, { origin: 'another.example/1' });
    await log.close();
    await writeFile(join(audit, 'keys', 'sys.json'), await readFile(join(other, 'keys', 'sys.json')));
    await expect(openLog(audit)).rejects.toMatchObject({ code: 'KEY_WRONG' });
  });

  test('differ by caller and month: one file a caller, one key a month, one reference', async () => {
    const november = Date.UTC(2026, 10, 30, 23, 59, 59, 990);
    let time = november;
    const { log } = await openLog(audit, { now: () => (time += 1) });
    for (const caller of ['+15125550143', '+15125550144']) {
      log.record({ kind: 'call.admit', call: 'a', caller, actor: 'system', outcome: 'ok' });
    }
    await log.settled();
    time = Date.UTC(2026, 11, 1);
    log.record({ kind: 'call.admit', call: 'b', caller: '+15125550143', actor: 'system', outcome: 'ok' });
    await log.close();
    const files = [...(await allBytes(join(audit, 'keys', 'dir'))).values()].map((bytes) =>
      parseSubjectFile(bytes.toString()),
    );
    const months = files.map((file) => file?.epochs.map((epoch) => epoch.month).join(' '));
    expect(new Set(months)).toEqual(new Set(['2026-11', '2026-11 2026-12']));
    const shown = await showLog(audit, { keys: testKeys, caller: '+15125550143' });
    expect(new Set(shown.map((record) => record.members['s'])).size).toBe(1);
    expect(shown.filter((record) => record.sealed !== undefined)).toHaveLength(2);
  });
});
