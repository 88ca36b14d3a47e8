import { Flag, numeral } from '../lexicon/flags.ts';
import { streetHeads } from '../lexicon/words.ts';
import { isQuantity } from '../numeral.ts';
import type { Recognizer, View } from '../recognizer.ts';

const heads = new Set(streetHeads.split(/\s+/));
const unitWords = new Set([
  'apartment',
  'apt',
  'unit',
  'suite',
  'ste',
  'number',
  'flat',
  'lot',
  '#',
  'building',
  'bldg',
  'floor',
  'box',
  'space',
  'trailer',
  'room',
  'no',
]);
const directions = new Set([
  'north',
  'south',
  'east',
  'west',
  'n',
  's',
  'e',
  'w',
  'northeast',
  'northwest',
  'southeast',
  'southwest',
  'ne',
  'nw',
  'se',
  'sw',
]);
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
    if (heads.has(lower) && words <= 1 && (view.flags(next + 1) & (numeral | Flag.word)) !== 0)
      return view.run(next + 1)?.end ?? next + 2;
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

/** "park avenue": the first word could be the kind of street, but the second one is. */
function isFollowedByStreet(view: View, at: number): boolean {
  return (view.flags(at + 1) & Flag.street) !== 0 && (view.flags(at + 1) & Flag.grammar) === 0;
}

function withDirection(view: View, at: number): number {
  let end = view.token(at).lower === '.' && view.glued(at) && (view.flags(at + 1) & Flag.end) === 0 ? at + 1 : at;
  if (directions.has(view.token(end).lower)) end += 1;
  return withUnit(view, end);
}

/** ", apartment 4 b", "unit twelve", "# 7". */
function withUnit(view: View, at: number): number {
  const from = view.token(at).lower === ',' ? at + 1 : at;
  if (!unitWords.has(view.token(from).lower)) return at;
  const number = view.token(from + 1).lower === 'number' ? from + 2 : from + 1;
  const run = view.run(number);
  if (run !== undefined) return run.end;
  return (view.flags(number) & Flag.letter) !== 0 ? number + 1 : at;
}

/** "P.O. box 12", "p o box twelve". */
function boxEnd(view: View, at: number): number | undefined {
  let next = at;
  if (view.token(next).lower === 'po') next += 1;
  else if (view.token(next).lower === 'p') next += view.token(next + 1).lower === '.' ? 4 : 2;
  else return undefined;
  if (view.token(next).lower !== 'box') return undefined;
  return view.run(next + 1)?.end;
}

export const street: Recognizer = {
  name: 'street',
  opens: numeral | Flag.word,
  match(view, at) {
    const box = boxEnd(view, at);
    if (box !== undefined) return { kind: 'ADDRESS', end: box, score: 0.95 };
    if ((view.flags(at) & numeral) === 0) return namedStreet(view, at);
    const run = view.run(at);
    if (run === undefined || run.code.length > 7 || isQuantity(view, run)) return undefined;
    const end = streetEnd(view, houseEnd(view, run.end));
    return end === undefined ? undefined : { kind: 'ADDRESS', end, score: 0.96 };
  },
};

/** "12 B", "12-14", "12 1/2". */
function houseEnd(view: View, at: number): number {
  return (view.flags(at) & Flag.letter) !== 0 && view.token(at).lower !== 'n' && view.token(at).lower !== 's'
    ? at + 1
    : at;
}

const addressCues = new Set(['on', 'at', 'live', 'lives', 'living', 'address', 'street', 'is', 'off', "it's", 'to']);

/** A street without its number, where an address was asked for or one lives there: "on thornbury crescent". */
function namedStreet(view: View, at: number): { kind: 'ADDRESS'; end: number; score: number } | undefined {
  const flags = view.flags(at);
  if ((flags & (Flag.grammar | Flag.street | Flag.relation)) !== 0 || (flags & Flag.word) === 0) return undefined;
  const asked = view.context.asked.includes('ADDRESS');
  if (!asked && !addressCues.has(view.token(at - 1).lower)) return undefined;
  for (let next = at + 1; next <= at + 2; next += 1) {
    const suffix = view.flags(next);
    if ((suffix & Flag.street) !== 0 && isStreetWord(view.token(next).lower))
      return { kind: 'ADDRESS', end: withDirection(view, next + 1), score: 0.85 };
    if ((suffix & Flag.grammar) !== 0 || (suffix & Flag.word) === 0) return undefined;
  }
  return undefined;
}

const plainStreets = new Set([
  'street',
  'st',
  'avenue',
  'ave',
  'road',
  'rd',
  'lane',
  'ln',
  'drive',
  'boulevard',
  'blvd',
  'court',
  'crescent',
  'terrace',
  'parkway',
  'highway',
  'circle',
  'place',
  'way',
]);

function isStreetWord(word: string): boolean {
  return plainStreets.has(word);
}
