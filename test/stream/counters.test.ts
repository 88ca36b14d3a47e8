import { expect, test } from 'vitest';
import { phiKinds } from '../../src/policy/phi/kinds.ts';
import { addUp, cells, Counters, textBuckets } from '../../src/stream/counters.ts';
import { Kind, Way } from '../../src/stream/protocol.ts';

function valueOf(counters: Counters, metric: string, labels: Readonly<Record<string, string>> = {}): number {
  const index = cells.findIndex(
    (cell) => cell.metric === metric && Object.entries(labels).every(([name, value]) => cell.labels[name] === value),
  );
  return counters.values[index] ?? Number.NaN;
}

test('every cell has a name of its own', () => {
  const names = cells.map((cell) => JSON.stringify([cell.metric, cell.labels]));
  expect(new Set(names).size).toBe(cells.length);
  expect(new Counters().values).toHaveLength(cells.length);
});

test('a figure is counted in its own cell', () => {
  const counters = new Counters();
  counters.sent(Way.toCaller, Kind.Text, 70);
  counters.sent(Way.toCaller, Kind.Text, 30);
  counters.sent(Way.toVendor, Kind.Audio, 370);
  for (const [index, kind] of phiKinds.entries()) counters.removed(kind, index + 1);
  counters.blocked(Way.toVendor);
  counters.withheld(Way.toVendor);
  counters.dropped(Way.toVendor);
  counters.paused(Way.toCaller);
  counters.held();
  counters.expired();
  counters.overBudget();
  counters.redactionFault();
  counters.sequenceGap();
  expect(valueOf(counters, 'frames', { way: 'toCaller', kind: 'text' })).toBe(2);
  expect(valueOf(counters, 'bytes', { way: 'toCaller', kind: 'text' })).toBe(100);
  expect(valueOf(counters, 'frames', { way: 'toVendor', kind: 'audio' })).toBe(1);
  for (const [index, kind] of phiKinds.entries()) expect(valueOf(counters, 'removed', { kind })).toBe(index + 1);
  expect(valueOf(counters, 'pauses', { way: 'toCaller' })).toBe(1);
  expect(valueOf(counters, 'pauses', { way: 'toVendor' })).toBe(0);
  const ones = [
    'blocked',
    'withheld',
    'dropped',
    'holds',
    'expired',
    'over_budget',
    'redaction_faults',
    'sequence_gaps',
  ];
  expect(ones.map((metric) => valueOf(counters, metric))).toEqual(ones.map(() => 1));
});

test('the time of a text frame falls into every bucket that it fits', () => {
  const counters = new Counters();
  counters.textTime(0.2);
  counters.textTime(2);
  counters.textTime(5_000);
  const counts = [...textBuckets.map(String), '+Inf'].map((le) => valueOf(counters, 'text_seconds_bucket', { le }));
  expect(counts).toEqual([0, 1, 1, 2, 2, 2, 2, 2, 3]);
  expect(valueOf(counters, 'text_seconds_sum')).toBeCloseTo(5.0022);
  expect(valueOf(counters, 'text_seconds_count')).toBe(3);
});

test('a sum over calls adds cell by cell', () => {
  const [first, second] = [new Counters(), new Counters()];
  first.sent(Way.toVendor, Kind.Audio, 370);
  second.sent(Way.toVendor, Kind.Audio, 130);
  second.blocked(Way.toCaller);
  const sum = new Float64Array(cells.length);
  addUp(sum, first);
  addUp(sum, second);
  const both = new Counters();
  both.values.set(sum);
  expect(valueOf(both, 'bytes', { way: 'toVendor', kind: 'audio' })).toBe(500);
  expect(both.totals()).toEqual({ 'frames.toVendor.audio': 2, 'bytes.toVendor.audio': 500, 'blocked.toCaller': 1 });
});
