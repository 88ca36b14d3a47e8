import { homophone } from './homophones.ts';
import { codeAtom, letterAtom, likeLength, suffixes } from './letters.ts';
import { Flag, numeral } from './lexicon/flags.ts';
import { digitWords, repeatWords, teenWords, tensWords } from './lexicon/words.ts';
import type { Atom, Run, View } from './recognizer.ts';

/** At most this many tokens that say nothing may stand between two parts of a value. */
const longestGap = 7;
const typedJoiners = new Set('- . / ( ) + , # * \u2026 _ \\ \u2022 \u00b7 | ~'.split(' '));

export function readRun(view: View, at: number): Run | undefined {
  const first = atomAt(view, at, undefined);
  if (first === undefined) return undefined;
  const atoms = [first];
  let last = first;
  for (;;) {
    const next = nextAtom(view, last);
    if (next === undefined) break;
    atoms.push(next);
    last = next;
  }
  while (atoms.length > 0 && (isTrailing(view, atoms) || isPrice(view, atoms))) atoms.pop();
  return atoms.length === 0 ? undefined : summary(atoms);
}

/** "a" and "i" at the end of a run are words, as in "five five five i think". */
function isTrailing(view: View, atoms: readonly Atom[]): boolean {
  const last = atoms[atoms.length - 1];
  if (last === undefined || last.form !== 'letter') return false;
  if (last.value !== 'a' && last.value !== 'i') return false;
  const before = atoms[atoms.length - 2];
  if (before?.form === 'typed' && view.glued(last.start)) return false;
  if (endsCode(view, atoms, last)) return false;
  if (before === undefined || before.form !== 'letter') return true;
  // "li wei l i": a short name that is spelled.
  if (view.before?.kind === 'NAME' && view.before.end === atoms[0]?.start) return false;
  const next = view.flags(last.end);
  // "p e t r o v a with" ends with a letter, "j a n e i think" with a word.
  if ((next & Flag.word) === 0) return false;
  return atoms.length < 3 || !afterSpelling.has(view.token(last.end).lower);
}

/** "one a", and no more: the last letter of a code that was asked for. */
function endsCode(view: View, atoms: readonly Atom[], last: Atom): boolean {
  if (last.value !== 'a' || atoms.length < 4 || (view.flags(last.end) & (Flag.end | Flag.punct)) === 0) return false;
  return atoms[0]?.form === 'letter' || view.context.asked.length > 0 || view.context.pending !== undefined;
}

const money = new Set('dollars dollar bucks cents percent euros pounds'.split(' '));

/** "my visa four one one one eighty five dollars": an amount that follows digits said one by one. */
function isPrice(view: View, atoms: readonly Atom[]): boolean {
  const last = atoms[atoms.length - 1];
  if (last === undefined || (last.form !== 'pair' && last.form !== 'scaled') || !money.has(view.token(last.end).lower))
    return false;
  return atoms.length > 3 && atoms.slice(0, -1).every(({ form }) => form === 'single' || form === 'repeat');
}

const afterSpelling = new Set(
  'with and is as like for then at dot underscore but yes okay right so no sorry in that'.split(' '),
);

function summary(atoms: readonly Atom[]): Run {
  let digits = '';
  let code = '';
  let letters = 0;
  let singles = 0;
  let typed = false;
  for (const atom of atoms) {
    code += atom.value;
    if (atom.form === 'letter') letters += atom.value.length;
    else digits += atom.value;
    if (atom.form === 'single' || atom.form === 'repeat') singles += atom.value.length;
    typed ||= atom.form === 'typed';
  }
  return {
    atoms,
    start: atoms[0]?.start ?? 0,
    end: atoms[atoms.length - 1]?.end ?? 0,
    digits,
    code,
    letters,
    singles,
    typed,
  };
}

/** The next part after a gap of words and marks that say nothing. */
function nextAtom(view: View, last: Atom): Atom | undefined {
  for (let at = last.end; at <= last.end + longestGap; at += 1) {
    const atom = atomAt(view, at, last) ?? homophone(view, at, last);
    if (atom !== undefined) return atom;
    if (!joins(view, at) || tellsMeasure(view, at, last)) return undefined;
  }
  return undefined;
}

/** "my b p is one forty": letters that name what is measured, where no code was asked for. */
function tellsMeasure(view: View, at: number, last: Atom): boolean {
  const { asked, pending } = view.context;
  return last.form === 'letter' && view.token(at).lower === 'is' && asked.length === 0 && pending === undefined;
}

function joins(view: View, at: number): boolean {
  const flags = view.flags(at);
  if ((flags & Flag.joiner) !== 0) return true;
  return (flags & Flag.punct) !== 0 && typedJoiners.has(view.token(at).lower);
}

export function atomAt(view: View, at: number, before: Atom | undefined): Atom | undefined {
  const flags = view.flags(at);
  if ((flags & Flag.number) !== 0) return typedAtom(view, at, before);
  if ((flags & Flag.letter) !== 0 && view.token(at).lower === 'o') return zeroOrLetter(view, at, flags, before);
  if ((flags & (Flag.digit | Flag.teen | Flag.tens)) !== 0) return countAtom(view, at, flags, before);
  if ((flags & Flag.repeat) !== 0) return repeatAtom(view, at);
  if ((flags & (Flag.letter | Flag.alphabet)) !== 0) return letterAtom(view, at, flags, before);
  if ((flags & Flag.word) === 0) return undefined;
  if (capitalWords.has(view.token(at).lower)) {
    const letter = atomAt(view, at + 1, before);
    return letter?.form === 'letter' ? { ...letter, start: at } : undefined;
  }
  return codeAtom(view, at, flags, before);
}

