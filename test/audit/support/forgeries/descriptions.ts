import { signCheckpoint } from '../../../../src/audit/checkpoint.ts';
import type { VerifyOptions } from '../../../../src/audit/verify.ts';
import { changeBytes, descriptionPath, notePath, notesPath, type Forgery, type Target } from '../forge.ts';
import { origin } from '../log.ts';
import { elsewhere, foreign, resign } from '../signers.ts';

const withKey = ({ vkey }: Target): VerifyOptions => ({ vkey });

export const descriptions: readonly Forgery[] = [
  {
    name: 'another log under the same name, wholly signed with its own key',
    exitCode: 2,
    sentence: /names another key than the one that was given/,
    forge: exchangeLog,
    given: withKey,
  },
  {
    name: 'log.json with another time of creation',
    exitCode: 2,
    sentence: /^Record 0 .*hash of the record before/,
    forge: ({ disk }) =>
      changeBytes(disk, descriptionPath, (all) => Buffer.from(all.toString().replace(/"created":\d+/, '"created":1'))),
  },
  {
    name: 'log.json with another origin',
    exitCode: 3,
    sentence: /log\.json holds a key of another origin/,
    forge: ({ disk }) =>
      changeBytes(disk, descriptionPath, (all) =>
        Buffer.from(all.toString().replace('"origin":"glow', '"origin":"grow')),
      ),
  },
  {
    name: 'log.json with another key',
    exitCode: 2,
    sentence: /is not signed by the key of this log/,
    forge: ({ disk }) =>
      changeBytes(disk, descriptionPath, (all) =>
        Buffer.from(all.toString().replace(/"vkey":"[^"]+"/, `"vkey":"${foreign.vkey}"`)),
      ),
  },
  {
    name: 'log.json removed',
    exitCode: 5,
    sentence: /no log\.json/,
    forge: ({ disk }) => disk.remove(descriptionPath),
  },
  {
    name: 'an anchor of another log',
    exitCode: 2,
    sentence: /^The anchor is of the log elsewhere/,
    forge: () => undefined,
    given: () => ({ anchor: signCheckpoint({ origin: elsewhere.name, size: 3, root: Buffer.alloc(32) }, elsewhere) }),
  },
  {
    name: 'an anchor signed by another key',
    exitCode: 2,
    sentence: /^The anchor is not signed by the key/,
    forge: () => undefined,
    given: () => ({ anchor: signCheckpoint({ origin, size: 3, root: Buffer.alloc(32) }, foreign) }),
  },
  {
    name: 'a log that does not lead to the anchor',
    exitCode: 2,
    sentence: /disagree: the log was forked|not the ones that the checkpoint/,
    forge: () => undefined,
    given: ({ sign }) => ({ anchor: sign(5, Buffer.alloc(32, 7)) }),
  },
];

/** Every record kept, log.json and all signatures replaced by someone else's: only the key tells. */
function exchangeLog({ disk }: Target): void {
  changeBytes(disk, descriptionPath, (all) =>
    Buffer.from(all.toString().replace(/"vkey":"[^"]+"/, `"vkey":"${foreign.vkey}"`)),
  );
  for (const path of [notePath, notesPath]) {
    const note = disk.bytes(path).toString('utf8');
    disk.put(
      path,
      Buffer.from(
        note
          .split(/(?<=\n\n\u2014 .*\n)/)
          .map((one) => resign(one, foreign))
          .join(''),
      ),
    );
  }
}
