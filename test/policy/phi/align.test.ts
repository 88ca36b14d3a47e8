import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignPieces, keptIn, removePieces } from '../../../src/policy/phi/align.ts';

/** The original with a point for each unit that is not certain to stand in what is shown. */
function stand(original: string, shown: string): string {
  return [...original].map((unit, index) => (keptIn(original, shown)[index] === 1 ? unit : '.')).join('');
}

describe('what stands of a text', () => {
  const cases: readonly (readonly [original: string, shown: string, stands: string])[] = [
    ['hi this is dana', 'hi this is [NAME]', 'hi this is ....'],
    ['dana here', '[NAME] here', '.... here'],
    ['dana and rosa', '[NAME] and [NAME]', '.... and ....'],
    ['i am dan', 'i am \u2026', 'i am ...'],
    ['nothing to hide', 'nothing to hide', 'nothing to hide'],
    ['all of it', '[REDACTED]', '.........'],
    ['', '', ''],
    // Which "a" was left cannot be told: neither counts.
    ['x a y a z', '[NAME] a [NAME]', '.........'],
    // Not the same text at all.
    ['one thing', 'another thing', '.........'],
    ['dana', 'dana[NAME]x', '....'],
  ];
  test.each(cases)('%s, shown as %s', (original, shown, stands) => {
    expect(stand(original, shown)).toBe(stands);
  });
});

describe('a text in pieces', () => {
  const cases: readonly (readonly [string, string, readonly string[], readonly string[] | undefined])[] = [
    [
      'Hi, this is Dana Petrov.',
      'Hi, this is [NAME].',
      ['hi', 'this', 'is', 'dana', 'petrov'],
      ['hi', 'this', 'is', '[REDACTED]', ''],
    ],
    ['Dana called Rosa', '[NAME] called [NAME]', ['Dana', 'called', 'Rosa'], ['[REDACTED]', 'called', '[REDACTED]']],
    ['so it is Dana now', 'so it is [NAME] now', ['is', 'dana'], ['is', '[REDACTED]']],
    ['so, it is', 'so, it is', ['so', ',', 'it', 'is'], ['so', ',', 'it', 'is']],
    ['call 512', 'call [PHONE]', ['call', 'five', 'one', 'two'], undefined],
  ];
  test.each(cases)('%s', (original, shown, pieces, expected) => {
    expect(alignPieces(original, shown, pieces, 'word')).toEqual(expected);
  });

  test('of single characters keeps their number', () => {
    const shown = alignPieces('Hi Dana!', 'Hi [NAME]!', [...'Hi Dana!'], 'character');
    expect(shown?.join('')).toBe('Hi ****!');
    expect(removePieces([...'a, b'], 'character').join('')).toBe('*, *');
  });

  test('whose whole text is not known goes, but for its punctuation', () => {
    expect(removePieces(['Dana', ',', 'Rosa'], 'word')).toEqual(['[REDACTED]', ',', '']);
  });
});

test('no cut of a text into pieces shows more of it than the text does', () => {
  const word = fc.constantFrom('so', 'it', 'is', 'a', 'now', 'dana', 'petrov', 'an');
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.boolean()), { minLength: 1, maxLength: 12 }), (words) => {
      const original = words.map(([text]) => text).join(' ');
      const shown = words.map(([text, hidden]) => (hidden ? '[NAME]' : text)).join(' ');
      const pieces = alignPieces(
        original,
        shown,
        words.map(([text]) => text),
        'word',
      );
      const leaked = words.filter(([text, hidden], index) => hidden && pieces?.[index] === text);
      expect(leaked).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
