import type { VerifyOptions } from '../../../../src/audit/verify.ts';
import type { Disk } from '../disk.ts';
import {
  changeBodies,
  changeBytes,
  changeOne,
  framed,
  rechained,
  segmentPath,
  segmentPaths,
  startOf,
  type Forgery,
  type Target,
} from '../forge.ts';

const withAnchor = ({ anchor }: Target): VerifyOptions => ({ anchor });

export const ends: readonly Forgery[] = [
  {
    name: 'the end cut below the newest checkpoint',
    exitCode: 4,
    sentence: /^The log ends before record \d+, but a checkpoint was signed over \d+ records/,
    forge: ({ disk }) => changeBodies(disk, -1, framed, (all) => all.slice(0, 2)),
  },
  {
    name: 'the end cut in the middle of a signed record',
    exitCode: 4,
    sentence: /^The log ends before record/,
    forge: ({ disk }) => changeBytes(disk, segmentPath(disk, -1), (all) => all.subarray(0, startOf(all, 2) + 40)),
  },
  {
    name: 'an older copy of the whole directory',
    exitCode: 4,
    sentence: /but the anchor was signed over \d+ records/,
    forge: rollBack,
    given: withAnchor,
  },
  {
    name: 'the last segment removed',
    exitCode: 4,
    sentence: /^The log ends before record/,
    forge: ({ disk }) => disk.remove(segmentPath(disk, -1)),
  },
  {
    name: 'all segments removed',
    exitCode: 4,
    sentence: /^The log ends before record 0,/,
    forge: ({ disk }) => removeAll(disk),
  },
];

function rollBack({ disk, older }: Target): void {
  for (const path of disk.paths()) disk.remove(path);
  for (const path of older.paths()) disk.put(path, older.bytes(path));
}

function removeAll(disk: Disk): void {
  for (const path of segmentPaths(disk)) disk.remove(path);
}

export const segments: readonly Forgery[] = [
  {
    name: 'a segment in the middle removed',
    exitCode: 2,
    sentence: /^The records \d+ to \d+ are missing/,
    forge: ({ disk }) => disk.remove(segmentPath(disk, 1)),
  },
  {
    name: 'the first segment removed',
    exitCode: 2,
    sentence: /^The log has a gap: the records 0 to \d+ are missing, and no tombstone/,
    forge: ({ disk }) => disk.remove(segmentPath(disk, 0)),
  },
  { name: 'two segments exchanged', exitCode: 2, sentence: /^Record 0 .*number of its place/, forge: exchangeSegments },
  {
    name: 'a segment under two names',
    exitCode: 2,
    sentence: /second segment|opens it|are missing/,
    forge: ({ disk }) => disk.put('/log/seg/0000000000000002.cal', disk.bytes(segmentPath(disk, 1))),
  },
  {
    name: 'a seal removed',
    exitCode: 2,
    sentence: /without its seal/,
    forge: ({ disk }) => changeBodies(disk, 0, framed, (all) => all.slice(0, -1)),
  },
  {
    name: 'a seal with another hash',
    exitCode: 2,
    sentence: /seals a segment with other content/,
    forge: ({ disk }) =>
      changeBodies(disk, 0, framed, (all) =>
        changeOne(all.length - 1, (body) => body.replace(/"sha256":"./, '"sha256":"z'))(all),
      ),
  },
  {
    name: 'a record behind a seal',
    exitCode: 2,
    sentence: /behind the seal/,
    forge: ({ disk }) => changeBodies(disk, 0, rechained, (all) => [...all, all[2] ?? '']),
  },
  {
    name: 'an opening with another tree',
    exitCode: 3,
    sentence: /tree does not give its root/,
    forge: ({ disk }) =>
      changeBodies(
        disk,
        1,
        rechained,
        changeOne(0, (body) => body.replace(/"edge":"...../, '"edge":"AAAAA')),
      ),
  },
  {
    name: 'an opening with another file before it',
    exitCode: 2,
    sentence: /not the file that was closed/,
    forge: ({ disk }) =>
      changeBodies(
        disk,
        1,
        rechained,
        changeOne(0, (body) => body.replace(/"before":"../, '"before":"zz')),
      ),
  },
];

function exchangeSegments({ disk }: Target): void {
  const [first, second] = [segmentPath(disk, 0), segmentPath(disk, 1)];
  const kept = disk.bytes(first);
  disk.put(first, disk.bytes(second));
  disk.put(second, kept);
}
