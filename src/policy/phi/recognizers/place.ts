import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

const placeCues = new Set([
  'in',
  'from',
  'near',
  'to',
  'outside',
  'around',
  'at',
  'of',
  'city',
  'town',
  'is',
  'through',
  'live',
  "it's",
  'by',
  'the',
]);

function isTownWord(view: View, at: number): boolean {
  const flags = view.flags(at);
  return (
    (flags & Flag.word) !== 0 &&
    (flags &
      (Flag.grammar |
        Flag.state |
        Flag.month |
        Flag.weekday |
        Flag.filler |
        Flag.unit |
        Flag.digit |
        Flag.relation)) ===
      0
  );
}

/** A town after a street, or before a state, where an address is being given. */
function afterAddress(view: View, at: number): boolean {
  if (view.before?.kind !== 'ADDRESS' || at - view.before.end > 3) return false;
  for (let gap = view.before.end; gap < at; gap += 1)
    if (!['in', ',', 'up', 'over', 'and', 'the', 'down', 'out'].includes(view.token(gap).lower)) return false;
  return true;
}

function townEnd(view: View, at: number): number {
  let end = at + 1;
  while (end < at + 3 && isTownWord(view, end) && (view.flags(end) & Flag.common) === 0) end += 1;
  return end;
}

export const place: Recognizer = {
  name: 'place',
  opens: Flag.word,
  match(view, at) {
    if (!isTownWord(view, at)) return undefined;
    const rare = (view.flags(at) & Flag.common) === 0 || (view.flags(at) & Flag.capital) !== 0;
    if (afterAddress(view, at) && rare) return { kind: 'ADDRESS', end: townEnd(view, at), score: 0.9 };
    if ((view.flags(at) & Flag.town) === 0) return undefined;
    const cued = placeCues.has(view.token(at - 1).lower) || view.context.asked.includes('ADDRESS');
    return cued && rare ? { kind: 'ADDRESS', end: townEnd(view, at), score: 0.86 } : undefined;
  },
};
