import { describe, expect, test } from 'vitest';
import { bounds } from '../../../src/server/taps/limits.ts';
import { DiskQueue } from '../../../src/server/taps/queue.ts';
import type { StoredLine } from '../../../src/server/taps/segment.ts';
import { Disk, type Fault } from '../../audit/support/disk.ts';
import { seeded } from '../../audit/support/medium.ts';

const directory = '/taps/records';
const planted = 'zephyrine quillfeather';

interface Rig {
  readonly queue: DiskQueue;
  readonly dropped: number[];
  readonly faults: unknown[];
  now: number;
}

async function open(
  disk: Disk,
  more: { bytes?: number; key?: Buffer; name?: string; now?: number } = {},
): Promise<Rig> {
  const dropped: number[] = [];
  const faults: unknown[] = [];
  const { now = 0, bytes = 1_000_000, key = Buffer.alloc(32, 7), name = 'records' } = more;
  const rig: Rig = {
    now,
    dropped,
    faults,
    queue: await DiskQueue.open({
      files: disk,
      directory,
      key,
      name,
      bytes,
      ageMs: 3_600_000,
      now: () => rig.now,
      onDropped: (lines) => dropped.push(lines),
      onFault: (fault) => faults.push(fault),
    }),
  };
  return rig;
}

const line = (number: number): StoredLine => ({
  call: `call-${number % 3}`,
  json: JSON.stringify({ seq: number, text: planted.padEnd(40 + (number % 7) * 50, '.') }),
});
const lines = (from: number, to: number): StoredLine[] =>
  Array.from({ length: to - from }, (_, index) => line(from + index));
const numberOf = ({ json }: StoredLine): number => Number(/"seq":(\d+)/u.exec(json)?.[1]);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const range = (from: number, to: number): number[] => lines(from, to).map(numberOf);

/** Reads and acknowledges until nothing waits; what came, in order. */
async function drain(queue: DiskQueue): Promise<number[]> {
  const taken: number[] = [];
  for (let batch = await queue.read(); batch !== undefined; batch = await queue.read()) {
    taken.push(...batch.lines.map(numberOf));
    await queue.acknowledge(batch);
  }
  return taken;
}

const bytesOn = (disk: Disk): number =>
  sum(
    disk
      .paths()
      .filter((path) => path.endsWith('.queue'))
      .map((path) => disk.bytes(path).length),
  );

describe('a queue on the disk', () => {
  test('gives lines in their order, and each until it is acknowledged', async () => {
    const { queue } = await open(new Disk());
    expect(await queue.append(lines(0, 3))).toBe(2);
    const first = await queue.read();
    expect(first?.lines).toEqual(lines(0, 3));
    expect(await queue.read()).toEqual(first);
    expect(queue.waiting).toBe(3);
    if (first !== undefined) await queue.acknowledge(first);
    expect(await queue.read()).toBeUndefined();
    expect(await queue.append(lines(3, 5))).toBe(4);
    expect(await drain(queue)).toEqual([3, 4]);
  });

  test('gives no more than one delivery may hold', async () => {
    const { queue } = await open(new Disk(), { bytes: 100_000_000 });
    await queue.append(lines(0, bounds.batchLines + 5));
    expect((await queue.read())?.lines).toHaveLength(bounds.batchLines);
    const long = { call: 'c', json: JSON.stringify({ seq: 1, text: 'x'.repeat(bounds.lineCharacters) }) };
    await drain(queue);
    await queue.append(Array.from({ length: 60 }, () => long));
    const batch = await queue.read();
    const bytes = sum((batch?.lines ?? []).map(({ json }) => json.length));
    expect(bytes).toBeGreaterThan(bounds.batchBytes / 2);
    expect(bytes).toBeLessThan(bounds.batchBytes * 1.1);
    expect(await drain(queue)).toHaveLength(60);
  });

  test('is there after the process was killed, without what was acknowledged', async () => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 4));
    const batch = await queue.read();
    await queue.append(lines(4, 6));
    if (batch !== undefined) await queue.acknowledge(batch);
    const after = await open(disk.afterKill());
    expect(after.queue.waiting).toBe(2);
    await after.queue.append(lines(6, 8));
    expect(await drain(after.queue)).toEqual([4, 5, 6, 7]);
  });

  test('goes on with numbers of its own after all was delivered and it was closed', async () => {
    const disk = new Disk();
    const first = await open(disk);
    await first.queue.append(lines(0, 4));
    await drain(first.queue);
    await first.queue.close();
    expect(disk.paths().filter((path) => path.endsWith('.queue'))).toEqual([]);
    const second = await open(disk);
    expect(await second.queue.append(lines(4, 5))).toBe(4);
    expect(await drain(second.queue)).toEqual([4]);
  });

  test('delivers twice rather than not at all when its position is lost', async () => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 4));
    const batch = await queue.read();
    if (batch !== undefined) await queue.acknowledge(batch);
    for (const position of ['', 'nonsense', '0000000000000002\n', '9999999999999999\n']) {
      const copy = disk.afterKill();
      copy.put(`${directory}/position`, Buffer.from(position));
      const after = await open(copy);
      await after.queue.append(lines(4, 6));
      const taken = await drain(after.queue);
      expect(taken.slice(-2)).toEqual([4, 5]);
      expect(taken).toEqual(taken.toSorted((one, other) => one - other));
    }
  });

  test('removes what was delivered, while new lines come all the time', async () => {
    const disk = new Disk();
    const { queue, dropped } = await open(disk);
    for (let round = 0; round < 200; round += 1) {
      await queue.append(lines(round * 10, round * 10 + 10));
      expect(await drain(queue)).toEqual(range(round * 10, round * 10 + 10));
    }
    expect(bytesOn(disk)).toBeLessThan(bounds.spentBytes * 2);
    expect(dropped).toEqual([]);
  });
});

