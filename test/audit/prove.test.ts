import { beforeAll, describe, expect, test } from 'vitest';
import { parseVerifierKey, type VerifierKey } from '../../src/audit/checkpoint.ts';
import { layoutOf } from '../../src/audit/layout.ts';
import { checkProof, proveConsistency, proveRecord } from '../../src/audit/prove.ts';
import { tilePath } from '../../src/audit/tile-store.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath, notePath } from './support/forge.ts';
import { eventNumber, openLog } from './support/log.ts';

/** More than 2 x 256 x 256 would take too long to write here: level 1 stays unfinished, which `tile-writer` resumes too. */
const total = 1400;
let disk: Disk;
let early: string;
let keys: readonly VerifierKey[];

async function write(on: Disk, from: number, to: number): Promise<void> {
  const { log } = await openLog('/log', { files: on, limits: { segmentBytes: 100_000 } });
  for (let at = from; at < to; at += 1) {
    log.record(eventNumber(at));
    if (at % 50 === 0) await log.settled();
  }
  await log.close();
}

beforeAll(async () => {
  disk = new Disk();
  await write(disk, 0, 300);
  early = disk.bytes(notePath).toString('utf8');
  await write(disk, 300, total);
  const vkey = /"vkey":"([^"]+)"/.exec(disk.bytes(descriptionPath).toString())?.[1] ?? '';
  keys = [parseVerifierKey(vkey)].filter((key) => key !== undefined);
});

describe('a proof', () => {
  test('of any record holds without the log, and not for another record', async () => {
    const indexes = [0, 1, 255, 256, 300, 617, 1023, 1024, 1399];
    for (const index of indexes) {
      const { body, proof } = await proveRecord('/log', index, disk);
      expect(body).toContain(`{"n":${index},`);
      expect(checkProof(body, proof, keys)).toBe(true);
      expect(checkProof(body.replace('"o":"ok"', '"o":"refused"'), proof, keys)).toBe(false);
      expect(checkProof(body, proof.replace(`index ${index}`, `index ${index + 1}`), keys)).toBe(false);
      expect(checkProof(body, proof, [])).toBe(false);
    }
  });

  test('is a text of c2sp.org/tlog-proof@v1', async () => {
    const { proof } = await proveRecord('/log', 617, disk);
    expect(proof).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nindex 617\n([A-Za-z0-9+/]{43}=\n){10,11}\nglow\.example\/chaperone-1\n\d+\n[A-Za-z0-9+/]{43}=\n\n\u2014 glow\.example\/chaperone-1 \S+\n$/,
    );
  });

  test('of a record that is not signed yet, or not there, is refused in words', async () => {
    await expect(proveRecord('/log', 1_000_000, disk)).rejects.toMatchObject({ code: 'AUDIT_MISSING' });
  });

  test('that the log only grew holds, for the key of the log alone', async () => {
    const path = await proveConsistency('/log', early, disk);
    expect(path.length).toBeGreaterThan(3);
    const forged = early.replace(/\n\d+\n/, '\n299\n');
    await expect(proveConsistency('/log', forged, disk)).rejects.toMatchObject({ code: 'AUDIT_NOTE' });
  });
});

describe('the tiles', () => {
  const layout = layoutOf('/log');

  test('are stored as C2SP names them', () => {
    expect(disk.bytes(tilePath(layout, 0, 4)).length).toBe(8192);
    expect(tilePath(layout, 0, 1_234_067)).toBe('/log/tile/0/x001/x234/067');
    expect(tilePath(layout, 3, 7)).toBe('/log/tile/3/007');
  });

  test('are made anew when they are missing or cut', async () => {
    const damaged = disk.copy();
    damaged.remove(tilePath(layout, 0, 1));
    damaged.put(tilePath(layout, 0, 2), Buffer.alloc(100));
    const { body, proof } = await proveRecord('/log', 300, damaged);
    expect(checkProof(body, proof, keys)).toBe(true);
    await write(damaged, total, total + 10);
    expect(await verifyLog('/log', { files: damaged })).toMatchObject({ verdict: 'ok' });
  });

  test('that were changed are passed over, verify tells, and a start makes them anew', async () => {
    const damaged = disk.copy();
    damaged.put(tilePath(layout, 0, 2), Buffer.alloc(8192, 7));
    expect(await verifyLog('/log', { files: damaged })).toMatchObject({
      exitCode: 2,
      sentence: 'The stored tile 2 of level 0 holds the hashes of other records.',
    });
    const around = await proveRecord('/log', 300, damaged);
    expect(checkProof(around.body, around.proof, keys)).toBe(true);
    await write(damaged, total, total + 10);
    expect(damaged.bytes(tilePath(layout, 0, 2))).toEqual(disk.bytes(tilePath(layout, 0, 2)));
    const { body, proof } = await proveRecord('/log', 300, damaged);
    expect(checkProof(body, proof, keys)).toBe(true);
  });
});
