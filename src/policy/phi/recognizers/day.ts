import { found, readDay } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { isBare } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** What may stand before a day of the month that is said without its month: "on the twelfth", "till the 9th". */
const before = new Set(
  `on the for by until till til since from to of and is before after not or through around last next was this weekday about it's its maybe either
that's for between yes no thru beyond past either starting`.split(/\s+/),
);
/** After it: the sentence goes on or says something of the day. Nouns are absent: "the third session" is no day. */
const after = new Set(
  `available free open good okay ok fine works work worked possible taken full booked best better please maybe instead still also only actually works
for the at in on to till until through and or but if is was are will would should could can might may does do did has had have because so then that this i we you he she they it my
no yes sorry right correct too as since from with when where which while not than before after around about sounds seems looks doesn't isn't won't wasn't
thanks thank um uh er erm inclusive works around 's bye goodbye early late right morning afternoon evening by near while again`.split(
    /\s+/,
  ),
);
/** A rank before one of these ranks a thing, even where the word could go on the sentence. */
const ranked = new Set(['one', 'time', 'of', 'floor']);
/** What is ranked as high as a day of the month; units ("session", "visit") are known as such. */
const rankedHigh = new Set(
  'row street st avenue ave birthday anniversary grade century page chapter hole try attempt person caller place line letter rib'.split(
    ' ',
  ),
);
const leads = new Set(['on', 'by', 'until', 'till', 'since']);

/** "is the 25th still good", "on the twelfth", "20th maybe": a rank with no noun after it is a day of the month. */
function dayAlone(view: View, at: number): Match | undefined {
  const article = view.token(at).lower === 'the' ? 1 : 0;
  const day = readDay(view, at + article);
  if (
    day?.sure !== true ||
    isLongNumber(view, at + article, day.end) ||
    (view.flags(at - 1) & numeral) !== 0 ||
    !(endsThere(view, day.end) || callsOn(view, at, day))
  )
    return undefined;
  const one = view.token(at - 1).lower;
  const introduced = article === 1 || before.has(one) || (view.flags(at - 1) & Flag.weekday) !== 0;
  const ofMonth =
    view.token(day.end).lower === 'of' &&
    ['the', 'this', 'next', 'last', 'each', 'every', 'that'].includes(view.token(day.end + 1).lower) &&
    view.token(day.end + 2).lower === 'month';
  if (ofMonth) return found(day.end, 0.85);
  if (view.token(day.end).lower === 'of')
    return (view.flags(at - 1) & Flag.weekday) === 0 ? undefined : found(day.end, 0.8);
  if (isSmallWord(view, at + article, day) && !(article === 1 && beforeSmall(view, at))) return undefined;
  if (introduced) return found(day.end, 0.8);
  const starts = (view.flags(at - 1) & (Flag.end | Flag.punct | Flag.filler)) !== 0;
  const typed = (view.flags(at) & Flag.number) !== 0;
  return starts && (typed || view.context.asked.includes('DATE') || isBare(view, { start: at, end: day.end }))
    ? found(day.end, 0.75)
    : undefined;
}

/** "the oh one four four": a nought leads a number, not a day. */
function isLongNumber(view: View, at: number, end: number): boolean {
  return (view.flags(at) & Flag.digit) !== 0 && (view.flags(end) & Flag.digit) !== 0;
}

/** "on the ninth saskia", "admitted on the fourteenth with": somebody is addressed, or a rank too high for a thing. */
function callsOn(view: View, at: number, day: { readonly value: number; readonly end: number }): boolean {
  const flags = view.flags(day.end);
  if (!leads.has(view.token(at - 1).lower) || (flags & (Flag.unit | Flag.ordinal | Flag.street)) !== 0) return false;
  if ((flags & Flag.given) !== 0 && (flags & Flag.common) === 0) return true;
  return day.value >= 10 && (flags & Flag.word) !== 0 && !rankedHigh.has(view.token(day.end).lower);
}

/** "first", "second", "third" say an order more often than a day. */
function isSmallWord(view: View, at: number, day: { readonly value: number; readonly end: number }): boolean {
  return day.value <= 3 && day.end === at + 1 && (view.flags(at) & Flag.ordinal) !== 0;
}

