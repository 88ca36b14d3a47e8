import { type Part, found, isDay, readDay, readMonth, skip, withYear } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { digitHomophones } from '../lexicon/words.ts';
import { isBare } from '../numeral.ts';
import { readYear } from '../calendar.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** "march third nineteen eighty four", "May 5", "june the sixth of twenty ten", "december of 2007". */
function monthFirst(view: View, at: number): Match | undefined {
  const month = readMonth(view, at);
  if (month === undefined) return undefined;
  const again = saidAgain(view, at, month.end);
  if (again !== undefined) return again;
  const yearAt = skip(view, month.end);
  const year = readYear(view, yearAt, view.token(month.end).lower === 'of');
  if (year !== undefined && (year.value > 1800 || view.token(month.end).lower === 'of')) return found(year.end, 0.97);
  const next = view.token(month.end).lower;
  const misheard = misheardDay(view, month.end);
  if (misheard !== undefined) return found(misheard, 0.9);
  const dayAt = next === 'the' || next === 'on' ? month.end + 1 : month.end;
  const day = readDay(view, view.token(dayAt).lower === 'the' ? dayAt + 1 : dayAt);
  return day !== undefined && isDay(view, month, day) ? found(withYear(view, day.end), 0.97) : undefined;
}

/** "august uh august the twentieth": the month is said twice, and the date goes on after the second. */
function saidAgain(view: View, at: number, end: number): Match | undefined {
  let next = end;
  while (next < end + 3 && (view.flags(next) & (Flag.filler | Flag.punct)) !== 0) next += 1;
  return view.token(next).lower === view.token(at).lower ? monthFirst(view, next) : undefined;
}

const wordsForDays = new Set(['won', 'ate', 'fore']);

/** "october won", "june too nineteen eighty": a day that was written as another word. */
function misheardDay(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  if (digitHomophones[lower] === undefined) return undefined;
  const year = readYear(view, at + 1, false);
  if (year !== undefined && year.value > 1800) return year.end;
  return wordsForDays.has(lower) && (view.flags(at + 1) & (Flag.end | Flag.punct)) !== 0 ? at + 1 : undefined;
}

const afterMay = new Set([
  'i',
  'we',
  'you',
  'be',
  'have',
  'not',
  'also',
  'well',
  'or',
  'need',
  'come',
  'get',
  'take',
  'want',
]);

/** "the fifteenth of august", "26 May", "second march", "27th January 2022", "16th to the 27th of May". */
function dayFirst(view: View, at: number): Match | undefined {
  const day = readDay(view, view.token(at).lower === 'the' ? at + 1 : at);
  if (day === undefined) return undefined;
  if ((view.flags(at - 1) & (Flag.number | Flag.digit | Flag.tens)) !== 0 && view.before?.end !== at) return undefined;
  if (view.token(at - 1).lower === ':' || view.token(at - 1).lower === '/') return undefined;
  const again =
    day.sure && view.token(day.end).lower === view.token(day.end - 1).lower ? dayFirst(view, day.end) : undefined;
  if (again !== undefined) return again;
  const month = readMonth(view, overOfMonth(view, skip(view, day.end)));
  if (month !== undefined && isMonthAfter(view, day.end, month, day.sure))
    return found(withYear(view, month.end), 0.97);
  return monthByRank(view, day) ?? range(view, at, day.end);
}

/** "third of the month of june". */
function overOfMonth(view: View, at: number): number {
  return ['the', 'month', 'of'].every((word, offset) => view.token(at + offset).lower === word) ? at + 3 : at;
}

/** "the ninth of the ninth", "third of the fifth nineteen forty eight": the month by its rank in the year. */
function monthByRank(view: View, day: Part): Match | undefined {
  const the = view.token(day.end + 1).lower === 'the';
  if (view.token(day.end).lower !== 'of' || !(the || view.context.asksBirth)) return undefined;
  const month = readDay(view, day.end + (the ? 2 : 1));
  if (month?.sure !== true || month.value > 12) return undefined;
  const end = withYear(view, month.end);
  const asked = view.context.asksBirth || view.context.asked.includes('DATE');
  return asked || (day.sure && end > month.end) ? found(end, 0.97) : undefined;
}

