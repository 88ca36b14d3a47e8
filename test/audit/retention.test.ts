import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clockWitness } from '../../src/audit/clock.ts';
import type { FileLog } from '../../src/audit/file-log.ts';
import { FileKeyStore } from '../../src/audit/key-store.ts';
import { rotateKeys } from '../../src/audit/keyring-open.ts';
import { openKeyVariable } from '../../src/audit/keys/env.ts';
import { proveRecord } from '../../src/audit/prove.ts';
import { systemRandom } from '../../src/audit/seal.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { changeBytes, notePath, segmentPaths } from './support/forge.ts';
import { clock, eventNumber, openLog, origin, testKeys } from './support/log.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 10, 12);
const by = 'user:ann';
const rule = 'retention 30 days';

/** Forty days of calls, a segment a day, the last day open. `now` is on day 40. */
async function fortyDays(disk: Disk, last = 40): Promise<{ log: FileLog; time: ReturnType<typeof clock> }> {
  const time = clock(start);
  const { log } = await openLog('/log', { files: disk, ...time });
  for (let number = 0; number < last; number += 1) {
    time.set(start + number * day);
    for (let at = 0; at < 20; at += 1) log.record(eventNumber(number * 20 + at, `+1512555${1000 + number}`));
    await log.settled();
  }
  return { log, time };
}

/** The monotonic clock of these tests does not follow the wall clock: the log is opened anew, as after a restart. */
async function reopen(disk: Disk, day0: number): Promise<FileLog> {
  return (await openLog('/log', { files: disk, ...clock(start + day0 * day) })).log;
}

const before = start + 10 * day;

