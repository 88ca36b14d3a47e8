import { changeBytes, changeNewestNote, notePath, notesPath, type Forgery, type Target } from '../forge.ts';
import { elsewhere, foreign, resign } from '../signers.ts';

export const notes: readonly Forgery[] = [
  {
    name: 'a signature with one bit changed',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: ({ disk }) => changeNewestNote(disk, changeSignature),
  },
  {
    name: 'a note of another key under the same name',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => resign(note, foreign)),
  },
  {
    name: 'a note whose key id is forged',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: (target) => changeNewestNote(target.disk, (note) => forgeKeyId(note)),
  },
  {
    name: 'a note of another log',
    exitCode: 2,
    sentence: /is of another log/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => resign(note, elsewhere, elsewhere.name)),
  },
  {
    name: 'a note over fewer records',
    exitCode: 2,
    sentence: /is not signed/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => note.replace(/\n\d+\n/, '\n3\n')),
  },
  {
    name: 'a note with another root',
    exitCode: 2,
    sentence: /is not signed/,
    forge: ({ disk }) =>
      changeNewestNote(disk, (note) =>
        note.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(32).toString('base64')}\n`),
      ),
  },
  {
    name: 'a size with a leading zero',
    exitCode: 2,
    sentence: /is not a signed note/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => note.replace(/\n(\d+)\n/, '\n0$1\n')),
  },
  {
    name: 'a size beyond all numbers',
    exitCode: 2,
    sentence: /is not a signed note/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => note.replace(/\n\d+\n/, '\n18446744073709551616\n')),
  },
  {
    name: 'a note with an extension line',
    exitCode: 2,
    sentence: /is not a signed note/,
    forge: ({ disk }) => changeNewestNote(disk, (note) => note.replace('=\n\n', '=\nextra\n\n')),
  },
  {
    name: 'a signature spelled in a second way',
    exitCode: 2,
    sentence: /is not a signed note/,
    forge: ({ disk }) => changeNewestNote(disk, respell),
  },
  { name: 'two notes over one size that disagree', exitCode: 2, sentence: /disagree: the log was forked/, forge: fork },
  {
    name: 'an old note signed anew after a newer one',
    exitCode: 2,
    sentence: /was signed after one over/,
    forge: ({ disk }) => changeBytes(disk, notesPath, (all) => Buffer.concat([all, firstNote(all)])),
  },
  { name: 'all notes removed', exitCode: 5, sentence: /no signed checkpoint/, forge: removeNotes },
];

function changeSignature(note: string): string {
  return note.replace(
    /([A-Za-z0-9])([A-Za-z0-9+/]{8}=*\n)$/,
    (_all, letter: string, rest: string) => `${letter === 'A' ? 'B' : 'A'}${rest}`,
  );
}

function forgeKeyId(note: string): string {
  const keyId = Buffer.from(/ (\S+)\n$/.exec(note)?.[1] ?? '', 'base64').subarray(0, 4);
  return resign(note, { ...foreign, id: keyId });
}

/** Another base64 text of the same bytes: the two spare bits of its last letter set. */
function respell(note: string): string {
  return note.replace(
    /(.)=\n$/,
    (_all, letter: string) => `${String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1)}=\n`,
  );
}

function fork({ disk, sign }: Target): void {
  const [, size = '0'] = disk.bytes(notePath).toString('utf8').split('\n');
  changeBytes(disk, notesPath, (all) => Buffer.concat([all, Buffer.from(sign(Number(size), Buffer.alloc(32)))]));
}

function firstNote(all: Buffer): Buffer {
  return all.subarray(0, all.indexOf('\n', all.indexOf('\u2014')) + 1);
}

function removeNotes({ disk }: Target): void {
  disk.remove(notePath);
  disk.remove(notesPath);
}
