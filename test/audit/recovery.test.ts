import { beforeAll, describe, expect, test } from 'vitest';
import { readFrame } from '../../src/audit/frame.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { eventNumber, openLog, segmentOne } from './support/log.ts';

const segment = `/log/seg/${segmentOne}`;

/** A log on a disk in memory that was left without a last checkpoint, as by kill -9. */
async function killedLog(events: number): Promise<Disk> {
  const disk = new Disk();
  const { log } = await openLog('/log', { files: disk });
  for (let at = 0; at < events; at += 1) {
    log.record(eventNumber(at));
    await log.settled();
  }
  return disk.afterKill();
}

function offsets(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const frame = readFrame(bytes, offset);
    if (typeof frame === 'string') throw new Error(frame);
    found.push(offset);
    offset = frame.next;
  }
  return found;
}

describe('a torn tail', () => {
  let disk: Disk;
  let whole: Buffer;
  let starts: number[];

  beforeAll(async () => {
    disk = await killedLog(8);
    whole = disk.bytes(segment);
    starts = offsets(whole);
  });

  test('is cut off at every byte of the last three records, and said so', { timeout: 60_000 }, async () => {
    const from = starts.at(-3) ?? 0;
    for (let cut = from; cut < whole.length; cut += 1) {
      const torn = disk.copy();
      torn.put(segment, whole.subarray(0, cut));
      const before = await verifyLog('/log', { files: torn });
      expect(before).toMatchObject({ verdict: 'ok' });
      const kept = starts.filter((start) => start < cut).length - (starts.includes(cut) ? 0 : 1);
      expect(before.records).toBe(kept);

      const { log } = await openLog('/log', { files: torn });
      await log.close();
      expect(await verifyLog('/log', { files: torn })).toMatchObject({ exitCode: 0, warnings: [] });
      const kinds = (await showLog('/log', { files: torn })).slice(kept).map((record) => record.members['k']);
      const isCallOpen = kept < starts.length;
      // What was cut off is said, and so is that the call of the last records got no end.
      expect(kinds).toEqual([
        ...(starts.includes(cut) && !isCallOpen ? [] : ['log.recovered']),
        ...(isCallOpen ? ['call.end'] : []),
      ]);
    }
  });

  test('[E5] closes the calls that the last process left open, also those of the segment before', async () => {
    const torn = new Disk();
    const { log } = await openLog('/log', { files: torn, limits: { segmentBytes: 1_500 } });
    for (const at of [0, 4, 8, 5, 6, 7, 9, 10, 12, 13]) {
      log.record(eventNumber(at));
      await log.settled();
    }
    const later = torn.afterKill();
    await (await openLog('/log', { files: later })).log.close();
    const shown = await showLog('/log', { files: later });
    const ends = shown.filter((record) => record.members['k'] === 'call.end' && record.members['o'] === 'failed');
    expect(ends.map((record) => record.members['c'])).toEqual(['call-0', 'call-8', 'call-12']);
    expect(shown.find((record) => record.members['k'] === 'log.recovered')?.members['q']).toEqual({
      bytes: 0,
      calls: 3,
    });
  });

  test('is kept beside the segment', async () => {
    const torn = disk.copy();
    const cut = whole.length - 5;
    torn.put(segment, whole.subarray(0, cut));
    const { log } = await openLog('/log', { files: torn });
    await log.close();
    const last = starts.at(-1) ?? 0;
    expect(torn.bytes(`${segment}.${last}.torn`)).toEqual(whole.subarray(last, cut));
  });
});

describe('[E7] damage', () => {
  test('of any one bit of any record is found', { timeout: 60_000 }, async () => {
    const disk = await killedLog(1);
    const whole = disk.bytes(segment);
    const missed: number[] = [];
    const damaged = disk.copy();
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = Buffer.from(whole);
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      damaged.put(segment, bytes);
      const report = await verifyLog('/log', { files: damaged });
      if (report.exitCode === 0) missed.push(bit);
    }
    expect(missed).toEqual([]);
  });

  test('before the last record refuses the start and names the record', async () => {
    const disk = await killedLog(4);
    const bytes = disk.bytes(segment);
    const [, , third = 0] = offsets(bytes);
    bytes[third + 60] = (bytes[third + 60] ?? 0) ^ 1;
    disk.put(segment, bytes);
    await expect(openLog('/log', { files: disk })).rejects.toMatchObject({ code: 'AUDIT_CORRUPT', exitCode: 3 });
    const report = await verifyLog('/log', { files: disk });
    expect(report).toMatchObject({ exitCode: 3, record: 2 });
    expect(report.sentence).toContain('Record 2');
  });

  test('of the last record, whole in length, is not taken for a torn tail', async () => {
    const disk = await killedLog(4);
    const bytes = disk.bytes(segment);
    const at = bytes.length - 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    disk.put(segment, bytes);
    await expect(openLog('/log', { files: disk })).rejects.toMatchObject({ code: 'AUDIT_CORRUPT' });
  });

  test('by zeroed sectors below the last commit is not taken for a crash', async () => {
    const disk = await killedLog(12);
    const bytes = disk.bytes(segment);
    bytes.fill(0, 1536, 2048);
    disk.put(segment, bytes);
    await expect(openLog('/log', { files: disk })).rejects.toMatchObject({ code: 'AUDIT_CORRUPT' });
  });
});

async function changed(
  change: (lines: Buffer[]) => Buffer[],
): Promise<{ exitCode: number; sentence: string; fault: string }> {
  const disk = await killedLog(8);
  const bytes = disk.bytes(segment);
  const starts = offsets(bytes);
  const lines = starts.map((start, at) => bytes.subarray(start, starts[at + 1] ?? bytes.length));
  disk.put(segment, Buffer.concat(change(lines)));
  const report = await verifyLog('/log', { files: disk });
  const fault = await openLog('/log', { files: disk }).then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
  return { exitCode: report.exitCode, sentence: report.sentence, fault };
}

describe('[E7] a changed order', () => {
  test('deleting a record is found', async () => {
    const found = await changed((lines) => lines.filter((_, at) => at !== 3));
    expect(found).toMatchObject({ exitCode: 2, fault: 'AUDIT_TAMPERED' });
    expect(found.sentence).toContain('Record 3');
  });

  test('swapping two records is found', async () => {
    const found = await changed((lines) =>
      [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5)].filter((line) => line !== undefined),
    );
    expect(found).toMatchObject({ exitCode: 2, fault: 'AUDIT_TAMPERED' });
  });

  test('a record twice is found', async () => {
    const found = await changed((lines) => [...lines.slice(0, 4), ...lines.slice(3)]);
    expect(found).toMatchObject({ exitCode: 2, fault: 'AUDIT_TAMPERED' });
  });

  test('removing the first record is found', async () => {
    const found = await changed((lines) => lines.slice(1));
    expect(found).toMatchObject({ exitCode: 2, fault: 'AUDIT_TAMPERED' });
  });

  test('[E8] cutting the end below a checkpoint is a roll-back', async () => {
    const disk = new Disk();
    const { log } = await openLog('/log', { files: disk });
    for (let at = 0; at < 8; at += 1) log.record(eventNumber(at));
    await log.close();
    const bytes = disk.bytes(segment);
    disk.put(segment, bytes.subarray(0, offsets(bytes).at(-2)));
    const report = await verifyLog('/log', { files: disk });
    expect(report).toMatchObject({ exitCode: 4, verdict: 'rolled back' });
    await expect(openLog('/log', { files: disk })).rejects.toMatchObject({ code: 'AUDIT_ROLLED_BACK', exitCode: 4 });
  });
});
