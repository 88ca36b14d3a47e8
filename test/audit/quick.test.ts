import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeFrame } from '../../src/audit/frame.ts';
import { QuickReader } from '../../src/audit/quick.ts';
import { readRecord } from '../../src/audit/record.ts';
import { scanRecord } from '../../src/audit/scan.ts';

const previous = Buffer.alloc(32, 7);
const mark = previous.toString('base64');
const bodies = [
  `{"n":5,"t":1795420800123,"mt":3,"b":"aabbccdd","k":"call.admit","c":"c1","s":"00ff","a":"system","o":"ok","q":{"frames":3,"share":0.5,"back":-2},"f":{"note":"é ok"},"p":"${mark}","e":"AAAA"}`,
  `{"n":5,"t":1,"b":"r","k":"proc.start","a":"system","o":"ok","p":"${mark}"}`,
  `{"n":5,"t":1,"b":"r","k":"x","cls":{},"net":{"host":"h"},"a":"user:ann","p":"${mark}"}`,
];

/** What the careful readers say: the index of the record, or undefined. */
function carefully(bytes: Buffer): boolean {
  const record = scanRecord(bytes, 0, 5, previous);
  if ('kind' in record) return false;
  const read = readRecord(record.body);
  if (typeof read === 'string') return false;
  const { t: time, b: run, k: kind } = read.members;
  return typeof time === 'number' && typeof run === 'string' && typeof kind === 'string';
}

const pieces = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '0',
  '00',
  '-',
  '1e5',
  '.5',
  'null',
  'true',
  '"e":5,',
  '"p":"x",',
  '"n":5,',
  '"o":"ok",',
  '"\\u006f":1,',
  '\u00e9',
  '\u0001',
  ',"e":"AAA"',
  ',"e":{}',
  '"t":"1",',
  '"k":{"a":1},',
  '"q":{"a":1,"a":2},',
  '{"a":{"b":1}}',
];

const mutated = fc
  .record({
    body: fc.constantFrom(...bodies),
    cuts: fc.array(fc.record({ at: fc.nat(300), remove: fc.nat(12), put: fc.constantFrom('', ...pieces) }), {
      maxLength: 3,
    }),
  })
  .map(({ body, cuts }) =>
    cuts.reduce((text, { at, remove, put }) => text.slice(0, at) + put + text.slice(at + remove), body),
  );

test('the quick reader accepts nothing that the careful one refuses', () => {
  const quick = new QuickReader();
  let accepted = 0;
  fc.assert(
    fc.property(mutated, (body) => {
      const { bytes, leaf } = writeFrame(body.length < 2 ? '{}' : body);
      if (!quick.read(bytes, 0, 5, previous)) return true;
      accepted += 1;
      return carefully(bytes) && quick.leaf.equals(leaf) && quick.next === bytes.length;
    }),
    { numRuns: 60_000 },
  );
  // The property is worth something only when both answers come.
  expect(accepted).toBeGreaterThan(2_000);
});

test('the quick reader accepts what the writer writes, and tells what it can be found by', () => {
  const quick = new QuickReader();
  for (const body of bodies) {
    const { bytes } = writeFrame(body);
    expect(quick.read(bytes, 0, 5, previous)).toBe(true);
    expect(quick.text(bytes, quick.kind)).toBe(/"k":"([^"]+)"/.exec(body)?.[1]);
  }
  const { bytes } = writeFrame(bodies[0] ?? '');
  quick.read(bytes, 0, 5, previous);
  expect([quick.text(bytes, quick.call), quick.text(bytes, quick.subject), quick.time]).toEqual([
    'c1',
    '00ff',
    1795420800123,
  ]);
});

test('any changed byte of a frame is refused', () => {
  const quick = new QuickReader();
  const { bytes } = writeFrame(bodies[0] ?? '');
  for (let at = 0; at < bytes.length; at += 1) {
    for (const bit of [1, 2, 0x20, 0x80]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      expect(quick.read(changed, 0, 5, previous)).toBe(false);
    }
  }
});
