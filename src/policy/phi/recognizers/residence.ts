import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer } from '../recognizer.ts';
import { withUnit } from '../streets.ts';

/** Many live in one of these; their names are as good as an address. */
const residences = new Set(
  'apartments apts condos condominiums towers townhomes townhouses lofts villas estates commons dormitory dorms'.split(
    ' ',
  ),
);
const preceding = new Set(['the', 'at', 'in']);
const never = Flag.grammar | Flag.filler | Flag.unit | Flag.end | Flag.punct | Flag.relation;
const longest = 3;

/** "the harbor view apartments number nine": a house of many homes by its name. */
export const residence: Recognizer = {
  name: 'residence',
  opens: Flag.word,
  match(view, at): Match | undefined {
    if (!preceding.has(view.token(at - 1).lower)) return undefined;
    for (let next = at; next <= at + longest; next += 1) {
      const flags = view.flags(next);
      const named = next > at + 1 || (next > at && (view.flags(at) & (Flag.common | Flag.book)) !== Flag.common);
      if (named && residences.has(view.token(next).lower))
        return { kind: 'ADDRESS', end: withUnit(view, next + 1), score: 0.85 };
      if ((flags & Flag.word) === 0 || (flags & (never | numeral)) !== 0) return undefined;
    }
    return undefined;
  },
};
