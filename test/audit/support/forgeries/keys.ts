import { signCheckpoint, type Signer } from '../../../../src/audit/checkpoint.ts';
import { signSuccession, successionPath } from '../../../../src/audit/succession.ts';
import { layoutOf } from '../../../../src/audit/layout.ts';
import type { VerifyOptions } from '../../../../src/audit/verify.ts';
import type { Disk } from '../disk.ts';
import { changeBytes, notePath, notesPath, type Forgery, type Target } from '../forge.ts';
import { origin } from '../log.ts';
import { foreign } from '../signers.ts';

const withKey = ({ vkey }: Target): VerifyOptions => ({ vkey });
const notHandedOver = /^The note of the key that signs from record \d+ on is not signed by the key before it/;

export const keys: readonly Forgery[] = [
  {
    name: 'the note of a new signing key removed',
    of: 'rotated',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: ({ disk }) => disk.remove(succession(disk)),
  },
  {
    name: 'a signing key that nobody handed over to',
    exitCode: 2,
    sentence: notHandedOver,
    forge: ({ disk, vkey }) => handOver(disk, vkey, foreign),
  },
  {
    name: 'a signing key that says that the one before was lost',
    exitCode: 2,
    sentence: /^From record \d+ on the log is signed by a key that the one before did not hand over to/,
    forge: ({ disk, vkey }) => handOver(disk, vkey, undefined),
  },
  {
    name: 'a signing key that says that the one before was lost, to one who knows the old key',
    exitCode: 2,
    sentence: /^From record \d+ on the log is signed by a key that the one before did not hand over to/,
    forge: ({ disk, vkey }) => handOver(disk, vkey, undefined),
    given: withKey,
  },
  {
    name: 'a new signing key that signs from an earlier record on',
    of: 'rotated',
    exitCode: 2,
    sentence: notHandedOver,
    forge: ({ disk }) => moveSuccession(disk),
  },
  {
    name: 'a checkpoint of the old key behind the new one',
    of: 'rotated',
    exitCode: 2,
    sentence: /signed by a key of this log at a time at which it did not sign/,
    forge: ({ disk, sign }) => {
      const [, size = '0', root = ''] = disk.bytes(notePath).toString('utf8').split('\n');
      append(disk, sign(Number(size), Buffer.from(root, 'base64')));
    },
  },
  {
    name: 'the note of a new signing key with another key',
    of: 'rotated',
    exitCode: 2,
    sentence: notHandedOver,
    forge: ({ disk }) =>
      changeBytes(disk, succession(disk), (all) =>
        Buffer.from(all.toString().replace(/\n[^\n]+\n\n/, `\n${foreign.vkey}\n\n`)),
      ),
  },
  {
    name: 'a checkpoint of a foreign key behind a new one',
    of: 'rotated',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: ({ disk }) => append(disk, signCheckpoint({ origin, size: 80, root: Buffer.alloc(32) }, foreign)),
  },
];

function succession(disk: Disk): string {
  const path = disk.paths().find((name) => name.startsWith('/log/vkey/'));
  if (path === undefined) throw new Error('The key was never replaced');
  return path;
}

function append(disk: Disk, note: string): void {
  changeBytes(disk, notesPath, (all) => Buffer.concat([all, Buffer.from(note)]));
}

/** A hand-over from the key of the log to somebody else's, as whoever has not the first can make it. */
function handOver(disk: Disk, vkey: string, as: Signer | undefined): void {
  const before = { ...foreign, vkey };
  disk.put(successionPath(layoutOf('/log'), 70), Buffer.from(signSuccession(70, before, foreign, as)));
}

function moveSuccession(disk: Disk): void {
  const path = succession(disk);
  const note = disk.bytes(path).toString();
  disk.remove(path);
  disk.put(successionPath(layoutOf('/log'), 5), Buffer.from(note.replace(/\nfrom \d+\n/, '\nfrom 5\n')));
}
