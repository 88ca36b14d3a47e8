import { beforeAll, describe, expect, test } from 'vitest';
import { AuditFault } from '../../src/audit/log.ts';
import { proveRecord } from '../../src/audit/prove.ts';
import { repairLog, type Repair, type RepairOptions } from '../../src/audit/repair.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import type { Disk } from './support/disk.ts';
import { changeBytes, segmentPath, segmentPaths, startOf, type Target } from './support/forge.ts';
import { forgeries } from './support/forgeries/index.ts';
import { clock, eventNumber, noteOf, openLog, testKeys } from './support/log.ts';
import { seeded } from './support/medium.ts';
import { makeTarget } from './support/target.ts';

let target: Target;

beforeAll(async () => {
  target = await makeTarget();
});

function repair(disk: Disk, options: Partial<RepairOptions> = {}): Promise<Repair> {
  const base = { directory: '/log', files: disk, keys: testKeys, by: 'user:ann', acceptLoss: true };
  return repairLog({ ...base, ...clock(), ...options });
}

/** Repairs with the consent that is asked for. */
async function repairWholly(disk: Disk, options: Partial<RepairOptions> = {}): Promise<Repair> {
  return repair(disk, options).catch((error: unknown) => {
    const size = /--accept-rollback (\d+)/.exec(String(error))?.[1];
    if (size === undefined) throw error;
    return repair(disk, { ...options, acceptRollback: Number(size) });
  });
}

/** Damages one bit of a record of a segment. */
function damage(disk: Disk, segment: number, record: number): void {
  changeBytes(disk, segmentPath(disk, segment), (bytes) => {
    const at = startOf(bytes, record) + 70;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  });
}

/** True when a file of the disk still begins with these bytes. */
function holds(disk: Disk, bytes: Buffer): boolean {
  return disk.paths().some((path) => disk.bytes(path).subarray(0, bytes.length).equals(bytes));
}

async function notesOf(disk: Disk): Promise<string[]> {
  const shown = await showLog('/log', { files: disk, keys: testKeys });
  return shown.flatMap(({ members }) => noteOf(members) ?? []);
}

/** What no repair can help: somebody with the key signed it, or `log.json` and the notes beside it must be put back. */
const beyondRepair = [
  'a segment under two names',
  'two notes over one size that disagree',
  'another log under the same name, wholly signed with its own key',
  'log.json with another time of creation',
  'log.json with another origin',
  'log.json with another key',
  'log.json removed',
  'an anchor of another log',
  'an anchor signed by another key',
  'a log that does not lead to the anchor',
  'a repair invented to hide the end of the log',
  'a signing key that nobody handed over to',
  'a signing key that says that the one before was lost',
  'a signing key that says that the one before was lost, to one who knows the old key',
];

