import { found, readMonth, withYear } from '../calendar.ts';
import { tells } from '../told.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { overLead } from '../occasions.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const near = new Set([
  'in',
  'of',
  'since',
  'last',
  'until',
  'by',
  'throughout',
  'during',
  'early',
  'late',
  'mid',
  'and',
  'this',
  'around',
  'to',
  'from',
  'before',
  'through',
  'through',
  'on',
]);

/**
 * A month alone is the caller's own where the sentence tells of something that was, or of a birth or a due date; in a
 * question about free appointments it is nobody's.
 */
function isOwn(view: View, at: number, end: number, sure: boolean, from = at): boolean {
  const one = view.token(at - 1).lower;
  if (
    (view.context.asksBirth || view.context.pending === 'DATE') &&
    (sure || partsOfMonth.has(one) || standsAlone(view, at, end))
  )
    return true;
  if (isOfOwner(view, at, end, sure)) return true;
  if (!near.has(one) && (view.flags(at - 1) & Flag.filler) === 0) return false;
  if (!sure && !['in', 'since', 'last', 'of', 'late', 'early', 'mid'].includes(one)) return false;
  const next = view.token(end).lower;
  const nextWord = view.token(end + 1).lower;
  const ofYear = next === 'of' && (nextWord === 'this' || nextWord === 'last' || nextWord === 'that');
  if (!sure && ['works', 'is', 'would', 'sounds', 'looks'].includes(next)) return false;
  if (ofYear || ['beginning', 'start', 'end', 'middle'].includes(view.token(at - 2).lower)) return true;
  // "once in november of 2007, and then in may and july": the second of two times.
  if (next === 'and' && (view.flags(end + 1) & Flag.month) !== 0 && one === 'in' && view.before?.kind === 'DATE')
    return true;
  if (view.before?.kind === 'DATE' && at - view.before.end <= 3) return true;
  return tells(view, from);
}

const owners = new Set(['my', 'his', 'her', 'our', 'their', 'your', 'mama', 'the', 'that']);
const matters = new Set(
  'appointment visit bill bills labs lab results statement invoice charge charges payment session surgery scan checkup refill order injection'.split(
    ' ',
  ),
);
const lastOnes = new Set(['time', 'visit', 'appointment', 'surgery', 'period', 'shot', 'in', 'mammogram', 'injection']);

/** "my june labs", "the october bill", "october's bill", "the last time was january". */
function isOfOwner(view: View, at: number, end: number, sure: boolean): boolean {
  const one = view.token(at - 1).lower;
  const of = view.token(end).lower === "'s" ? end + 1 : end;
  if (matters.has(view.token(of).lower)) return owners.has(one) || of > end;
  return sure && one === 'was' && lastOnes.has(view.token(at - 2).lower);
}

const partsOfMonth = new Set(['in', 'mid', 'early', 'late', 'of']);

/** "nineteen forty nine, march, the thirtieth": nothing around it makes it another word than a month. */
function standsAlone(view: View, at: number, end: number): boolean {
  const loose = Flag.end | Flag.punct | Flag.filler | numeral | Flag.ordinal;
  const goesOn = (view.flags(end) & (loose | Flag.joiner)) !== 0 || view.token(end).lower === 'the';
  return (view.flags(at - 1) & loose) !== 0 && goesOn;
}

/** "the last day of february ninety two", "the second saturday in june": a day that its month only ends. */
function placed(view: View, at: number): Match | undefined {
  const core = overLead(view, at);
  const own = core - at < 2 ? undefined : readMonth(view, core);
  if (own === undefined) return undefined;
  const end = withYear(view, own.end);
  return end > own.end || isOwn(view, core, own.end, own.sure, at) ? found(end, 0.96) : undefined;
}

/** "june ninety two"; "june one sec" has no year. */
function overYear(view: View, end: number): number {
  return (view.flags(end) & Flag.digit) === 0 ? withYear(view, end) : end;
}

export const month: Recognizer = {
  name: 'month',
  opens: Flag.month | Flag.grammar | Flag.ordinal | Flag.weekday | numeral | Flag.unit,
  match(view, at) {
    const own = readMonth(view, at);
    if (own === undefined) return placed(view, at);
    return isOwn(view, at, own.end, own.sure) ? found(overYear(view, own.end), 0.7) : undefined;
  },
};
