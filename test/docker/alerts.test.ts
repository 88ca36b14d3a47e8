import { describe, expect, test } from 'vitest';
import { reasons } from '../../src/policy/reason.ts';
import { CallMetrics } from '../../src/server/call-metrics.ts';
import { HouseMetrics } from '../../src/server/house-metrics.ts';
import { TapFigures } from '../../src/server/taps/figures.ts';
import { cells } from '../../src/stream/counters.ts';
import { at, listAt, textOf, yamlOf } from './files.ts';

const rules = listAt(yamlOf('docker/alerts.yml'), 'groups', 0, 'rules');
const operations = textOf('docs/operations.md');

async function metricNames(): Promise<Set<string>> {
  const calls = new CallMetrics({ cellSums: () => new Float64Array(cells.length), liveCalls: () => 0, busy: () => 0 });
  const house = new HouseMetrics({
    auditSize: () => 0,
    auditWaiting: () => 0,
    auditLagSeconds: () => 0,
    auditFailed: () => false,
    auditUndeposited: () => 0,
    auditSilence: () => ({ anchors: 0, key: 0 }),
    agreementDaysLeft: () => new Map([['demo-voice', 3]]),
    taps: new TapFigures(),
  });
  const scrape = `${await house.board.scrape()}${await calls.scrape()}`;
  return new Set([...scrape.matchAll(/^# TYPE (\S+)/gmu)].map((match) => match[1] ?? ''));
}

describe.each(rules.map((rule) => [String(at(rule, 'alert')), rule] as const))('%s', (name, rule) => {
  const expression = String(at(rule, 'expr'));

  test('asks for metrics that exist', async () => {
    const known = await metricNames();
    const asked = expression.match(/\b(?:chaperone|nodejs|process)_\w+/gu) ?? [];
    for (const metric of asked) expect(known).toContain(metric);
    expect(asked.length > 0 || expression.startsWith('up{')).toBe(true);
  });

  test('asks for reasons that exist', () => {
    const patterns = [...expression.matchAll(/reason=~?"([^"]+)"/gu)].flatMap((match) => (match[1] ?? '').split('|'));
    const codes = Object.keys(reasons);
    for (const pattern of patterns)
      expect(codes.some((code) => new RegExp(`^(?:${pattern})$`, 'u').test(code))).toBe(true);
  });

  test('says how urgent it is, and docs/operations.md says what to do', () => {
    expect(['page', 'ticket']).toContain(at(rule, 'labels', 'severity'));
    expect(at(rule, 'annotations', 'summary')).toMatch(/\w/u);
    expect(operations).toContain(`\`${name}\``);
  });
});

test('docs/operations.md lists every metric of chaperone, and no other', async () => {
  const documented = [...operations.matchAll(/^\| `(chaperone_\w+)` \|/gmu)].map((match) => match[1] ?? '');
  const own = [...(await metricNames())].filter((name) => name.startsWith('chaperone_'));
  expect([...documented].sort()).toEqual(own.sort());
});

test('docs/operations.md explains every alert, and no other', () => {
  const explained = [...operations.matchAll(/^\| `(Chaperone\w+)` \|/gmu)].map((match) => match[1]);
  expect(explained).toEqual(rules.map((rule) => at(rule, 'alert')));
});

test('there are rules', () => {
  expect(rules.length).toBeGreaterThan(9);
});
