import { describe, expect, test } from 'vitest';
import { Flag } from '../../../src/policy/phi/lexicon/flags.ts';
import type { Recognizer } from '../../../src/policy/phi/recognizer.ts';
import { SignBook, Signs } from '../../../src/policy/phi/signs.ts';
import { tokenize } from '../../../src/policy/phi/tokens.ts';

const asks = (name: string, where: Partial<Recognizer>): Recognizer => ({
  name,
  opens: 0,
  match: () => undefined,
  ...where,
});

const begins = asks('begins', { begins: new Set(['slip']) });
const after = asks('after', { after: new Set(['on', '']) });
const near = asks('near', { near: new Set(['county']) });
const book = new SignBook([begins, after, near]);

/** Which recognizers are asked about each word of a text, of which `known` tokens came first. */
function askedOf(text: string, known = 0, complete = true): string[] {
  const tokens = tokenize(text);
  const signs = new Signs();
  signs.read(tokens.slice(0, known), 0, false, book);
  signs.read(tokens, known, complete, book);
  return tokens.map((token, at) => {
    const found = signs.of(at, token.kind === 'word' ? Flag.word : Flag.punct, book);
    const names = book.asked.filter((asked) => (asked.signs & found) !== 0).map(({ recognizer }) => recognizer.name);
    return `${token.text}: ${names.join(' ')}`;
  });
}

describe('signs', () => {
  test('are the word itself, the one before it, or one of it and the five after it', () => {
    expect(askedOf('slip a b on c d e orange county x')).toEqual([
      'slip: begins after',
      'a: ',
      'b: ',
      'on: near',
      'c: after near',
      'd: near',
      'e: near',
      'orange: near',
      'county: near',
      'x: ',
    ]);
  });

  test('of a word that is no word are only that it is one of them', () => {
    expect(askedOf('on , county')).toEqual(['on: after near', ',: ', 'county: near']);
  });

  test('that may still come are there', () => {
    expect(askedOf('one two three four five six seven', 0, false)).toEqual([
      'one: after',
      'two: ',
      'three: near',
      'four: near',
      'five: near',
      'six: near',
      'seven: near',
    ]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])('are the same where the first %i words came before the others', (known) => {
    const text = 'up in orange county on slip nine of the county';
    expect(askedOf(text, known)).toEqual(askedOf(text));
  });

  test('are for no more recognizers than a number has bits', () => {
    const many = Array.from({ length: 33 }, (_, index) => asks(`r${String(index)}`, { begins: new Set(['x']) }));
    expect(() => new SignBook(many)).toThrow('more than 32');
    expect(new SignBook(many.slice(1)).asked).toHaveLength(32);
  });
});
