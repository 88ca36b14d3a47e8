import { Flag, numeral } from '../lexicon/flags.ts';
import { isBare, isClock, isQuantity } from '../numeral.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** A value of this call, or a part of it, in either mouth. */
export const known: Recognizer = {
  name: 'known',
  opens: numeral | Flag.word,
  match(view, at) {
    const flags = view.flags(at);
    const whole = (flags & numeral) === 0 ? knownWord(view, at) : knownNumber(view, at);
    return whole ?? ((flags & (Flag.letter | numeral)) === 0 ? undefined : leadsAddress(view, at));
  },
};

function knownWord(view: View, at: number): Match | undefined {
  const kind = view.context.knownWord(view.token(at).lower);
  if (kind === undefined) return undefined;
  const everyday = (view.flags(at) & (Flag.common | Flag.book | Flag.proper)) === Flag.common;
  if (everyday && (view.flags(at) & Flag.capital) === 0) return undefined;
  return { kind, end: kind === 'EMAIL' ? withRest(view, at + 1) : at + 1, score: 0.9 };
}

/** "stanhope nine": the digits and letters after a word of an e-mail address that is read back. */
function withRest(view: View, at: number): number {
  return (view.flags(at) & (numeral | Flag.letter)) === 0 ? at : (view.run(at)?.end ?? at);
}

/** "q stanhope nine": those before it. */
function leadsAddress(view: View, at: number): Match | undefined {
  const next = view.run(at)?.end;
  if (next === undefined || view.context.knownWord(view.token(next).lower) !== 'EMAIL') return undefined;
  const word = knownWord(view, next);
  return word === undefined ? undefined : { ...word, score: 0.91 };
}

function knownNumber(view: View, at: number): Match | undefined {
  const run = view.run(at);
  // "twenty seventh" is a day; its first word repeats nothing.
  if (run !== undefined && (view.flags(run.end) & Flag.ordinal) !== 0) return undefined;
  if (run === undefined || (run.digits.length < 2 && !isBare(view, run)) || isQuantity(view, run) || isClock(view, run))
    return undefined;
  const kind = view.context.knownDigits(run.digits);
  return kind === undefined ? undefined : { kind, end: run.end, score: 0.9 };
}
