import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

const never =
  Flag.grammar |
  Flag.filler |
  Flag.weekday |
  Flag.month |
  Flag.unit |
  Flag.digit |
  Flag.teen |
  Flag.tens |
  Flag.state |
  Flag.town;

/** How much a word looks like part of a name: 3 a given name and no other word, 2 no word that is known, 1 both, 0 no. */
function likeness(view: View, at: number): number {
  const flags = view.flags(at);
  const { lower } = view.token(at);
  if ((flags & Flag.word) === 0 || lower.length < 2) return 0;
  if ((flags & never) !== 0 && (flags & Flag.given) === 0) return 0;
  if ((flags & Flag.grammar) !== 0) return 0;
  const isName = (flags & (Flag.given | Flag.surname)) !== 0;
  if ((flags & Flag.common) !== 0) return isName ? 1 : 0;
  return (flags & Flag.given) !== 0 ? 3 : 2;
}

/** The words just before say that a name comes. */
function introduced(view: View, at: number): boolean {
  const one = view.token(at - 1).lower;
  const two = view.token(at - 2).lower;
  if ((view.flags(at - 1) & Flag.title) !== 0) return true;
  if ((view.flags(at - 1) & Flag.relation) !== 0) return true;
  if (one === 'is' || one === "'s") return ['name', 'this', 'surname', 'that', 'it'].includes(two);
  if (
    ['under', "i'm", 'im', 'named', 'called', 'call', 'name', 'names', 'with', 'for', 'from', 'to', 'surname'].includes(
      one,
    )
  )
    return true;
  return (one === 'am' && two === 'i') || (one === 'me' && two === 'call');
}

const particles = new Set([
  'de',
  'la',
  'van',
  'von',
  'der',
  'den',
  'del',
  'della',
  'di',
  'da',
  'dos',
  'du',
  'le',
  'bin',
  'ibn',
  'al',
  'el',
  'st',
  'san',
  'ter',
  'y',
  'e',
]);

function nameEnd(view: View, at: number): number {
  let end = at + 1;
  for (let next = end; next < at + 6; next += 1) {
    const { lower } = view.token(next);
    if (likeness(view, next) >= 1) end = next + 1;
    else if (lower === '-' && view.glued(next) && view.glued(next + 1)) continue;
    else if (particles.has(lower) && likeness(view, next + 1) >= 1) continue;
    else if ((view.flags(next) & Flag.letter) !== 0 && (view.flags(next) & Flag.capital) !== 0) end = next + 1;
    else if (lower === '.' && (view.flags(next - 1) & Flag.letter) !== 0) continue;
    else break;
  }
  return end;
}

export const name: Recognizer = {
  name: 'name',
  opens: Flag.word,
  match(view, at) {
    if ((view.flags(at) & Flag.title) !== 0) {
      const first = view.token(at + 1).lower === '.' ? at + 2 : at + 1;
      if (likeness(view, first) >= 1 && (view.flags(first) & Flag.word) !== 0)
        return { kind: 'NAME', end: nameEnd(view, first), score: 0.9 };
    }
    const like = likeness(view, at);
    if (like === 0) return spelled(view, at);
    const cue = introduced(view, at);
    const asked = view.context.asked.includes('NAME');
    if (like === 3 || (like === 2 && (cue || asked)) || (like === 1 && asked && cue))
      return { kind: 'NAME', end: nameEnd(view, at), score: 0.7 };
    return undefined;
  },
};

/** Letters one by one: "w i l h e l m i n a", "delta romeo", where a name was asked for or four and more of them. */
function spelled(view: View, at: number): { kind: 'NAME'; end: number; score: number } | undefined {
  if ((view.flags(at) & (Flag.letter | Flag.alphabet)) === 0) return undefined;
  const run = view.run(at);
  if (run === undefined || run.digits.length > 0 || run.letters < 2) return undefined;
  const follows = view.before?.kind === 'NAME' && at - view.before.end <= 4;
  if (run.letters < 4 && !follows && !view.context.asked.includes('NAME')) return undefined;
  return { kind: 'NAME', end: run.end, score: 0.6 };
}