const capitalWords = new Set(['capital', 'uppercase', 'lowercase', 'letter']);

/** "o" is a letter among letters and a zero among digits. */
function zeroOrLetter(view: View, at: number, flags: number, before: Atom | undefined): Atom | undefined {
  if (view.glued(at + 1) && view.token(at + 1).lower === '-') return letterAtom(view, at, flags, before);
  const next = view.flags(at + 1);
  const afterLetter = before?.form === 'letter' && before.value.length === 1;
  const named = view.token(at + 1).lower === 'apostrophe';
  const letterNext = named || ((next & Flag.letter) !== 0 && view.token(at + 1).lower !== 'o');
  const doubled = (next & Flag.repeat) !== 0 && (view.flags(at + 2) & Flag.letter) !== 0;
  const zero = view.token(at + 1).lower === 'o' || doubled;
  if (afterLetter && ((next & numeral) === 0 || zero)) return letterAtom(view, at, flags, before);
  if (before === undefined && (letterNext || likeLength(view, at + 1, 'o') > 0))
    return letterAtom(view, at, flags, before);
  return countAtom(view, at, flags, before);
}

function typedAtom(view: View, at: number, before: Atom | undefined): Atom | undefined {
  const value = view.token(at).lower;
  if (
    view.glued(at + 1) &&
    (view.flags(at + 1) & Flag.word) !== 0 &&
    (value.length <= 3 || view.token(at + 1).lower === 's') &&
    suffixes.has(view.token(at + 1).lower) &&
    before?.form !== 'letter'
  )
    return undefined;
  return { form: 'typed', value, start: at, end: at + 1 };
}

/** "four zeros", "two sevens". */
const pluralDigits: Readonly<Record<string, string>> = {
  zeros: '0',
  zeroes: '0',
  ohs: '0',
  ones: '1',
  twos: '2',
  threes: '3',
  fours: '4',
  fives: '5',
  sixes: '6',
  sevens: '7',
  eights: '8',
  nines: '9',
};

function countAtom(view: View, at: number, flags: number, before: Atom | undefined): Atom | undefined {
  const word = view.token(at).lower;
  const digit = digitWords[word];
  const alone = view.context.pending !== undefined && (view.flags(at + 1) & Flag.end) !== 0;
  if (
    digit !== undefined &&
    (word === 'o' || word === 'oh') &&
    before === undefined &&
    !alone &&
    !startsNumber(view, at + 1)
  )
    return undefined;
  let value = digit ?? teenWords[word] ?? tensWords[word] ?? '';
  let end = at + 1;
  if ((flags & Flag.tens) !== 0) {
    const hyphen = view.token(end).lower === '-' && view.glued(end) ? 1 : 0;
    const unit = digitWords[view.token(end + hyphen).lower];
    if (unit !== undefined && unit !== '0') {
      value = value.charAt(0) + unit;
      end += 1 + hyphen;
    }
  }
  const many = digit === undefined ? undefined : pluralDigits[view.token(end).lower];
  if (many !== undefined && Number(digit) >= 2 && (many !== '1' || before !== undefined))
    return { form: 'repeat', value: many.repeat(Number(digit)), start: at, end: end + 1 };
  const scale = view.token(end).lower;
  if (scale === 'hundred') return scaled(view, at, end, value + '00');
  if (scale === 'thousand') return scaled(view, at, end, value + '000');
  return { form: digit === undefined ? 'pair' : 'single', value, start: at, end };
}

/** "eight hundred", "two hundred and fifty", "five thousand". */
function scaled(view: View, start: number, at: number, value: string): Atom {
  let end = at + 1;
  if (view.token(end).lower === 'and' && (view.flags(end + 1) & numeral) !== 0) end += 1;
  return { form: 'scaled', value, start, end: view.token(end - 1).lower === 'and' ? end - 1 : end };
}

/** After "oh" at the start of a value: a number, perhaps after a word that says nothing. */
function startsNumber(view: View, at: number): boolean {
  const gap =
    (view.flags(at) & Flag.joiner) !== 0 && (view.flags(at) & numeral) === 0 && view.context.asked.length > 0 ? 1 : 0;
  if ((view.flags(at + gap) & numeral) !== 0) return true;
  // "oh k v b nine": a plate may begin with a nought.
  const letter = (view.flags(at) & (Flag.letter | Flag.alphabet)) !== 0;
  return letter && (view.flags(at + 1) & (Flag.letter | Flag.alphabet | numeral)) !== 0;
}

function repeatAtom(view: View, at: number): Atom | undefined {
  const times = repeatWords[view.token(at).lower];
  const next = atomAt(view, at + 1, { form: 'letter', value: '', start: at, end: at + 1 });
  if (times === undefined || next === undefined) return undefined;
  if (next.form === 'scaled' || next.value.length > 2) return undefined;
  return {
    form: next.form === 'letter' ? 'letter' : 'repeat',
    value: next.value.repeat(times),
    start: at,
    end: next.end,
  };
}
