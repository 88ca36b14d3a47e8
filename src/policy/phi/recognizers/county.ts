import { Flag } from '../lexicon/flags.ts';
import { isPlaceWord } from '../places.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const countyWords = new Set(['county', 'parish', 'township', 'borough']);
/** What begins the name of a county in two words. */
const beginnings = new Set(
  'san santa saint st los la el de del prince queen king new fort big little east west north south upper lower green red white black long bon le'.split(
    ' ',
  ),
);
/** The token after a name of one to three words and "county". */
function countyEnd(view: View, at: number): number | undefined {
  const longer = beginnings.has(view.token(at).lower) || (view.flags(at) & Flag.common) === 0;
  for (let next = at + 1; next <= at + (longer ? 3 : 1); next += 1) {
    const { lower } = view.token(next);
    if (countyWords.has(lower) && isPlaceWord(view, next - (view.token(next - 1).lower === "'s" ? 2 : 1)))
      return next + 1;
    if (lower !== "'s" && !isPlaceWord(view, next)) return undefined;
  }
  return undefined;
}

/** "orange county", "Prince George's County", "san juan county". */
export const county: Recognizer = {
  name: 'county',
  opens: 0,
  near: countyWords,
  match(view, at): Match | undefined {
    if (!isPlaceWord(view, at)) return undefined;
    const end = countyEnd(view, at);
    return end === undefined ? undefined : { kind: 'ADDRESS', end, score: 0.965 };
  },
};
