import { expect, it } from 'vitest';
import { observe } from '../fault/observe.ts';
import { faultsOf } from './judge.ts';
import { soak } from './soak.ts';
import { slopeOf, trendOf } from './trend.ts';

/** The long form is `npm run soak`: 30 minutes, 200 calls. */
it('[F9] calls one after the other: all complete, and nothing is left over', { timeout: 120_000 }, async (context) => {
  const report = await soak({ calls: 12, seconds: 12, callSeconds: 2, faults: false, seed: 1 });
  expect(faultsOf(report, false)).toEqual([]);
  expect(report.endings).toEqual({ completed: report.placed, human: 0, lost: 0 });
  // Twelve calls at a time need 24; whatever a call left open would add up with each of the others.
  expect(report.descriptors.most - report.descriptors.first).toBeLessThan(60);
  expect(report.memoryMiB.last - report.memoryMiB.first).toBeLessThan(120);
  observe(context, { seen: `${report.placed} calls, ${report.framesReturned} frames back` });
});

it(
  '[E5 F7] faults in every call, a worker killed in the middle of all and then the process that writes the log: each is completed or goes to a human, no record is lost',
  {
    timeout: 120_000,
  },
  async () => {
    const report = await soak({ calls: 12, placed: 60, callSeconds: 1.5, faults: true, kills: 2, workers: 2, seed: 7 });
    expect(faultsOf(report, false)).toEqual([]);
    expect(report.endings.human).toBeGreaterThan(10);
    expect(report.endings.completed).toBeGreaterThan(5);
    expect(report.kills).toBe(2);
    expect(report.recovered).toBeGreaterThan(2);
  },
);

it('a slope is one', () => {
  expect(slopeOf([1, 2, 3, 4])).toBeCloseTo(1);
  expect(slopeOf([5, 5, 5])).toBe(0);
  expect(trendOf([9, 9, 1, 2, 3, 4])).toMatchObject({ first: 9, last: 4, most: 9 });
});
