import { found, readMonth } from '../calendar.ts';
import { tells } from '../told.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

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

export const month: Recognizer = {
  name: 'month',
  opens: Flag.month,
  match(view, at) {
    const own = readMonth(view, at);
    return own !== undefined && isOwn(view, at, own.end, own.sure) ? found(own.end, 0.7) : undefined;
  },
};
