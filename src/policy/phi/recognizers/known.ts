import { Flag, numeral } from '../lexicon/flags.ts';
import { isClock, isQuantity } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** A value of this call, or a part of it, in either mouth. */
export const known: Recognizer = {
  name: 'known',
  opens: numeral | Flag.word,
  match(view, at) {
    return (view.flags(at) & numeral) === 0 ? knownWord(view, at) : knownNumber(view, at);
  },
};

function knownWord(view: View, at: number): Match | undefined {
  const kind = view.context.knownWord(view.token(at).lower);
  if (kind === undefined) return undefined;
  const everyday = (view.flags(at) & Flag.common) !== 0;
  if (everyday && (view.flags(at) & Flag.capital) === 0) return undefined;
  return { kind, end: at + 1, score: 0.9 };
}

function knownNumber(view: View, at: number): Match | undefined {
  const run = view.run(at);
  if (run === undefined || run.digits.length < 2 || isQuantity(view, run) || isClock(view, run)) return undefined;
  const kind = view.context.knownDigits(run.digits);
  return kind === undefined ? undefined : { kind, end: run.end, score: 0.9 };
}
