import { afterEach, describe, expect, it } from 'vitest';
import type { FileLog } from '../../src/audit/file-log.ts';
import { showLog, type ShownRecord } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { createLog } from '../../src/server/logger.ts';
import { Retention } from '../../src/server/retention.ts';
import { Disk } from '../audit/support/disk.ts';
import { segmentPaths } from '../audit/support/forge.ts';
import { eventNumber, openLog, testKeys } from '../audit/support/log.ts';
import { load, sound } from './config/practice.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2020, 10, 2, 15);

/** A log whose two clocks go together, and the daily run over it. */
class Years {
  readonly disk = new Disk();
  readonly lines: string[] = [];
  time = start;
  /** ms by which the wall clock is set wrong. */
  wrong = 0;
  log!: FileLog;
  retention!: Retention;

  async open(retention: string): Promise<this> {
    const { config } = await load(sound.replace('version: 1', `version: 1\naudit: { retention: ${retention} }`));
    if (config === undefined) throw new Error('The configuration has faults');
    const now = (): number => (this.time += 1) + this.wrong;
    const clocks = { now, monotonic: () => this.time - start };
    const options = { files: this.disk, limits: { segmentBytes: 4_000, watchEvery: Number.MAX_SAFE_INTEGER } };
    ({ log: this.log } = await openLog('/log', { ...options, ...clocks }));
    const log = createLog('info', { write: (line) => void this.lines.push(line) });
    this.retention = new Retention({ audit: this.log, config: () => config, log, now });
    return this;
  }

  /** Calls of one day; every caller calls once. */
  async calls(count: number): Promise<void> {
    for (let at = 0; at < count * 4; at += 1) {
      this.log.record(eventNumber(at, `+1512555${1000 + Math.floor(at / 4)}`));
      if (at % 20 === 19) await this.log.settled();
    }
    await this.log.settled();
  }

  later(years: number, days: number): void {
    this.time += Math.round(years * 365.25 + days) * dayMs;
  }

  async records(): Promise<ShownRecord[]> {
    await this.log.settled();
    return showLog('/log', { files: this.disk, keys: testKeys });
  }

  async byKind(kind: string): Promise<ShownRecord['members'][]> {
    return (await this.records()).map(({ members }) => members).filter(({ k }) => k === kind);
  }
}

let years: Years;
afterEach(async () => {
  await years.log.close();
  expect(await verifyLog('/log', { files: years.disk })).toMatchObject({ exitCode: 0 });
});

describe('the daily run', () => {
  it('removes records of six years and 30 days ago and their keys, once a day, each on record', async () => {
    years = await new Years().open('{ hour: 3 }');
    await years.calls(100);
    years.later(6, 28);
    await years.calls(1);
    await years.retention.look();
    expect(await years.byKind('retention.purge')).toEqual([]);
    years.later(0, 40);
    await years.calls(1);
    await years.retention.look();
    const purged = await years.byKind('retention.purge');
    expect(purged.length).toBeGreaterThan(3);
    expect(purged[0]).toMatchObject({ a: 'system', o: 'ok', f: { rule: 'records 6 years and 30 days' } });
    const destroyed = await years.byKind('key.destroy');
    expect(destroyed.at(-1)).toMatchObject({ a: 'system', q: { keys: 100 }, f: { before: '2020-12' } });
    const size = years.log.size;
    await years.retention.look();
    expect(years.log.size).toBe(size);
  });

  it('makes old content unreadable sooner, and keeps who, what and when', async () => {
    years = await new Years().open('{ content_days: 90 }');
    await years.calls(10);
    years.later(0, 130);
    await years.calls(1);
    await years.retention.look();
    expect(await years.byKind('key.destroy')).toMatchObject([
      { q: { callers: 10 }, f: { rule: 'content 90 days', phase: 'begin' } },
      { q: { keys: 10 }, f: { rule: 'content 90 days', phase: 'done' } },
    ]);
    const records = await years.records();
    expect(records.filter(({ unreadable }) => unreadable)).toHaveLength(20);
    expect(records.filter(({ members }) => members['k'] === 'call.admit')).toHaveLength(11);
  });

  it('does nothing under a legal hold, and says so', async () => {
    years = await new Years().open('{ content_days: 90 }');
    await years.calls(100);
    const hold = await years.log.hold({ matter: 'case 9', by: 'user:ann' });
    years.later(6, 90);
    await years.calls(1);
    await years.retention.look();
    expect(await years.byKind('retention.purge')).toMatchObject([
      { o: 'refused', f: { cause: 'legal hold', hold: hold.id, rule: 'records 6 years and 30 days' } },
    ]);
    expect(await years.byKind('key.destroy')).toMatchObject([{ q: { callers: 100 } }, { q: { keys: 0, held: 100 } }]);
    expect((await years.records()).filter(({ unreadable }) => unreadable)).toEqual([]);
    expect(years.lines.join('\n')).toContain('a legal hold');
  });

  it('does nothing by a clock that nobody confirms, and says so', async () => {
    years = await new Years().open('{ content_days: 90 }');
    await years.calls(100);
    years.wrong = 10 * 365 * dayMs;
    await years.retention.look();
    const refused = { o: 'refused', f: { cause: 'clocks disagree' } };
    expect(await years.byKind('retention.purge')).toMatchObject([refused]);
    expect(await years.byKind('key.destroy')).toMatchObject([refused]);
    expect((await years.records()).filter(({ unreadable }) => unreadable)).toEqual([]);
    years.wrong = 0;
  });

  it('stops before a damaged segment, says so each day, and lets content expire all the same', async () => {
    years = await new Years().open('{ content_days: 90 }');
    await years.calls(100);
    years.later(6, 90);
    await years.calls(1);
    const [oldest = ''] = segmentPaths(years.disk);
    const whole = years.disk.bytes(oldest);
    years.disk.put(oldest, Buffer.concat([whole.subarray(0, 700), Buffer.alloc(9, 0x21), whole.subarray(709)]));
    await years.retention.look();
    years.later(0, 1);
    await years.retention.look();
    const refused = { o: 'refused', f: { cause: 'a damaged segment', rule: 'records 6 years and 30 days' } };
    expect(await years.byKind('retention.purge')).toMatchObject([refused, refused]);
    expect((await years.byKind('key.destroy')).some(({ q }) => Object(q).keys === 100)).toBe(true);
    expect(years.lines.join('\n')).toContain('a damaged segment');
    years.disk.put(oldest, whole);
    years.later(0, 1);
    await years.retention.look();
    expect((await years.byKind('retention.purge')).filter(({ o }) => o === 'ok').length).toBeGreaterThan(3);
  });

  it('waits for its hour', async () => {
    years = await new Years().open('{ hour: 23 }');
    await years.calls(1);
    await years.retention.look();
    expect(await years.byKind('key.destroy')).toEqual([]);
    years.time += 14.9 * 3_600_000;
    await years.retention.look();
    expect(await years.byKind('key.destroy')).toHaveLength(1);
  });
});