describe('a forged log', () => {
  const repairable = forgeries.filter(({ name, of }) => of === undefined && !beyondRepair.includes(name));

  test.each(repairable.map((forgery) => [forgery.name, forgery] as const))(
    'with %s is taken into service again, and says so for ever',
    async (_name, forgery) => {
      const disk = target.disk.afterKill();
      const forged = { ...target, disk };
      forgery.forge(forged);
      const kept = new Map(segmentPaths(disk).map((path) => [path, disk.bytes(path)]));
      const given = forgery.given?.(forged) ?? {};
      const done = await repairWholly(disk, given.anchor === undefined ? {} : { anchor: given.anchor });
      const report = await verifyLog('/log', { files: disk, ...given });
      expect(report).toMatchObject({ exitCode: 0, verdict: done.outcome === 'caches' ? 'ok' : 'broken' });
      for (const bytes of kept.values()) expect(holds(disk, bytes)).toBe(true);
      const { log } = await openLog('/log', { files: disk });
      log.record(eventNumber(0));
      await log.close();
      const after = await verifyLog('/log', { files: disk });
      expect(after).toMatchObject({ exitCode: 0, warnings: [], breaks: report.breaks });
    },
  );

  test.each(beyondRepair)('with %s is refused in words', async (name) => {
    const disk = target.disk.afterKill();
    const forgery = forgeries.find((one) => one.name === name);
    if (forgery === undefined) throw new Error(`There is no forgery ${name}`);
    const forged = { ...target, disk };
    forgery.forge(forged);
    const anchor = forgery.given?.(forged).anchor;
    const before = disk.paths();
    const fault = await repairWholly(disk, anchor === undefined ? {} : { anchor }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(AuditFault);
    expect(disk.paths().filter((path) => path.includes('/seg/'))).toEqual(
      before.filter((path) => path.includes('/seg/')),
    );
  });
});

describe('a damaged record', () => {
  test('alone is lost: the tree that was signed goes on, and every other record is read and proven', async () => {
    const disk = target.disk.afterKill();
    damage(disk, 0, 5);
    damage(disk, -1, 3);
    const before = await notesOf(target.disk);
    const done = await repair(disk, { note: 'a disk was replaced' });
    expect(done).toMatchObject({ outcome: 'repaired', lost: 2 });
    expect(done.signed).toBeLessThanOrEqual(done.record);
    const report = await verifyLog('/log', { files: disk, anchor: target.anchor, vkey: target.vkey, keys: testKeys });
    expect(report).toMatchObject({ verdict: 'broken', exitCode: 0, warnings: [] });
    expect(report.sentence).toMatch(
      /^The log was broken at record \d+ on \d{4}-.* by user:ann: 2 records lost or unreadable\. All else is whole: /,
    );
    expect(report.breaks).toMatchObject([{ record: done.record, by: 'user:ann', lost: 2 }]);
    expect(report.breaks[0]?.found).toMatch(/^Record 5 .*hash of its header/);
    const after = await notesOf(disk);
    expect(before.filter((note) => !after.includes(note))).toHaveLength(2);
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    const said = shown.find(({ members }) => members['k'] === 'log.break');
    expect(said).toMatchObject({ index: done.record, sealed: { note: 'a disk was replaced' } });
    for (const index of [4, 6, done.record]) await proveRecord('/log', index, disk);
    await expect(proveRecord('/log', 5, disk)).rejects.toMatchObject({ code: 'AUDIT_MISSING' });
  });

  test('is planned first: without consent nothing is changed', async () => {
    const disk = target.disk.afterKill();
    damage(disk, 0, 5);
    const before = disk.copy();
    expect(await repair(disk, { acceptLoss: false })).toMatchObject({ outcome: 'planned', lost: 1 });
    for (const path of before.paths().filter((name) => !name.endsWith('LOCK'))) {
      expect(disk.bytes(path)).toEqual(before.bytes(path));
    }
  });

  test('in a whole log is not asked for', async () => {
    const disk = target.disk.afterKill();
    expect(await repair(disk)).toMatchObject({ outcome: 'whole', lost: 0 });
  });

  test('after a repair is found, and repaired again', async () => {
    const disk = target.disk.afterKill();
    damage(disk, 0, 5);
    const first = await repair(disk);
    damage(disk, 0, 8);
    expect(await verifyLog('/log', { files: disk })).toMatchObject({ exitCode: 2 });
    const second = await repair(disk);
    expect(second.record).toBeGreaterThan(first.record);
    const report = await verifyLog('/log', { files: disk });
    expect(report).toMatchObject({ verdict: 'broken', breaks: [{ record: first.record }, { record: second.record }] });
  });
});

describe('records that were signed and are gone', () => {
  test('are only given up by one who names how many there were', async () => {
    const disk = target.disk.afterKill();
    disk.remove(segmentPath(disk, -1));
    const refusal = await repair(disk).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'AUDIT_ROLLED_BACK', exitCode: 4 });
    const size = Number(/over (\d+) records/.exec(String(refusal))?.[1]);
    await expect(repair(disk, { acceptRollback: size - 1 })).rejects.toMatchObject({ code: 'AUDIT_ROLLED_BACK' });
    const done = await repair(disk, { acceptRollback: size });
    expect(done).toMatchObject({ outcome: 'repaired', signed: size, lost: size - done.record });
    const report = await verifyLog('/log', { files: disk, anchor: target.anchor });
    expect(report).toMatchObject({ verdict: 'broken', exitCode: 0 });
    expect(report.warnings).toEqual([
      expect.stringMatching(/^The anchor over \d+ records is of the tree that was given up/),
    ]);
  });

  test('of which only an anchor knows are named by it, and a larger anchor is still a roll-back', async () => {
    const disk = target.older.afterKill();
    const size = Number(target.anchor.split('\n')[1]);
    await expect(repair(disk, { anchor: target.anchor })).rejects.toMatchObject({ code: 'AUDIT_ROLLED_BACK' });
    await repair(disk, { anchor: target.anchor, acceptRollback: size });
    expect(await verifyLog('/log', { files: disk, anchor: target.anchor })).toMatchObject({ verdict: 'broken' });
    const later = target.sign(size + 5, Buffer.alloc(32, 1));
    expect(await verifyLog('/log', { files: disk, anchor: later })).toMatchObject({ verdict: 'rolled back' });
  });
});

