import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { LoadGauge, type OverloadLimits } from '../../src/server/overload.ts';

const calm: OverloadLimits = { busy: 1, lagMs: 1e9, memoryBytes: undefined };

/** Keeps the process busy, but lets its timers run between, until the gauge has seen enough or the time is over. */
async function toil(gauge: LoadGauge, longestMs: number): Promise<void> {
  const end = performance.now() + longestMs;
  while (!gauge.overloaded && performance.now() < end) {
    const until = performance.now() + 50;
    while (performance.now() < until);
    await wait(0);
  }
}

async function afterToil(limits: OverloadLimits, longestMs = 20_000): Promise<LoadGauge> {
  const gauge = new LoadGauge(() => limits);
  gauge.start();
  await toil(gauge, longestMs);
  gauge.stop();
  return gauge;
}

test('[F3] a process that is busy for seconds is overloaded', async () => {
  const gauge = await afterToil({ ...calm, busy: 0.5 });
  expect(gauge.overloaded).toBe(true);
  expect(gauge.busy).toBeGreaterThan(0.5);
});

test('[F3] so is one whose timers are late', async () => {
  expect((await afterToil({ ...calm, lagMs: 10 })).overloaded).toBe(true);
});

test('[F3] a crowd is not let in before it is heard: so many calls in a second, and as many again in the next', async () => {
  let calls = 0;
  const gauge = new LoadGauge(() => ({ ...calm, busy: 0.75 }), { calls: () => calls });
  gauge.start();
  const admitted = (): number => {
    const before = calls;
    while (!gauge.overloaded && calls < 10_000) calls += 1;
    return calls - before;
  };
  expect(admitted()).toBe(50);
  expect(admitted()).toBe(0);
  await vi.waitUntil(() => !gauge.overloaded, { timeout: 5_000 });
  expect(admitted()).toBeGreaterThanOrEqual(50);
  expect(gauge.overloaded).toBe(true);
  gauge.stop();
});

test('[F3] nor is there such a bound where nothing bounds the load', () => {
  expect(new LoadGauge(() => calm, { calls: () => 10_000 }).overloaded).toBe(false);
});

test('[F4] and one that has no memory left, at once', () => {
  expect(new LoadGauge(() => ({ ...calm, memoryBytes: 1024 })).overloaded).toBe(true);
});

test('without limits the same work is no overload', async () => {
  expect((await afterToil(calm, 4000)).overloaded).toBe(false);
});

test('[F4] a heap that is full takes no new calls, and one that is exhausted asks for room each second', async () => {
  let share = 0.9;
  let asked = 0;
  const gauge = new LoadGauge(() => calm, { heapShare: () => share, onExhausted: () => (asked += 1) });
  gauge.start();
  expect(gauge.overloaded).toBe(false);
  share = 0.96;
  expect(gauge.overloaded).toBe(true);
  await wait(1_200);
  expect(asked).toBe(0);
  share = 0.99;
  await wait(2_200);
  gauge.stop();
  expect(asked).toBeGreaterThan(0);
});

test('[F4] the room for lasting objects is what was asked for, whatever this Node keeps for young ones', () => {
  const source = new URL('../../src/server/overload.ts', import.meta.url);
  const script = `import(${JSON.stringify(source.href)}).then(({ lastingBytes }) => console.log(lastingBytes() / 2 ** 20))`;
  for (const semiSpace of [[], ['--max-semi-space-size=32']]) {
    const flags = ['--max-old-space-size=512', ...semiSpace, '--import', 'tsx', '-e', script];
    expect(Number(spawnSync(process.execPath, flags, { encoding: 'utf8' }).stdout)).toBe(512);
  }
});

test('the real heap is not full', () => {
  expect(new LoadGauge(() => calm).overloaded).toBe(false);
});
