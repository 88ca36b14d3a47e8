import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';
import { isNearAddress, isState } from '../streets.ts';

/** Country people live on these; the first ones are told by "on" and "up" alone. */
const sure = new Set(['creek', 'crick', 'holler', 'bayou', 'slough', 'mountain', 'canyon']);
const asked = new Set([
  ...sure,
  ...'branch fork prong hollow ridge run gap bottom bottoms lick knob mesa wash landing lake river valley flats basin harbor cove point island springs prairie ranch ferry'.split(
    ' ',
  ),
]);
const forks = new Set(['fork', 'prong', 'branch', 'head', 'mouth']);
const leads = new Set(['on', 'off', 'up', 'along', 'down']);
const never =
  Flag.grammar |
  Flag.filler |
  Flag.relation |
  Flag.end |
  Flag.punct |
  Flag.digit |
  Flag.unit |
  Flag.month |
  Flag.weekday;

function isName(view: View, at: number): boolean {
  const flags = view.flags(at);
  return (flags & Flag.word) !== 0 && (flags & (never | numeral)) === 0;
}

/** Tokens of "left fork of", "the head of": 0 where none stands. */
function forkLength(view: View, at: number): number {
  if (forks.has(view.token(at).lower)) return view.token(at + 1).lower === 'of' ? 2 : 0;
  return sides.has(view.token(at).lower) && forks.has(view.token(at + 1).lower) && view.token(at + 2).lower === 'of'
    ? 3
    : 0;
}

const sides = new Set('left right north south east west middle upper lower big little dry long'.split(' '));

/** The token after "greasy creek", "laurel fork branch". */
function waterEnd(view: View, at: number, kinds: ReadonlySet<string>): number | undefined {
  if (!isName(view, at) || isState(view, at)) return undefined;
  for (let next = at + 1; next <= at + 2; next += 1) {
    if (kinds.has(view.token(next).lower)) return next + 1;
    if (!isName(view, next) || isState(view, next)) return undefined;
  }
  return undefined;
}

/** "i'm on greasy creek", "left fork of island creek": where there are no streets. */
export const creek: Recognizer = {
  name: 'creek',
  opens: 0,
  near: asked,
  match(view, at): Match | undefined {
    const fork = forkLength(view, at);
    const address = view.context.asked[0] === 'ADDRESS' || isNearAddress(view, at, 4);
    if (fork === 0 && !address && !leads.has(view.token(at - 1).lower)) return undefined;
    const end = waterEnd(view, at + fork, fork > 0 || address ? asked : sure);
    return end === undefined ? undefined : { kind: 'ADDRESS', end, score: 0.94 };
  },
};
