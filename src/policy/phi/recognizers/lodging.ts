import { Flag, numeral } from '../lexicon/flags.ts';
import { isClock, isQuantity } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';
import { isNearAddress } from '../streets.ts';

/** Where one lives inside of something larger. */
const units = new Set(
  'room rm bed slip lot space site pad berth dock cabin cottage villa trailer bunk barracks building bldg wing unit apartment apt suite casita tower spot pier dorm campsite'.split(
    ' ',
  ),
);
/** Houses of many, in which a room tells who lives there. */
const houses = new Set(
  `dorm dorms dormitory barracks hall home facility nursing manor village marina rv park campground motel inn hotel rehab shelter assisted hospice tower towers
apartments residence residences harbor court estates lodge quarters camp wing address`.split(/\s+/),
);
const owners = new Set(['my', 'his', 'her', 'their', 'our', 'mine', "her's", 'hers']);
const living = new Set(['live', 'lives', 'living', 'stay', 'stays', 'staying', 'rent', 'resident', 'moved']);
const links = new Set(['is', "'s", "it's", 'its', 'number', 'no', '#', 'was']);
const sightBack = 14;

/** The number of a room: short, and no time, price or count. */
function numberEnd(view: View, at: number): number | undefined {
  let next = at;
  while (next < at + 2 && links.has(view.token(next).lower)) next += 1;
  if ((view.flags(next) & (numeral | Flag.letter)) === 0) return undefined;
  const run = view.run(next);
  if (run === undefined || run.code.length > 6 || isClock(view, run) || isQuantity(view, run)) return undefined;
  return run.digits.length > 0 || run.letters === 1 ? run.end : undefined;
}

/** Does somebody live there? Of a room in the practice nothing like it is said. */
function isLivedIn(view: View, at: number): boolean {
  if (view.context.asked.includes('ADDRESS') || isNearAddress(view, at, 6)) return true;
  if (view.context.speaker === 'caller' && owners.has(view.token(at - 1).lower)) return true;
  for (let back = at - 1; back >= at - sightBack; back -= 1) {
    const { lower } = view.token(back);
    if (houses.has(lower) || (living.has(lower) && back >= at - 6)) return true;
  }
  return false;
}

/** Nobody but somebody who lives there has one. */
const homes = new Set([
  'apartment',
  'apt',
  'bunk',
  'berth',
  'trailer',
  'cabin',
  'cottage',
  'slip',
  'dorm',
  'campsite',
  'bed',
]);
const shelters = new Set('inn hotel motel va home dorm dorms shelter lodge marina campground koa hospice'.split(' '));

/** "room three twenty two at the holiday inn". */
function isOf(view: View, end: number): boolean {
  if (!['at', 'of', 'in', 'over'].includes(view.token(end).lower)) return false;
  return [1, 2, 3, 4].some((ahead) => shelters.has(view.token(end + ahead).lower));
}

/** "her room's eight oh two", "the dorms building three fifty one room b six", "slip c twenty two". */
export const lodging: Recognizer = {
  name: 'lodging',
  opens: 0,
  begins: units,
  match(view, at): Match | undefined {
    const end = numberEnd(view, at + 1);
    if (end === undefined) return undefined;
    const home = view.context.speaker === 'caller' && homes.has(view.token(at).lower);
    return home || isLivedIn(view, at) || isOf(view, end) ? { kind: 'ADDRESS', end, score: 0.94 } : undefined;
  },
};
