import { Flag, numeral } from '../lexicon/flags.ts';
import { streetHeads } from '../lexicon/words.ts';
import { isBare, isClock } from '../numeral.ts';
import type { Match, Recognizer, Run, View } from '../recognizer.ts';
import { boxEnd, directions, routeEnd, usualStreets, withUnit } from '../streets.ts';

const heads = new Set(streetHeads.split(/\s+/));
const longestName = 5;

/** The end of a street after its number: "orchard lane", "north main st", "w 42nd street", "highway 61". */
function streetEnd(view: View, at: number): number | undefined {
  let next = at;
  for (let words = 0; words <= longestName; words += 1) {
    const flags = view.flags(next);
    const { lower } = view.token(next);
    if ((flags & Flag.end) !== 0) return undefined;
    if (words > 0 && (flags & Flag.street) !== 0 && !isFollowedByStreet(view, next))
      return withDirection(view, next + 1);
    if (lower === 'county' && ['road', 'rd', 'route', 'highway'].includes(view.token(next + 1).lower))
      return view.run(next + 2)?.end ?? next + 2;
    if (lower === 'avenue' && words === 0 && (view.flags(next + 1) & Flag.letter) !== 0)
      return withUnit(view, next + 2);
    if (heads.has(lower) && words <= 1 && (view.flags(next + 1) & (numeral | Flag.word)) !== 0)
      return withUnit(view, view.run(next + 1)?.end ?? afterArticles(view, next + 1));
    if ((flags & Flag.punct) !== 0 && lower !== '.' && lower !== "'" && lower !== '-') return undefined;
    if (
      (flags & Flag.grammar) !== 0 &&
      !directions.has(lower) &&
      (flags & (Flag.ordinal | numeral)) === 0 &&
      lower !== 'of' &&
      lower !== 'the'
    )
      return undefined;
    if ((flags & Flag.unit) !== 0 && (flags & Flag.ordinal) === 0) return undefined;
    next += 1;
  }
  return undefined;
}

const articles = new Set(['del', 'de', 'la', 'el', 'los', 'las', 'of', 'the']);

/** "calle del sol", "avenue of the stars". */
function afterArticles(view: View, at: number): number {
  let end = at;
  while (end < at + 2 && articles.has(view.token(end).lower)) end += 1;
  return end + 1;
}

/** "park avenue": the first word could be the kind of street, but the second one is. */
function isFollowedByStreet(view: View, at: number): boolean {
  return (view.flags(at + 1) & Flag.street) !== 0 && (view.flags(at + 1) & Flag.grammar) === 0;
}

function withDirection(view: View, at: number): number {
  let end = view.token(at).lower === '.' && view.glued(at) && (view.flags(at + 1) & Flag.end) === 0 ? at + 1 : at;
  if (directions.has(view.token(end).lower)) end += 1;
  return withUnit(view, end);
}

export const street: Recognizer = {
  name: 'street',
  opens: numeral | Flag.word,
  match(view, at) {
    const box = boxEnd(view, at) ?? routeEnd(view, at) ?? askedUnit(view, at);
    if (box !== undefined) return { kind: 'ADDRESS', end: box, score: 0.95 };
    if ((view.flags(at) & numeral) === 0) return view.glued(at) ? undefined : namedStreet(view, at);
    const ranked = rankedStreet(view, at);
    if (ranked !== undefined) return { kind: 'ADDRESS', end: ranked, score: 0.85 };
    const run = view.run(at);
    if (run === undefined || run.code.length > 7 || isCounted(view, run)) return undefined;
    const end = streetEnd(view, houseEnd(view, run.end));
    if (end !== undefined) return { kind: 'ADDRESS', end, score: 0.96 };
    return bareStreet(view, at, run);
  },
};

const askedUnits = new Set([
  'apartment',
  'apt',
  'unit',
  'suite',
  'ste',
  'flat',
  'building',
  'bldg',
  'lot',
  'floor',
  'number',
]);