function isMonthAfter(
  view: View,
  at: number,
  month: { readonly end: number; readonly sure: boolean },
  daySure: boolean,
): boolean {
  if (month.sure || daySure || view.token(at).lower === 'of') return true;
  return !afterMay.has(view.token(month.end).lower);
}

const rangeWords = new Set(['to', '-', '\u2013', 'through', 'thru', 'until', 'till', 'and', 'or']);

/** The first day of "17 - 19 July", "from 26 to 29 May", "1-31st of December". */
function range(view: View, at: number, end: number): Match | undefined {
  if (!rangeWords.has(view.token(end).lower)) return undefined;
  const second = readDay(view, view.token(end + 1).lower === 'the' ? end + 2 : end + 1);
  if (second === undefined) return undefined;
  const month = readMonth(view, skip(view, second.end));
  if (month === undefined || !isMonthAfter(view, second.end, month, second.sure)) return undefined;
  return (view.flags(at - 1) & Flag.month) === 0 ? found(withYear(view, month.end), 0.95) : undefined;
}

/** "3/14/84", "2018-05-09", "14.3.1984", "3/5". */
function typed(view: View, at: number): Match | undefined {
  if ((view.flags(at) & Flag.number) === 0 || (view.glued(at) && view.token(at - 1).lower !== '(')) return undefined;
  const mark = view.token(at + 1).lower;
  if (!['/', '-', '.'].includes(mark) || !view.glued(at + 1) || !view.glued(at + 2)) return undefined;
  if ((view.flags(at + 2) & Flag.number) === 0) return undefined;
  const parts = [view.token(at).lower, view.token(at + 2).lower];
  const third =
    view.token(at + 3).lower === mark &&
    view.glued(at + 3) &&
    view.glued(at + 4) &&
    (view.flags(at + 4) & Flag.number) !== 0;
  if (third) return isDate([...parts, view.token(at + 4).lower]) ? found(at + 5, 0.97) : undefined;
  if (mark === '/' && /^\d{1,2}$/.test(parts[0] ?? '') && /^(19|20)\d\d$/.test(parts[1] ?? ''))
    return found(at + 3, 0.9);
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
  return first <= 31 && second <= 31 && Math.min(first, second) <= 12;
}

const beforeTyped = new Set(
  'on for by since until till from to the dated was is around before after not about and or through date dates do due says said filled expires'.split(
    ' ',
  ),
);
const afterTyped = new Set(
  'cup cups inch inches mile pain of off price way full hour teaspoon syringe dose vision support'.split(' '),
);

/** A fraction or a score is written like a month and a day: then only the words around tell. */
function saysDate(view: View, at: number): boolean {
  const value = view.slice(at, at + 2);
  if (value === '24/7' || afterTyped.has(view.token(at + 3).lower)) return false;
  const fraction = /^[1-9]\/(2|3|4|8)$/.test(value) || value.endsWith('/10');
  if (!fraction || view.context.asked.includes('DATE') || isBare(view, { start: at, end: at + 3 })) return true;
  return beforeTyped.has(view.token(at - 1).lower) && !value.endsWith('/10');
}

export const date: Recognizer = {
  name: 'date',
  opens: numeral | Flag.ordinal | Flag.month | Flag.grammar,
  match(view, at) {
    const flags = view.flags(at);
    if ((flags & Flag.month) !== 0) return monthFirst(view, at);
    if ((flags & (numeral | Flag.ordinal)) !== 0) return typed(view, at) ?? dayFirst(view, at);
    return view.token(at).lower === 'the' ? dayFirst(view, at) : undefined;
  },
};
