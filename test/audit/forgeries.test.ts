import { beforeAll, describe, expect, test } from 'vitest';
import { signCheckpoint, signerOf } from '../../src/audit/checkpoint.ts';
import { FileKeyStore } from '../../src/audit/key-store.ts';
import { openKeyring } from '../../src/audit/keyring-open.ts';
import { systemRandom } from '../../src/audit/seal.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath, notePath, type Target } from './support/forge.ts';
import { forgeries } from './support/forgeries/index.ts';
import { eventNumber, openLog, origin, testKeys } from './support/log.ts';

let target: Target;

async function write(disk: Disk, from: number, to: number, segmentBytes: number, close: boolean): Promise<void> {
  const { log } = await openLog('/log', { files: disk, limits: { segmentBytes } });
  for (let at = from; at < to; at += 1) {
    log.record(eventNumber(at));
    await log.settled();
  }
  if (close) await log.close();
}

beforeAll(async () => {
  const disk = new Disk();
  await write(disk, 0, 40, 5_000, true);
  const older = disk.copy();
  await write(disk, 40, 60, 1_000_000, true);
  const anchor = disk.bytes(notePath).toString('utf8');
  // Left without its last checkpoint: the end of the log is not signed.
  const unsigned = disk.afterKill();
  await write(unsigned, 60, 70, 1_000_000, false);
  const keyring = await openKeyring(
    { store: new FileKeyStore(unsigned, '/log/keys'), provider: testKeys, origin, random: systemRandom },
    false,
  );
  const signer = signerOf(origin, keyring.signing);
  const vkey = /"vkey":"([^"]+)"/.exec(unsigned.bytes(descriptionPath).toString())?.[1] ?? '';
  target = {
    disk: unsigned,
    older,
    anchor,
    vkey,
    sign: (size, root) => signCheckpoint({ origin, size, root }, signer),
  };
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

describe('a log that was forged is found out', () => {
  test.each(forgeries.map((forgery) => [forgery.name, forgery] as const))('%s', async (_name, forgery) => {
    const disk = target.disk.copy();
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
