import { readDay, readYear } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const cues = new Set(['exp', 'expires', 'expire', 'expiry', 'expiration', 'expiring']);

/** Is a card being read out: asked for, named just before, or the value before this one? */
function isCard(view: View, at: number): boolean {
  if (view.context.asked.includes('CARD') || view.before?.kind === 'CARD') return true;
  for (let back = at - 1; back >= at - 4; back -= 1) if (cues.has(view.token(back).lower)) return true;
  return false;
}

/** "oh six of twenty eight": the month and year to which a card is good. */
export const expiry: Recognizer = {
  name: 'expiry',
  opens: numeral | Flag.letter,
  match(view, at): Match | undefined {
    const month = readDay(view, at);
    if (month === undefined || month.value > 12 || view.token(month.end).lower !== 'of') return undefined;
    const year = readYear(view, month.end + 1, true);
    const near = year !== undefined && year.value % 2000 >= 20 && year.value % 2000 < 60;
    return near && isCard(view, at) ? { kind: 'CARD', end: year.end, score: 0.93 } : undefined;
  },
};
