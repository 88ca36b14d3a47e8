import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';
import { isNearAddress, withUnit } from '../streets.ts';

/** Many live in one of these; their names are as good as an address. */
const residences = new Set(
  `apartments apts condos condominiums towers townhomes townhouses lofts villas estates commons dormitory dorms dorm barracks manor campground
arms marina`.split(/\s+/),
);
/** The same in two words. */
const pairs: Readonly<Record<string, readonly string[]>> = {
  nursing: ['home', 'center', 'facility'],
  assisted: ['living'],
  senior: ['living', 'center', 'apartments', 'village'],
  retirement: ['home', 'community', 'village', 'center'],
  memory: ['care'],
  mobile: ['home', 'homes'],
  trailer: ['park', 'court'],
  rv: ['park', 'resort'],
  group: ['home'],
  care: ['center', 'home'],
  rehab: ['center'],
  residence: ['hall'],
  housing: ['project', 'projects', 'complex'],
};
const homes = new Set(['at', 'in']);
const preceding = new Set(['the', 'at', 'in']);
const never = Flag.grammar | Flag.filler | Flag.unit | Flag.end | Flag.punct | Flag.relation;
const longest = 3;

/** Tokens of "apartments", "trailer park". */
function headLength(view: View, at: number): number {
  const { lower } = view.token(at);
  if (residences.has(lower)) return 1;
  if (pairs[lower]?.includes(view.token(at + 1).lower) !== true) return 0;
  return lower === 'mobile' && view.token(at + 2).lower === 'park' ? 3 : 2;
}

/** "white hall the dorm", "stokes hall room nine": a hall is one to live in where more is said of it. */
function hallEnd(view: View, at: number): number | undefined {
  const asked = view.context.asked[0] === 'ADDRESS' || isNearAddress(view, at, 4);
  if (!asked && !homes.has(view.token(at - 1).lower)) return undefined;
  if ((view.flags(at) & (never | numeral)) !== 0 || view.token(at + 1).lower !== 'hall') return undefined;
  const rare = (view.flags(at) & Flag.common) === 0;
  for (let next = at + 2; next <= at + 4; next += 1)
    if (asked || rare || ['room', 'dorm', 'dorms', 'dormitory'].includes(view.token(next).lower)) return at + 2;
  return undefined;
}

/** "the home says: we're at good samaritan": where somebody stays who is cared for. */
function careEnd(view: View, at: number): number | undefined {
  if (!homes.has(view.token(at - 1).lower) || !isCaredFor(view, at)) return undefined;
  let end = at;
  while (end < at + 3 && (view.flags(end) & Flag.word) !== 0 && (view.flags(end) & (never | numeral)) === 0) end += 1;
  if (view.token(at).lower === 'good' && ['samaritan', 'shepherd'].includes(view.token(at + 1).lower)) return at + 2;
  const rare = (view.flags(at) & (Flag.common | Flag.book)) !== Flag.common;
  return end > at && (rare || end > at + 1) && ['in', 'on', ''].includes(view.token(end).lower) ? end : undefined;
}

/** The home that somebody lives in was named just before: "the home says", "her nursing home". */
function isCaredFor(view: View, at: number): boolean {
  for (let back = at - 2; back >= at - 8; back -= 1) {
    const { lower } = view.token(back);
    if (lower === 'facility' || lower === 'hospice') return true;
    if (lower === 'home' && ['the', 'nursing', 'care', 'group'].includes(view.token(back - 1).lower)) return true;
  }
  return false;
}

/** "the harbor view apartments number nine": a house of many homes by its name. */
export const residence: Recognizer = {
  name: 'residence',
  opens: 0,
  after: preceding,
  near: new Set(['hall']),
  match(view, at): Match | undefined {
    const place = hallEnd(view, at) ?? careEnd(view, at);
    if (place !== undefined) return { kind: 'ADDRESS', end: withUnit(view, place), score: 0.93 };
    if (!preceding.has(view.token(at - 1).lower)) return undefined;
    for (let next = at; next <= at + longest; next += 1) {
      const flags = view.flags(next);
      const named = next > at + 1 || (next > at && (view.flags(at) & (Flag.common | Flag.book)) !== Flag.common);
      const length = named ? headLength(view, next) : 0;
      if (length > 0) return { kind: 'ADDRESS', end: withUnit(view, next + length), score: 0.93 };
      if ((flags & Flag.word) === 0 || (flags & (never | numeral)) !== 0) return undefined;
    }
    return undefined;
  },
};
