import { describe, expect, test } from 'vitest';
import { tokenize, tokenizeFrom } from '../../../src/policy/phi/tokens.ts';

const lower = (text: string): readonly string[] => tokenize(text).map((token) => token.lower);

describe('what JSON writes as an escape, inside a string that holds JSON', () => {
  test('is a space where it means one', () => {
    expect(lower(String.raw`name:\ndana\tpetrov`)).toEqual(['name', ':', 'dana', 'petrov']);
    expect(lower(String.raw`\d and \\`)).toEqual(['\\', 'd', 'and', '\\', '\\']);
  });

  test('is the letter that it means, and never a backslash anew', () => {
    expect(lower(String.raw`Jos\u00e9 Garc\u00eda`)).toEqual(['jose', 'garcia']);
    expect(lower(String.raw`\u00c9milie`)).toEqual(['emilie']);
    expect(lower(String.raw`Jos\u005cu00e9`)).not.toContain('jose');
  });

  test('is one word in every cut', () => {
    const text = String.raw`Jos\u00e9 x`;
    for (let cut = 1; cut < text.length; cut += 1) {
      const { tokens, to } = tokenizeFrom(text.slice(0, cut), 0, false);
      const rest = tokenizeFrom(text, to, true).tokens;
      expect([...tokens, ...rest].map((token) => token.lower)).toEqual(['jose', 'x']);
    }
  });
});
