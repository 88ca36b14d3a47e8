import { Flag, numeral } from './lexicon/flags.ts';
import { digitWords, months, ordinalWords, teenWords, tensWords } from './lexicon/words.ts';
import type { Match, View } from './recognizer.ts';

/** A part of a date: its value and the token after it. `sure` is false where it could as well be a plain number. */
export interface Part {
  readonly value: number;
  readonly end: number;
  readonly sure: boolean;
}

const ordinalTails = new Set(['st', 'nd', 'rd', 'th']);

/** A day of the month: "third", "twenty second", "22nd", "22", "twenty two". */
export function readDay(view: View, at: number): Part | undefined {
  const flags = view.flags(at);
  const word = view.token(at).lower;
  if ((flags & Flag.number) !== 0) return typedDay(view, at, word);
  if ((flags & Flag.ordinal) !== 0) return { value: ordinalWords[word] ?? 0, end: at + 1, sure: true };
  if ((flags & Flag.tens) !== 0) return tensDay(view, at, Number(tensWords[word]));
  if ((flags & (Flag.digit | Flag.teen)) === 0) return undefined;
  const value = Number(teenWords[word] ?? digitWords[word]);
  const low = value === 0 ? Number(digitWords[view.token(at + 1).lower] ?? 0) : 0;
  if (low > 0) return { value: low, end: at + 2, sure: true };
  return value >= 1 ? { value, end: at + 1, sure: false } : undefined;
}

function typedDay(view: View, at: number, digits: string): Part | undefined {
  const value = Number(digits);
  if (digits.length > 2 || value < 1 || value > 31) return undefined;
  const tail = ordinalTails.has(view.token(at + 1).lower);
  return { value, end: at + (tail ? 2 : 1), sure: tail };
}

function tensDay(view: View, at: number, tens: number): Part | undefined {
  if (tens > 30) return undefined;
  const next = view.token(at + 1).lower === '-' ? at + 2 : at + 1;
  const ordinal = ordinalWords[view.token(next).lower];
  if (ordinal !== undefined && ordinal <= 9 && tens + ordinal <= 31)
    return { value: tens + ordinal, end: next + 1, sure: true };
  const digit = Number(digitWords[view.token(next).lower] ?? 0);
  if (digit >= 1 && tens + digit <= 31 && view.token(next + 1).lower !== 'thousand')
    return { value: tens + digit, end: next + 1, sure: false };
  return { value: tens, end: at + 1, sure: false };
}

const monthAbbreviations = new Set('jan feb mar apr jun jul aug sep sept oct nov dec'.split(' '));

/** A month by name, with a full stop after an abbreviation. */
export function readMonth(view: View, at: number): Part | undefined {
  if ((view.flags(at) & Flag.month) === 0) return undefined;
  const { lower } = view.token(at);
  const value = months[lower] ?? 0;
  const stop = monthAbbreviations.has(lower) && view.token(at + 1).lower === '.' && view.glued(at + 1) ? 1 : 0;
  return {
    value,
    end: at + 1 + stop,
    sure: lower !== 'may' && lower !== 'march' && lower !== 'mar' && lower !== 'jan',
  };
}

/** A year: "1984", "'84", "nineteen eighty four", "two thousand and four", "twenty nineteen", "oh four" if `short` is allowed. */
export function readYear(view: View, at: number, short: boolean): Part | undefined {
  const word = view.token(at).lower;
  if ((view.flags(at) & Flag.number) !== 0) {
    const value = Number(word);
    if (word.length === 4 && value >= 1880 && value <= 2100) return { value, end: at + 1, sure: true };
    return word.length === 2 && short ? { value, end: at + 1, sure: false } : undefined;
  }
  if (word === "'" || word === '\u2019') return readYear(view, at + 1, true);
  return spokenYear(view, at, word, short);
}

function spokenYear(view: View, at: number, word: string, short: boolean): Part | undefined {
  if (view.token(at + 1).lower === 'thousand') return thousands(view, at, word);
  const two = readTwo(view, at);
  if (two === undefined) return undefined;
  if (two.value === 19 || two.value === 20 || two.value === 18) {
    const rest = readTwo(view, two.end);
    if (view.token(two.end).lower === 'hundred') return { value: two.value * 100, end: two.end + 1, sure: true };
    if (rest !== undefined) return { value: two.value * 100 + rest.value, end: rest.end, sure: true };
  }
  return short && two.value <= 99 ? { ...two, sure: false } : undefined;
}

