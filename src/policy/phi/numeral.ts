import { cueOf } from './called.ts';
import { codeKinds, type PhiKind } from './kinds.ts';
import { readsUnit, shortestWritten } from './letters.ts';
import { Flag, numeral } from './lexicon/flags.ts';
import { completes, isDifference, isDoubt } from './parts.ts';
import type { Match, Recognizer, Run, View } from './recognizer.ts';

/**
 * What the recognizers of numbers share: is a run of digits a quantity, a time or a value, and what do the words around
 * it call it? Each kind adds its own row: the least length that it accepts with a cue, and its shape without one.
 */
export interface NumeralKind {
  readonly kind: PhiKind;
  /** Digits and letters that are enough where the words before, or the question, name the kind. */
  readonly cued: number;
  readonly asked: number;
  /** The score of a run that nobody named; 0 where it has not the shape of the kind. */
  shape(run: Run, view: View): number;
}

export function numeralRecognizer(row: NumeralKind): Recognizer {
  return {
    name: row.kind.toLowerCase(),
    opens: numeral | Flag.letter | Flag.alphabet | Flag.punct | Flag.word,
    readsValues: true,
    match: (view, at) => judge(view, at, row),
  };
}

/** The run of a value that begins at a token, or after a mark that belongs to it. */
export function readValue(view: View, at: number): Run | undefined {
  return view.run(opensTyped(view, at) ? at + 1 : at);
}

function judge(view: View, at: number, row: NumeralKind): Match | undefined {
  const run = readValue(view, at);
  if (run === undefined || isInsideNumber(view, at) || isLabel(view, run)) return undefined;
  const { code, digits } = run;
  const spelled = codeKinds.has(row.kind) && (isCodeOfLetters(view, run, row.kind) || isDoubt(view, run, row.kind));
  if (digits.length === 0 && !spelled) return undefined;
  const score = scoreOf(view, run, row);
  return score === 0 || code.length === 0 ? undefined : { kind: row.kind, end: run.end, score };
}

/** "x y" alone; "dash b", "and an x" where a code goes on. */
function isCodeOfLetters(view: View, run: Run, kind: PhiKind): boolean {
  if (isBare(view, run)) return run.letters >= 2 || view.context.pending === kind;
  // "w w p my wife has it two one one nine": the letters that a code begins with, where one was asked for.
  if (view.context.asked.includes(kind) && run.letters >= 2 && (opensTurn(view, run.start) || startsWith(view, run)))
    return true;
  const { before } = view;
  if ((isEdge(view, run) || isWritten(run)) && cueOf(view, run) === kind) return true;
  const article = ['an', 'a', 'letter'].includes(view.token(run.start - 1).lower);
  return article && before?.kind === kind && run.start - before.end <= 3 && (view.flags(run.end) & Flag.end) !== 0;
}

/** "it starts p t", "it's x q r". */
function startsWith(view: View, run: Run): boolean {
  return codeLeads.has(view.token(run.start - 1).lower);
}

const codeLeads = new Set(['starts', 'begins', 'with', 'is', "'s", "it's", 'says', 'reads']);

/** "(" or "+" before a typed number belongs to it, and "plus" before a spoken one. */
function opensTyped(view: View, at: number): boolean {
  const mark = view.token(at).lower;
  if (mark === 'plus') return (view.flags(at + 1) & (numeral | Flag.digit)) !== 0;
  return (mark === '(' || mark === '+' || mark === '#') && (view.flags(at + 1) & Flag.number) !== 0;
}

const counted = new Set(['last', 'first', 'final', 'other']);
const pronounLeads = new Set(
  'old new this that the other which right wrong first last second third next same only any every each no good better best another'.split(
    ' ',
  ),
);

