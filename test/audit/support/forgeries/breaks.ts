import { signBreak } from '../../../../src/audit/breaks.ts';
import { writeFrame } from '../../../../src/audit/frame.ts';
import type { Disk } from '../disk.ts';
import {
  bodiesOf,
  changeBodies,
  changeBytes,
  changeOne,
  framed,
  segmentPath,
  segmentPaths,
  type Forgery,
} from '../forge.ts';
import { foreign } from '../signers.ts';

const unsigned = /says that the log was repaired, but the key of this log did not sign that/;
const breakNote = (disk: Disk): string => one(disk, '/log/break/');
const asideFile = (disk: Disk): string => one(disk, '/log/aside/');

export const breaks: readonly Forgery[] = [
  {
    name: 'the note of a repair removed',
    of: 'repaired',
    exitCode: 2,
    sentence: /was signed after one over/,
    forge: ({ disk }) => disk.remove(breakNote(disk)),
  },
  {
    name: 'the note of a repair signed by another key',
    of: 'repaired',
    exitCode: 2,
    sentence: unsigned,
    forge: ({ disk }) => signAs(disk, breakNote(disk)),
  },
  {
    name: 'a repair that says that fewer records are lost',
    of: 'repaired',
    exitCode: 2,
    sentence: unsigned,
    forge: ({ disk }) => changeBreak(disk, (body) => body.replace(/"lost":\d+/, '"lost":0')),
  },
  {
    name: 'a repair that says that more records are lost',
    of: 'repaired',
    exitCode: 2,
    sentence: unsigned,
    forge: ({ disk }) => changeBreak(disk, (body) => body.replace(/:(\d+)-\d+@/, ':$1-9@')),
  },
  {
    name: 'a repair that names somebody else',
    of: 'repaired',
    exitCode: 2,
    sentence: unsigned,
    forge: ({ disk }) => changeBreak(disk, (body) => body.replace('user:ann', 'user:bob')),
  },
  {
    name: 'a repair invented to hide the end of the log',
    exitCode: 2,
    sentence: unsigned,
    forge: ({ disk }) => inventBreak(disk),
  },
  {
    name: 'a repair taken back',
    of: 'repaired',
    exitCode: 2,
    sentence: /was signed after one over/,
    forge: ({ disk }) => disk.remove(segmentPath(disk, -1)),
  },
  {
    name: 'a second damage in a segment that was set aside',
    of: 'repaired',
    exitCode: 2,
    sentence: /is not the one that was set aside/,
    forge: ({ disk }) =>
      changeBytes(disk, segmentPath(disk, 0), (all) => all.fill(0x21, all.length - 20, all.length - 18)),
  },
  {
    name: 'a damage behind a repair',
    of: 'repaired',
    exitCode: 3,
    sentence: /^Record \d+ .*hash of its header/,
    forge: ({ disk }) =>
      changeBytes(disk, segmentPath(disk, -1), (all) => all.fill(0x21, all.length - 90, all.length - 80)),
  },
  {
    name: 'a file that was set aside, changed',
    of: 'repaired',
    exitCode: 2,
    sentence: /that was set aside as .* was changed/,
    forge: ({ disk }) => changeBytes(disk, asideFile(disk), (all) => all.subarray(0, -1)),
  },
  {
    name: 'a checkpoint from before a repair removed',
    of: 'repaired',
    exitCode: 2,
    sentence: /checkpoints\.log is not what it was before the log was repaired/,
    forge: ({ disk }) =>
      changeBytes(disk, '/log/checkpoints.log', (all) => all.subarray(all.indexOf('\n\n', all.indexOf('\u2014')))),
  },
  {
    name: 'an index that hides a record',
    exitCode: 2,
    sentence: /^The index of the segment of record 0 leads to other records/,
    forge: ({ disk }) => changeBytes(disk, one(disk, '/log/idx/'), hideRecord),
  },
  {
    name: 'an index that was cut',
    exitCode: 2,
    sentence: /^The index of the segment of record 0 leads to other records/,
    forge: ({ disk }) => changeBytes(disk, one(disk, '/log/idx/'), (all) => all.subarray(0, -4)),
  },
];

function one(disk: Disk, folder: string): string {
  const path = disk.paths().find((name) => name.startsWith(folder));
  if (path === undefined) throw new Error(`There is nothing in ${folder}`);
  return path;
}

function changeBreak(disk: Disk, change: (body: string) => string): void {
  const at = segmentPaths(disk).findIndex((path) => disk.bytes(path).subarray(0, 400).includes('"k":"log.break"'));
  changeBodies(disk, at, framed, changeOne(0, change));
}

function signAs(disk: Disk, path: string): void {
  const [, , record = '', leaf = ''] = disk.bytes(path).toString('utf8').split('\n');
  disk.put(path, Buffer.from(signBreak(Number(record.slice(7)), Buffer.from(leaf, 'base64'), foreign)));
}

/** Cuts the open segment, and opens the next as after a repair, with a note of somebody else's key. */
function inventBreak(disk: Disk): void {
  const path = segmentPath(disk, -1);
  const bodies = bodiesOf(disk.bytes(path));
  const [opening = ''] = bodies;
  const index = Number(/^\{"n":(\d+)/.exec(opening)?.[1]);
  const facts = `"found":"a disk","damaged":"","notes":"","was":"","vkey":"${foreign.vkey}",`;
  const body = opening.replace('"k":"seg.open"', '"k":"log.break"').replace('"f":{', `"f":{${facts}`);
  const { bytes, leaf } = writeFrame(body.replace('"q":{', '"q":{"lost":0,"signed":0,"notes":0,'));
  disk.put(path, bytes);
  disk.put(`/log/break/${index.toString(16).padStart(16, '0')}.note`, Buffer.from(signBreak(index, leaf, foreign)));
}

/** One key with one place less. */
function hideRecord(all: Buffer): Buffer {
  const count = all.readUInt32BE(44 + 20);
  all.writeUInt32BE(Math.max(0, count - 1), 44 + 20);
  return all;
}
