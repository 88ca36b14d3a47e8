import { readDay, readMonth, readYear } from '../calendar.ts';
import type { Part } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { isBare, isClock } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const skipped = new Set(['the', 'of', ',', 'in', 'on', '-', '/']);

function skip(view: View, at: number): number {
  return skipped.has(view.token(at).lower) ? at + 1 : at;
}

function found(end: number, score: number): Match {
  return { kind: 'DATE', end, score };
}

/** "march third nineteen eighty four", "May 5", "june the sixth of twenty ten", "december of 2007". */
function monthFirst(view: View, at: number): Match | undefined {
  const month = readMonth(view, at);
  if (month === undefined) return undefined;
  const dayAt = view.token(month.end).lower === 'on' ? month.end + 1 : month.end;
  const year = readYear(view, skip(view, month.end), false);
  if (year?.sure === true && year.value > 1800) return found(year.end, 0.97);
  const day = readDay(view, view.token(dayAt).lower === 'the' ? dayAt + 1 : dayAt);
  if (day !== undefined && isDay(view, month, day)) return found(withYear(view, day.end), 0.97);
  return isTied(view, at, month) ? found(month.end, 0.9) : undefined;
}

/** "may four people come", "march two blocks": a plain number after a word that is not always a month. */
function isDay(view: View, month: Part, day: Part): boolean {
  if (day.sure) return true;
  if (
    (view.flags(day.end) & Flag.unit) !== 0 &&
    view.token(day.end).lower !== 'in' &&
    view.token(day.end).lower !== 'or'
  )
    return false;
  return (
    month.sure ||
    (view.flags(day.end) & Flag.word) === 0 ||
    (view.flags(day.end) & Flag.grammar) !== 0 ||
    (view.flags(day.end) & numeral) !== 0
  );
}

function withYear(view: View, at: number): number {
  const year =
    readYear(view, at, true) ??
    readYear(view, skip(view, at), view.token(at).lower === ',') ??
    readYear(view, skip(view, skip(view, at)), false);
  if (year === undefined) return at;
  return year.sure || (year.value >= 20 && !clockFollows(view, year.end)) || year.value < 10 ? year.end : at;
}

function clockFollows(view: View, at: number): boolean {
  return (view.flags(at) & Flag.unit) !== 0;
}

/** "the fifteenth of august", "26 May", "second march", "27th January 2022". */
function dayFirst(view: View, at: number): Match | undefined {
  const dayAt = view.token(at).lower === 'the' ? at + 1 : at;
  const day = readDay(view, dayAt);
  if (day === undefined || (view.flags(at - 1) & (Flag.number | Flag.digit | Flag.teen | Flag.tens)) !== 0)
    return undefined;
  const month = readMonth(view, skip(view, day.end));
  if (month !== undefined && (month.sure || day.sure || view.token(day.end).lower === 'of'))
    return found(withYear(view, month.end), 0.97);
  return day.sure ? dayAlone(view, at, dayAt, day) : undefined;
}

const aloneAfter = new Set([
  'on',
  'the',
  'for',
  'by',
  'until',
  'till',
  'since',
  'from',
  'to',
  'of',
  'and',
  'is',
  'before',
  'after',
  'not',
  'or',
  'through',
  'around',
]);
const nounsOfRank = Flag.common;

/** "is the 25th still good", "on the twelfth": a rank with no noun after it is a day of the month. */
function dayAlone(view: View, at: number, dayAt: number, day: Part): Match | undefined {
  const next = view.token(day.end).lower;
  const flags = view.flags(day.end);
  const ends = (flags & (Flag.end | Flag.punct)) !== 0 && next !== '-' && next !== "'";
  const goesOn =
    (flags & Flag.grammar) !== 0 && next !== 'one' && next !== 'name' && next !== 'appointment' && next !== 'visit';
  if (!ends && !goesOn && (flags & nounsOfRank) !== 0) return undefined;
  if (!ends && !goesOn) return undefined;
  const introduced = view.token(at).lower === 'the' || aloneAfter.has(view.token(at - 1).lower);
  if (!introduced)
    return isBare(view, { start: at, end: day.end }) && view.context.asked.includes('DATE')
      ? found(day.end, 0.8)
      : undefined;
  if (
    day.value <= 3 &&
    dayAt === day.end - 1 &&
    (view.flags(dayAt) & Flag.ordinal) !== 0 &&
    !aloneAfter.has(view.token(at - 1).lower)
  )
    return undefined;
  return found(day.end, 0.8);
}

