import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, Run, View } from '../recognizer.ts';

const beforeAge = new Set(
  `is 's am i'm turned turns turning turn aged age was be she'll he'll she's he's shes hes im were you're they're we're pushing nearing`.split(
    /\s+/,
  ),
);
/** What may stand between "she's" and her age. */
const nearly = new Set([
  'almost',
  'nearly',
  'just',
  'only',
  'about',
  'now',
  'already',
  'like',
  'maybe',
  'over',
  'past',
]);

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

/** An age that may be past: "made it to ninety nine", "died at ninety eight", "not bad for ninety six", "at ninety four i still drive". */
const lived = new Set('made lived died passed retired widowed dead alive gone'.split(' '));
const judgements = new Set(['bad', 'good', 'great', 'well', 'fine', 'spry', 'sharp', 'young', 'okay']);
const people = new Set(['i', 'she', 'he', 'you', 'we', 'they', 'my', 'his', 'her', "you're", "i'm", "she's", "he's"]);

function tellsLife(view: View, at: number, end: number): boolean {
  const lead = view.token(at - 1).lower;
  const after = view.token(end).lower;
  if (lead === 'at' && people.has(after)) return true;
  if (lead === 'for') return judgements.has(view.token(at - 2).lower);
  if (
    (lead === 'at' || lead === 'to' || lead === 'be') &&
    [2, 3, 4].some((back) => lived.has(view.token(at - back).lower))
  )
    return true;
  if (lead === 'hit') return ![2, 3].some((back) => view.token(at - back).lower === 'it');
  return lead === 'look' || lead === 'looks' || lead === 'looking';
}

/** "my father, ninety six, fell", "mama ninety seven and still cooks", "ninety six is too old for that". */
function isOfKin(view: View, at: number, end: number): boolean {
  const is = view.token(end).lower === 'is';
  const old = is && [1, 2].some((next) => view.token(end + next).lower === 'old');
  const comma = view.token(at - 1).lower === ',';
  const kin = comma ? at - 2 : at - 1;
  if (old || (view.flags(kin) & Flag.relation) === 0 || notKin.has(view.token(kin).lower)) return old;
  return comma ? view.token(end).lower === ',' : (view.flags(end) & (Flag.end | Flag.grammar)) !== 0;
}

/** Words for people that stand before a number of another sort. */
const notKin = new Set(
  'contact emergency patient client provider doctor therapist nurse teacher boss proxy principal'.split(' '),
);

/** "ninety fifth birthday", "in her ninety fourth year": where it ends. */
function rankEnd(view: View, at: number): number | undefined {
  if (view.token(at).lower !== 'ninety') return undefined;
  const rank = view.token(at + 1).lower === '-' ? at + 2 : at + 1;
  if ((view.flags(rank) & Flag.ordinal) === 0) return undefined;
  const { lower } = view.token(rank + 1);
  const own = ['my', 'his', 'her', 'their', "'s"].includes(view.token(at - 1).lower);
  return lower === 'birthday' || lower === 'bday' || (lower === 'year' && own) ? rank + 1 : undefined;
}

/** Over "and a half", which belongs to an age. */
function overHalf(view: View, end: number): number {
  return ['and', 'a', 'half'].every((word, offset) => view.token(end + offset).lower === word) ? end + 3 : end;
}

const turning = new Set(['turned', 'turns', 'turning', 'aged']);

const measured = new Set(
  'pressure total price cost balance rate pulse oxygen sugar weight temp temperature level score number dose bill fee deposit copay saturation sat special package charge estimate quote'.split(
    ' ',
  ),
);

/** "my o two is ninety four", "the total is ninety five". */
function isMeasured(view: View, at: number): boolean {
  const letter = (view.flags(at) & (Flag.letter | numeral)) !== 0 && view.token(at).lower !== 'i';
  return letter || measured.has(view.token(at).lower);
}

/** "ninety or ninety one": two ages. */
function isEither(view: View, end: number): boolean {
  const next = view.token(end + 1).lower;
  return view.token(end).lower === 'or' && (next === 'ninety' || /^(?:9\d|1[01]\d)$/.test(next));
}

/** After an age they count nothing: "ninety in may", "ninety something". */
const looseUnits = new Set(['in', 'something', 'odd', 'ish']);

