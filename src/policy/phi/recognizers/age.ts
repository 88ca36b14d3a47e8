import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, Run, View } from '../recognizer.ts';

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

/** "years old", "-year-old"; not "years ago". */
function saysYears(view: View, end: number): boolean {
  const after = view.token(end).lower;
  if (after === '-') return view.token(end + 1).lower.startsWith('year');
  return years.has(after) && !['ago', 'of', 'later'].includes(view.token(end + 1).lower);
}

const turning = new Set(['turned', 'turns', 'turning', 'aged']);

const measured = new Set(
  'pressure total price cost balance rate pulse oxygen sugar weight temp temperature level score number dose bill fee deposit copay saturation sat'.split(
    ' ',
  ),
);

/** "my o two is ninety four", "the total is ninety five". */
function isMeasured(view: View, at: number): boolean {
  const letter = (view.flags(at) & (Flag.letter | numeral)) !== 0 && view.token(at).lower !== 'i';
  return letter || measured.has(view.token(at).lower);
}

/** "ninety one years old", "she's ninety one", "aged 104". */
function saysAge(view: View, at: number, end: number): boolean {
  const after = view.token(end).lower;
  if (saysYears(view, end)) return true;
  if (((view.flags(end) & Flag.unit) !== 0 && after !== 'in') || noAge.has(after)) return false;
  if (after === '.' && (view.flags(end + 1) & Flag.number) !== 0) return false;
  return (beforeAge.has(view.token(at - 1).lower) && !isMeasured(view, at - 2)) || view.context.asked.includes('AGE');
}

function isPerson(flags: number): boolean {
  return (flags & Flag.relation) !== 0 || (flags & (Flag.given | Flag.common)) === Flag.given;
}

/** "my aunt's a hundred and one", "she is a hundred": it is a person that is so old, no price. */
function isSomebody(view: View, at: number): boolean {
  const one = view.token(at).lower;
  if (one === "she's" || one === "he's") return true;
  if (!['is', "'s", 'be', 'was', "she'll", "he'll"].includes(one)) return false;
  for (let back = at - 1; back >= at - 3; back -= 1)
    if (isPerson(view.flags(back)) || ['she', 'he'].includes(view.token(back).lower)) return true;
  return false;
}

/** "a hundred and three", "a hundred". */
function pastHundred(view: View, at: number): Match | undefined {
  if (view.token(at).lower !== 'a' || view.token(at + 1).lower !== 'hundred') return undefined;
  const rest = view.token(at + 2).lower === 'and' ? at + 3 : at + 2;
  const run = (view.flags(rest) & numeral) === 0 ? undefined : view.run(rest);
  if (run !== undefined && (run.letters > 0 || valueOf(run) > 25)) return undefined;
  const end = run?.end ?? at + 2;
  if (((view.flags(end) & Flag.unit) !== 0 && !years.has(view.token(end).lower)) || noAge.has(view.token(end).lower))
    return undefined;
  const said =
    saysYears(view, end) ||
    turning.has(view.token(at - 1).lower) ||
    (run !== undefined && isSomebody(view, at - 1)) ||
    view.context.asked.includes('AGE');
  return said ? { kind: 'AGE', end, score: 0.9 } : undefined;
}

export const age: Recognizer = {
  name: 'age',
  opens: numeral | Flag.letter,
  match(view, at) {
    if ((view.flags(at) & numeral) === 0) return pastHundred(view, at);
    const run = view.run(at);
    if (run === undefined || run.letters > 0 || run.atoms.length > 2 || (view.flags(at - 1) & numeral) !== 0)
      return undefined;
    const value = valueOf(run);
    if (value < 90 || value > 125 || !saysAge(view, at, run.end)) return undefined;
    return { kind: 'AGE', end: run.end, score: 0.9 };
  },
};
