import type { Disk } from '../disk.ts';
import { changeBytes, segmentPath, startOf, type Forgery } from '../forge.ts';

function flip(offset: number, mask = 1): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const at = offset < 0 ? bytes.length + offset : offset;
    bytes[at] = (bytes[at] ?? 0) ^ mask;
    return bytes;
  };
}

function replaceBytes(from: string, to: string): (bytes: Buffer) => Buffer {
  return (bytes) => Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
}

export const bytes: readonly Forgery[] = [
  {
    name: 'one bit of a body',
    exitCode: 3,
    sentence: /^Record 2 .* hash of its header/,
    forge: ({ disk }) => flipIn(disk, 2, 60),
  },
  {
    name: 'one bit of a length',
    exitCode: 3,
    sentence: /^Record 2 .*its length says|^Record 2 .*ends before/,
    forge: ({ disk }) => flipIn(disk, 2, 7),
  },
  {
    name: 'one bit of a hash',
    exitCode: 3,
    sentence: /^Record 2 .*(hash of its header|no valid header)/,
    forge: ({ disk }) => flipIn(disk, 2, 9),
  },
  { name: 'a length in upper case', exitCode: 3, sentence: /no valid header/, forge: ({ disk }) => upperCase(disk, 0) },
  { name: 'a hash in upper case', exitCode: 3, sentence: /no valid header/, forge: ({ disk }) => upperCase(disk, 9) },
  {
    name: 'lines that end in CR LF',
    exitCode: 3,
    sentence: /^Record 0 .*does not end where/,
    forge: ({ disk }) => changeBytes(disk, segmentPath(disk, 0), replaceBytes('\n', '\r\n')),
  },
  {
    name: 'a zero byte in a body',
    exitCode: 3,
    sentence: /hash of its header|no record may hold/,
    forge: ({ disk }) => changeBytes(disk, segmentPath(disk, 0), replaceBytes('front-desk', 'front\0desk')),
  },
  {
    name: 'a body that is not UTF-8',
    exitCode: 3,
    sentence: /^Record \d+ .*hash of its header/,
    forge: ({ disk }) => changeBytes(disk, segmentPath(disk, 0), replaceBytes('front-desk', 'front\xffdesk')),
  },
  {
    name: 'a length over the limit',
    exitCode: 3,
    sentence: /impossible length/,
    forge: ({ disk }) =>
      changeBytes(disk, segmentPath(disk, 0), (all) => Buffer.concat([Buffer.from('00010000'), all.subarray(8)])),
  },
  {
    name: 'bytes behind a closed segment',
    exitCode: 3,
    sentence: /^Record \d+ .*ends inside the header.*changed/,
    forge: ({ disk }) => changeBytes(disk, segmentPath(disk, 0), (all) => Buffer.concat([all, Buffer.from('junk')])),
  },
];

function flipIn(disk: Disk, record: number, offset: number): void {
  changeBytes(disk, segmentPath(disk, 0), (all) => flip(startOf(all, record) + offset)(all));
}

/** Writes the first letter among the hex digits at `offset` of a header in upper case. */
function upperCase(disk: Disk, offset: number): void {
  changeBytes(disk, segmentPath(disk, 0), (all) => {
    for (let record = 0; record < 8; record += 1) {
      const start = startOf(all, record) + offset;
      const digits = all.toString('latin1', start, start + 8);
      if (digits === digits.toUpperCase()) continue;
      all.write(digits.toUpperCase(), start, 'latin1');
      return all;
    }
    throw new Error('No header holds a letter');
  });
}