/** "ninety one years old", "she's ninety one", "aged 104". */
function saysAge(view: View, at: number, end: number): boolean {
  const after = view.token(end).lower;
  if (saysYears(view, end)) return true;
  const counts = (view.flags(end) & Flag.unit) !== 0 && !looseUnits.has(after);
  if ((counts || noAge.has(after)) && !isEither(view, end)) return false;
  if (after === '.' && (view.flags(end + 1) & Flag.number) !== 0) return false;
  if (view.context.asked.includes('AGE') || tellsLife(view, at, end) || isOfKin(view, at, end)) return true;
  if (view.before?.kind === 'AGE' && at - view.before.end <= 2 && doubts.has(view.token(at - 1).lower)) return true;
  const lead = nearly.has(view.token(at - 1).lower) ? at - 2 : at - 1;
  return beforeAge.has(view.token(lead).lower) && !isMeasured(view, lead - 1);
}

function isPerson(flags: number): boolean {
  return (flags & Flag.relation) !== 0 || (flags & (Flag.given | Flag.common)) === Flag.given;
}

/** "my aunt's a hundred and one", "she is a hundred": it is a person that is so old, no price. */
function isSomebody(view: View, at: number): boolean {
  const one = view.token(at).lower;
  if (one === "she's" || one === "he's" || one === "i'm") return true;
  if (!['is', "'s", 'be', 'was', "she'll", "he'll"].includes(one)) return false;
  for (let back = at - 1; back >= at - 3; back -= 1)
    if (isPerson(view.flags(back)) || somebody.has(view.token(back).lower)) return true;
  return false;
}

const somebody = new Set(['she', 'he', "she'll", "he'll", "i'll"]);

/** "a hundred and three", "a hundred". */
function pastHundred(view: View, at: number): Match | undefined {
  if (view.token(at).lower !== 'a' || view.token(at + 1).lower !== 'hundred') return undefined;
  const rest = view.token(at + 2).lower === 'and' ? at + 3 : at + 2;
  const run = (view.flags(rest) & numeral) === 0 ? undefined : view.run(rest);
  if (run !== undefined && (run.letters > 0 || valueOf(run) > 25)) return undefined;
  const end = run?.end ?? at + 2;
  const after = view.token(end).lower;
  if (((view.flags(end) & Flag.unit) !== 0 && !years.has(after) && after !== 'in') || noAge.has(after))
    return undefined;
  const said =
    saysYears(view, end) ||
    turning.has(view.token(at - 1).lower) ||
    (isSomebody(view, at - 1) && (run !== undefined || endsThere(view, end))) ||
    (view.token(at - 1).lower === 'be' && lived.has(view.token(at - 3).lower)) ||
    view.context.asked.includes('AGE');
  return said ? { kind: 'AGE', end: overHalf(view, end), score: 0.9 } : undefined;
}

/** "she'll be a hundred in may": what counts something else than years goes on with a noun. */
function endsThere(view: View, end: number): boolean {
  return (view.flags(end) & (Flag.end | Flag.punct)) !== 0 || afterHundred.has(view.token(end).lower);
}

const afterHundred = new Set(
  'in next this now come and but on today tomorrow if god i she he soon already years'.split(' '),
);

const doubts = new Set(['or', 'maybe', 'no', 'to', 'uh', 'um', 'on']);

/** "my 93yo dad". */
function isGlued(view: View, at: number): boolean {
  return view.glued(at + 1) && ['yo', 'y', 'yr', 'yrs'].includes(view.token(at + 1).lower);
}

/** "they were one on the twenty fifth", "eleven five": two numbers, not one. */
function isParted(view: View, { atoms: [first, second] }: Run): boolean {
  if (first === undefined || second === undefined) return false;
  if (first.end === second.start) return first.form === 'pair';
  return view.token(first.end).lower !== 'and' || first.end + 1 !== second.start;
}

export const age: Recognizer = {
  name: 'age',
  opens: numeral | Flag.letter,
  match(view, at) {
    if ((view.flags(at) & numeral) === 0) return pastHundred(view, at);
    const rank = rankEnd(view, at);
    if (rank !== undefined) return { kind: 'AGE', end: rank, score: 0.9 };
    if (/^(?:9\d|1[01]\d)$/.test(view.token(at).lower) && isGlued(view, at))
      return { kind: 'AGE', end: at + 2, score: 0.9 };
    const run = view.run(at);
    if (
      run === undefined ||
      run.letters > 0 ||
      run.atoms.length > 2 ||
      isParted(view, run) ||
      (view.flags(at - 1) & numeral) !== 0
    )
      return undefined;
    const value = valueOf(run);
    if (value < 90 || value > 125 || !saysAge(view, at, run.end)) return undefined;
    return { kind: 'AGE', end: overHalf(view, run.end), score: 0.9 };
  },
};
