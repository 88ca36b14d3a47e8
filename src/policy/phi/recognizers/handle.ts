import { Flag, numeral } from '../lexicon/flags.ts';
import { fillers, joiners } from '../lexicon/words.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const platforms = new Set(
  'instagram insta ig tiktok facebook twitter youtube snapchat snap linkedin threads pinterest telegram discord'.split(
    ' ',
  ),
);
const accounts = new Set([
  'handle',
  'username',
  'login',
  'userid',
  'instagram',
  'insta',
  'tiktok',
  'snapchat',
  'twitter',
  'youtube',
]);
/** What may stand just before the name of an account. */
const leads = new Set([
  'oh',
  'is',
  "'s",
  "i'm",
  'im',
  "it's",
  "that's",
  'me',
  'as',
  'at',
  'called',
  'am',
  'find',
  'tag',
]);
const strong = new Set(["i'm", 'im', 'am', 'as', 'at', 'follow', 'tag']);
/** Small words that names of accounts have. */
const inner = new Set(
  'the of by with my at dot com slash underscore dash hyphen mrs mr miss dr doctor its and is it all me you one two three four five six seven eight nine ten oh zero'.split(
    ' ',
  ),
);
const longest = 8;

/** "my user name is big daddy sixty nine don't laugh": it ends where the talk goes on. Of a network more is said than names. */
function cutName(view: View, at: number, to: number): Found | undefined {
  if (states.has(view.token(at).lower) || platforms.has(view.token(at - 2).lower)) return undefined;
  let end = to;
  while (end > at && (view.flags(end - 1) & Flag.grammar) !== 0 && (view.flags(end - 1) & Flag.digit) === 0) end -= 1;
  return { end, platform: false, words: end - at, rare: false };
}

interface Found {
  readonly end: number;
  readonly platform: boolean;
  /** Words that tell something, and whether one of them is no word of every day. */
  readonly words: number;
  readonly rare: boolean;
}

/** The name goes on to the end, to a mark, or to "on instagram"; undefined where something else is said. */
function nameEnd(view: View, at: number, named: boolean): Found | undefined {
  let words = 0;
  let rare = false;
  let numbered = false;
  for (let next = at; next < at + longest; next += 1) {
    const flags = view.flags(next);
    const { lower } = view.token(next);
    const platform = lower === 'on' && platforms.has(view.token(next + 1).lower);
    if (platform || lower === 'on' || (flags & (Flag.end | Flag.punct)) !== 0)
      return words > 0 ? { end: next, platform, words, rare } : undefined;
    if ((flags & Flag.grammar) !== 0 && (!inner.has(lower) || (!named && (flags & Flag.digit) !== 0)))
      return named && words > 0 && (rare || numbered) ? cutName(view, at, next) : undefined;
    numbered ||= (flags & numeral) !== 0;
    if ((flags & (Flag.grammar | Flag.filler)) === 0) words += 1;
    rare ||= (flags & (Flag.common | Flag.grammar | Flag.filler)) === 0;
  }
  return undefined;
}

/** What is said of an account that is not its name. */
const states = new Set(
  'wrong broken locked expired working blocked disabled different gone full private public set'.split(' '),
);

/** "my handle is", "instagram's", "my user name is", "i log in as". */
function namesAccount(view: View, at: number): boolean {
  const [one, two, three] = [1, 2, 3].map((back) => view.token(at - back).lower);
  if (one === 'as') return two === 'in' && ['log', 'sign', 'logged', 'signed'].includes(three ?? '');
  if (one !== 'is' && one !== "'s" && one !== 'was') return false;
  return accounts.has(two ?? '') || (two === 'name' && (three === 'user' || three === 'screen'));
}

/** "i'm skin by travis on instagram"; "at the mall on facebook" and "live on instagram" name nobody. */
function isOnPlatform(view: View, at: number, found: Found): boolean {
  if (view.token(at).lower === 'the' || view.token(at + 1).lower === 'the') return found.rare;
  return found.rare || (found.words >= 2 && (view.token(at).lower === 'at' || strong.has(view.token(at - 1).lower)));
}

/** Nothing but words that say nothing came before, in an answer to a question for it. */
function opensAnswer(view: View, at: number): boolean {
  if (view.context.asked[0] !== 'URL') return false;
  let back = at - 1;
  while (
    back >= at - 4 &&
    ((view.flags(back) & (Flag.filler | Flag.joiner)) !== 0 || leads.has(view.token(back).lower))
  )
    back -= 1;
  return (view.flags(back) & Flag.end) !== 0;
}

/** The name of somebody's account: it leads to a page on the web, as an address does. */
export const handle: Recognizer = {
  name: 'handle',
  opens: 0,
  begins: new Set(['at']),
  after: new Set([...leads, 'as', 'is', "'s", 'was', ...fillers.split(/\s+/), ...joiners.split(/\s+/), '']),
  match(view, at): Match | undefined {
    // What leads to a name is a small word, or "tag": asked of every word, so this comes first.
    if (
      (view.flags(at - 1) & (Flag.grammar | Flag.cue)) === 0 &&
      view.token(at).lower !== 'at' &&
      !opensAnswer(view, at)
    )
      return undefined;
    const named = namesAccount(view, at) || opensAnswer(view, at);
    if (!named && view.token(at).lower !== 'at' && !leads.has(view.token(at - 1).lower)) return undefined;
    const found = nameEnd(view, at, named);
    return found !== undefined && (named || (found.platform && isOnPlatform(view, at, found)))
      ? { kind: 'URL', end: found.end, score: 0.92 }
      : undefined;
  },
};