const events = new Set(
  `surgery appointment birthday due flight wedding anniversary consult consultation booked scheduled visit procedure session party period cycle delivery operation funeral
accident injury injection infusion dose shot fall christening baptism hearing court chemo radiation dialysis rehab trial`.split(
    /\s+/,
  ),
);

/** "my surgery is the first", "booked for the second with". */
function tellsEvent(view: View, at: number): boolean {
  if (view.token(at - 1).lower === 'chemo' || view.token(at - 1).lower === 'radiation') return true;
  if (!['is', 'for', "'s", 'was', 'to', 'from'].includes(view.token(at - 1).lower)) return false;
  for (let back = at - 2; back >= at - 5; back -= 1) if (events.has(view.token(back).lower)) return true;
  return false;
}

const beforeFirst = new Set(['on', 'due', 'until', 'till', 'by', 'since', 'before', 'than', 'started', 'began']);

/** "the third i mean": what corrects a day. */
const corrects = new Set(['no', 'wait', 'sorry', 'i', 'actually', 'maybe', 'or']);

function beforeSmall(view: View, at: number): boolean {
  const ends = (view.flags(at + 2) & (Flag.end | Flag.punct)) !== 0 || corrects.has(view.token(at + 2).lower);
  if (view.context.asked.includes('DATE') && ends) return true;
  if (tellsEvent(view, at) || isRanged(view, at + 2)) return true;
  return beforeFirst.has(view.token(at - 1).lower) || (view.flags(at - 1) & Flag.weekday) !== 0;
}

/** "from the third to the seventh". */
function isRanged(view: View, end: number): boolean {
  if (!['to', 'through', 'thru', 'till', 'until'].includes(view.token(end).lower)) return false;
  return readDay(view, view.token(end + 1).lower === 'the' ? end + 2 : end + 1)?.sure === true;
}

function endsThere(view: View, at: number): boolean {
  const { lower } = view.token(at);
  const flags = view.flags(at);
  if (lower === '-' && view.glued(at)) return (view.flags(at + 1) & Flag.number) !== 0;
  if ((flags & (Flag.end | Flag.punct)) !== 0) return true;
  if (ranked.has(lower)) return lower === 'of';
  return after.has(lower) || (flags & Flag.filler) !== 0 || (flags & numeral) !== 0;
}

/** "on the fifth sixth and seventh": days that are listed. */
function listedDays(view: View, at: number): Match | undefined {
  if (!['on', 'the', 'for', 'was', 'is'].includes(view.token(at - 1).lower)) return undefined;
  let end = at;
  let joined = false;
  for (let days = 0; days < 6; days += 1) {
    const joint = days > 0 && listJoiners.has(view.token(end).lower);
    const next = joint ? end + 1 : end;
    const day = readDay(view, view.token(next).lower === 'the' ? next + 1 : next);
    if (day?.sure !== true) return joined && endsThere(view, end) ? found(end, 0.8) : undefined;
    joined ||= joint;
    end = day.end;
  }
  return undefined;
}

const listJoiners = new Set(['and', 'or', ',']);

const rangeWords = new Set(['to', '-', '\u2013', 'through', 'thru', 'until', 'till', 'and', 'or', ',']);

/** The second day of "february 14 to 22", "april 1-5", "the 7th to 9th". */
function rangeEnd(view: View, at: number): Match | undefined {
  if (view.before?.kind !== 'DATE' || view.before.end > at || at - view.before.end > 2) return undefined;
  const joint = view.before.end === at - 2 && view.token(at - 1).lower === 'the' ? at - 2 : at - 1;
  if (!rangeWords.has(view.token(joint).lower) || joint < view.before.end) return undefined;
  const day = readDay(view, at);
  if (day === undefined || view.token(day.end).lower === ':' || view.token(day.end).lower === '/') return undefined;
  if (view.token(joint).lower === ',' && !day.sure) return undefined;
  if ((view.flags(day.end) & Flag.unit) !== 0 && !['in', 'or', 'other'].includes(view.token(day.end).lower))
    return undefined;
  return found(day.end, 0.8);
}

export const day: Recognizer = {
  name: 'day',
  opens: numeral | Flag.ordinal | Flag.grammar,
  match(view, at) {
    if ((view.flags(at) & (numeral | Flag.ordinal)) !== 0)
      return rangeEnd(view, at) ?? dayAlone(view, at) ?? listedDays(view, at);
    return view.token(at).lower === 'the' ? dayAlone(view, at) : undefined;
  },
};