/** "the last four are ...", "my old one it's ...": a word for a number that belongs to the talk about it. */
function isLabel(view: View, run: Run): boolean {
  const [count, next] = run.atoms;
  const before = view.token(run.start - 1).lower;
  if (count?.form !== 'single' || view.token(count.start).kind !== 'word') return false;
  if (!counted.has(before) && !(count.value === '1' && pronounLeads.has(before))) return false;
  return next === undefined ? run.digits.length === 1 : next.start > count.end;
}

/** A rejected run is not tried again from its middle. */
export function isInsideNumber(view: View, at: number): boolean {
  if (view.before?.end === at) return false;
  if ((view.flags(at - 1) & (Flag.digit | Flag.teen | Flag.tens | Flag.number | Flag.repeat)) !== 0) return true;
  return view.glued(at) && (view.flags(at - 2) & Flag.number) !== 0 && (view.flags(at - 1) & Flag.punct) !== 0;
}

/** Emergency and service numbers: everybody's, and a crisis must be heard. */
const publicNumbers = new Set(['911', '988', '999', '112', '111', '211', '311', '411', '611', '711', '811']);

function scoreOf(view: View, run: Run, row: NumeralKind): number {
  if (publicNumbers.has(run.code) && !isBare(view, run)) return 0;
  const named = cueOf(view, run);
  const length = run.code.length;
  const asked = view.context.asked.indexOf(row.kind);
  if (run.digits.length < 7) {
    if (named === 'NONE' || isQuantity(view, run) || isClock(view, run) || (isYear(view, run) && !endsIn(view, run)))
      return 0;
    const code = run.digits === '' || isCode(run) || (asked >= 0 && length >= (codeKinds.has(row.kind) ? 3 : 4));
    if (run.letters > 0 && !code && named === undefined && !isBare(view, run)) return 0;
  }
  if (named === row.kind && (length >= row.cued || isExtension(view, run) || isEdge(view, run))) return 0.95;
  if (continues(view, run, row.kind) || isDoubt(view, run, row.kind) || completes(view, run, row.kind)) return 0.93;
  if (row.kind !== 'CARD' && isTimeShaped(run) && !isBare(view, run) && named === undefined) return 0;
  if (
    asked >= 0 &&
    (named === undefined || named === 'NUMBER') &&
    (length >= row.asked || isBare(view, run) || endsIn(view, run) || isDifference(view, run) || isLettered(run))
  )
    return 0.92 - asked * 0.01;
  if (row.kind === 'PHONE' && isDifference(view, run)) return 0.7;
  return named === undefined || named === 'NUMBER'
    ? row.shape(run, view) * (named === 'NUMBER' ? 1.1 : 1)
    : row.shape(run, view) * 0.9;
}

/** "extension nine". */
function isExtension(view: View, run: Run): boolean {
  return ['extension', 'ext'].includes(view.token(run.start - 1).lower);
}

/** "starts p t", "ends in four two": one end of a code. */
function isEdge(view: View, run: Run): boolean {
  return run.code.length >= 2 && edges.has(view.token(run.start - 1).lower);
}

const edges = new Set(['starts', 'begins', 'ends', 'start', 'begin', 'end']);

/** "XKCDQ". */
function isWritten({ atoms: [only, more] }: Run): boolean {
  return more === undefined && only?.form === 'letter' && only.value.length >= shortestWritten;
}

/** "h one three", the first part of a license. */
function isLettered(run: Run): boolean {
  return run.letters > 0 && run.code.length >= 3;
}

/** A letter among digits, or several letters: not "a two". */
function isCode(run: Run): boolean {
  return run.digits.length >= 2 && run.code.length >= 4;
}

/** The rest of a value whose first part was masked just before, in this turn or the last one. */
function continues(view: View, run: Run, kind: PhiKind): boolean {
  const { before, context } = view;
  if (before?.kind === kind && run.start - before.end <= 4 && (run.digits.length >= 2 || run.digits === ''))
    return true;
  if (context.pending !== kind) return false;
  return run.digits.length >= 3 || isBare(view, run) || (run.singles >= 2 && opensTurn(view, run.start));
}

