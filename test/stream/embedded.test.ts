import { expect, test } from 'vitest';
import { showAddress, showJson } from '../../src/stream/embedded.ts';

const show = (text: string): string => text.replaceAll('dana petrov', '[NAME]').replaceAll('4155550143', '[PHONE]');

test.each([
  ['{"who": "dana petrov"}', '{"who":"[NAME]"}'],
  ['{"phone": 4155550143, "slots": 2}', '{"phone":"[PHONE]","slots":2}'],
  ['[{"dana petrov":[4155550143,true,null]}]', '[{"[NAME]":["[PHONE]",true,null]}]'],
  // What escapes hide is seen, and what nothing was found in stays as it came.
  [String.raw`{"who":"d\u0061na petrov"}`, '{"who":"[NAME]"}'],
  [String.raw`{"note":"a\nb"}`, String.raw`{"note":"a\nb"}`],
  ['{ "slots": [ 1, 2 ] }', '{ "slots": [ 1, 2 ] }'],
  // The second of two equal keys hides the first from a parser, not from us.
  ['{"a":"dana petrov","a":"x"}', '{"a":"[NAME]","a":"x"}'],
])('%s is shown as %s', (text, shown) => {
  expect(showJson(text, show)).toBe(shown);
});

test.each(['dana petrov', '"dana petrov"', '7', '{dana petrov}', '[dana', ''])('%s is no JSON', (text) => {
  expect(showJson(text, show)).toBeUndefined();
});

test('where a mask would break the JSON, every value is looked at by itself', () => {
  const breaking = (text: string): string => text.replaceAll('"petrov"', '[NAME]').replaceAll('petrov', '[NAME]');
  expect(showJson('{"a":"dana","b":"petrov","c":3}', breaking)).toBe('{"a":"dana","b":"[NAME]","c":3}');
});

test.each([
  ['https://mcp.example/s', 'https://mcp.example/s'],
  ['https://mcp.example/s?for=dana%20petrov', 'https://mcp.example/'],
  ['dana petrov', '[NAME]'],
  ['https://mcp.example/%zz', 'https://mcp.example/%zz'],
])('the address %s is shown as %s', (text, shown) => {
  expect(showAddress(text, show)).toBe(shown);
});
