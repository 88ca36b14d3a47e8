import { Flag, numeral } from '../lexicon/flags.ts';
import { fillers } from '../lexicon/words.ts';
import type { Recognizer, View } from '../recognizer.ts';

const plates = new Set(['plate', 'plates', 'tag', 'tags', 'vanity', 'personalized', 'personalised']);
const leads = new Set(['says', 'reads', 'is', "'s", "it's", 'its', 'spells', "that's", 'plate']);
/** Words of grammar that plates have. */
const inner = new Set('for you to be my the me i am no one two four oh u r gone go get got all just best'.split(' '));
const longest = 4;

/** "the plate says", "my tag's", "it's a vanity plate it reads": how near a plate is named before the words on it. */
function namesPlate(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 6; back -= 1) {
    if (['.', '?', '!'].includes(view.token(back).lower)) return false;
    if (plates.has(view.token(back).lower)) return true;
  }
  return false;
}

/** Where the words on a plate end; undefined where they are none: "the tag is red", "the plate is on the car". */
function wordsEnd(view: View, at: number, named: boolean): number | undefined {
  let end = at;
  let [words, digits, last] = [0, 0, at];
  while (end < at + longest && goesOn(view, end)) {
    const flags = view.flags(end);
    if ((flags & numeral) !== 0) digits += 1;
    else if ((flags & Flag.grammar) === 0) words += 1;
    end += 1;
    if ((flags & Flag.grammar) === 0 || (flags & numeral) !== 0 || inner.has(view.token(end - 1).lower)) last = end;
  }
  if (words === 0 || last === at) return undefined;
  return digits > 0 || (named && end - at > 1) ? last : undefined;
}

function goesOn(view: View, at: number): boolean {
  const flags = view.flags(at);
  if ((flags & (Flag.end | Flag.punct | Flag.cue | Flag.filler | Flag.unit)) !== 0) return false;
  return (flags & Flag.grammar) === 0 || (flags & numeral) !== 0 || inner.has(view.token(at).lower);
}

/** A plate that somebody chose: "boudin one", "two hot for you". */
export const vanity: Recognizer = {
  name: 'vanity',
  opens: 0,
  after: new Set([...leads, ...fillers.split(/\s+/), '']),
  match(view, at) {
    const asked = view.context.asked[0] === 'VEHICLE';
    const one = view.token(at - 1).lower;
    if (leads.has(view.token(at).lower)) return undefined;
    const led = leads.has(one);
    if (!led && !(asked && (view.flags(at - 1) & (Flag.end | Flag.filler)) !== 0)) return undefined;
    const named = led && namesPlate(view, at) && (asked || one !== 'is' || isChosen(view, at));
    if (!named && !asked) return undefined;
    const end = wordsEnd(view, at, named);
    return end === undefined ? undefined : { kind: 'VEHICLE', end, score: 0.9 };
  },
};

/** "my plate is sew crazy": at least one number, or the end after it. */
function isChosen(view: View, at: number): boolean {
  return [0, 1, 2, 3, 4].some((next) => (view.flags(at + next) & (numeral | Flag.end)) !== 0);
}
