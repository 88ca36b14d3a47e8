import { describe, expect, test } from 'vitest';
import { parseObject } from '../../src/audit/json.ts';
import { proveConsistency, proveRecord } from '../../src/audit/prove.ts';
import { rotateSigning, type SigningOptions, type SigningRotation } from '../../src/audit/rotate-signing.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath, notePath } from './support/forge.ts';
import { clock, eventNumber, openLog, testKeys, writeLog } from './support/log.ts';
import { seeded } from './support/medium.ts';

function rotate(disk: Disk, options: Partial<SigningOptions> = {}): Promise<SigningRotation> {
  return rotateSigning({ directory: '/log', files: disk, keys: testKeys, by: 'user:ann', ...clock(), ...options });
}

async function newLog(): Promise<{ disk: Disk; vkey: string; note: string }> {
  const disk = new Disk();
  await writeLog('/log', 20, { files: disk });
  const vkey = /"vkey":"([^"]+)"/.exec(disk.bytes(descriptionPath).toString())?.[1] ?? '';
  return { disk, vkey, note: disk.bytes(notePath).toString() };
}

describe('a new signing key', () => {
  test('signs what follows; old notes, old anchors and both keys hold, and log.json stays as it was', async () => {
    const { disk, vkey, note } = await newLog();
    const before = disk.bytes(descriptionPath);
    const { from, to, size } = await rotate(disk);
    expect(from).toBe(vkey);
    expect(disk.bytes(descriptionPath)).toEqual(before);
    const { log } = await openLog('/log', { files: disk });
    for (let at = 0; at < 8; at += 1) log.record(eventNumber(at));
    await log.close();
    for (const key of [vkey, to]) {
      const report = await verifyLog('/log', { files: disk, vkey: key, anchor: note, keys: testKeys });
      expect(report).toMatchObject({ verdict: 'ok', warnings: [] });
    }
    await proveRecord('/log', size - 1, disk);
    await proveConsistency('/log', note, disk);
    const again = await rotate(disk);
    expect(again.from).toBe(to);
    expect(await verifyLog('/log', { files: disk, vkey })).toMatchObject({ verdict: 'ok', warnings: [] });
  });

  test('after the old one was lost is believed by nobody who was not told it', async () => {
    const { disk, vkey } = await newLog();
    const path = '/log/keys/sys.json';
    const system = parseObject(disk.bytes(path).toString());
    disk.put(path, Buffer.from(JSON.stringify({ ...system, signing: 'AAAA' })));
    await expect(openLog('/log', { files: disk })).rejects.toMatchObject({ code: 'KEY_CORRUPT' });
    await expect(rotate(disk)).rejects.toMatchObject({ code: 'KEY_CORRUPT' });
    const { to } = await rotate(disk, { lost: true });
    expect(await verifyLog('/log', { files: disk })).toMatchObject({ exitCode: 2 });
    expect(await verifyLog('/log', { files: disk, vkey })).toMatchObject({ exitCode: 2 });
    const report = await verifyLog('/log', { files: disk, vkey: to, keys: testKeys });
    expect(report).toMatchObject({ exitCode: 0, warnings: [expect.stringMatching(/that one was lost/)] });
    await (await openLog('/log', { files: disk })).log.close();
  });

  test(
    'interrupted at any step leaves a log that opens, and is finished by running it again',
    { timeout: 60_000 },
    async () => {
      const { disk: model } = await newLog();
      const start = model.afterKill();
      const run = start.copy();
      await rotate(run);
      const steps = run.steps.length;
      expect(steps).toBeGreaterThan(20);
      for (let step = 0; step < steps; step += 1) {
        const disk = start.copy();
        disk.fault = (at) => (at === step ? 'crash' : 'none');
        await rotate(disk).catch(() => undefined);
        const later = disk.afterCrash(seeded(step));
        expect(await verifyLog('/log', { files: later })).toMatchObject({ exitCode: 0 });
        const opened = later.afterKill();
        await (await openLog('/log', { files: opened })).log.close();
        await rotate(opened);
        expect(await verifyLog('/log', { files: opened })).toMatchObject({ verdict: 'ok', warnings: [] });
      }
    },
  );
});
