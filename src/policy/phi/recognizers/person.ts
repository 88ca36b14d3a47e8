import { Flag, numeral } from '../lexicon/flags.ts';
import { likeness } from '../likeness.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** How likely the tagger must find the word that stands beside an initial, or after its own beginning. */
const likely = 0.4;

function isName(view: View, at: number): boolean {
  const like = likeness(view, at);
  const rare = (view.flags(at) & (Flag.common | Flag.book)) !== Flag.common;
  const answers = like >= 1 && rare && view.context.asked.includes('NAME');
  return answers || (like >= 2 && view.named(at) >= likely);
}

/** "t k marchetti", "p. ogilvie": letters and the name that they stand before. */
function initials(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  if ((view.flags(at - 1) & Flag.letter) !== 0) return undefined;
  let next = at;
  while (next < at + 6 && ((view.flags(next) & Flag.letter) !== 0 || (next > at && view.token(next).lower === '.')))
    next += 1;
  if ((lower === 'a' || lower === 'i') && (view.flags(at + 1) & Flag.letter) === 0) return undefined;
  return isName(view, next) ? next + 1 : undefined;
}

/** "dr v", "miss k": a title and a letter that nothing spells on. */
function titledLetter(view: View, at: number): number | undefined {
  const letter = view.token(at + 1).lower === '.' ? at + 2 : at + 1;
  const { lower } = view.token(letter);
  if ((view.flags(letter) & Flag.letter) === 0 || lower === 'a' || lower === 'i') return undefined;
  const spells = (view.flags(letter + 1) & (Flag.letter | numeral)) !== 0 || isElided(view, letter + 1);
  return spells ? undefined : letter + 1;
}

/** "dr o'neil": the name goes on after the mark. */
function isElided(view: View, at: number): boolean {
  return view.glued(at) && view.token(at).lower === "'";
}

/** "the ogilvies": a family by its name. */
function family(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  if (!lower.endsWith('s') || !['the', 'those'].includes(view.token(at - 1).lower)) return undefined;
  const flags = view.flags(at);
  return (flags & Flag.surname) !== 0 && (flags & (Flag.common | Flag.town | Flag.health)) === 0 ? at + 1 : undefined;
}

/** "ther theresa": a name that was begun twice. */
function begun(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  const next = view.token(at + 1).lower;
  if (lower.length < 3 || next.length <= lower.length || !next.startsWith(lower)) return undefined;
  const everyday = (view.flags(at) & Flag.common) !== 0 && !view.context.asked.includes('NAME');
  return !everyday && isName(view, at + 1) ? at + 1 : undefined;
}

/** Persons who are told by the form in which they are named. */
export const person: Recognizer = {
  name: 'person',
  opens: Flag.word,
  match(view, at): Match | undefined {
    const flags = view.flags(at);
    const end =
      (flags & Flag.letter) !== 0
        ? initials(view, at)
        : (flags & Flag.title) !== 0
          ? titledLetter(view, at)
          : (flags & Flag.grammar) === 0
            ? (family(view, at) ?? begun(view, at))
            : undefined;
    return end === undefined ? undefined : { kind: 'NAME', end, score: 0.65 };
  },
};
