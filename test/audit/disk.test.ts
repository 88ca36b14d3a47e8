import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFiles } from '../../src/audit/durable.ts';
import type { AuditFault } from '../../src/audit/log.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk, type Fault } from './support/disk.ts';
import { eventNumber, openLog, temporaryDirectory, writeLog } from './support/log.ts';

/** Writes until something fails; resolves to what was acknowledged and how it ended. */
async function writeUntilFault(
  disk: Disk,
  fault: (name: string, nth: number) => Fault,
): Promise<{ size: number; reason: AuditFault }> {
  const { log, faults } = await openLog('/log', { files: disk, limits: { segmentBytes: 40_000 } });
  let nth = 0;
  disk.fault = (_step, name) => fault(name, (nth += 1));
  let size = 0;
  for (let at = 0; !log.failed && at < 500; at += 1) {
    log.record(eventNumber(at));
    size = await log.settled().then(
      (settled) => settled.size,
      () => size,
    );
  }
  const [reason] = faults;
  if (reason === undefined) throw new Error('Nothing failed');
  expect(log.record(eventNumber(1))).toBe(false);
  await expect(log.settled()).rejects.toBe(reason);
  disk.fault = () => 'none';
  await log.close();
  return { size, reason };
}

const isSegment = (name: string): boolean => name.endsWith('.cal');

describe('[E3] a disk that fails', () => {
  const cases: Record<string, (name: string, nth: number) => Fault> = {
    'EIO on fsync, nothing synced': (name, nth) =>
      nth > 9 && name.startsWith('fdatasync') && isSegment(name) ? { code: 'EIO', when: 'before' } : 'none',
    'EIO on fsync, all synced': (name, nth) =>
      nth > 9 && name.startsWith('fdatasync') && isSegment(name) ? { code: 'EIO', when: 'after' } : 'none',
    '[E1] ENOSPC on write': (name, nth) =>
      nth > 9 && name.startsWith('write') && isSegment(name) ? { code: 'ENOSPC', when: 'before' } : 'none',
    '[E4] EROFS on write': (name, nth) =>
      nth > 9 && name.startsWith('write') && isSegment(name) ? { code: 'EROFS', when: 'before' } : 'none',
    '[E4] EACCES on a new segment': (name, nth) =>
      nth > 9 && name.startsWith('create') && name.includes('.cal') ? { code: 'EACCES', when: 'before' } : 'none',
  };
  for (const [title, fault] of Object.entries(cases)) {
    test(`${title}: ends the log for good, and what was acknowledged is there`, async () => {
      const disk = new Disk();
      const { size, reason } = await writeUntilFault(disk, fault);
      expect(reason).toMatchObject({ code: 'AUDIT_DISK', exitCode: 74 });
      expect(reason.message).toMatch(/EIO|ENOSPC|EROFS|EACCES/);
      for (const after of [disk.afterKill(), disk.afterCrash(() => 0.5)]) {
        const { log } = await openLog('/log', { files: after });
        expect(log.size).toBeGreaterThanOrEqual(size);
        await log.close();
        expect(await verifyLog('/log', { files: after })).toMatchObject({ exitCode: 0 });
      }
    });
  }

  test('[E1] short writes are gone on with', async () => {
    const disk = new Disk();
    disk.fault = () => 'short';
    await writeLog('/log', 60, { files: disk });
    expect(await verifyLog('/log', { files: disk })).toMatchObject({ exitCode: 0, warnings: [] });
  });

  test('[E1] a short write that is followed by a full disk acknowledges nothing that is not there', async () => {
    const disk = new Disk();
    let full = false;
    const { size } = await writeUntilFault(disk, (name, nth) => {
      if (!name.startsWith('write') || !isSegment(name)) return 'none';
      if (full) return { code: 'ENOSPC', when: 'before' };
      full = nth > 20;
      return full ? 'short' : 'none';
    });
    const after = disk.afterKill();
    const { log } = await openLog('/log', { files: after });
    expect(log.size).toBeGreaterThanOrEqual(size);
    await log.close();
  });

  test('a checkpoint that cannot be written ends the log too', async () => {
    const disk = new Disk();
    const { log, faults } = await openLog('/log', {
      files: disk,
      monotonic: () => performance.now(),
      limits: { checkpointPause: 0 },
    });
    disk.fault = (_step, name) => (name.includes('checkpoint') ? { code: 'ENOSPC', when: 'before' } : 'none');
    log.record({ kind: 'call.end', actor: 'system', outcome: 'ok' });
    await log.settled();
    await expect.poll(() => log.failed).toBe(true);
    expect(faults).toMatchObject([{ code: 'AUDIT_DISK' }]);
    await log.close();
  });
});

describe('a real file system', () => {
  test('[E4] a segment that is replaced under the writer is noticed before the next commit', async () => {
    const directory = await temporaryDirectory();
    const audit = join(directory, 'audit');
    const { log, faults } = await openLog(audit, { limits: { watchEvery: 0 } });
    renameSync(join(audit, 'seg'), join(audit, 'old'));
    mkdirSync(join(audit, 'seg'));
    log.record(eventNumber(1));
    await expect(log.settled()).rejects.toMatchObject({ code: 'AUDIT_REPLACED', exitCode: 74 });
    expect(faults).toHaveLength(1);
    await log.close();
    await rm(directory, { recursive: true });
  });

  test('a directory that cannot be made is refused in words', async () => {
    await expect(openLog('/proc/chaperone-audit')).rejects.toMatchObject({ code: 'AUDIT_DISK', exitCode: 74 });
  });

  test('[E1] a full file system of 256 KiB: what was acknowledged is there', async ({ skip }) => {
    const directory = await temporaryDirectory();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'ignore' });
    } catch {
      skip('mounting a file system needs the right to do so');
    }
    try {
      const { log } = await openLog(join(directory, 'audit'), { files: nodeFiles });
      let size = 0;
      for (let at = 0; !log.failed && at < 5_000; at += 1) {
        log.record(eventNumber(at));
        size = await log.settled().then(
          (settled) => settled.size,
          () => size,
        );
      }
      expect(log.failed).toBe(true);
      await log.close();
      const report = await verifyLog(join(directory, 'audit'));
      expect(report).toMatchObject({ verdict: 'ok' });
      expect(report.records).toBeGreaterThanOrEqual(size);
      expect(size).toBeGreaterThan(300);
    } finally {
      execFileSync('umount', [directory]);
      await rm(directory, { recursive: true });
    }
  });
});