/** "two thousand", "two thousand four", "two thousand and twelve". */
function thousands(view: View, at: number, word: string): Part | undefined {
  if (digitWords[word] !== '2' && word !== '2') return undefined;
  const from = view.token(at + 2).lower === 'and' ? at + 3 : at + 2;
  const rest = readTwo(view, from);
  return rest === undefined
    ? { value: 2000, end: at + 2, sure: true }
    : { value: 2000 + rest.value, end: rest.end, sure: true };
}

/** Two digits of a year: "eighty four", "nineteen", "oh four", "eight four", or one: "four" after "two thousand". */
function readTwo(view: View, at: number): Part | undefined {
  const word = view.token(at).lower;
  const flags = view.flags(at);
  if ((flags & Flag.teen) !== 0) return { value: Number(teenWords[word]), end: at + 1, sure: false };
  if ((flags & Flag.tens) !== 0) {
    const next = view.token(at + 1).lower === '-' ? at + 2 : at + 1;
    const digit = Number(digitWords[view.token(next).lower] ?? 0);
    return digit > 0
      ? { value: Number(tensWords[word]) + digit, end: next + 1, sure: false }
      : { value: Number(tensWords[word]), end: at + 1, sure: false };
  }
  const first = digitWords[word];
  if (first === undefined) return undefined;
  const second = digitWords[view.token(at + 1).lower];
  if (second !== undefined) return { value: Number(first + second), end: at + 2, sure: false };
  return { value: Number(first), end: at + 1, sure: false };
}

/** The month of a date that is said in numbers: "three", "oh three", "twelve". */
function readMonthNumber(view: View, at: number): Part | undefined {
  const number = readDay(view, at);
  return number !== undefined && number.value <= 12 && (view.flags(at) & Flag.ordinal) === 0 ? number : undefined;
}

/** "three fourteen", "two twenty six sixty one", "seventeen eight eighty two": where a date in numbers ends, with its year or without; `recent` for years like "nineteen". */
export function readNumbers(
  view: View,
  at: number,
  recent: boolean,
): { readonly end: number; readonly year: boolean } | undefined {
  const first = readDay(view, at);
  if (first === undefined || (view.flags(at) & Flag.ordinal) !== 0) return undefined;
  const second = first.value > 12 ? readMonthNumber(view, first.end) : readDay(view, first.end);
  if (second === undefined) return undefined;
  const tens = (view.flags(second.end) & (recent ? Flag.tens | Flag.teen : Flag.tens)) !== 0;
  const year = readYear(view, second.end, tens);
  return year === undefined || (year.value < 1900 && !tens)
    ? { end: second.end, year: false }
    : { end: year.end, year: true };
}

const skipped = new Set(['the', 'of', ',', 'in', '-', '/']);

/** Over a word or mark that may stand between two parts of a date. */
export function skip(view: View, at: number): number {
  return skipped.has(view.token(at).lower) ? at + 1 : at;
}

export function found(end: number, score: number): Match {
  return { kind: 'DATE', end, score };
}

/** "may four people come", "march two blocks": a plain number after a word that is not always a month. */
export function isDay(view: View, month: Part, day: Part): boolean {
  if (day.sure) return true;
  const after = view.flags(day.end);
  if ((after & Flag.unit) !== 0 && !['in', 'or', 'other'].includes(view.token(day.end).lower)) return false;
  if (month.sure || (view.flags(day.end - 1) & Flag.number) !== 0) return true;
  return (after & Flag.word) === 0 || (after & (Flag.grammar | numeral)) !== 0;
}

/** The end of a date with the year that follows it, if one does. */
export function withYear(view: View, at: number): number {
  const mark = view.token(at).lower;
  const near =
    readYear(view, at, true) ??
    (mark === ',' || mark === 'of' || mark === 'in'
      ? readYear(view, at + 1, true)
      : readYear(view, skip(view, at), false));
  const year = near ?? readYear(view, skip(view, skip(view, at)), false);
  if (year === undefined) return at;
  // "december twelfth seven thirty" ends with a time.
  if (year.value < 10 && !year.sure && (view.flags(year.end) & (Flag.tens | Flag.teen)) !== 0) return at;
  if (year.sure || year.value < 10) return year.end;
  return year.value >= 20 && (view.flags(year.end) & Flag.unit) === 0 ? year.end : at;
}
