/** Characters that show nothing: zero width, soft hyphen, direction marks, variation selectors. */
export const invisible =
  /\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|\p{Variation_Selector}/u;
const invisibles = new RegExp(invisible.source, 'gu');
const marks = /\p{M}/gu;
const dashes = /[\u2010-\u2015\u2212]/g;
const slashes = /[\u2044\u2215]/g;
const foreignDigit = /\p{Nd}/gu;
const digit = /\p{Nd}/u;

/** Cyrillic and Greek letters that look like Latin ones, folded so that a mixed-script word is still read. */
const lookAlikes = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    е: 'e',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    ԁ: 'd',
    ɡ: 'g',
    α: 'a',
    β: 'b',
    ε: 'e',
    η: 'n',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    ı: 'i',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
  }),
);

/**
 * Text as it is compared: case folded, accents stripped, full-width and look-alike letters as ASCII, invisible characters
 * gone, JSON escapes of letters read.
 */
export function fold(text: string): string {
  const read = text.includes('\\u') ? text.replace(writtenLetters, (_, hex: string) => letterOf(hex)) : text;
  // oxlint-disable-next-line no-control-regex -- the ASCII range is the point: it needs no folding but the case
  if (/^[\x00-\x7f]*$/.test(read)) return read.toLowerCase();
  const bare = read.replace(invisibles, '').normalize('NFKD').replace(marks, '').toLowerCase();
  let folded = '';
  for (const character of bare) folded += lookAlikes.get(character) ?? character;
  return folded
    .replace(foreignDigit, decimal)
    .replace(/[\u2019\u02bc\u2018]/g, "'")
    .replace(dashes, '-')
    .replace(slashes, '/');
}

const writtenLetters = /\\u([\da-f]{4})/giu;

/** A backslash written as an escape is none: what it says is read once. */
function letterOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16)).replace('\\', '/');
}

/** Any decimal digit of Unicode as 0 to 9: each script's digits are ten code points in a row, zero first. */
function decimal(character: string): string {
  if (character <= '9') return character;
  let zero = character.codePointAt(0) ?? 0;
  const own = zero;
  while (own - zero < 9 && digit.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(own - zero);
}