/** "unit nine oh one" where an address was asked for. */
function askedUnit(view: View, at: number): number | undefined {
  if (!view.context.asked.includes('ADDRESS') || !askedUnits.has(view.token(at).lower)) return undefined;
  const end = withUnit(view, at);
  return end > at ? end : undefined;
}

/** "42nd street": a rank that is typed, and its street. */
function rankedStreet(view: View, at: number): number | undefined {
  if (!view.glued(at + 1) || !['st', 'nd', 'rd', 'th'].includes(view.token(at + 1).lower)) return undefined;
  return rankedStreets.has(view.token(at + 2).lower) ? withDirection(view, at + 3) : undefined;
}

const rankedStreets = new Set(['street', 'st', 'avenue', 'ave', 'road', 'rd', 'boulevard', 'blvd', 'terrace']);

/** Money and measures: no house has such a number. */
function isCounted(view: View, run: Run): boolean {
  const before = view.token(run.start - 1).lower;
  return before === '$' || before === '\u20ac' || before === '\u00a3' || (view.flags(run.end) & Flag.unit) !== 0;
}

const plain =
  Flag.grammar |
  Flag.filler |
  Flag.unit |
  Flag.state |
  Flag.month |
  Flag.weekday |
  Flag.digit |
  Flag.teen |
  Flag.tens |
  Flag.letter;

/** "eleven eleven lexington" where an address is being given: a number and a name of one or two words. */
function bareStreet(view: View, at: number, run: Run): Match | undefined {
  if (run.letters > 0 || run.digits.length > 5) return undefined;
  const directed = directions.has(view.token(run.end).lower) && view.token(run.end).lower.length > 2;
  if (directed && run.digits.length >= 2) return directedStreet(view, run.end + 1, run.digits.length >= 3);
  if (isHouse(view, run)) return { kind: 'ADDRESS', end: withUnit(view, run.end + 1), score: 0.85 };
  if (!givesAddress(view, at)) return undefined;
  const next = view.flags(run.end);
  if ((next & Flag.word) === 0 || (next & plain) !== 0) return undefined;
  const second = (view.flags(run.end + 1) & Flag.word) !== 0 && (view.flags(run.end + 1) & (plain | Flag.town)) === 0;
  const end = run.end + (second ? 2 : 1);
  const everyday = (next & Flag.common) !== 0 && (next & Flag.proper) === 0;
  if (isClock(view, run) && ((next & Flag.common) !== 0 || run.digits.length < 3)) return undefined;
  const last = (view.flags(end) & Flag.end) !== 0 && view.context.asked[0] === 'ADDRESS';
  if (everyday && run.digits.length < 3 && !last && !isBare(view, { start: at, end })) return undefined;
  return { kind: 'ADDRESS', end: withUnit(view, end), score: 0.85 };
}

const afterDirection = new Set(['wing', 'side', 'entrance', 'end', 'bound', 'tower', 'lot', 'exit', 'coast', 'gate']);

/** "eleven fifty east colfax", "forty west ninth": a number, a direction and a name. */
function directedStreet(view: View, at: number, house: boolean): Match | undefined {
  const flags = view.flags(at);
  const ranked = (flags & Flag.ordinal) !== 0 || (view.flags(at + 1) & Flag.ordinal) !== 0;
  if (ranked && (flags & (Flag.ordinal | Flag.tens)) !== 0)
    return { kind: 'ADDRESS', end: withUnit(view, (flags & Flag.ordinal) === 0 ? at + 2 : at + 1), score: 0.93 };
  if (
    !house ||
    (flags & Flag.word) === 0 ||
    (flags & plain & ~Flag.state) !== 0 ||
    afterDirection.has(view.token(at).lower)
  )
    return undefined;
  return { kind: 'ADDRESS', end: withUnit(view, at + 1), score: 0.93 };
}

const homes = new Set('live lives living lived moved house home place stay staying located got have'.split(' '));

const dwelling = new Set(['live', 'lives', 'lived', 'living', 'moved']);
const parcels = new Set(
  'sent send mail mailed ship shipped deliver delivered bill package letter listed prescription meds'.split(' '),
);

