import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { passEverything } from '../../../src/policy/clearance.ts';
import { profiles } from '../../../src/policy/profiles/index.ts';
import { Pseudonyms } from '../../../src/policy/phi/tokenise.ts';

function known(): Pseudonyms {
  const pseudonyms = new Pseudonyms();
  pseudonyms.pseudonymOf('NAME', 'ottoline fairweather');
  pseudonyms.pseudonymOf('PHONE', 'six one nine five five five oh one two two');
  pseudonyms.pseudonymOf('CALL_ID', 'x1y2');
  return pseudonyms;
}

const restore = (text: string): string => known().restorer(passEverything).whole(text);

describe('a pseudonym', () => {
  it('is the same for a name, its parts, and its longer form', () => {
    const pseudonyms = new Pseudonyms();
    expect(pseudonyms.pseudonymOf('NAME', 'Ottoline')).toBe('[NAME_1]');
    expect(pseudonyms.pseudonymOf('NAME', 'ottoline fairweather')).toBe('[NAME_1]');
    expect(pseudonyms.pseudonymOf('NAME', 'FAIRWEATHER')).toBe('[NAME_1]');
    expect(pseudonyms.pseudonymOf('NAME', 'quentin')).toBe('[NAME_2]');
    expect(pseudonyms.valueOf('NAME', 1)).toBe('ottoline fairweather');
  });

  it('is the same for a number in words, in digits and in part', () => {
    const pseudonyms = new Pseudonyms();
    expect(pseudonyms.pseudonymOf('PHONE', 'six one nine five five five oh one two two')).toBe('[PHONE_1]');
    expect(pseudonyms.pseudonymOf('PHONE', '(619) 555-0122')).toBe('[PHONE_1]');
    expect(pseudonyms.pseudonymOf('PHONE', 'oh one double two')).toBe('[PHONE_1]');
    expect(pseudonyms.pseudonymOf('PHONE', 'oh one two three')).toBe('[PHONE_2]');
  });

  it('is not given out without bound', () => {
    const pseudonyms = new Pseudonyms();
    const given = Array.from({ length: 300 }, (_, index) =>
      pseudonyms.pseudonymOf('MRN', `x${String(index).padStart(5, '0')}`),
    );
    expect(given.filter((name) => name !== undefined)).toHaveLength(200);
  });
});

describe('restoration', () => {
  it.each([
    ['Thank you, [NAME_1].', 'Thank you, ottoline fairweather.'],
    ["[name_1]'s visit", "ottoline fairweather's visit"],
    ['((Name_1)) and {PHONE 1}', 'ottoline fairweather and six one nine five five five oh one two two'],
    ['call PHONE_1, NAME_1', 'call six one nine five five five oh one two two, ottoline fairweather'],
    ['<NAME-1>', 'ottoline fairweather'],
    ['name 1 and phone 1', 'name 1 and phone 1'],
    ['RENAME_1, NAME_12, NAME_1st', 'RENAME_1, NAME_12, NAME_1st'],
    ['[NAME_7] stays', '[NAME_7] stays'],
    ['[NAME] has no number', '[NAME] has no number'],
  ])('%s', (text, restored) => {
    expect(restore(text)).toBe(restored);
  });

  it('counts pseudonyms that nobody gave out', () => {
    const restorer = known().restorer(passEverything);
    restorer.whole('[NAME_7] and [DATE_1] and [NAME_1]');
    expect(restorer.unknown).toBe(2);
  });

  it('never happens toward a party that is not cleared', () => {
    const restorer = known().restorer(profiles.medspa.clearances.vendor);
    expect(restorer.whole('[NAME_1] [PHONE_1] [CALL_ID_1]')).toBe('[NAME_1] [PHONE_1] [CALL_ID_1]');
  });

  const piece = fc.constantFrom(
    '[NAME_1]',
    '[name_1]',
    'NAME_1',
    '{Phone 1}',
    '[[PHONE-1]]',
    "'s ",
    ' ',
    'na',
    'name',
    '_',
    '1',
    '[',
    ']',
    'the ',
    'phone',
    'x',
    '[CALL_ID_1]',
    '2',
  );
  test.prop([fc.array(piece, { maxLength: 12 }), fc.array(fc.nat({ max: 80 }), { maxLength: 12 })], {
    numRuns: 20_000,
  })('gives the same for every cut', (pieces, cuts) => {
    const text = pieces.join('');
    const borders = [0, ...cuts.filter((cut) => cut < text.length), text.length].toSorted(
      (first, second) => first - second,
    );
    const restorer = known().restorer(passEverything);
    const streamed =
      borders
        .slice(1)
        .map((border, index) => restorer.push(text.slice(borders[index], border)))
        .join('') + restorer.flush();
    expect(streamed).toBe(restore(text));
  });
});
