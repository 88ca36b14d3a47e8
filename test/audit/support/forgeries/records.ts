import type { Disk } from '../disk.ts';
import { changeBodies, changeOne, framed, rechained, type Forgery } from '../forge.ts';
import { testKeys } from '../log.ts';

const setTime = (body: string): string => body.replace(/"t":\d+/, '"t":1700000000000');
const setOutcome = (body: string): string => body.replace('"o":"ok"', '"o":"refused"');
const payload = /"e":"[^"]+"/;

export const records: readonly Forgery[] = [
  {
    name: 'a record removed',
    exitCode: 2,
    sentence: /^Record 3 .*number of its place.*removed, added or moved/,
    forge: ({ disk }) => changeBodies(disk, 0, framed, (all) => all.toSpliced(3, 1)),
  },
  {
    name: 'the first record removed',
    exitCode: 2,
    sentence: /^Record 0 /,
    forge: ({ disk }) => changeBodies(disk, 0, framed, (all) => all.slice(1)),
  },
  {
    name: 'a record twice',
    exitCode: 2,
    sentence: /^Record 4 /,
    forge: ({ disk }) => changeBodies(disk, 0, framed, (all) => all.toSpliced(4, 0, all[3] ?? '')),
  },
  {
    name: 'two records exchanged',
    exitCode: 2,
    sentence: /^Record 3 /,
    forge: ({ disk }) => changeBodies(disk, 0, framed, (all) => all.toSpliced(3, 2, all[4] ?? '', all[3] ?? '')),
  },
  {
    name: 'a record invented between two',
    exitCode: 2,
    sentence: /^Record 5 /,
    forge: ({ disk }) =>
      changeBodies(disk, 0, framed, (all) => all.toSpliced(4, 0, (all[4] ?? '').replace('"ok"', '"refused"'))),
  },
  {
    name: 'an outcome changed, its hash put right',
    exitCode: 2,
    sentence: /^Record 4 .*hash of the record before/,
    forge: ({ disk }) => changeBodies(disk, 0, framed, changeOne(3, setOutcome)),
  },
  {
    name: 'a time changed, its hash put right',
    exitCode: 2,
    sentence: /^Record 4 .*hash of the record before/,
    forge: ({ disk }) => changeBodies(disk, 0, framed, changeOne(3, setTime)),
  },
  {
    name: 'an outcome changed, all hashes of the segment put right',
    exitCode: 2,
    sentence: /seals a segment with other content/,
    forge: ({ disk }) => changeBodies(disk, 0, rechained, changeOne(3, setOutcome)),
  },
  {
    name: 'a signed record of the open segment changed, all hashes put right',
    exitCode: 2,
    sentence: /not the ones that the checkpoint/,
    forge: ({ disk }) => changeBodies(disk, -1, rechained, changeOne(1, setOutcome)),
  },
  {
    name: 'a record removed, numbers and hashes put right',
    exitCode: 2,
    sentence: /seals a segment with other content/,
    forge: ({ disk }) => changeBodies(disk, 0, rechained, (all) => all.toSpliced(3, 1)),
  },
  {
    name: 'a payload moved to another record',
    exitCode: 2,
    sentence: /hash of the record before/,
    forge: ({ disk }) => changeBodies(disk, 0, framed, transplant),
  },
  {
    name: 'a payload moved behind the newest checkpoint, hashes put right',
    exitCode: 2,
    sentence: /encrypted part of record \d+ was not made for this record/,
    forge: ({ disk }) => changeBodies(disk, -1, rechained, transplant),
    given: () => ({ keys: testKeys }),
  },
  {
    name: 'a member twice',
    exitCode: 2,
    sentence: /^Record \d+ has a member twice/,
    forge: ({ disk }) => changeLast(disk, (body) => body.replace('"o":"ok"', '"o":"failed","o":"ok"')),
  },
  {
    name: 'a member twice, one behind an escape',
    exitCode: 2,
    sentence: /name is not plain/,
    forge: ({ disk }) => changeLast(disk, (body) => body.replace('"o":"ok"', '"\\u006f":"failed","o":"ok"')),
  },
  {
    name: 'a space between members',
    exitCode: 2,
    sentence: /space between its members/,
    forge: ({ disk }) => changeLast(disk, (body) => body.replace('"o":"ok"', '"o" :"ok"')),
  },
  {
    name: 'a record that is no JSON',
    exitCode: 2,
    sentence: /not a JSON object/,
    forge: ({ disk }) => changeLast(disk, (body) => body.replace('"o":"ok"', '"o":ok')),
  },
  {
    name: 'a record without its time',
    exitCode: 2,
    sentence: /lacks its time/,
    forge: ({ disk }) => changeLast(disk, (body) => body.replace(/"t":\d+,/, '')),
  },
  {
    name: 'a payload that is not the last member',
    exitCode: 2,
    sentence: /payload in the wrong place/,
    forge: ({ disk }) =>
      changeBodies(disk, -1, framed, (all) =>
        all.map((body) => body.replace(/,("p":"[^"]+"),("e":"[^"]+")/, ',$2,$1')),
      ),
  },
];

/** Exchanges the payloads of the last two records that have one. */
function transplant(all: string[]): readonly string[] {
  const [first = 0, second = 0] = all.flatMap((body, at) => (payload.test(body) ? [at] : [])).slice(-2);
  const one = payload.exec(all[first] ?? '')?.[0] ?? '';
  const two = payload.exec(all[second] ?? '')?.[0] ?? '';
  return all.map((body, at) =>
    at === first ? body.replace(one, () => two) : at === second ? body.replace(two, () => one) : body,
  );
}

/** Changes the last record: no later hash and no signature covers it. */
function changeLast(disk: Disk, change: (body: string) => string): void {
  changeBodies(disk, -1, framed, (all) => changeOne(all.length - 1, change)(all));
}
