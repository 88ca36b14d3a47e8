import { Flag, numeral } from './lexicon/flags.ts';
import { digitHomophones } from './lexicon/words.ts';
import type { Atom, View } from './recognizer.ts';

/** Seldom the last word of a value but for the digit: "four too", "three won". */
const lastHomophones = new Set(['too', 'won', 'ate', 'fore', 'tu']);

/** Seldom said after a number but for the digit: "forty tree oh". */
const sureHomophones = new Set(['tree', 'nein', 'fore', 'owe', 'tu', 'ait', 'ohh', 'ate']);

/** "two five to one": a word that sounds like a digit, after a digit that was said alone and before more of the value. */
export function homophone(view: View, at: number, last: Atom): Atom | undefined {
  const value = digitHomophones[view.token(at).lower];
  if (value === undefined || last.form === 'typed' || last.form === 'scaled') return undefined;
  const next = view.flags(view.token(at + 1).lower === ',' ? at + 2 : at + 1);
  if (last.form === 'pair') {
    const sure = sureHomophones.has(view.token(at).lower) && last.end === at && (next & numeral) !== 0;
    return sure ? { form: 'single', value, start: at, end: at + 1 } : undefined;
  }
  if (last.end !== at || last.form === 'letter')
    return (next & Flag.digit) !== 0 && at - last.end <= 1
      ? { form: 'single', value, start: at, end: at + 1 }
      : undefined;
  const asked = view.context.asked.length > 0 || view.context.pending !== undefined;
  const goesOn =
    (next & (Flag.digit | Flag.repeat)) !== 0 ||
    (asked && (next & Flag.joiner) !== 0) ||
    (lastHomophones.has(view.token(at).lower) && (next & Flag.end) !== 0);
  return goesOn ? { form: 'single', value, start: at, end: at + 1 } : undefined;
}
