import { Flag, numeral } from '../lexicon/flags.ts';
import { noTowns } from '../lexicon/index.ts';
import type { Phrases } from '../lexicon/phrases.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';
import {
  asksAbroad,
  isAnswer,
  isAway,
  isLandmark,
  isPlainName,
  isRare,
  isTownWord,
  isTurn,
  isUnheard,
  leadOf,
} from '../places.ts';
import { isLocated, isState, usualStreets } from '../streets.ts';

const noSmallTown = numeral | Flag.filler | Flag.grammar;

const before = new Set(
  `in from near outside around of city town through by to at past live lives living is it's over off beyond toward towards via`.split(
    ' ',
  ),
);
/** Words that lead from a street to its town. */
const between = new Set([
  'in',
  ',',
  'up',
  'over',
  'and',
  'the',
  'down',
  'out',
  '.',
  'um',
  'uh',
  "that's",
  "it's",
  'here',
  'of',
  'past',
  'near',
  'outside',
  'off',
]);
/** Just after a street or in the middle of an address. */
function followsAddress(view: View, at: number): boolean {
  const last = view.before;
  if (last?.kind !== 'ADDRESS' || at - last.end > 3) return false;
  for (let gap = last.end; gap < at; gap += 1) if (!between.has(view.token(gap).lower)) return false;
  return true;
}

/** The last span was a street with its number, a box or a route, not a town. */
function followsStreet(view: View): boolean {
  const { before: last } = view;
  if (last === undefined || last.end - last.start < 2) return false;
  return (
    ((view.flags(last.start) | view.flags(last.end - 1)) & numeral) !== 0 || view.token(last.start).lower === 'general'
  );
}

/** A town that is in no list, told by its place in an address: up to three words before a state, a code or the end. */
function unlistedEnd(view: View, at: number): number {
  let end = at + 1;
  while (end < at + 3 && isTownWord(view, end) && !isState(view, end)) end += 1;
  return end;
}

function goesOnAsAddress(view: View, at: number): boolean {
  const next = view.token(at).lower === ',' ? at + 1 : at;
  return (
    (view.flags(at) & (Flag.end | Flag.punct | Flag.state | Flag.digit | Flag.number | Flag.grammar | Flag.filler)) !==
      0 || (view.flags(next) & Flag.state) !== 0
  );
}

export function placeRecognizer(towns: Phrases<true>, smallTowns: Phrases<true>): Recognizer {
  return {
    name: 'place',
    opens: Flag.word,
    match(view, at) {
      const address = followsAddress(view, at);
      const town = (view.flags(at) & Flag.town) === 0 ? undefined : towns.longest(view, at);
      const small = (view.flags(at) & noSmallTown) === 0 ? smallTowns.longest(view, at) : undefined;
      const listed = Math.max(town?.end ?? at, small?.end ?? at);
      const unlisted = address && followsStreet(view) && isTownWord(view, at) ? unlistedEnd(view, at) : at;
      if (unlisted > listed && listed > at && goesOnAsAddress(view, unlisted))
        return { kind: 'ADDRESS', end: unlisted, score: 0.9 };
      if (address && (town !== undefined || (listed > at && isPlainName(view, at, listed))))
        return { kind: 'ADDRESS', end: listed, score: 0.9 };
      if (address && followsStreet(view) && isTownWord(view, at)) {
        const end = unlistedEnd(view, at);
        return goesOnAsAddress(view, end) &&
          (end - at > 1 ||
            isRare(view, at) ||
            (view.flags(end) & (Flag.end | Flag.number | Flag.digit | Flag.state)) !== 0)
          ? { kind: 'ADDRESS', end, score: 0.8 }
          : undefined;
      }
      return (
        townOfState(view, at) ??
        (town === undefined ? smallTown(view, at, small?.end) : listedTown(view, at, listed)) ??
        cuedTown(view, at)
      );
    },
  };
}

/** "in mobile alabama": an everyday word that is a town where its state follows. */
function townOfState(view: View, at: number): Match | undefined {
  if (!noTowns.has(view.token(at).lower) || view.token(at).lower === 'the' || !before.has(view.token(at - 1).lower))
    return undefined;
  return isState(view, at + 1) ? { kind: 'ADDRESS', end: at + 1, score: 0.85 } : undefined;
}

