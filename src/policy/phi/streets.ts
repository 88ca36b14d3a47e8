import { Flag } from './lexicon/flags.ts';
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
  'cvs walgreens walmart aid pharmacy pharmacies costco kroger publix office clinic hospital location store branch house school church bank gym condo place apartment shop care center station restaurant market target salon spa one depot dentist rehab'.split(
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
  'mulberry main broad market park church maple oak cedar pine elm walnut juniper willow chestnut birch lake mill ridge spring hill river sunset'.split(
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

/** "P.O. box 12", "p o box twelve". */
export function boxEnd(view: View, at: number): number | undefined {
  let next = at;
  if (view.token(next).lower === 'po') next += 1;
  else if (view.token(next).lower === 'p') next += view.token(next + 1).lower === '.' ? 4 : 2;
  else return undefined;
  if (view.token(next).lower !== 'box') return undefined;
  return view.run(next + 1)?.end;
}

const routes = new Set(['route', 'highway', 'hwy', 'interstate', 'rr']);
const beforeRoute = new Set(['rural', 'county', 'state', 'old', 'us']);
const routesOrRoads = new Set([...routes, 'road', 'rd']);

/** "rural route two box forty", "county road nine", "highway sixty one". */
export function routeEnd(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  const leads = beforeRoute.has(lower) && routesOrRoads.has(view.token(at + 1).lower);
  if (!leads && !routes.has(lower)) return undefined;
  const end = view.run(leads ? at + 2 : at + 1)?.end;
  if (end === undefined || view.token(end).lower !== 'box') return end;
  return view.run(end + 1)?.end ?? end;
}
