import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';
import { directions, isLocated } from '../streets.ts';

const never =
  Flag.grammar |
  Flag.filler |
  Flag.unit |
  Flag.month |
  Flag.weekday |
  Flag.relation |
  Flag.digit |
  Flag.teen |
  Flag.letter;

/** One street of a corner: "kedzie", "ninth", "forty second street", "north elm". Returns the token after it. */
function streetEnd(view: View, at: number): number | undefined {
  const from = directions.has(view.token(at).lower) ? at + 1 : at;
  if (view.token(from + 1).lower === 'mile' && (view.flags(from) & numeral) !== 0) return from + 2;
  if (articles.has(view.token(from).lower) && (view.flags(from + 1) & (Flag.word | never)) === Flag.word)
    return from + 2;
  const tens = (view.flags(from) & Flag.tens) === 0 ? 0 : 1;
  const flags = view.flags(from + tens);
  const ranked = (flags & Flag.ordinal) !== 0;
  if ((flags & Flag.word) === 0 || (tens === 1 && !ranked) || (!ranked && (flags & never) !== 0)) return undefined;
  const end = from + tens + 1;
  return (view.flags(end) & Flag.street) !== 0 && (view.flags(end) & Flag.grammar) === 0 ? end + 1 : end;
}

/** "el paseo", "san pablo". */
const articles = new Set(['el', 'la', 'las', 'los', 'san', 'santa', 'saint', 'st', 'mount', 'old']);

function isRanked(view: View, at: number): boolean {
  return (view.flags(at) & Flag.ordinal) !== 0 || (view.flags(at + 1) & Flag.ordinal) !== 0;
}

/** "the corner of", "cross streets are", "the intersection of". */
function isLed(view: View, at: number): boolean {
  const one = view.token(at - 1).lower;
  const two = view.token(at - 2).lower;
  if (one === 'of') return two === 'corner' || two === 'intersection';
  if (one === 'between') return view.context.asked.includes('ADDRESS') || view.before?.kind === 'ADDRESS';
  return (
    (one === 'is' || one === 'are') && (two === 'street' || two === 'streets') && view.token(at - 3).lower === 'cross'
  );
}

const places = new Set(['at', 'on', 'near', 'by', 'off']);
const corners = new Set(['and', '&']);

/** The first words of an answer to a question for a place. */
function answers(view: View, at: number): boolean {
  return view.context.asked[0] === 'ADDRESS' && (view.flags(at - 1) & (Flag.end | Flag.filler)) !== 0;
}

/** "linden and ninth" after "the corner of"; "fifth and main" after "at", where one of the two is a number. */
function cornerEnd(view: View, at: number): number | undefined {
  const led = isLed(view, at);
  const far = view.context.asked[0] === 'ADDRESS' && view.token(at - 1).lower === 'from';
  if (!led && !far && !places.has(view.token(at - 1).lower) && !answers(view, at)) return undefined;
  const first = streetEnd(view, at);
  if (first === undefined) return undefined;
  const second = corners.has(view.token(first).lower) ? streetEnd(view, first + 1) : undefined;
  if (led) return second ?? (view.token(at - 1).lower === 'between' ? undefined : first);
  const given = view.context.asked[0] === 'ADDRESS' || isLocated(view, at - 1);
  if (second === undefined || (isRanked(view, at) === isRanked(view, first + 1) && !given)) return undefined;
  return (view.flags(second) & (Flag.end | Flag.punct | Flag.grammar)) === 0 ? undefined : second;
}

/** Where two streets meet. */
export const corner: Recognizer = {
  name: 'corner',
  opens: Flag.word,
  match(view, at): Match | undefined {
    // Asked of every word: what leads to a corner is a small word, and what begins one is none.
    if ((view.flags(at) & (Flag.grammar | Flag.ordinal)) === Flag.grammar) return undefined;
    if ((view.flags(at - 1) & Flag.grammar) === 0 && view.context.asked[0] !== 'ADDRESS') return undefined;
    const end = cornerEnd(view, at);
    return end === undefined ? undefined : { kind: 'ADDRESS', end, score: 0.94 };
  },
};
