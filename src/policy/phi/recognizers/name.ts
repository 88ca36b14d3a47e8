import { Flag, numeral } from '../lexicon/flags.ts';
import { greetingWords, nameParticles, spelledAcronyms } from '../lexicon/words.ts';
import { likeness, never } from '../likeness.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const split = (list: string): string[] => list.split(/\s+/);
const introducers = new Set(`under named called name names surname call contact ask meet with from to by`.split(' '));
const strong = new Set(['under', 'named', 'surname', 'name']);

const greetings = new Set(split(greetingWords));

/** Is this the first word of an answer that says anything, with nothing or a name after it? */
function opensAnswer(view: View, at: number): boolean {
  let back = at - 1;
  while (back >= at - 5 && (view.flags(back) & (Flag.filler | Flag.punct)) !== 0) back -= 1;
  if ((view.flags(back) & Flag.end) === 0) return false;
  if (view.token(at + 2).lower === 'name' && partsOfName.has(view.token(at + 1).lower)) return true;
  return (view.flags(at + 1) & (Flag.end | Flag.punct | Flag.given | Flag.surname | numeral | Flag.month)) !== 0;
}

/** "price first name vincent" */
const partsOfName = new Set(['first', 'last', 'middle', 'maiden']);
/** "little otis", "big mike": what a family calls its own. */
const epithets = new Set(['little', 'big', 'baby', 'old', 'young', 'poor']);

/** How surely the words just before say that a name comes: 2 "my name is", 1 "with", 0 nothing. */
function cue(view: View, at: number): number {
  const one = view.token(at - 1).lower;
  const two = view.token(at - 2).lower;
  if (view.context.asked.includes('NAME') && opensAnswer(view, at)) return 2;
  if (view.token(at + 1).lower === 'speaking' && (view.flags(at - 1) & (Flag.end | Flag.punct)) !== 0) return 2;
  if (greetings.has(one) || (one === 'you' && (two === 'thank' || two === 'thanks'))) return 1;
  if ((view.flags(at - 1) & Flag.relation) !== 0) return 1;
  if (!cues.has(one)) return 0;
  if (epithets.has(one)) return 1;
  if (one === 'is' || one === "'s" || one === 'was')
    return ['name', 'names', 'surname', 'initial'].includes(two)
      ? 2
      : subjects.has(two) || (view.flags(at - 2) & Flag.relation) !== 0
        ? 1
        : 0;
  if (one === "it's" || one === "that's" || one === 'its') return 1;
  if (one === "i'm" || one === 'im' || (one === 'am' && two === 'i')) return 2;
  if (one === 'me' && two === 'call') return 2;
  if (one === 'of' && ['name', 'behalf'].includes(two)) return 2;
  if (two === 'named' && ['her', 'him', 'it', 'them'].includes(one)) return 2;
  if (strong.has(one)) return 2;
  return introducers.has(one) || one === 'for' || one === 'and' ? 1 : 0;
}

const subjects = new Set(['this', 'that', 'it', 'she', 'he', 'here', 'reservation']);

/** The words that `cue` asks for just before a name; most words are none of them. */
const cues = new Set([
  ...introducers,
  ...epithets,
  ...split("is 's was it's that's its i'm im am me of her him it them for and"),
]);

const acronyms = new Set(split(spelledAcronyms));
const particles = new Set(split(nameParticles));

/** A name goes on over further names, initials, particles and hyphens. */
function nameEnd(view: View, first: number): number {
  let end = first + 1;
  for (let next = end; next < first + 7; next += 1) {
    const { lower } = view.token(next);
    if (goesOn(view, next)) end = next + 1;
    else if (lower === '-' && view.glued(next) && view.glued(next + 1)) continue;
    else if (particles.has(lower) && likeness(view, next + 1) >= 1) continue;
    else if (isInitial(view, next)) end = next + 1;
    else if (isGeneration(view, next)) return lower === 'the' ? next + 2 : next + 1;
    else if (lower === '.' && (view.flags(next - 1) & Flag.letter) !== 0 && end === next) continue;
    else break;
  }
  return end;
}

