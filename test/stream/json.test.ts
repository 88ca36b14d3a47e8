import { describe, expect, test } from 'vitest';
import { parseObject, stringAt, valueAt } from '../../src/stream/json.ts';

const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('a frame of JSON', () => {
  const refused: Readonly<Record<string, readonly [string, string]>> = {
    'is refused when it is nested deeper than 64': [nested(65), 'FRAME_TOO_DEEP'],
    'is refused when it is nested 200,000 deep': [nested(200_000), 'FRAME_TOO_DEEP'],
    'is refused when it has more than 10,000 values': [`{"a":[${'1,'.repeat(9_999)}1]}`, 'FRAME_TOO_MANY_NODES'],
    'is refused when it has a million keys': [`{${'"a":1,'.repeat(1_000_000)}"a":1}`, 'FRAME_TOO_MANY_NODES'],
    'is refused when it is no object': ['[1]', 'FRAME_MALFORMED'],
    'is refused when it is a bare string': ['"a"', 'FRAME_MALFORMED'],
    'is refused when it is empty': ['', 'FRAME_MALFORMED'],
    'is refused when it begins with a byte order mark': ['\uFEFF{}', 'FRAME_MALFORMED'],
    'is refused when it holds a NUL': ['{"a":"\u0000"}', 'FRAME_MALFORMED'],
    'is refused when it is cut off': ['{"a":"b', 'FRAME_MALFORMED'],
  };
  test.each(Object.entries(refused))('%s', (_, [text, reason]) => {
    expect(parseObject(Buffer.from(text))).toBe(reason);
  });

  test('counts no bracket and no comma inside a string', () => {
    const text = JSON.stringify({ a: `${'[{,'.repeat(20_000)}\\"[` });
    expect(parseObject(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  test('is taken at a depth of 64', () => {
    expect(typeof parseObject(Buffer.from(nested(64)))).toBe('object');
  });

  test('is read as its last value where a key comes twice, and that is what goes on', () => {
    expect(parseObject(Buffer.from('{"a":"first","a":"second"}'))).toEqual({ a: 'second' });
  });
});

test('a path leads to own keys of objects only', () => {
  const root = { start: { callSid: 'CA1' }, list: ['x'] };
  expect(stringAt(root, 'start.callSid')).toBe('CA1');
  expect(valueAt(root, 'start.callSid.length')).toBeUndefined();
  expect(valueAt(root, 'constructor')).toBeUndefined();
  expect(valueAt(root, 'list.length')).toBeUndefined();
  expect(stringAt(root, 'start')).toBeUndefined();
});