test('a log that is cut below the record from which its newest key signs is signed by that key', async () => {
  const disk = target.rotated.afterKill();
  changeBytes(disk, segmentPath(disk, -1), (all) => all.subarray(0, startOf(all, 3)));
  const done = await repairWholly(disk);
  expect(done.signed).toBeGreaterThan(done.record);
  const { log } = await openLog('/log', { files: disk });
  log.record(eventNumber(0));
  await log.close();
  const anchor = disk.bytes('/log/checkpoint').toString();
  expect(await verifyLog('/log', { files: disk, anchor })).toMatchObject({ verdict: 'broken', warnings: [] });
  await repair(disk);
});

describe('a repair that is interrupted', () => {
  const cases: readonly (readonly [string, (disk: Disk) => void])[] = [
    ['of a damaged record', (disk) => damage(disk, 0, 5)],
    [
      'of an open segment without its beginning',
      (disk) => changeBytes(disk, segmentPath(disk, -1), (all) => all.subarray(30)),
    ],
    ['of a log that was rolled back', (disk) => disk.remove(segmentPath(disk, -1))],
    [
      'of a checkpoint that does not hold',
      (disk) => changeBytes(disk, '/log/checkpoint', (all) => all.subarray(0, 40)),
    ],
  ];

  test.each(cases)('%s at any step is not done, or done', { timeout: 120_000 }, async (_name, harm) => {
    const model = target.disk.afterKill();
    harm(model);
    const steps = model.steps.length;
    const done = await repairWholly(model);
    const count = model.steps.length - steps;
    expect(count).toBeGreaterThan(20);
    const states = new Set<string>();
    for (let step = 0; step < count; step += 1) {
      for (const seed of [0, 1, 2]) {
        const disk = target.disk.afterKill();
        harm(disk);
        disk.fault = (at) => (at === step ? 'crash' : 'none');
        await repair(disk, { acceptRollback: done.signed }).catch(() => undefined);
        const later = disk.afterCrash(seeded(step * 10 + seed));
        const found = await verifyLog('/log', { files: later });
        states.add(found.exitCode === 0 ? 'done' : 'not done');
        const opened = await openLog('/log', { files: later.afterKill() }).then(
          ({ log }) => log.close().then(() => true),
          () => false,
        );
        expect(opened).toBe(found.exitCode === 0);
        const again = await repair(later, { acceptRollback: done.signed });
        expect(again.outcome).toBe(found.exitCode === 0 ? 'whole' : 'repaired');
        const report = await verifyLog('/log', { files: later });
        expect(report).toMatchObject({
          verdict: 'broken',
          exitCode: 0,
          breaks: [{ record: done.record, lost: done.lost }],
        });
      }
    }
    expect([...states].sort()).toEqual(['done', 'not done']);
  });
});
