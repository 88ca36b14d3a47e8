import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodedLength, Envelope, numberUnder, stringUnder } from '../../../src/stream/crossing/splice.ts';

const key = Buffer.from('"item_id"');

test('audio moves from one envelope into another, undecoded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (audio) => {
      const base64 = Buffer.from(audio).toString('base64');
      const frame = Buffer.from(`{"a":"${base64}"}`);
      const made = new Envelope('{"other":"', '"}').around(frame, 6, 6 + base64.length);
      expect(JSON.parse(made.toString())).toEqual({ other: base64 });
      expect(decodedLength(frame, 6, 6 + base64.length)).toBe(audio.length);
      expect(new Envelope('{"other":"', '"}').aroundText(base64).equals(made)).toBe(true);
    }),
  );
});

test.each([
  ['{"item_id":"item_1","delta":"AAAA"}', 'item_1'],
  ['{ "item_id" :\t"item_1" }', 'item_1'],
  ['{"delta":"AAAA"}', undefined],
  ['{"event_id":"item_id","delta":"AAAA"}', undefined],
  ['{"item_id":7}', undefined],
])('the string under a key of %s is %s', (text, value) => {
  expect(stringUnder(key, Buffer.from(text))).toBe(value);
});

test.each([
  ['{"item_id":32}', 32],
  ['{"item_id" : 4, "x":1}', 4],
  ['{"x":1}', 0],
  ['{"item_id":"x"}', 0],
])('the number under a key of %s is %i', (text, value) => {
  expect(numberUnder(key, Buffer.from(text))).toBe(value);
});
