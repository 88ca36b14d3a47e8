import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/policy/phi/engine.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { isUsablePattern, matchersOf } from '../../src/server/matchers.ts';

const settings = {
  terms: [{ text: 'Cedar Glow Circle', kind: 'MEMBER' }],
  patterns: [{ pattern: '(?:gc|club)-[0-9]{6}', kind: 'ACCOUNT' }],
} as const;
const engine = createEngine({ matchers: matchersOf(settings) });
const { vendor } = profiles.medspa.clearances;
const sentence = 'i am in the cedar glow circle with gc-104422 since spring';

describe('what a practice adds', () => {
  it('is masked, in any case and as whole words', () => {
    const said = (text: string): string => engine.conversation().utterance('caller', vendor).restate(text, true);
    expect(said(sentence)).toBe('i am in the [MEMBER] with [ACCOUNT] since spring');
    expect(said('CEDAR GLOW CIRCLE please')).toBe('[MEMBER] please');
    expect(said('the cedar glow circles are round')).toBe('the cedar glow circles are round');
  });

  test.prop([fc.array(fc.nat({ max: sentence.length }), { maxLength: 12 })])('for every cut of a stream', (cuts) => {
    const stream = engine.conversation().utterance('caller', vendor);
    const borders = [0, ...new Set(cuts), sentence.length].toSorted((first, second) => first - second);
    const pieces = borders.slice(1).map((border, index) => sentence.slice(borders[index], border));
    expect(pieces.map((piece) => stream.push(piece)).join('') + stream.flush()).toBe(
      'i am in the [MEMBER] with [ACCOUNT] since spring',
    );
  });
});

describe('a pattern', () => {
  it.each([String.raw`(a+)+$`, String.raw`gc-\d+`, '[a-z]{2}[0-9]'])('%s is taken: the engine is linear', (pattern) => {
    expect(isUsablePattern(pattern)).toBe(true);
  });

  it.each(['(', String.raw`(a)\1`, '(?=a)b', 'a*', '', '(?<name'])('%s is refused', (pattern) => {
    expect(isUsablePattern(pattern)).toBe(false);
  });
});
