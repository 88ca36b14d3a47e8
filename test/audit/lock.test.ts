import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../src/audit/durable.ts';
import { parseObject } from '../../src/audit/json.ts';
import { takeLock, type Lock } from '../../src/audit/lock.ts';
import { openLog, temporaryDirectory } from './support/log.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'LOCK');
});

afterEach(() => rm(directory, { recursive: true }));

function take(nonce: string, now = Date.now()): Promise<Lock> {
  return takeLock({ files: nodeFiles, path, nonce, now, settle: 10 });
}

/** The lock of this process, changed as if another one had written it. */
async function rewriteLock(change: Record<string, unknown>): Promise<void> {
  await writeFile(path, JSON.stringify({ ...parseObject(await readFile(path, 'utf8')), ...change }));
}

describe('[E9] the lock', () => {
  test('refuses a second writer while the first lives, and lets it in afterwards', async () => {
    const first = await take('one');
    await expect(take('two')).rejects.toMatchObject({ code: 'AUDIT_LOCKED', exitCode: 75 });
    await first.release();
    await (await take('two')).release();
  });

  test('refuses a second log on the same directory', async () => {
    const { log } = await openLog(join(directory, 'audit'));
    await expect(openLog(join(directory, 'audit'))).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    await log.close();
    const again = await openLog(join(directory, 'audit'));
    await again.log.close();
  });

  test('is taken over from a process that is dead', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('close', resolve));
    await take('one');
    await rewriteLock({ pid: dead.pid });
    await expect(take('two')).resolves.toBeDefined();
  });

  test('is taken over from an earlier run of the machine, and from a later process of the same number', async () => {
    await take('one');
    await rewriteLock({ boot: 'another boot' });
    await take('two');
    await rewriteLock({ started: '1' });
    await expect(take('three')).resolves.toBeDefined();
  });

  test('of another container counts for thirty seconds after its last sign', async () => {
    const first = await take('one');
    await first.renew(Date.now());
    await rewriteLock({ space: '1' });
    await expect(take('two')).rejects.toMatchObject({ code: 'AUDIT_LOCKED' });
    await (await take('two', Date.now() + 40_000)).release();
  });

  test('tells a holder that lost it', async () => {
    const first = await take('one');
    await rewriteLock({ boot: 'another boot' });
    const second = await take('two');
    await expect(first.renew(Date.now())).rejects.toMatchObject({ code: 'AUDIT_LOCK_LOST' });
    await first.release();
    await second.renew(Date.now());
    await second.release();
  });

  test('that cannot be read is taken over', async () => {
    await writeFile(path, '{"pid":');
    await expect(take('one')).resolves.toBeDefined();
  });
});
