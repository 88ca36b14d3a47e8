import { Flag } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';
import { directions } from './streets.ts';

/** Words of these kinds name no place. */
const noPlace =
  Flag.grammar |
  Flag.month |
  Flag.weekday |
  Flag.filler |
  Flag.unit |
  Flag.digit |
  Flag.relation |
  Flag.teen |
  Flag.tens;

/** A word that may be the name of a place, or a part of one. */
export function isPlaceWord(view: View, at: number): boolean {
  const flags = view.flags(at);
  return (flags & Flag.word) !== 0 && (flags & noPlace) === 0;
}

/** The same of a town: a state is none. */
export function isTownWord(view: View, at: number): boolean {
  return isPlaceWord(view, at) && (view.flags(at) & Flag.state) === 0;
}

/** No word of every day. */
export function isRare(view: View, at: number): boolean {
  const flags = view.flags(at);
  return (flags & Flag.common) === 0 || (flags & (Flag.capital | Flag.book | Flag.proper)) !== 0;
}

/** The word before a place; an article may stand between them and a place of several words. */
export function leadOf(view: View, at: number, end: number): string {
  const { lower } = view.token(at - 1);
  const article = lower === 'the' && (end > at + 1 || (view.flags(at) & Flag.common) === 0);
  return article ? view.token(at - 2).lower : lower;
}

/** "the taunton river", "a flagstaff number": a place tells where somebody is, whatever is named by it. */
export function isLandmark(view: View, end: number): boolean {
  return landmarks.has(view.token(end).lower);
}

const landmarks = new Set([
  'river',
  'bridge',
  'ferry',
  'mall',
  'airport',
  'number',
  'area',
  'reservation',
  'chapter',
  'rez',
]);

const goesOn = new Set(['it', 'that', 'near', 'by', 'off', 'out', 'which', 'but', 'and', 'just', 'up', 'down']);

/** "phoebus it's part of", "well, mesilla, technically": a town by itself in an answer. */
export function isAnswer(view: View, at: number, end: number): boolean {
  if ((view.flags(at - 1) & (Flag.end | Flag.punct | Flag.filler)) === 0) return false;
  // "ship it to": no word of every day.
  const opens = (view.flags(at - 1) & Flag.end) !== 0 && (view.flags(at) & Flag.common) === 0;
  return (
    (view.flags(end) & (Flag.end | Flag.punct | Flag.filler)) !== 0 || (opens && goesOn.has(view.token(end).lower))
  );
}

/** Several words, or one that is in no dictionary. */
export function isPlainName(view: View, at: number, end: number): boolean {
  return end - at > 1 || (view.flags(at) & (Flag.common | Flag.grammar | Flag.state | Flag.month)) === 0;
}

/** "spokane", "tulsa okay": a turn that says a town and no more. */
export function isTurn(view: View, at: number, end: number): boolean {
  return (view.flags(at - 1) & Flag.end) !== 0 && (view.flags(end) & (Flag.end | Flag.punct | Flag.filler)) !== 0;
}

const abroad = new Set(
  'weather temperature forecast hotel hotels airlines fare fares flights trains museum museums events restaurants distance population capital far layover calories'.split(
    ' ',
  ),
);

/** A question about the world: "the weather in boston" says nothing of who asks. */
export function asksAbroad(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 8; back -= 1) if (abroad.has(view.token(back).lower)) return true;
  return false;
}

const notIn = new Set([
  'interested',
  'trained',
  'certified',
  'specialize',
  'specializes',
  'believe',
  'experienced',
  'account',
]);

/** "my mom's in wanblee": a word that is in no dictionary and is nobody's name, after "in". */
export function isUnheard(view: View, at: number): boolean {
  const known = Flag.common | Flag.given | Flag.health | Flag.letter | Flag.street | Flag.title | Flag.cue;
  return (view.flags(at) & known) === 0 && view.token(at).lower.length > 3 && !notIn.has(view.token(at - 2).lower);
}

const asideOf = new Set([...directions, 'outside', 'side', 'edge']);
const distances = new Set(['miles', 'mile', 'minutes', 'hour', 'hours', 'blocks']);

/** "eight miles north of wanblee", "an hour from lubec". */
export function isAway(view: View, at: number): boolean {
  const one = view.token(at - 1).lower;
  return (one === 'of' ? asideOf : one === 'from' ? distances : none).has(view.token(at - 2).lower);
}

const none: ReadonlySet<string> = new Set();