describe('its bounds', () => {
  test('in bytes: the oldest lines are given up, each is delivered or counted, never more than the bound is stored', async () => {
    const disk = new Disk();
    const { queue, dropped } = await open(disk, { bytes: 80_000 });
    for (let at = 0; at < 1_000; at += 20) {
      await queue.append(lines(at, at + 20));
      expect(bytesOn(disk)).toBeLessThanOrEqual(80_000);
    }
    const lost = sum(dropped);
    expect(lost).toBeGreaterThan(300);
    expect(queue.waiting).toBe(1_000 - lost);
    expect(await drain(queue)).toEqual(range(lost, 1_000));
  });

  test('in bytes, also when more comes at once than it may hold', async () => {
    const disk = new Disk();
    const { queue, dropped } = await open(disk, { bytes: 40_000 });
    expect(await queue.append(lines(0, 500))).toBe(499);
    expect(bytesOn(disk)).toBeLessThanOrEqual(40_000);
    expect(await drain(queue)).toEqual(range(sum(dropped), 500));
  });

  test('a delivery that was on its way when its lines were given up changes nothing', async () => {
    const { queue, dropped } = await open(new Disk(), { bytes: 20_000 });
    await queue.append(lines(0, 10));
    const late = await queue.read();
    for (let at = 10; at < 200; at += 10) await queue.append(lines(at, at + 10));
    const lost = sum(dropped);
    expect(lost).toBeGreaterThan(10);
    if (late !== undefined) await queue.acknowledge(late);
    expect(await drain(queue)).toEqual(range(lost, 200));
  });

  test('in age', async () => {
    const rig = await open(new Disk());
    await rig.queue.append(lines(0, 3));
    rig.now = 3_600_000;
    expect((await rig.queue.read())?.lines).toHaveLength(3);
    rig.now += 1;
    expect(await rig.queue.read()).toBeUndefined();
    expect(rig.dropped).toEqual([3]);
    await rig.queue.append(lines(3, 4));
    expect(await drain(rig.queue)).toEqual([3]);
  });

  test('all of it, when it is to be forgotten', async () => {
    const disk = new Disk();
    const { queue, dropped } = await open(disk);
    await queue.append(lines(0, 7));
    await queue.clear();
    await queue.close();
    expect(dropped).toEqual([7]);
    expect(disk.paths().filter((path) => path.endsWith('.queue'))).toEqual([]);
  });
});