const addsOn = new Set(['and', 'then', 'plus', 'dash', 'hyphen']);

/** Does the turn say nothing before this token? */
function opensTurn(view: View, at: number, quiet: number = Flag.filler | Flag.punct): boolean {
  let left = at - 1;
  while (left >= 0 && ((view.flags(left) & quiet) !== 0 || addsOn.has(view.token(left).lower))) left -= 1;
  return (view.flags(left) & Flag.end) !== 0;
}

/** Does the turn say nothing but this value? */
export function isBare(
  view: View,
  run: { readonly start: number; readonly end: number; readonly code?: string },
): boolean {
  // "that is the one" says no value, "that is the one two" does, and so does "and then four".
  const quiet = Flag.filler | Flag.punct | (run.code?.length === 1 ? 0 : Flag.joiner);
  if (!opensTurn(view, run.start, quiet)) return false;
  let right = run.end;
  while ((view.flags(right) & quiet) !== 0 && right < run.end + 6) right += 1;
  return (view.flags(right) & Flag.end) !== 0;
}

/** Money, units, scores: "$240", "seventeen units", "1,250", "8/10", "from 0 to 10". */
export function isQuantity(view: View, run: Run): boolean {
  const before = view.token(run.start - 1).lower;
  if (before === '$' || before === '\u20ac' || before === '\u00a3') return true;
  if (view.token(run.end).lower === '%' || readsUnit(view, run.end)) return true;
  if (
    (view.flags(run.end) & Flag.unit) !== 0 &&
    !(run.letters > 0 && view.context.asked.length > 0) &&
    !(view.token(run.end).lower === 'in' || view.token(run.end).lower === 'or')
  )
    return true;
  const last = run.atoms[run.atoms.length - 1];
  return run.atoms.length === 1 && last?.form === 'scaled';
}

/** "the card ending in 2028". */
function endsIn(view: View, run: Run): boolean {
  return [1, 2].some((back) => ['ending', 'ends', 'end'].includes(view.token(run.start - back).lower));
}

/** "in 2011", "since twenty nineteen". */
function isYear(view: View, run: Run): boolean {
  if (run.letters > 0 || !/^(?:(?:19|20)\d\d|2000\d{1,2})$/.test(run.digits) || run.singles > 2) return false;
  return ['in', 'since', 'year', 'of', 'until', 'around', 'back', 'before', 'from', 'like', 'about', 'maybe'].includes(
    view.token(run.start - 1).lower,
  );
}

const clockCues = new Set('at around by before after till until til from between past about to'.split(' '));
/** "five forty five", "ten thirty": an hour and minutes in one breath each. */
function isTimeShaped(run: Run): boolean {
  const [hour, minutes, more] = run.atoms;
  if (hour === undefined || minutes === undefined || more !== undefined) return false;
  return (
    minutes.form === 'pair' &&
    hour.form !== 'typed' &&
    Number(hour.value) >= 1 &&
    Number(hour.value) <= 12 &&
    Number(minutes.value) < 60
  );
}

const clockTails = new Set("am pm o'clock oclock a p sharp ish noon midnight thirty hundred".split(' '));

/** "at ten thirty", "three fifteen p m", "11:45". */
export function isClock(view: View, run: Run): boolean {
  if (view.token(run.end).lower === ':') return true;
  if (view.token(run.start - 1).lower === ':' && (view.flags(run.start - 2) & Flag.number) !== 0) return true;
  if (run.letters > 0 || run.digits.length > 4 || run.atoms.length > 3) return false;
  if (!/^(1[0-2]|0?[1-9]|2[0-4])(0[0-9]|[1-5][0-9])?$/.test(run.digits)) return false;
  return clockTails.has(view.token(run.end).lower) || clockCues.has(view.token(run.start - 1).lower);
}
