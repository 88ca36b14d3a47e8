import type { PhiKind } from './kinds.ts';
import type { Token } from './tokens.ts';

/** Who is speaking. `caller` is the patient's side, `agent` the AI (or the practice) side. */
export type Speaker = 'caller' | 'agent';

/** A stretch of text that holds PHI. Offsets are UTF-16 code units, `end` exclusive; `score` is 0 to 1. */
export interface Span {
  readonly kind: PhiKind;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** What a recognizer found: a span from the token that was asked about to `end`, exclusive. */
export interface Match {
  readonly kind: PhiKind;
  readonly end: number;
  readonly score: number;
}

/**
 * One way of finding one kind. It is asked about one token after another, left to right, and answers whether a span
 * begins there. It is pure and looks at text only through the view: whoever looks at a token that has not come yet is
 * asked again when it has. That makes every recognizer independent of how a text is cut.
 */
export interface Recognizer {
  readonly name: string;
  /** `Flag` bits; it is asked about tokens that have one of them. */
  readonly opens: number;
  /** Folded words: it is asked as well about tokens that are one of them. What is seldom found need not be asked about all. */
  readonly begins?: ReadonlySet<string>;
  /** The same about words just after one of these; the empty word is the start of the text. */
  readonly after?: ReadonlySet<string>;
  /** The same about words that are one of these, or that have one of them among the five tokens after them. */
  readonly near?: ReadonlySet<string>;
  /** It is asked only where a value begins: where `readValue` of `numeral.ts` finds a run. */
  readonly readsValues?: true;
  match(view: View, at: number): Match | undefined;
}

/** A text as a recognizer sees it: tokens around the one it is asked about, bounded on both sides. */
export interface View {
  readonly context: RecognizerContext;
  /** A token by index; beyond both ends of the text and of the bound stands an empty token of kind punct. */
  token(index: number): Token;
  /** `Flag` bits of a token; `Flag.end` beyond the ends. */
  flags(index: number): number;
  /** True where no character stands between this token and the one before it. */
  glued(index: number): boolean;
  /** The original text from the start of one token to the end of another, both inclusive. */
  slice(first: number, last: number): string;
  /** The run of digits, number words and letters that begins at a token, read once for all recognizers. */
  run(at: number): Run | undefined;
  /** How likely a word is part of a person's name by its context, 0 to 1, as the name tagger says. */
  named(index: number): number;
  /** The last span before the token asked about: its kind and its tokens, `end` exclusive. */
  readonly before: { readonly kind: PhiKind; readonly start: number; readonly end: number } | undefined;
}

/** One part of a value as it was said: "five", "forty two", "double seven", "k", "d as in david", typed "555". */
export interface Atom {
  /** `single` digit, `pair` (10-99 in one breath), `typed` digits, `scaled` (hundreds and more), `repeat`, `letter`. */
  readonly form: 'single' | 'pair' | 'typed' | 'scaled' | 'repeat' | 'letter';
  /** The digits or the letter. */
  readonly value: string;
  /** Token indexes, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A run of digits, number words and letters, with what may stand between them. */
export interface Run {
  readonly atoms: readonly Atom[];
  readonly start: number;
  readonly end: number;
  /** The digits alone, in order. */
  readonly digits: string;
  /** Digits and letters in order. */
  readonly code: string;
  readonly letters: number;
  /** Digits that were said one by one or by "double": the way in which identifiers are said. */
  readonly singles: number;
  readonly typed: boolean;
}

/** What the dialogue lends to a recognizer: facts of earlier turns, never their text. */
export interface RecognizerContext {
  readonly speaker: Speaker;
  /** What the other side asked for last, the likeliest first. */
  readonly asked: readonly PhiKind[];
  /** True where the date that was asked for is a birthday or another of somebody's own: an answer in bare numbers is one. */
  readonly asksBirth: boolean;
  /** The kind of the value that this speaker was in the middle of when the last turn ended. */
  readonly pending: PhiKind | undefined;
  /** The kind under which a word, folded, became known in this call. */
  knownWord(lower: string): PhiKind | undefined;
  /** The kind of a value of this call that holds these digits in a row. */
  knownDigits(digits: string): PhiKind | undefined;
}
