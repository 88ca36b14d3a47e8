import { Flag, numeral } from './lexicon/flags.ts';
import { codeKinds } from './kinds.ts';
import { alphabetWords, digitHomophones } from './lexicon/words.ts';
import type { Atom, View } from './recognizer.ts';

const likeWords = new Set(['as', 'for', 'like', 'is', 'in']);
/** Letters that stand right after typed digits and belong to no code: "3rd", "10am", "1990s". */
export const suffixes = new Set([
  'st',
  'nd',
  'rd',
  'th',
  'am',
  'pm',
  'a',
  'p',
  's',
  'x',
  'k',
  'mg',
  'ml',
  'cc',
  'ish',
  'min',
  'mins',
  'h',
  'hr',
  'hrs',
]);

const lettered = Flag.letter | Flag.alphabet;

/** A letter of a code or of a spelled word: "k", "kilo", "k as in kate", "k for kate", and written "JQM" before digits. */
export function letterAtom(view: View, at: number, flags: number, before: Atom | undefined): Atom | undefined {
  const { lower } = view.token(at);
  const isLetter = (flags & Flag.letter) !== 0;
  const value = isLetter ? lower : (alphabetWords[lower] ?? '');
  const like = likeLength(view, at + 1, value);
  const atom: Atom = { form: 'letter', value, start: at, end: at + 1 + like };
  if (like > 0) return atom;
  if (isLetter && (lower === 'a' || lower === 'i') && !amongLetters(view, at, before)) return undefined;
  if (
    !isLetter &&
    before?.form !== 'letter' &&
    !isSpelledNext(view, at + 1) &&
    !(before !== undefined && alphabetAsked(view))
  )
    return undefined;
  return isMeridiem(view, at, before) || isSpelledUnit(view, at, before) ? undefined : atom;
}

const spelledUnits = new Set(['c c', 'm l', 'm g', 'i u', 'k g', 'c m', 'm m']);

/** "fifty c c": two letters that count what the number says; in a code that was asked for they are letters. */
function isSpelledUnit(view: View, at: number, before: Atom | undefined): boolean {
  const first = before === undefined ? at - 1 : at;
  const number = view.flags(first - 1);
  if ((number & (numeral | Flag.scale)) === 0 || !readsUnit(view, first)) return false;
  const scaled = [1, 2, 3, 4].some((back) => (view.flags(first - back) & Flag.scale) !== 0);
  return scaled || (view.context.asked.length === 0 && view.context.pending === undefined);
}

/** Do two letters that name a unit stand here, and nothing more of a code? */
export function readsUnit(view: View, at: number): boolean {
  return (
    (view.flags(at) & view.flags(at + 1) & Flag.letter) !== 0 &&
    spelledUnits.has(`${view.token(at).lower} ${view.token(at + 1).lower}`) &&
    (view.flags(at + 2) & (lettered | numeral | Flag.digit)) === 0
  );
}

function alphabetAsked(view: View): boolean {
  return view.context.asked.length > 0;
}

/** After an alphabet word: another one, a letter or a number. "mike two" is a name and a number as often as a code. */
function isSpelledNext(view: View, at: number): boolean {
  const next = nextSpoken(view, at);
  return (view.flags(next) & (lettered | Flag.digit)) !== 0 || (view.flags(next) & Flag.number) !== 0;
}

function nextSpoken(view: View, at: number): number {
  return (view.flags(at) & Flag.punct) !== 0 || view.token(at).lower === 'dash' ? at + 1 : at;
}

/** Letters written together before or after digits: "JQM 4402", "B7", "1KDJ482". */
export function codeAtom(view: View, at: number, flags: number, before: Atom | undefined): Atom | undefined {
  const token = view.token(at);
  if (isWrittenCode(view, at, flags)) return { form: 'letter', value: token.lower, start: at, end: at + 1 };
  if (token.lower.length > 5 || token.lower.length < 2) return undefined;
  if (view.glued(at + 1) && (view.flags(at + 1) & Flag.number) !== 0)
    return { form: 'letter', value: token.lower, start: at, end: at + 1 };
  const gluedBefore = before !== undefined && before.end === at && view.glued(at);
  if (before !== undefined && (isHyphened(view, at, flags, before) || isWrittenPair(view, at, flags, before)))
    return { form: 'letter', value: token.lower, start: at, end: at + 1 };
  if ((flags & Flag.capitals) === 0 && !(gluedBefore && before.form === 'typed' && !suffixes.has(token.lower)))
    return undefined;
  return gluedBefore || isBeforeNumber(view, at, flags)
    ? { form: 'letter', value: token.lower, start: at, end: at + 1 }
    : undefined;
}

/** A code that is written in capitals alone is as long. */
export const shortestWritten = 4;

/** "XKCDQ" where a code was asked for or is named just before: capitals that are no word and no name. */
function isWrittenCode(view: View, at: number, flags: number): boolean {
  if ((flags & ~(Flag.word | Flag.capital)) !== Flag.capitals || view.token(at).lower.length < shortestWritten)
    return false;
  const cued = [1, 2, 3].some((back) => (view.flags(at - back) & Flag.cue) !== 0);
  return cued || view.context.asked.some((kind) => codeKinds.has(kind));
}

