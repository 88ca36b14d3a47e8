import { numeral } from './lexicon/flags.ts';
import { digitWords, repeatWords, teenWords, tensWords } from './lexicon/words.ts';
import type { View } from './recognizer.ts';
import { atomAt } from './spoken.ts';
import type { Token } from './tokens.ts';

/** Read as a run reads them: "eight hundred five" is 8005. */
const scales: Readonly<Record<string, string>> = { hundred: '00', thousand: '000' };

/** The digits of a value that is known to be one: every digit and number word in it, in order. */
export function readDigits(tokens: readonly Token[]): string {
  let digits = '';
  let times = 1;
  let afterTens = false;
  for (const { lower, kind } of tokens) {
    if (kind === 'punct') continue;
    if (digits !== '') digits += scales[lower] ?? '';
    const value = kind === 'number' ? lower : (digitWords[lower] ?? teenWords[lower] ?? tensWords[lower]);
    const joins = afterTens && value?.length === 1 && value !== '0';
    if (value !== undefined) digits = joins ? digits.slice(0, -1) + value : digits + value.repeat(times);
    times = repeatWords[lower] ?? 1;
    afterTens = tensWords[lower] !== undefined;
  }
  return digits;
}

/** What may be said inside an octet. */
const insideOctet = new Set(['um', 'uh', 'er', 'erm', 'and', 'then', 'dash', 'hyphen']);

/** A number of 0 to 255 as an octet is said: "254", "two fifty four", "one um six eight", "ten". Returns the token after it. */
export function readOctet(view: View, start: number): number | undefined {
  let digits = '';
  let end = start;
  for (let at = start; at < start + 6;) {
    const atom =
      (view.flags(at) & numeral) === 0
        ? undefined
        : atomAt(view, at, { form: 'single', value: '', start: at, end: at });
    if (atom === undefined) {
      if (digits === '' || !insideOctet.has(view.token(at).lower)) break;
      at += 1;
      continue;
    }
    if (Number(digits + atom.value) > 255 || (digits + atom.value).length > 3) break;
    digits += atom.value;
    end = at = atom.end;
    if (atom.form === 'typed') break;
  }
  return digits === '' ? undefined : end;
}