const generations = new Set(split('junior senior jr sr ii iii iv'));
const ordinals = new Set(split('second third fourth fifth'));

/** "andre whitfield junior", "lafayette boudin the third". */
function isGeneration(view: View, at: number): boolean {
  const { lower } = view.token(at);
  return generations.has(lower) || (lower === 'the' && ordinals.has(view.token(at + 1).lower));
}

const going = [0.7, 0.3, 0.1, 0.05];

/** Does a word after a name belong to it? */
function goesOn(view: View, at: number): boolean {
  const like = likeness(view, at);
  if ((view.flags(at) & Flag.word) === 0 || (view.flags(at) & (Flag.grammar | Flag.filler | Flag.letter)) !== 0)
    return false;
  const capitals =
    (view.flags(at) & view.flags(at - 1) & Flag.capital) !== 0 && (view.flags(at) & (Flag.weekday | Flag.month)) === 0;
  const closes = view.context.asked[0] === 'NAME' && like > 0 && (view.flags(at + 1) & (Flag.end | Flag.punct)) !== 0;
  return view.named(at) >= (capitals || closes ? 0.03 : (going[like] ?? 1));
}

function isInitial(view: View, at: number): boolean {
  if ((view.flags(at) & Flag.letter) === 0) return false;
  const { lower } = view.token(at);
  const capital = (view.flags(at) & Flag.capital) !== 0;
  if ((view.flags(at + 1) & Flag.letter) !== 0) return false;
  return lower === 'a' || lower === 'i'
    ? capital && likeness(view, at + 1) >= 1
    : (view.flags(at + 1) & Flag.digit) === 0;
}

/** A title and a name: "doctor quennell", "Dr. Iwu", "miss calloway". */
function titled(view: View, at: number): Match | undefined {
  if ((view.flags(at) & Flag.title) === 0) return undefined;
  const first = view.token(at + 1).lower === '.' ? at + 2 : at + 1;
  const flags = view.flags(first);
  if ((flags & Flag.title) !== 0 && likeness(view, first + 1) >= 1)
    return { kind: 'NAME', end: nameEnd(view, first + 1), score: 0.9 };
  if (
    likeness(view, first) === 0 &&
    !((flags & Flag.capital) !== 0 && (flags & never) === 0 && (flags & Flag.word) !== 0)
  )
    return undefined;
  if (likeness(view, first) <= 1 && (flags & Flag.capital) === 0 && !isTitleOfName(view, at, first)) return undefined;
  return { kind: 'NAME', end: nameEnd(view, first), score: 0.9 };
}

const plainTitles = new Set(split('dr mr mister mrs missus ms mx'));
const determiners = new Set(split('a an the my your his her our their every each any another this that'));

/** "dr may" is a name; "a nurse will call", "the doctor may know" are none. */
function isTitleOfName(view: View, at: number, first: number): boolean {
  if (plainTitles.has(view.token(at).lower)) return true;
  if (view.token(at).lower === 'miss' || determiners.has(view.token(at - 1).lower)) return view.named(first) > 0.9;
  return view.named(first) > 0.4;
}

export const name: Recognizer = {
  name: 'name',
  opens: Flag.word,
  match(view, at) {
    const title = titled(view, at);
    if (title !== undefined) return title;
    const like = likeness(view, at);
    const flags = view.flags(at);
    if (like >= 2 && isKinOf(view, at) && cue(view, at) > 0) return { kind: 'NAME', end: at + 1, score: 0.96 };
    if ((flags & (Flag.grammar | Flag.filler | Flag.letter)) === 0 && accepts(view, at, like, cue(view, at)))
      return {
        kind: 'NAME',
        end: nameEnd(view, at),
        score: (flags & Flag.given) !== 0 && view.named(at) > 0.6 ? 0.88 : 0.7,
      };
    return spelled(view, at);
  },
};

