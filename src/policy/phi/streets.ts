import { Flag, numeral } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';

/** What addresses in all their forms share: units, post boxes, numbered routes. */
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
const located = new Set(
  'cvs walgreens walmart aid pharmacy pharmacies costco kroger publix office clinic hospital location store branch house school church bank gym condo place apartment shop care center station restaurant market target salon spa one depot dentist rehab safeway heb meijer wegmans albertsons ralphs vons kmart osco bashas dealership laundromat'.split(
    ' ',
  ),
);

/** "the walgreens on", "the pharmacy over on": a place that is told by its street. */
export function isLocated(view: View, preposition: number): boolean {
  for (let back = preposition - 1; back >= preposition - 3; back -= 1)
    if (located.has(view.token(back).lower)) return true;
  return false;
}

/** Words of every day that half of the towns have a street of. */
export const usualStreets = new Set(
  'mulberry main broad market park church maple oak cedar pine elm walnut juniper willow chestnut birch lake mill ridge spring hill river sunset broadway spruce poplar laurel hickory magnolia dogwood sycamore beech locust'.split(
    ' ',
  ),
);

const stateParts: Readonly<Record<string, readonly string[]>> = {
  new: ['york', 'jersey', 'mexico', 'hampshire'],
  north: ['carolina', 'dakota'],
  south: ['carolina', 'dakota'],
  west: ['virginia'],
  rhode: ['island'],
  puerto: ['rico'],
};

/** "texas", ", new mexico": does a state stand here, after a comma or not? */
export function isState(view: View, at: number): boolean {
  const from = view.token(at).lower === ',' ? at + 1 : at;
  if ((view.flags(from) & Flag.state) !== 0) return true;
  return stateParts[view.token(from).lower]?.includes(view.token(from + 1).lower) ?? false;
}

/** Where a street runs; "north broad" is a street as well. */
export const directions = new Set([
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
/** ", apartment 4 b", "unit twelve", "# 7". */
export function withUnit(view: View, at: number): number {
  const from = view.token(at).lower === ',' ? at + 1 : at;
  if (!unitWords.has(view.token(from).lower)) return at;
  const number = view.token(from + 1).lower === 'number' ? from + 2 : from + 1;
  const run = view.run(number);
  if (run !== undefined) return run.end;
  return (view.flags(number) & Flag.letter) !== 0 ? number + 1 : at;
}

const opensNumber = new Set([
  'is',
  "'s",
  "it's",
  'its',
  'number',
  'no',
  '#',
  'which',
  'that',
  "that's",
  'would',
  'be',
  'um',
  'uh',
  'still',
  ',',
]);

/** "box 12", "box number is three oh six": the token after the number. */
function boxNumber(view: View, at: number): number | undefined {
  let next = at;
  while (next < at + 4 && opensNumber.has(view.token(next).lower)) next += 1;
  return view.run(next)?.end;
}

/** "P.O. box 12", "p o box twelve", "the post office box is 12"; "box 12" where an address is being given. */
export function boxEnd(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  let next = at;
  if (lower === 'po') next += 1;
  else if (lower === 'p') next += view.token(next + 1).lower === '.' ? 4 : 2;
  else if (lower === 'post') next += view.token(next + 1).lower === 'office' ? 2 : 1;
  else if (lower !== 'box' || !(view.context.asked[0] === 'ADDRESS' || isNearAddress(view, at, 6))) return undefined;
  if (view.token(next).lower !== 'box') return undefined;
  return boxNumber(view, next + 1);
}

/** An address ended at most so many tokens before. */
export function isNearAddress(view: View, at: number, tokens: number): boolean {
  return view.before?.kind === 'ADDRESS' && at - view.before.end <= tokens;
}

const routes = new Set(['route', 'highway', 'hwy', 'interstate', 'rr']);
const beforeRoute = new Set(
  'rural county state old us township farm ranch forest fire logging parish indian navajo bia tribal star service mile'.split(
    ' ',
  ),
);
const routesOrRoads = new Set([...routes, 'road', 'rd', 'marker', 'post', 'delivery']);
/** Said or written short: "c r nine", "FM 1960", "hc 64 box 12". */
const shortRoutes = new Set(['cr', 'fm', 'sr', 'rr', 'rm', 'hc', 'rfd', 'us']);

/** Tokens of a route in letters: "f m", "fm"; 0 where none stands. */
function shortRoute(view: View, at: number): number {
  if (shortRoutes.has(view.token(at).lower)) return 1;
  if ((view.flags(at) & Flag.letter) === 0 || (view.flags(at + 1) & Flag.letter) === 0) return 0;
  return shortRoutes.has(view.token(at).lower + view.token(at + 1).lower) ? 2 : 0;
}

/** "rural route two box forty", "county road nine", "highway sixty one", "mile marker thirty seven", "farm to market 1488". */
export function routeEnd(view: View, at: number): number | undefined {
  const first = view.token(at).lower;
  const middle = (first === 'farm' || first === 'ranch') && view.token(at + 1).lower === 'to' ? 2 : 0;
  const leads = beforeRoute.has(first) && routesOrRoads.has(view.token(at + 1 + middle).lower);
  const bare = routes.has(first) || first === 'milepost' || (first === 'farm' && middle > 0);
  if (first === 'exit' || first === 'i' || (first === 'mile' && (view.flags(at + 1) & numeral) !== 0))
    return exitEnd(view, at);
  if (!leads && !bare) return shortRouteEnd(view, at);
  const number = leads ? at + 2 + middle : at + 1 + middle;
  if (leads && view.token(number).lower === 'box') return boxNumber(view, number + 1);
  const end = view.run(skipRoad(view, number))?.end;
  if (end === undefined) return undefined;
  const measured = (view.flags(end) & (Flag.unit | Flag.grammar)) === Flag.unit && view.token(end).lower !== 'box';
  if (measured) return undefined;
  return withBox(view, end);
}

const exits = new Set(['off', 'by', 'near', 'of', 'past']);

/** "off exit nineteen", "at mile fourteen", "on i ninety". */
function exitEnd(view: View, at: number): number | undefined {
  const one = view.token(at - 1).lower;
  if (!exits.has(one) && (view.token(at).lower === 'exit' || (one !== 'at' && one !== 'on'))) return undefined;
  return (view.flags(at + 1) & numeral) === 0 ? undefined : view.run(at + 1)?.end;
}

function skipRoad(view: View, at: number): number {
  return ['road', 'rd', 'highway', 'number'].includes(view.token(at).lower) ? at + 1 : at;
}

/** In letters it is a route only where a house or its box is told by it. */
function shortRouteEnd(view: View, at: number): number | undefined {
  const letters = shortRoute(view, at);
  if (letters === 0 || (view.flags(at + letters) & numeral) === 0) return undefined;
  const end = view.run(at + letters)?.end ?? at;
  const boxed = withBox(view, end);
  if (boxed !== end || view.context.asked[0] === 'ADDRESS' || isNearAddress(view, at, 3)) return boxed;
  return ['on', 'off', 'live', 'past'].includes(view.token(at - 1).lower) ? end : undefined;
}

function withBox(view: View, end: number): number {
  const box = view.token(end).lower === ',' ? end + 1 : end;
  return view.token(box).lower === 'box' ? (boxNumber(view, box + 1) ?? end) : end;
}