/** "0071882-A", "C4419A". */
function endsTyped(view: View, at: number, before: Atom): boolean {
  if ((view.flags(at) & Flag.capital) === 0 || before.form !== 'typed' || !view.glued(at)) return false;
  const hyphened = before.end === at - 1 && view.token(at - 1).lower === '-' && view.glued(at - 1);
  return hyphened || (before.end === at && before.value.length >= 3);
}

/** "100-48812-BA", "7734-AX-90". */
function isHyphened(view: View, at: number, flags: number, before: Atom): boolean {
  if (before.form !== 'typed' || before.end !== at - 1 || (flags & Flag.capitals) === 0) return false;
  return view.token(at - 1).lower === '-' && view.glued(at) && view.glued(at - 1);
}

/** "one eg four": two letters that a recogniser of speech wrote as a word, between digits. */
function isWrittenPair(view: View, at: number, flags: number, before: Atom): boolean {
  if (view.token(at).lower.length !== 2 || before.form !== 'single' || before.end !== at) return false;
  return (flags & ~Flag.word) === 0 && (view.flags(at + 1) & Flag.digit) !== 0;
}

/** "JQM 4402", "KP-7711"; not "IS 4402". */
function isBeforeNumber(view: View, at: number, flags: number): boolean {
  const hyphen = view.glued(at + 1) && view.token(at + 1).lower === '-';
  if (!hyphen && (flags & (Flag.common | Flag.grammar | Flag.given | Flag.title)) !== 0) return false;
  const next = hyphen ? at + 2 : at + 1;
  return (view.flags(next) & Flag.number) !== 0 && view.token(next).lower.length >= 3;
}

/** "li l i": a short name that is spelled just after it. */
function spellsName(view: View, first: Atom): boolean {
  return view.before?.kind === 'NAME' && view.before.end === first.start;
}

/** "a" and "i" are letters only among letters and digits. */
function amongLetters(view: View, at: number, before: Atom | undefined): boolean {
  const next = nextSpoken(view, at + 1);
  const flags = view.flags(next);
  const nextLower = view.token(next).lower;
  if ((flags & lettered) !== 0 && (before !== undefined || (nextLower !== 'a' && nextLower !== 'i'))) return true;
  if (before?.form === 'letter')
    return (
      (view.flags(at - 2) & Flag.letter) !== 0 ||
      spellsName(view, before) ||
      (flags & (lettered | numeral | Flag.end)) !== 0 ||
      (view.flags(at + 1) & Flag.punct) !== 0 ||
      soundsLikeDigit(view, next)
    );
  if (before !== undefined && (endsPart(view, at) || endsTyped(view, at, before))) return true;
  if ((flags & (numeral | Flag.digit)) === 0) return before !== undefined && (flags & Flag.end) !== 0;
  return before !== undefined || startsCode(view, at, next);
}

/** "two six a and then four": a letter after digits, and before more of a value that was asked for. */
function endsPart(view: View, at: number): boolean {
  if (view.context.asked.length === 0 || view.token(at + 1).lower !== 'and') return false;
  const next = view.token(at + 2).lower === 'then' ? at + 3 : at + 2;
  return (view.flags(next) & Flag.digit) !== 0 && (view.flags(at - 1) & Flag.digit) !== 0;
}

/** "n a to seven": a word that is written for a digit, before one. */
function soundsLikeDigit(view: View, at: number): boolean {
  return digitHomophones[view.token(at).lower] !== undefined && (view.flags(at + 1) & Flag.digit) !== 0;
}

/** "a seven five seven nine" starts a code, "a two hour visit" does not. */
function startsCode(view: View, at: number, next: number): boolean {
  if ((view.flags(at) & Flag.capital) !== 0 && view.glued(next)) return true;
  let digits = 0;
  for (let look = next; look < next + 4; look += 1) {
    if ((view.flags(look) & (Flag.digit | Flag.repeat)) === 0) break;
    digits += (view.flags(look) & Flag.repeat) === 0 ? 1 : 2;
  }
  return digits >= 3;
}

/** "ten a m": the letters belong to the time. */
function isMeridiem(view: View, at: number, before: Atom | undefined): boolean {
  const letter = view.token(at).lower;
  if (letter === 'm')
    return (
      before?.form === 'letter' &&
      (before.value === 'a' || before.value === 'p') &&
      isMeridiem(view, before.start, undefined)
    );
  if (letter !== 'a' && letter !== 'p') return false;
  const m = view.token(at + 1).lower === '.' ? at + 2 : at + 1;
  return view.token(m).lower === 'm' && (view.flags(at - 1) & (numeral | Flag.digit | Flag.unit)) !== 0;
}

/** Tokens of "as in david", "for david", "like david", "is for david" after a letter; "four david" is misheard. */
export function likeLength(view: View, at: number, letter: string): number {
  const from = view.token(at).lower === ',' ? at + 1 : at;
  const misheard = view.token(from).lower === 'four' && (view.flags(from + 1) & (numeral | Flag.digit)) === 0;
  if (!misheard && !likeWords.has(view.token(from).lower)) return 0;
  const second = likeWords.has(view.token(from + 1).lower) || view.token(from + 1).lower === 'a' ? 2 : 1;
  const word = view.token(from + second).lower;
  return word.length > 1 && word.startsWith(letter) ? from + second + 1 - at : 0;
}