/** "the house at eleven hundred mulberry", "send it to four twelve beacon": somebody's home, a number and the name of a street. */
function isHouse(view: View, run: Run): boolean {
  const flags = view.flags(run.end);
  if ((flags & Flag.word) === 0 || (flags & plain) !== 0 || run.digits.length < 2) return false;
  if (!['at', 'to', 'in', 'is', 'from'].includes(view.token(run.start - 1).lower)) return false;
  const said = [2, 3, 4, 5].map((back) => view.token(run.start - back).lower);
  const unheard = (flags & Flag.common) === 0;
  const person = (flags & (Flag.given | Flag.surname)) !== 0 || usualStreets.has(view.token(run.end).lower);
  if (person && !isClock(view, run) && said.some((word) => dwelling.has(word))) return true;
  if (said.some((word) => parcels.has(word))) return unheard || run.digits.length >= 3;
  const telling = unheard || (!isClock(view, run) && (flags & (Flag.common | Flag.book)) !== Flag.common);
  const rare = telling || usualStreets.has(view.token(run.end).lower);
  return run.digits.length >= 3 && rare && said.some((word) => homes.has(word));
}

function givesAddress(view: View, at: number): boolean {
  if (view.context.asked[0] === 'ADDRESS') return true;
  for (let back = at - 1; back >= at - 6; back -= 1) if (view.token(back).lower === 'address') return true;
  return false;
}

/** "12 B", "12-14", "fifteen and a half". */
function houseEnd(view: View, at: number): number {
  if (view.token(at).lower === 'and' && view.token(at + 2).lower === 'half') return at + 3;
  return (view.flags(at) & Flag.letter) !== 0 && view.token(at).lower !== 'n' && view.token(at).lower !== 's'
    ? at + 1
    : at;
}

const partsOfStreet = new Set(['off', 'side', 'end', 'top', 'bottom', 'foot', 'corner', 'block']);
const addressCues = new Set(
  "on at live lives living address street is off 's to from up down past near by along behind toward towards side".split(
    ' ',
  ),
);

/** A street without its number, where an address was asked for or one lives there: "on thornbury crescent". */
function namedStreet(view: View, at: number): Match | undefined {
  const flags = view.flags(at);
  if ((flags & (Flag.grammar | Flag.street | Flag.relation)) !== 0 || (flags & Flag.word) === 0) return undefined;
  if (sides.has(view.token(at).lower) && view.context.asked[0] !== 'ADDRESS') return undefined;
  const one = view.token(at - 1).lower;
  const asked =
    view.context.asked.includes('ADDRESS') ||
    addressCues.has(one) ||
    (one === 'of' && partsOfStreet.has(view.token(at - 2).lower));
  for (let next = at + 1; next <= at + 2; next += 1) {
    const suffix = view.flags(next);
    // "creek pike county": the county is another part.
    if ((suffix & Flag.street) !== 0 && view.token(next + 1).lower === 'county') return undefined;
    if ((suffix & Flag.street) !== 0 && (asked ? plainStreets : sureStreets).has(view.token(next).lower))
      return { kind: 'ADDRESS', end: withNumber(view, withDirection(view, next + 1)), score: 0.91 };
    if ((suffix & Flag.grammar) !== 0 || (suffix & Flag.word) === 0) return undefined;
  }
  return undefined;
}

/** "the cross street", "a side street": no name. */
const sides = new Set(['cross', 'side', 'back']);

/** "Chancery Lane 6": the number after the street. */
function withNumber(view: View, at: number): number {
  if ((view.flags(at) & numeral) === 0 || (view.flags(at + 1) & Flag.unit) !== 0) return at;
  return view.run(at)?.end ?? at;
}

const plainStreets = new Set(
  'street st avenue ave road rd lane ln drive boulevard blvd court crescent terrace parkway highway circle place way hollow trail loop pike cove glen'.split(
    ' ',
  ),
);

/** After these no other word is needed to tell a street. */
const sureStreets = new Set(['street', 'avenue', 'boulevard', 'blvd', 'crescent', 'parkway']);
