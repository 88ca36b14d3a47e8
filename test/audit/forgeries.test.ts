import { beforeAll, describe, expect, test } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import type { Target } from './support/forge.ts';
import { forgeries } from './support/forgeries/index.ts';
import { testKeys } from './support/log.ts';
import { makeTarget } from './support/target.ts';

let target: Target;

beforeAll(async () => {
  target = await makeTarget();
});

describe('a log that nobody changed', () => {
  test('is whole, with key, anchor and payloads checked', async () => {
    const { disk, anchor, vkey } = target;
    const report = await verifyLog('/log', { files: disk, anchor, vkey, keys: testKeys });
    expect(report).toMatchObject({ verdict: 'ok', exitCode: 0, warnings: [] });
    expect(report.segments).toBeGreaterThan(2);
    expect(report.records).toBeGreaterThan(report.signed);
    expect(report.sentence).toMatch(
      /^The log is whole: \d+ records .* the last \d+ records came after the newest checkpoint\.$/,
    );
  });
});

describe('a log that was changed by those who may', () => {
  test('is whole after its signing key was replaced, by the old key and by the new one', async () => {
    const { rotated, vkey, anchor } = target;
    expect(await verifyLog('/log', { files: rotated, vkey, anchor, keys: testKeys })).toMatchObject({
      verdict: 'ok',
      warnings: [],
    });
  });

  test('says after a repair who accepted which loss', async () => {
    const report = await verifyLog('/log', { files: target.repaired, keys: testKeys });
    expect(report).toMatchObject({ verdict: 'broken', exitCode: 0, warnings: [] });
    expect(report.sentence).toMatch(
      /^The log was broken at record \d+ on .* by user:ann: \d+ records lost or unreadable\./,
    );
  });
});

describe('a log that was forged is found out', () => {
  test.each(forgeries.map((forgery) => [forgery.name, forgery] as const))('%s', async (_name, forgery) => {
    const disk = target[forgery.of ?? 'disk'].copy();
    const forged = { ...target, disk };
    forgery.forge(forged);
    const report = await verifyLog('/log', { files: disk, ...forgery.given?.(forged) });
    expect(report.sentence).toMatch(forgery.sentence);
    expect(report).toMatchObject({ exitCode: forgery.exitCode });
  });

  test('in at least forty ways, each with a name of its own', () => {
    expect(new Set(forgeries.map((forgery) => forgery.name)).size).toBe(forgeries.length);
    expect(forgeries.length).toBeGreaterThanOrEqual(40);
  });
});