describe('what stands on the disk', () => {
  test('cannot be read without the key', async () => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 20));
    await queue.close();
    for (const path of disk.paths())
      expect(disk.bytes(path).toString('latin1')).not.toMatch(/zephyrine|call-\d|"seq"/u);
  });

  test.each([
    ['another key', { key: Buffer.alloc(32, 8) }],
    ['the name of another queue', { name: 'desk' }],
  ])('is left out and counted with %s', async (_what, more) => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 5));
    const after = await open(disk.afterKill(), more);
    expect(await drain(after.queue)).toEqual([]);
    expect(after.dropped).toEqual([5]);
  });

  test('is left out and counted where it was changed, cut or exchanged', async () => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 5));
    const path = disk.paths().find((name) => name.endsWith('.queue')) ?? '';
    const stored = disk.bytes(path).toString('latin1').split('\n');
    const [zero = '', one = '', two = '', three = '', four = ''] = stored;
    const wrong = `${one.slice(0, 40)}${one[40] === 'A' ? 'B' : 'A'}${one.slice(41)}`;
    disk.put(path, Buffer.from([zero, wrong, three, two, four.slice(0, 30)].join('\n')));
    const after = await open(disk);
    expect(await drain(after.queue)).toEqual([0]);
    expect(sum(after.dropped)).toBe(3);
  });

  test('is given up where it is no queue file at all', async () => {
    const disk = new Disk();
    const { queue } = await open(disk);
    await queue.append(lines(0, 2));
    const path = disk.paths().find((name) => name.endsWith('.queue')) ?? '';
    const after = await open(disk.afterKill());
    disk.put(path, Buffer.alloc(3 * bounds.batchBytes, 'x'));
    const noise = disk.afterKill();
    noise.put(path, Buffer.concat([Buffer.alloc(3 * bounds.batchBytes, 'x'), Buffer.from('\n')]));
    const reopened = await open(noise);
    await reopened.queue.append(lines(2, 4));
    expect(await drain(reopened.queue)).toEqual([2, 3]);
    expect(await drain(after.queue)).toEqual([0, 1]);
  });
});

/** A scripted life of a queue up to the first fault: what was safe, and what was acknowledged, at that time. */
async function live(disk: Disk): Promise<{ readonly safe: Set<number>; readonly taken: Set<number> }> {
  const [safe, taken] = [new Set<number>(), new Set<number>()];
  const run = async (): Promise<void> => {
    const { queue, faults } = await open(disk, { bytes: 100_000 });
    for (let at = 0; at < 120; at += 6) {
      await queue.append(lines(at, at + 6));
      await queue.sync();
      if (faults.length > 0) return;
      for (const number of range(at, at + 6)) safe.add(number);
      const batch = at % 18 === 12 ? await queue.read() : undefined;
      if (batch === undefined) continue;
      for (const one of batch.lines) taken.add(numberOf(one));
      await queue.acknowledge(batch);
    }
    await queue.close();
  };
  await run().catch(() => undefined);
  return { safe, taken };
}

async function stepsOfALife(): Promise<number> {
  const disk = new Disk();
  await live(disk);
  return disk.steps.length;
}

describe('a fault at every step of the disk', () => {
  test.each<[string, Fault]>([
    ['a loss of power', 'crash'],
    ['a full disk before', { code: 'ENOSPC', when: 'before' }],
    ['an error after', { code: 'EIO', when: 'after' }],
    ['a short write', 'short'],
  ])('%s: what was safe and not taken is delivered, in order, and nothing else', async (_what, fault) => {
    const steps = await stepsOfALife();
    expect(steps).toBeGreaterThan(40);
    for (let step = 0; step < steps; step += 1) {
      for (let seed = 0; seed < (fault === 'crash' ? 6 : 1); seed += 1) {
        const disk = new Disk();
        disk.fault = (at) => (at === step ? fault : 'none');
        const { safe, taken } = await live(disk);
        const after = fault === 'crash' ? disk.afterCrash(seeded(step * 10 + seed)) : disk.afterKill();
        const { queue } = await open(after, { bytes: 100_000 });
        const found = await drain(queue);
        const missing = [...safe].filter((number) => !taken.has(number) && !found.includes(number));
        expect({ step, seed, missing }).toEqual({ step, seed, missing: [] });
        expect({ step, found }).toEqual({ step, found: found.toSorted((one, other) => one - other) });
        await queue.append(lines(900, 903));
        expect((await drain(queue)).slice(-3)).toEqual([900, 901, 902]);
      }
    }
  });
});
