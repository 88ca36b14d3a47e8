/** Retention of a log that is damaged: it stops until somebody accepts the loss, then it goes on, and the loss is told for ever. */
import { describe, expect, test } from 'vitest';
import type { FileLog } from '../../src/audit/file-log.ts';
import { proveRecord } from '../../src/audit/prove.ts';
import type { PurgeReport } from '../../src/audit/purge.ts';
import { repairLog, type RepairOptions } from '../../src/audit/repair.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { changeBytes, segmentPath, segmentPaths, startOf } from './support/forge.ts';
import { clock, eventNumber, openLog, testKeys } from './support/log.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 10, 12);
const by = 'user:ann';
const rule = 'retention 30 days';

/** Days of calls, a segment a day, the last day open. What is closed is not read again when the log opens. */
async function write(disk: Disk, from: number, to: number): Promise<void> {
  const time = clock(start + from * day);
  const { log } = await openLog('/log', { files: disk, ...time, limits: { checkedBytes: 0 } });
  for (let number = from; number < to; number += 1) {
    time.set(start + number * day);
    for (let at = 0; at < 20; at += 1) log.record(eventNumber(number * 20 + at, `+1512555${1000 + number}`));
    await log.settled();
  }
  await log.close();
}

async function onDay<T>(disk: Disk, number: number, work: (log: FileLog) => Promise<T>): Promise<T> {
  const { log } = await openLog('/log', { files: disk, ...clock(start + number * day), limits: { checkedBytes: 0 } });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

const request = (days: number): { before: number; rule: string; by: string } => ({
  before: start + days * day,
  rule,
  by,
});
const purge = (disk: Disk, number: number, days: number): Promise<PurgeReport> =>
  onDay(disk, number, (log) => log.purge(request(days)));
const verdict = async (disk: Disk): Promise<unknown> => {
  const { verdict: found, sentence } = await verifyLog('/log', { files: disk });
  return found === 'ok' || found === 'broken' ? found : `${found}: ${sentence}`;
};

/** Spoils records of a segment: as many as are named. */
function spoil(disk: Disk, segment: number, ...records: number[]): void {
  changeBytes(disk, segmentPath(disk, segment), (bytes) => {
    const places = records.map((record) => startOf(bytes, record));
    for (const at of places) bytes.fill(0x21, at, at + 30);
    return bytes;
  });
}

function dropTiles(disk: Disk): void {
  for (const path of disk.paths()) if (path.includes('/tile/')) disk.remove(path);
}

async function repair(disk: Disk, number: number): Promise<number> {
  const options: RepairOptions = {
    directory: '/log',
    files: disk,
    keys: testKeys,
    by,
    acceptLoss: true,
    ...clock(start + number * day),
  };
  return (
    await repairLog(options).catch(async (error: unknown) => {
      const size = /--accept-rollback (\d+)/.exec(String(error))?.[1];
      if (size === undefined) throw error;
      return repairLog({ ...options, acceptRollback: Number(size) });
    })
  ).record;
}

const damages: Record<string, (disk: Disk) => void> = {
  'one record': (disk) => spoil(disk, 2, 5),
  'records side by side whose hashes nobody knows': (disk) => {
    dropTiles(disk);
    spoil(disk, 2, 5, 6, 7);
  },
  'the opening of a segment': (disk) => spoil(disk, 3, 0),
  'the openings of two segments, whose hashes nobody knows': (disk) => {
    dropTiles(disk);
    spoil(disk, 2, 0, 1);
    spoil(disk, 3, 0, 1, 2);
  },
  'a segment that is missing': (disk) => disk.remove(segmentPath(disk, 2)),
  'the first segment, which is missing': (disk) => disk.remove(segmentPath(disk, 0)),
};

/** Without the tiles a start makes them anew, and finds that it cannot. */
const foundAtTheStart = (name: string): boolean => name.includes('nobody knows');

describe.each(Object.entries(damages))('an old log with damage: %s', (name, harm) => {
  async function damaged(): Promise<Disk> {
    const disk = new Disk();
    await write(disk, 0, 24);
    harm(disk);
    return disk;
  }

  test('is purged as far as it holds, and no further, and nothing is hidden', async () => {
    const disk = await damaged();
    if (foundAtTheStart(name)) {
      await expect(purge(disk, 24, 10)).rejects.toMatchObject({ code: 'AUDIT_MISSING' });
      return;
    }
    const report = await purge(disk, 24, 10);
    expect(report.stopped).toBe('damaged');
    expect(report.purged.length).toBeLessThanOrEqual(2);
    expect(await onDay(disk, 24, (log) => log.purge({ ...request(10), dryRun: true }))).toEqual({
      purged: [],
      stopped: 'damaged',
    });
    expect((await verifyLog('/log', { files: disk })).exitCode).toBeGreaterThan(1);
  });

  test('once somebody has accepted the loss, goes by its time, and the loss is told for ever', async () => {
    const disk = await damaged();
    const index = await repair(disk, 24);
    expect(await verdict(disk)).toBe('broken');
    const { breaks } = await verifyLog('/log', { files: disk });
    const plan = await onDay(disk, 25, (log) => log.purge({ ...request(10), dryRun: true }));
    const report = await purge(disk, 25, 10);
    expect(report).toEqual(plan);
    expect(report.stopped).toBe('young');
    expect(report.purged[0]?.first).toBe(0);
    const next = report.purged.at(-1)?.next ?? 0;
    expect(await verifyLog('/log', { files: disk })).toMatchObject({
      verdict: 'broken',
      purged: next,
      breaks,
      warnings: [],
    });
    const events = (await showLog('/log', { files: disk })).filter(({ members }) => members['k'] === 'retention.purge');
    expect(events).toHaveLength(report.purged.length);
    expect(events.filter(({ members }) => 'lost' in Object(members['q'])).length).toBe(1);

    // Years go by: the repair itself becomes old.
    await write(disk, 25, 60);
    expect(await verdict(disk)).toBe('broken');
    const later = await purge(disk, 60, 45);
    expect(later.purged.at(-1)?.next).toBeGreaterThan(index);
    const verified = await verifyLog('/log', { files: disk });
    expect(verified).toMatchObject({ verdict: 'broken', breaks, warnings: [] });
    expect(disk.paths().filter((path) => path.includes('/aside/'))).toEqual([]);
    expect(segmentPaths(disk)[0]).toContain(`${later.purged.at(-1)?.next.toString(16)}.cal`);
    await write(disk, 60, 62);
    expect(await verdict(disk)).toBe('broken');
    disk.remove(`/log/break/${index.toString(16).padStart(16, '0')}.cal`);
    expect(await verdict(disk)).toMatch(new RegExp(`tampered: Record ${index} said that the log was repaired`));
  });

  test('interrupted at any step, is finished by the next start', { timeout: 60_000 }, async () => {
    const base = await damaged();
    await repair(base, 24);
    const model = base.copy();
    const steps = await onDay(model, 25, async (log) => {
      const from = model.steps.length;
      await log.purge(request(4));
      return model.steps.length - from;
    });
    const left = segmentPaths(model);
    expect(left[0]).not.toBe(segmentPaths(base)[0]);
    for (let step = 0; step < steps; step += 5) {
      const disk = base.copy();
      const { log } = await openLog('/log', { files: disk, ...clock(start + 25 * day) });
      const begin = disk.steps.length;
      disk.fault = (at) => (at === begin + step ? 'crash' : 'none');
      await log.purge(request(4)).catch(() => undefined);
      const later = disk.afterKill();
      expect([step, await verdict(later)]).toEqual([step, 'broken']);
      await purge(later, 25, 4);
      expect([step, await verdict(later)]).toEqual([step, 'broken']);
      expect(segmentPaths(later)[0]).toBe(left[0]);
    }
  });
});

describe('an old log that was repaired', () => {
  test('by giving up what was signed: that stays told, and what was set aside goes by its time', async () => {
    const disk = new Disk();
    await write(disk, 0, 24);
    spoil(disk, -1, 0, 1, 2);
    dropTiles(disk);
    const index = await repair(disk, 24);
    const { breaks } = await verifyLog('/log', { files: disk });
    expect(breaks).toMatchObject([{ record: index }]);
    expect(disk.paths().filter((path) => path.includes('/aside/'))).toHaveLength(1);
    await write(disk, 25, 60);
    const report = await purge(disk, 60, 45);
    expect(report).toMatchObject({ stopped: 'young' });
    expect(report.purged.some(({ first }) => first === index)).toBe(true);
    expect(disk.paths().filter((path) => path.includes('/aside/'))).toEqual([]);
    // The notes over the records that were given up are still in checkpoints.log, and still excused.
    expect(await verifyLog('/log', { files: disk })).toMatchObject({ verdict: 'broken', breaks, warnings: [] });
    await write(disk, 61, 63);
    expect(await verdict(disk)).toBe('broken');
    const kept = `/log/break/${index.toString(16).padStart(16, '0')}.cal`;
    changeBytes(disk, kept, (bytes) => Buffer.from(bytes.toString().replace('user:ann', 'user:bob')));
    expect(await verdict(disk)).toMatch(/^tampered/);
  });

  test('stays under a hold on anybody: whose the lost records were nobody can tell', async () => {
    const disk = new Disk();
    await write(disk, 0, 24);
    spoil(disk, 1, 5);
    await repair(disk, 24);
    const hold = await onDay(disk, 25, (log) => log.hold({ caller: '+15125551023', matter: 'case 8', by }));
    const report = await purge(disk, 25, 10);
    expect(report.purged).toHaveLength(1);
    expect(report.stopped).toEqual(hold);
  });

  test('that is changed after its repair is not purged', async () => {
    const disk = new Disk();
    await write(disk, 0, 24);
    spoil(disk, 1, 5);
    await repair(disk, 24);
    spoil(disk, 1, 9);
    expect(await purge(disk, 25, 10)).toMatchObject({ purged: [{ first: 0 }], stopped: 'damaged' });
    expect(await verdict(disk)).toMatch(/^tampered/);
  });

  test('proves what came later by the hashes of what went, where they are known', async () => {
    const disk = new Disk();
    await write(disk, 0, 24);
    spoil(disk, 1, 5);
    await repair(disk, 24);
    const report = await purge(disk, 25, 10);
    const proven = await proveRecord('/log', (report.purged.at(-1)?.next ?? 0) + 5, disk);
    expect(proven.proof.split('\n').length).toBeGreaterThan(8);
  });
});