describe('purging', () => {
  test('removes whole old segments, leaves tombstones, and the log and old proofs hold', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk);
    await log.close();
    const proof = await proveRecord('/log', 30, disk);
    const again = await reopen(disk, 40);
    const plan = await again.purge({ before, rule, by, dryRun: true });
    expect(plan.purged.length).toBeGreaterThan(5);
    expect(segmentPaths(disk)).toHaveLength(40);
    const report = await again.purge({ before, rule, by });
    expect(report).toEqual(plan);
    expect(report.stopped).toBe('young');
    await again.close();
    const first = report.purged.at(-1)?.next ?? 0;
    expect(segmentPaths(disk)[0]).toContain(`${first.toString(16)}.cal`);
    const verified = await verifyLog('/log', { files: disk });
    expect(verified).toMatchObject({ verdict: 'ok', purged: first, warnings: [] });
    expect(verified.sentence).toContain(`of which the first ${first} were purged`);

    const later = await proveRecord('/log', first + 5, disk);
    expect(later.proof.split('\n').length).toBeGreaterThan(8);
    await expect(proveRecord('/log', 30, disk)).rejects.toMatchObject({ code: 'AUDIT_MISSING' });
    expect(proof.body).toContain('"n":30,');
    const shown = await showLog('/log', { files: disk });
    expect(shown[0]?.index).toBe(first);
    expect(shown.filter((record) => record.members['k'] === 'retention.purge')).toHaveLength(report.purged.length);
    await (await reopen(disk, 41)).close();
    expect(await verifyLog('/log', { files: disk })).toMatchObject({ verdict: 'ok' });
  });

  test('[E14] stops before a hold, on the whole log or on a caller who is in the segment', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk);
    await log.close();
    const again = await reopen(disk, 40);
    const onAll = await again.hold({ matter: 'case 1', by });
    expect(await again.purge({ before, rule, by })).toEqual({ purged: [], stopped: onAll });
    await again.release(onAll.id, by);
    const onOne = await again.hold({ caller: '+15125551003', matter: 'case 2', by });
    const report = await again.purge({ before, rule, by });
    expect(report.purged).toHaveLength(3);
    expect(report.stopped).toEqual(onOne);
    await again.close();
  });

  test('keeps the segment whose last tile is not full', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk, 5);
    await log.close();
    const again = await reopen(disk, 5);
    expect(await again.purge({ before: start + 100 * day, rule, by })).toEqual({ purged: [], stopped: 'open' });
    await again.close();
  });

  test(
    'interrupted at any step leaves a log that is whole, and goes on at the next start',
    { timeout: 60_000 },
    async () => {
      const base = new Disk();
      const { log } = await fortyDays(base);
      await log.close();
      const request = { before: start + 2 * day, rule, by };
      const model = base.copy();
      const counted = await reopen(model, 40);
      const from = model.steps.length;
      await counted.purge(request);
      const steps = model.steps.length - from;
      expect(steps).toBeGreaterThan(20);
      const verdicts = new Set<string>();
      for (let step = 0; step < steps; step += 1) {
        const disk = base.copy();
        const opened = await reopen(disk, 40);
        const begin = disk.steps.length;
        disk.fault = (at) => (at === begin + step ? 'crash' : 'none');
        await opened.purge(request).catch(() => undefined);
        const later = disk.afterKill();
        verdicts.add((await verifyLog('/log', { files: later })).verdict);
        const again = await reopen(later, 41);
        await again.purge(request);
        await again.close();
        expect(await verifyLog('/log', { files: later })).toMatchObject({ verdict: 'ok', warnings: [] });
        expect(segmentPaths(later)[0]).toBe(segmentPaths(model)[0]);
      }
      expect([...verdicts]).toEqual(['ok']);
    },
  );

  test('[E14] is refused when the clock cannot be believed', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk);
    await log.close();
    const ahead = await reopen(disk, 3_650);
    await expect(ahead.purge({ before, rule, by })).rejects.toMatchObject({ code: 'CLOCK_DOUBT' });
    const everything = { beforeMonth: '2036-01', rule, by };
    await expect(ahead.expire(everything)).rejects.toMatchObject({ code: 'CLOCK_DOUBT', exitCode: 75 });
    await ahead.close();
    const kept = await showLog('/log', { files: disk, keys: testKeys });
    expect(kept.filter((record) => record.unreadable)).toEqual([]);
    const stepped = clock(start + 40 * day);
    const { log: running } = await openLog('/log', { files: disk.copy(), ...stepped });
    stepped.set(start + 50 * day);
    await expect(running.purge({ before, rule, by })).rejects.toMatchObject({ code: 'CLOCK_DOUBT' });
    await running.close();
  });

  test('by a clock that goes with the others is not', () => {
    let now = 1_000_000;
    let monotonic = 5;
    const doubt = clockWitness({ now: () => now, monotonic: () => monotonic }, 900_000);
    now += 3_600_000;
    monotonic += 3_600_000;
    expect(doubt()).toBeUndefined();
    now += 400_000;
    expect(doubt()).toContain('400 seconds');
  });

  test('that someone did by hand is found: no tombstone, a foreign one, changed hashes', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk);
    await log.close();
    const again = await reopen(disk, 40);
    await again.purge({ before: start + 3 * day, rule, by });
    await again.close();
    const tombstones = disk.paths().filter((path) => path.includes('/tombstone/'));
    expect(tombstones.length).toBeGreaterThan(1);
    const [first = '', second = ''] = tombstones;
    const cases: [RegExp, (forged: Disk) => void][] = [
      [/no tombstone says/, (forged) => forged.remove(first)],
      [
        /not signed by the key/,
        (forged) =>
          changeBytes(forged, first, (bytes) => Buffer.from(bytes.toString().replace('records 0', 'records 1'))),
      ],
      [/not signed by the key/, (forged) => forged.put(first, forged.bytes(notePath))],
      [/of other records/, (forged) => forged.put(first, forged.bytes(second))],
      [/are missing|tombstone before|of other records/, (forged) => forged.remove(segmentPaths(forged)[0] ?? '')],
    ];
    for (const [sentence, forge] of cases) {
      const forged = disk.copy();
      forge(forged);
      const report = await verifyLog('/log', { files: forged });
      expect(report).toMatchObject({ exitCode: 2 });
      expect(report.sentence).toMatch(sentence);
      await expect(reopen(forged, 40)).rejects.toMatchObject({ exitCode: 3 });
    }
    const tile = disk.paths().find((path) => path.includes('/tile/0/')) ?? '';
    changeBytes(disk, tile, () => Buffer.alloc(8192, 5));
    expect((await verifyLog('/log', { files: disk })).sentence).toContain('do not lead to what follows');
  });
});