const pastWords = new Set([
  'was',
  'were',
  'had',
  'since',
  'last',
  'back',
  'did',
  'started',
  'happened',
  'began',
  'ago',
  'been',
  'went',
  'got',
  'came',
  'saw',
  'born',
  'due',
  'birthday',
  'early',
  'late',
  'mid',
  'until',
  'surgery',
  'fell',
  'died',
  'diagnosed',
  'moved',
  'quit',
  'stopped',
  'ended',
  'expires',
  'turned',
  'turns',
]);
const askingWords = new Set([
  'anything',
  'available',
  'availability',
  'openings',
  'opening',
  'slots',
  'any',
  'free',
  'book',
  'schedule',
  'slot',
]);

/** A month alone is the caller's own where the sentence tells of something that was, or of a birth or a due date. */
function isTied(view: View, at: number, month: Part): boolean {
  let tied = false;
  for (let back = at - 1; back >= at - 8; back -= 1) {
    const { lower } = view.token(back);
    if (askingWords.has(lower)) return false;
    tied ||= pastWords.has(lower);
  }
  return (
    tied &&
    (month.sure ||
      view.token(at - 1).lower === 'in' ||
      view.token(at - 1).lower === 'last' ||
      view.token(at - 1).lower === 'since')
  );
}

/** "3/14/84", "2018-05-09", "14.3.1984", "3/5". */
function typed(view: View, at: number): Match | undefined {
  if ((view.flags(at) & Flag.number) === 0 || view.glued(at)) return undefined;
  const mark = view.token(at + 1).lower;
  if (!['/', '-', '.'].includes(mark) || !view.glued(at + 1) || !view.glued(at + 2)) return undefined;
  const parts = [view.token(at).lower, view.token(at + 2).lower];
  const third =
    view.token(at + 3).lower === mark &&
    view.glued(at + 3) &&
    view.glued(at + 4) &&
    (view.flags(at + 4) & Flag.number) !== 0;
  if ((view.flags(at + 2) & Flag.number) === 0) return undefined;
  if (third) return isDate([...parts, view.token(at + 4).lower]) ? found(at + 5, 0.97) : undefined;
  return mark === '/' && isMonthDay(parts) && saysDate(view, at) ? found(at + 3, 0.9) : undefined;
}

function isDate(parts: readonly string[]): boolean {
  const [first, second, third] = parts.map(Number);
  if (first === undefined || second === undefined || third === undefined) return false;
  const widths = parts.map((part) => part.length).join('');
  if (/^4[12][12]$/.test(widths)) return first > 1800 && first < 2200 && second <= 12 && third <= 31;
  return (
    /^[12][12][24]$/.test(widths) && first <= 31 && second <= 31 && Math.min(first, second) <= 12 && first * second > 0
  );
}

function isMonthDay(parts: readonly string[]): boolean {
  const [first, second] = parts.map(Number);
  if (first === undefined || second === undefined || parts.some((part) => part.length > 2) || first * second === 0)
    return false;
  return first <= 31 && second <= 31 && Math.min(first, second) <= 12 && second !== 7;
}

function saysDate(view: View, at: number): boolean {
  return (
    view.context.asked.includes('DATE') ||
    ['on', 'for', 'by', 'since', 'until', 'from', 'to', 'the', 'dated'].includes(view.token(at - 1).lower) ||
    isBare(view, { start: at, end: at + 3 })
  );
}

const birthWords = new Set(['birthday', 'birth', 'born', 'dob', 'birthdate', 'bday']);

/** "three fourteen eighty four", "oh three oh one sixty two", where a birthday was asked for or is named before. */
function numeric(view: View, at: number): Match | undefined {
  if (!asksBirth(view, at)) return undefined;
  const run = view.run(at);
  if (run === undefined || run.letters > 0 || run.digits.length < 2 || isClock(view, run)) return undefined;
  if ((view.flags(run.end) & Flag.unit) !== 0 && run.digits.length < 4) return undefined;
  return found(run.end, 0.94);
}

function asksBirth(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 8; back -= 1) if (birthWords.has(view.token(back).lower)) return true;
  return view.context.asked[0] === 'DATE' || (view.before?.kind === 'DATE' && at - view.before.end <= 4);
}

export const date: Recognizer = {
  name: 'date',
  opens: numeral | Flag.ordinal | Flag.month | Flag.common,
  match(view, at) {
    const flags = view.flags(at);
    if ((flags & Flag.month) !== 0) return monthFirst(view, at);
    if ((flags & (numeral | Flag.ordinal)) !== 0) return typed(view, at) ?? dayFirst(view, at) ?? numeric(view, at);
    return view.token(at).lower === 'the' ? dayFirst(view, at) : undefined;
  },
};
