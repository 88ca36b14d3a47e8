import { found, readMonth } from '../calendar.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

const told = new Set(
  `was were had since back did started happened began been went got came saw born due birthday surgery fell died diagnosed moved quit stopped ended expires turned
turns i've we've she's lost felt broke hurt hospitalized admitted discharged delivered married divorced retired graduated noticed throughout pregnant injured anniversary wedding
last recheck appointment came underwent stayed flew visited having operation procedure lived finished became`.split(
    /\s+/,
  ),
);
const scheduling = new Set(
  `anything available availability openings opening slots slot any free book schedule booked booking open how about offer special price prices cost sale promotion promo
can could would do does are is when until weather works rather prefer hours like want wait busy`.split(/\s+/),
);
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
function isOwn(view: View, at: number, end: number, sure: boolean): boolean {
  const one = view.token(at - 1).lower;
  if ((view.context.asksBirth || view.context.pending === 'DATE') && (sure || one === 'in')) return true;
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
  return tells(view, at);
}

function tells(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 14; back -= 1) {
    const { lower } = view.token(back);
    if (['.', '?', '!'].includes(lower)) return false;
    if (told.has(lower)) return !asksBefore(view, back);
    if (scheduling.has(lower)) return false;
  }
  return false;
}

/** "do you have an appointment in june". */
function asksBefore(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 6; back -= 1)
    if (
      ['anything', 'openings', 'available', 'can', 'could', 'book', 'schedule', 'an'].includes(view.token(back).lower)
    )
      return true;
  return false;
}

export const month: Recognizer = {
  name: 'month',
  opens: Flag.month,
  match(view, at) {
    const own = readMonth(view, at);
    return own !== undefined && isOwn(view, at, own.end, own.sure) ? found(own.end, 0.7) : undefined;
  },
};
