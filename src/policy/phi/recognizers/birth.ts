import { found } from '../calendar.ts';
import { Flag, numeral } from '../lexicon/flags.ts';
import { isClock, isInsideNumber, isQuantity } from '../numeral.ts';
import type { Recognizer, View } from '../recognizer.ts';

const birthWords = new Set(['birthday', 'birth', 'born', 'dob', 'birthdate', 'bday', 'birthdays']);

/** Was a birthday asked for, or is it named just before? */
function asksBirth(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 8; back -= 1) {
    if (birthWords.has(view.token(back).lower)) return true;
    if (['.', '?', '!'].includes(view.token(back).lower)) break;
  }
  return view.context.asksBirth;
}

/** "three fourteen eighty four", "oh three oh one sixty two": a date in numbers, where a birthday is meant. */
export const birth: Recognizer = {
  name: 'birth',
  opens: numeral | Flag.letter,
  match(view, at) {
    if (isInsideNumber(view, at) || !asksBirth(view, at)) return undefined;
    const run = view.run(at);
    if (run === undefined || run.letters > 0 || run.digits.length < 2 || isClock(view, run) || isQuantity(view, run))
      return undefined;
    if ((view.flags(run.end) & Flag.unit) !== 0 && run.digits.length < 4) return undefined;
    return found(run.end, 0.94);
  },
};
