import { Flag, numeral } from '../lexicon/flags.ts';
import type { Recognizer, Run, View } from '../recognizer.ts';

const beforeAge = new Set(
  "is 's am i'm turned turns turning aged age was be she'll he'll she's he's shes hes im".split(' '),
);

function valueOf(run: Run): number {
  if (/^100\d{1,2}$/.test(run.digits)) return Number(run.digits.slice(3)) + 100;
  return Number(run.digits);
}

const years = new Set(['years', 'year', 'yr', 'yrs', 'yo']);
/** Before these the number is a score, a pressure or a share. */
const noAge = new Set(['over', 'out', 'to', 'or', 'left', '%', '/', 'degrees', ':']);

/** "ninety one years old", "she's ninety one", "aged 104". */
function saysAge(view: View, at: number, end: number): boolean {
  const after = view.token(end).lower;
  if (years.has(after) || (after === '-' && view.token(end + 1).lower.startsWith('year'))) return true;
  if ((view.flags(end) & Flag.unit) !== 0 || noAge.has(after)) return false;
  if (after === '.' && (view.flags(end + 1) & Flag.number) !== 0) return false;
  return beforeAge.has(view.token(at - 1).lower) || view.context.asked.includes('AGE');
}

export const age: Recognizer = {
  name: 'age',
  opens: numeral,
  match(view, at) {
    const run = view.run(at);
    if (run === undefined || run.letters > 0 || run.atoms.length > 2 || (view.flags(at - 1) & numeral) !== 0)
      return undefined;
    const value = valueOf(run);
    if (value < 90 || value > 125 || !saysAge(view, at, run.end)) return undefined;
    return { kind: 'AGE', end: run.end, score: 0.9 };
  },
};