/** A listed town after "in" or "from", or where an address was asked for. */
function listedTown(view: View, at: number, end: number): Match | undefined {
  if ((view.flags(at) & (Flag.state | Flag.month | Flag.weekday)) !== 0 && end === at + 1) return undefined;
  const cued =
    before.has(leadOf(view, at, end)) ||
    view.context.asked.includes('ADDRESS') ||
    isTurn(view, at, end) ||
    isLandmark(view, end);
  const stateNext = isState(view, end);
  if (!cued && !stateNext) return undefined;
  if (!stateNext && asksAbroad(view, at)) return undefined;
  const answered = view.context.asked[0] === 'ADDRESS' && placing.has(view.token(at - 1).lower);
  const clear = isRare(view, at) || end - at > 1 || stateNext || answered;
  return clear ? { kind: 'ADDRESS', end, score: end - at > 1 ? 0.9 : isRare(view, at) ? 0.86 : 0.6 } : undefined;
}

const placing = new Set([
  'in',
  'from',
  'near',
  'outside',
  'around',
  'through',
  'past',
  'beyond',
  'toward',
  'towards',
  'via',
]);

/** A small town: half of them are surnames and words, so something must say that it is a place. */
function smallTown(view: View, at: number, end: number | undefined): Match | undefined {
  if (end === undefined) return undefined;
  const found: Match = { kind: 'ADDRESS', end, score: end - at > 1 ? 0.9 : 0.86 };
  if (isState(view, end)) return found;
  if (!isPlainName(view, at, end) || asksAbroad(view, at)) return undefined;
  const person = end === at + 1 && (view.flags(at) & (Flag.given | Flag.surname)) !== 0;
  const cued = (person ? placing : before).has(leadOf(view, at, end)) || isLandmark(view, end);
  return cued || (view.context.asked[0] === 'ADDRESS' && isAnswer(view, at, end)) ? found : undefined;
}

const living = new Set([
  'live',
  'lives',
  'living',
  'lived',
  'moved',
  'based',
  'staying',
  'grew',
  'raised',
  'move',
  'moving',
]);

/** "I live out in Sacaton": no list knows it, but somebody lives there. */
function cuedTown(view: View, at: number): Match | undefined {
  if (!isTownWord(view, at)) return undefined;
  const one = view.token(at - 1).lower;
  const named = isRare(view, at) || (view.flags(at) & (Flag.given | Flag.surname)) !== 0;
  if ((one === 'on' || one === 'off') && (named || usualStreets.has(view.token(at).lower)) && isLocated(view, at - 1))
    return { kind: 'ADDRESS', end: at + 1, score: 0.8 };
  const found: Match = { kind: 'ADDRESS', end: at + 1, score: 0.8 };
  const other = noTowns.has(view.token(at).lower);
  const usual = usualStreets.has(view.token(at).lower);
  if ((named || usual) && !other && isNamedPlace(view, at)) return found;
  const everyday = (view.flags(at) & Flag.town) !== 0 && !other;
  if (!isRare(view, at) && !everyday) return undefined;
  if (!other && isAway(view, at)) return found;
  if (isState(view, at + 1) && before.has(one)) return found;
  if (!leads.has(one)) return undefined;
  if ((one === 'in' || one === 'near') && (isUnheard(view, at) || isLocated(view, at - 1)) && !asksAbroad(view, at))
    return found;
  if (one === 'in' && view.token(at - 2).lower === 'born') return found;
  for (let back = at - 2; back >= at - 6; back -= 1) if (living.has(view.token(back).lower)) return found;
  return undefined;
}

/** "a little place called chiloquin"; "hennepin", where the county was asked for. */
function isNamedPlace(view: View, at: number): boolean {
  const one = view.token(at - 1).lower;
  const two = view.token(at - 2).lower;
  if (one === 'called' || one === 'named')
    return ['place', 'town', 'city', 'village', 'street'].includes(two) || view.context.asked[0] === 'ADDRESS';
  return view.context.asked[0] === 'ADDRESS' && isAnswer(view, at, at + 1);
}

const leads = new Set(['in', 'to', 'near', 'outside', 'by', 'from', 'over', 'past', 'on', 'off']);
