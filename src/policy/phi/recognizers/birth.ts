import { found, readDay, readNumbers, readYear } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { isBare, isClock, isInsideNumber, isQuantity } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const birthWords = new Set(['birthday', 'birth', 'born', 'dob', 'birthdate', 'bday', 'birthdays']);

/** Was a birthday asked for, or is it named just before? */
function asksBirth(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 8; back -= 1) {
    if (birthWords.has(view.token(back).lower)) return true;
    if (['.', '?', '!'].includes(view.token(back).lower)) break;
  }
  return view.context.asksBirth;
}

/** Whatever numbers come where a birthday is meant: "three fourteen eighty four", "oh three oh one sixty two", "eighty four". */
function birthday(view: View, at: number): Match | undefined {
  if (!asksBirth(view, at)) return undefined;
  const run = view.run(at);
  if (run === undefined || run.letters > 0 || run.digits.length < 2 || isClock(view, run) || isQuantity(view, run))
    return undefined;
  if ((view.flags(run.end) & Flag.unit) !== 0 && run.digits.length < 4) return undefined;
  const day = readDay(view, at);
  return found(day?.sure === true ? Math.max(day.end, run.end) : run.end, 0.94);
}

const events = new Set(
  'surgery appointment due flight wedding anniversary consult consultation visit procedure accident injury treatment'.split(
    ' ',
  ),
);

/** "my surgery was on five twenty three": an event on two numbers; at two numbers it would be a time. */
function isOnEvent(view: View, at: number): boolean {
  if (view.token(at - 1).lower !== 'on') return false;
  for (let back = at - 2; back >= at - 6; back -= 1) if (events.has(view.token(back).lower)) return true;
  return false;
}

/** What a label says before its date. */
const stamped = new Set(['filled', 'dated', 'issued', 'expired', 'dispensed']);

const timeTails = new Set(['am', 'pm', 'ago', 'this', 'in', 'tonight', "o'clock", 'a', 'p', ':']);

/** A date in numbers that no birthday word leads: with a year after a name, alone, or where a date was asked for. */
function numbers(view: View, at: number): Match | undefined {
  const introduced = ['since', 'on', 'until', 'till'].includes(view.token(at - 1).lower);
  const asked = view.context.asked.includes('DATE');
  const date = readNumbers(view, at, introduced || asked);
  if (date === undefined || (view.flags(date.end) & (numeral | Flag.unit | Flag.scale)) !== 0) return undefined;
  if (timeTails.has(view.token(date.end).lower)) return undefined;
  if (isOnEvent(view, at) || stamped.has(view.token(at - 1).lower)) return found(date.end, 0.8);
  if (!date.year) return asked && isOfYear(view, date.end) ? found(date.end, 0.8) : undefined;
  const zero =
    ['is', 'was', "'s"].includes(view.token(at - 1).lower) && ['oh', 'o', 'zero'].includes(view.token(at).lower);
  if (introduced || zero) return found(date.end, 0.85);
  const afterName = view.before?.kind === 'NAME' && at - view.before.end <= 2;
  return afterName || asked || isBare(view, { start: at, end: date.end }) ? found(date.end, 0.85) : undefined;
}

/** "ten four of last year". */
function isOfYear(view: View, at: number): boolean {
  return view.token(at).lower === 'of' && ['last', 'this', 'next'].includes(view.token(at + 1).lower);
}

/** A part of "the fifth month the seventh day", "day four month eleven year sixty three": where it ends. */
function partEnd(view: View, at: number): number | undefined {
  const from = view.token(at).lower === 'the' ? at + 1 : at;
  const { lower } = view.token(from);
  if (lower === 'year') return readYear(view, overIs(view, from + 1), true)?.end;
  if (lower === 'month' || lower === 'day') return readDay(view, overIs(view, from + 1))?.end;
  const year = readYear(view, from, true);
  if (year !== undefined && view.token(year.end).lower === 'year') return year.end + 1;
  const rank = readDay(view, from);
  const named = rank === undefined ? '' : view.token(rank.end).lower;
  return rank !== undefined && (named === 'month' || named === 'day') ? rank.end + 1 : undefined;
}

/** "month is five". */
function overIs(view: View, at: number): number {
  return ['is', "'s", ',', ':'].includes(view.token(at).lower) ? at + 1 : at;
}

function namedParts(view: View, at: number): Match | undefined {
  if (!view.context.asksBirth) return undefined;
  const first = partEnd(view, at);
  const second = first === undefined ? undefined : partEnd(view, first);
  return second === undefined ? undefined : found(partEnd(view, second) ?? second, 0.95);
}

/** Dates in numbers alone. */
export const birth: Recognizer = {
  name: 'birth',
  opens: numeral | Flag.ordinal | Flag.unit | Flag.letter | Flag.grammar,
  match(view, at) {
    const flags = view.flags(at);
    if ((flags & (numeral | Flag.letter)) === 0) return namedParts(view, at);
    if (isInsideNumber(view, at)) return undefined;
    return birthday(view, at) ?? numbers(view, at) ?? namedParts(view, at);
  },
};