/** The least probability at which a word is masked, by how sure the words before are and how much it looks like a name. */
const thresholds: readonly (readonly number[])[] = [
  [0.9, 0.8, 0.5, 0.1],
  [0.8, 0.4, 0.2, 0.03],
  [0.8, 0.1, 0.05, 0.02],
];

function accepts(view: View, at: number, like: number, sure: number): boolean {
  // An everyday word that is in no list of names and that nothing introduces needs no second look.
  if (like === 0 && sure === 0 && (view.flags(at) & (Flag.common | Flag.capital)) === Flag.common) return false;
  const odds = view.named(at);
  if (like === 1 && (isThing(view, at) || isTime(view, at))) return odds > 0.985;
  const given = (view.flags(at) & Flag.given) !== 0;
  const seen = like === 1 && isCapitalised(view, at) ? (given ? 3 : 2) : like;
  return odds >= (thresholds[sure]?.[seen] ?? 1);
}

/** "i'm allegra's mom": only a person has one, though the word may be a medicine. */
function isKinOf(view: View, at: number): boolean {
  return view.token(at + 1).lower === "'s" && (view.flags(at + 2) & Flag.relation) !== 0;
}

/** A capital in the middle of a sentence that has small words. */
function isCapitalised(view: View, at: number): boolean {
  const before = view.flags(at - 1);
  return (view.flags(at) & Flag.capital) !== 0 && (before & Flag.word) !== 0 && (before & Flag.capital) === 0;
}

const articles = new Set(split('the a an my your his our their which what some any no every each big little'));
const objects = new Set(
  split(
    'eyes skin hair blood story period card account it them me him her us this that up down out off free number line',
  ),
);

/** "my hazel eyes", "which page", "drew blood": a small word that is also a name, used as the other word. */
function isThing(view: View, at: number): boolean {
  const starts = (view.flags(at - 1) & (Flag.end | Flag.punct)) !== 0;
  if ((view.flags(at) & Flag.capital) !== 0 && !starts) return false;
  // "i'm rowan, it's ...": there another sentence begins.
  const isObject = objects.has(view.token(at + 1).lower) && view.token(at + 2).lower !== "'s";
  return articles.has(view.token(at - 1).lower) || isObject;
}

const timeWords = new Set(
  split('in to for from by or and until till through this next last early late mid before after since during'),
);

/** "move it to june or july": a month where a time stands, and not a person of that name. */
function isTime(view: View, at: number): boolean {
  if ((view.flags(at) & Flag.month) === 0 || (view.flags(at) & view.flags(at - 1) & Flag.capital) !== 0) return false;
  return timeWords.has(view.token(at - 1).lower);
}

/** "martha with an h": the letter after a name. */
function nearName(view: View, at: number): boolean {
  return view.before?.kind === 'NAME' && at - view.before.end <= 4;
}

/** Letters one by one: "w i l h e l m i n a", "delta romeo", where a name was asked for or four and more of them. */
function spelled(view: View, at: number): Match | undefined {
  if ((view.flags(at) & (Flag.letter | Flag.alphabet)) === 0) return undefined;
  const run = view.run(at);
  if (run === undefined || run.digits.length > 0) return undefined;
  const follows = view.before?.kind === 'NAME' && at - view.before.end <= 5;
  const asked = view.context.asked.includes('NAME');
  if (run.letters === 1) {
    const like = run.end - run.start > 1;
    const one = view.token(at - 1).lower;
    const withLetter =
      (one === 'a' || one === 'an') && view.token(at - 2).lower === 'with' && (asked || nearName(view, at));
    const initial = withLetter || (['initial', 'is'].includes(one) && asked);
    return (like && (asked || follows)) || initial ? { kind: 'NAME', end: run.end, score: 0.6 } : undefined;
  }
  const letters = run.code.startsWith('a') && !asked && !follows ? run.code.slice(1) : run.code;
  if (letters.length < 4 && !follows && !asked) return undefined;
  if (acronyms.has(letters) && !asked) return undefined;
  return { kind: 'NAME', end: run.end, score: 0.6 };
}