describe('content of old months', () => {
  test('expires before the record of who, what and when, but not under a hold', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk);
    await log.close();
    const again = await reopen(disk, 40);
    const hold = await again.hold({ caller: '+15125551002', matter: 'case 3', by });
    const report = await again.expire({ beforeMonth: '2026-02', rule: 'content 30 days', by });
    expect(report).toEqual({ keys: 21, callers: 21, held: 1 });
    await again.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    const january = shown.filter(({ members: { t: time } }) => typeof time === 'number' && time < Date.UTC(2026, 1, 1));
    expect(january.filter((record) => record.sealed !== undefined)).toHaveLength(10);
    expect(january.filter((record) => record.unreadable)).toHaveLength(21 * 10);
    expect(shown.slice(january.length).filter((record) => record.unreadable)).toEqual([]);
    expect((await showLog('/log', { files: disk, keys: testKeys, caller: '+15125551002' })).length).toBe(23);
    expect(hold.subject).toBeDefined();
  });
});

test(
  'content that expires, interrupted at any step, is on record before a key is gone',
  { timeout: 60_000 },
  async () => {
    const base = new Disk();
    const { log } = await fortyDays(base);
    await log.close();
    const request = { beforeMonth: '2026-02', rule: 'content 30 days', by };
    const model = base.copy();
    const counted = await reopen(model, 40);
    const from = model.steps.length;
    await counted.expire(request);
    const steps = model.steps.length - from;
    expect(steps).toBeGreaterThan(60);
    let gone = 0;
    for (let step = 0; step < steps; step += 7) {
      const disk = base.copy();
      const opened = await reopen(disk, 40);
      const begin = disk.steps.length;
      disk.fault = (at) => (at === begin + step ? 'crash' : 'none');
      await opened.expire(request).catch(() => undefined);
      const later = disk.afterKill();
      const shown = await showLog('/log', { files: later, keys: testKeys });
      const isRecorded = shown.some(({ members }) => members['k'] === 'key.destroy');
      const isGone = shown.some(({ unreadable }) => unreadable);
      if (isGone) gone += 1;
      expect(isRecorded || !isGone).toBe(true);
      const again = await reopen(later, 40);
      await again.expire(request);
      await again.close();
      const unreadable = (await showLog('/log', { files: later, keys: testKeys })).filter(
        (record) => record.unreadable,
      );
      expect(unreadable).toHaveLength(22 * 10);
      expect(await verifyLog('/log', { files: later })).toMatchObject({ exitCode: 0 });
    }
    expect(gone).toBeGreaterThan(5);
  },
);

describe('rotation of the keys', () => {
  const next = openKeyVariable('NEXT_KEY', randomBytes(32).toString('base64'));

  async function rotate(disk: Disk, from = testKeys): Promise<unknown> {
    return rotateKeys(
      { store: new FileKeyStore(disk, '/log/keys'), provider: from, origin, random: systemRandom },
      next,
    );
  }

  test('wraps all keys anew: the new key opens everything, the old one and an old copy of the callers nothing', async () => {
    const disk = new Disk();
    const { log } = await fortyDays(disk, 5);
    await log.close();
    const old = disk
      .paths()
      .filter((path) => path.includes('/keys/dir/'))
      .map((path) => [path, disk.bytes(path)] as const);
    expect(await rotate(disk)).toMatchObject({ subjects: 5 });
    const readable = (await showLog('/log', { files: disk, keys: next })).filter(
      (record) => record.sealed !== undefined,
    );
    expect(readable).toHaveLength(50);
    await expect(showLog('/log', { files: disk, keys: testKeys })).rejects.toMatchObject({ code: 'KEY_WRONG' });
    for (const [path, bytes] of old) disk.put(path, bytes);
    await expect(showLog('/log', { files: disk, keys: next })).rejects.toMatchObject({ code: 'KEY_CORRUPT' });
  });

  test('interrupted at any step goes on when it is run again', async () => {
    const base = new Disk();
    const { log } = await fortyDays(base, 5);
    await log.close();
    const model = base.copy();
    const from = model.steps.length;
    await rotate(model);
    const steps = model.steps.length - from;
    for (let step = 0; step < steps; step += 1) {
      const disk = base.copy();
      disk.fault = (at) => (at === step ? 'crash' : 'none');
      await rotate(disk).catch(() => undefined);
      const later = disk.afterKill();
      await rotate(later);
      const shown = await showLog('/log', { files: later, keys: next });
      expect(shown.filter((record) => record.sealed !== undefined)).toHaveLength(50);
    }
    expect(steps).toBeGreaterThan(30);
  });
});
