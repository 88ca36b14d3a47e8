import { afterEach, describe, expect, test } from 'vitest';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseObject } from '../../src/audit/json.ts';
import type { AuditLog } from '../../src/audit/log.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import {
  allBytes,
  clock,
  eventNumber,
  noteOf,
  openLog,
  segmentOne,
  temporaryDirectory,
  testKeys,
  writeLog,
} from './support/log.ts';

const directories: string[] = [];
const open: AuditLog[] = [];

async function directory(): Promise<string> {
  const made = await temporaryDirectory();
  directories.push(made);
  return join(made, 'audit');
}

afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
  for (const made of directories.splice(0)) await rm(made, { recursive: true });
});

describe('the log', () => {
  test('keeps events in order, verifies, and goes on where it stopped', async () => {
    const place = await directory();
    await writeLog(place, 40);
    await writeLog(place, 40);
    const report = await verifyLog(place);
    expect(report).toMatchObject({ verdict: 'ok', exitCode: 0, segments: 1, warnings: [] });
    expect(report.signed).toBe(report.records);
    const shown = await showLog(place, { keys: testKeys });
    expect(shown.map((record) => record.index)).toEqual(shown.map((_, at) => at));
    const notes = shown.flatMap(({ members }) => noteOf(members) ?? []);
    expect(notes.slice(0, 5)).toEqual(['event 1', 'event 2', 'event 3', 'event 5', 'event 6']);
    expect(shown.filter((record) => record.members['k'] === 'key.create')).toHaveLength(1);
  });

  test('gathers events that nobody waits for, and hurries when somebody does', async () => {
    const { log } = await openLog(await directory(), { limits: { gather: 3_600_000, batch: 512 } });
    open.push(log);
    await log.settled();
    const before = log.size;
    // The end of a call does not wait: whoever erases its caller waits for it.
    const redacted = { kind: 'phi.redacted', call: 'call-1', actor: 'vendor:demo', outcome: 'ok' } as const;
    for (let at = 0; at < 10; at += 1) {
      log.record(redacted);
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
    expect(log.size).toBe(before);
    expect(log.waiting).toBe(10);
    expect((await log.settled()).size).toBe(before + 10);
    // A whole batch does not wait either.
    for (let at = 0; at < 512; at += 1) log.record(redacted);
    await expect.poll(() => log.waiting, { timeout: 20_000 }).toBe(0);
  });

  test('resolves settled() only for what is on the disk, and counts what waits', async () => {
    const place = await directory();
    const { log } = await openLog(place);
    open.push(log);
    const before = log.size;
    for (let at = 0; at < 1200; at += 1) expect(log.record(eventNumber(at))).toBe(true);
    expect(log.waiting).toBe(1200);
    expect(log.lag(1_000_000)).toBeGreaterThan(0);
    const { size } = await log.settled();
    expect(size).toBe(before + 1200 + 1);
    expect(log.waiting).toBe(0);
    expect(log.lag(1_000_000)).toBe(0);
    expect((await verifyLog(place)).records).toBe(size);
  });

  test('refuses events when its queue is full, and takes them again afterwards', async () => {
    const { log } = await openLog(await directory(), { limits: { queue: 10 } });
    open.push(log);
    const taken = Array.from({ length: 12 }, (_, at) => log.record(eventNumber(at)));
    expect(taken.filter(Boolean)).toHaveLength(10);
    await log.settled();
    expect(log.record(eventNumber(1))).toBe(true);
  });

  test('refuses events after close', async () => {
    const { log } = await openLog(await directory());
    await log.close();
    expect(log.record(eventNumber(1))).toBe(false);
    await log.close();
  });

  test('refuses an event whose clear text holds the number, or that is too long, and goes on', async () => {
    const { log, faults } = await openLog(await directory());
    open.push(log);
    const clear = { kind: 'phi.redacted', actor: 'system', outcome: 'ok', caller: '+15125550143' } as const;
    expect(log.record({ ...clear, facts: { route: 'to 15125550143' } })).toBe(false);
    expect(log.record({ ...clear, sealed: { text: 'x'.repeat(60_000) } })).toBe(false);
    expect(faults.map((fault) => fault.code)).toEqual(['AUDIT_EVENT', 'AUDIT_EVENT']);
    expect(faults.map((fault) => fault.message).join(' ')).not.toContain('5550143');
    expect(log.failed).toBe(false);
    expect(log.record(eventNumber(1))).toBe(true);
    await log.settled();
  });

  test('rotates by size and by day; every closed segment is sealed, chained and read-only', async () => {
    const place = await directory();
    const time = clock(Date.UTC(2026, 10, 3, 23, 59, 59));
    const { log } = await openLog(place, { ...time, limits: { segmentBytes: 4_000 } });
    for (let at = 0; at < 40; at += 1) {
      log.record(eventNumber(at));
      await log.settled();
    }
    time.set(Date.UTC(2026, 10, 4, 0, 0, 1));
    log.record(eventNumber(1));
    await log.close();
    const report = await verifyLog(place);
    expect(report).toMatchObject({ verdict: 'ok', warnings: [] });
    expect(report.segments).toBeGreaterThan(3);
    const kinds = (await showLog(place)).map((record) => record.members['k']);
    expect(kinds.filter((kind) => kind === 'seg.seal')).toHaveLength(report.segments - 1);
    expect(kinds.filter((kind) => kind === 'seg.open')).toHaveLength(report.segments - 1);

    const again = await openLog(place);
    open.push(again.log);
    expect(again.log.size).toBe(report.records);
  });

  test('signs at the end of a call and tells who keeps checkpoints elsewhere', async () => {
    const notes: string[] = [];
    const { log } = await openLog(await directory(), {
      monotonic: () => performance.now(),
      limits: { checkpointPause: 1 },
      onCheckpoint: (note) => notes.push(note),
    });
    expect(notes).toHaveLength(1);
    log.record({ kind: 'call.end', call: 'one', actor: 'system', outcome: 'ok' });
    const { size } = await log.settled();
    await expect.poll(() => notes.at(-1)).toContain(`\n${size}\n`);
    await log.close();
    expect(notes).toHaveLength(2);
  });

  test('opens a call or a caller with the key, and shows that an other key opens nothing', async () => {
    const place = await directory();
    const { log } = await openLog(place);
    log.record(eventNumber(0, '+15125550143'));
    log.record(eventNumber(4, '+15125550188'));
    log.record({
      kind: 'call.admit',
      call: 'withheld',
      actor: 'system',
      outcome: 'ok',
      sealed: { callSid: 'CA-withheld' },
    });
    log.record({ kind: 'policy.load', actor: 'user:ann', outcome: 'ok', sealed: { file: 'from the system key' } });
    await log.close();
    const callers = await showLog(place, { keys: testKeys, caller: '+15125550188' });
    expect(callers.map((record) => record.sealed)).toEqual([undefined, { caller: '+15125550188', callSid: 'CA4' }]);
    expect(await showLog(place, { keys: testKeys, caller: '+15125550100' })).toEqual([]);
    const withheld = await showLog(place, { keys: testKeys, call: 'withheld' });
    expect(withheld[0]?.sealed).toEqual({ callSid: 'CA-withheld' });
    const [last] = await showLog(place, { keys: testKeys, last: 1 });
    expect(last?.sealed).toEqual({ file: 'from the system key' });
    expect((await showLog(place)).every((record) => record.sealed === undefined)).toBe(true);
  });
});

test('nothing that identifies a person is on the disk in clear', async () => {
  const place = await directory();
  const { log } = await openLog(place);
  log.record({
    kind: 'call.admit',
    call: 'canary',
    caller: '+15125550143',
    actor: 'system',
    outcome: 'ok',
    sealed: { callSid: 'CAcanary0143', name: 'Zephyrine Quillfeather', text: 'botox at 512-555-0143' },
  });
  await log.close();
  const files = await allBytes(place);
  expect(files.size).toBeGreaterThan(4);
  for (const [path, bytes] of files) {
    for (const canary of ['Zephyrine', 'Quillfeather', '512-555', '5125550143', 'botox', 'CAcanary']) {
      expect(bytes.includes(canary) || path.includes(canary), `${canary} in ${path}`).toBe(false);
    }
    const words = bytes.toString('latin1').match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? [];
    expect(words.some((word) => Buffer.from(word, 'base64').includes('Quillfeather'))).toBe(false);
  }
});

test('a record is one line that common tools can read', async () => {
  const place = await directory();
  await writeLog(place, 4);
  const lines =
    (await allBytes(place))
      .get(join(place, 'seg', segmentOne))
      ?.toString('utf8')
      .trimEnd()
      .split('\n') ?? [];
  expect(lines.map((line) => parseObject(line.slice(18))?.['n'])).toEqual(lines.map((_, at) => at));
});
