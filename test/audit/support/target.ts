import { signCheckpoint, signerOf } from '../../../src/audit/checkpoint.ts';
import { FileKeyStore } from '../../../src/audit/key-store.ts';
import { openKeyring } from '../../../src/audit/keyring-open.ts';
import { repairLog } from '../../../src/audit/repair.ts';
import { rotateSigning } from '../../../src/audit/rotate-signing.ts';
import { systemRandom } from '../../../src/audit/seal.ts';
import { Disk } from './disk.ts';
import { changeBytes, descriptionPath, notePath, segmentPath, type Target } from './forge.ts';
import { clock, eventNumber, openLog, origin, testKeys } from './log.ts';

async function write(disk: Disk, from: number, to: number, segmentBytes: number, close: boolean): Promise<void> {
  // No checkpoint by a timer: how much is signed must not depend on how fast this runs.
  const limits = { segmentBytes, checkpointPause: 1_000_000, checkpointEvery: 1_000_000 };
  const { log } = await openLog('/log', { files: disk, limits });
  for (let at = from; at < to; at += 1) {
    log.record(eventNumber(at));
    await log.settled();
  }
  if (close) await log.close();
}

/** Two damages: one in the middle, and the opening of the last segment, which then lies aside. */
async function repairedOf(disk: Disk): Promise<Disk> {
  const repaired = disk.afterKill();
  changeBytes(repaired, segmentPath(repaired, 0), (all) => all.fill(0x21, 700, 710));
  changeBytes(repaired, segmentPath(repaired, -1), (all) => all.fill(0x21, 0, 1500));
  const options = { directory: '/log', files: repaired, keys: testKeys, by: 'user:ann', acceptLoss: true, ...clock() };
  const { signed } = await repairLog({ ...options, acceptLoss: false });
  await repairLog({ ...options, acceptRollback: signed });
  await write(repaired, 70, 80, 1_000_000, true);
  return repaired;
}

async function rotatedOf(disk: Disk): Promise<Disk> {
  const rotated = disk.afterKill();
  await rotateSigning({ directory: '/log', files: rotated, keys: testKeys, by: 'user:ann', ...clock() });
  await write(rotated, 70, 80, 1_000_000, true);
  return rotated;
}

/** A log of several segments, left without its last checkpoint: its end is not signed. */
export async function makeTarget(): Promise<Target> {
  const disk = new Disk();
  await write(disk, 0, 40, 5_000, true);
  const older = disk.copy();
  await write(disk, 40, 60, 1_000_000, true);
  const anchor = disk.bytes(notePath).toString('utf8');
  const unsigned = disk.afterKill();
  await write(unsigned, 60, 70, 1_000_000, false);
  const keyring = await openKeyring(
    { store: new FileKeyStore(unsigned, '/log/keys'), provider: testKeys, origin, random: systemRandom },
    false,
  );
  const signer = signerOf(origin, keyring.signing);
  const vkey = /"vkey":"([^"]+)"/.exec(unsigned.bytes(descriptionPath).toString())?.[1] ?? '';
  const sign = (size: number, root: Buffer): string => signCheckpoint({ origin, size, root }, signer);
  const repaired = await repairedOf(unsigned);
  const rotated = await rotatedOf(unsigned);
  return { disk: unsigned, older, repaired, rotated, anchor, vkey, sign };
}
