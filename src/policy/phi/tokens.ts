import { fold, invisible } from './fold.ts';

/**
 * Text to tokens with offsets. The cut is the finest that recognition needs: letters, digits and single punctuation
 * marks never share a token, so "10am" is two tokens and "(555)" three; whitespace lies between tokens.
 */
export type TokenKind = 'word' | 'number' | 'punct';

export interface Token {
  /** The slice of the original text. */
  readonly text: string;
  /** Case folded, accents stripped, full-width and look-alike letters as ASCII, invisible characters gone. */
  readonly lower: string;
  /** UTF-16 code units; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}

/** What stands beyond both ends of a text. */
export const nowhere: Token = { text: '', lower: '', start: 0, end: 0, kind: 'punct' };

/** A longer run is cut: 64 KiB without a space must not become one token that is held until its end. */
const longestToken = 64;

const letter = /\p{L}/u;
const digit = /\p{Nd}/u;
const mark = /\p{M}/u;

const Class = { space: 0, letter: 1, digit: 2, invisible: 3, punct: 4 } as const;
type Class = (typeof Class)[keyof typeof Class];

const ascii: readonly Class[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\s/.test(character) || code === 0) return Class.space;
  if (/[a-z]/i.test(character)) return Class.letter;
  return /\d/.test(character) ? Class.digit : Class.punct;
});

/** 1 for an ASCII character after which nothing of a word can follow: space and marks but the apostrophe and the backslash. */
const ending = Uint8Array.from(ascii, (kind, code) =>
  (kind === Class.space || kind === Class.punct) && code !== 39 && code !== 92 ? 1 : 0,
);

function classOf(code: number): Class {
  const known = ascii[code];
  if (known !== undefined) return known;
  const character = String.fromCodePoint(code);
  // A mark belongs to the letter or digit that it stands on.
  if (invisible.test(character) || mark.test(character)) return Class.invisible;
  if (letter.test(character)) return Class.letter;
  if (digit.test(character)) return Class.digit;
  return /\s/u.test(character) ? Class.space : Class.punct;
}

export interface Cut {
  /** The tokens that no further text can change. */
  readonly tokens: readonly Token[];
  /** Where the next cut goes on: after the last token and the space that follows it. */
  readonly to: number;
}

/** Cuts a text that may still grow. After the last piece, call with `complete` true: then every token is certain. */
export function tokenizeFrom(text: string, from: number, complete: boolean): Cut {
  const tokens: Token[] = [];
  return { tokens, to: tokenizeInto(tokens, text, from, complete) };
}

/** The same; adds the tokens to those before them and returns where the next cut goes on. */
export function tokenizeInto(tokens: Token[], text: string, from: number, complete: boolean): number {
  let at = from;
  while (at < text.length) {
    const plain = plainEnd(text, at);
    if (plain > at) {
      const word = text.slice(at, plain);
      tokens.push({ text: word, lower: word, start: at, end: plain, kind: 'word' });
      at = plain;
      continue;
    }
    const code = text.codePointAt(at) ?? 0;
    const kind = startsPossessive(text, at) ? Class.letter : classOf(code);
    if (kind === Class.space || kind === Class.invisible) {
      at += width(code);
      continue;
    }
    if (isWrittenSpace(text, at)) {
      at += 2;
      continue;
    }
    const written = kind === Class.punct && writtenLetter(text, at);
    const end = kind === Class.punct && !written ? at + width(code) : runEnd(text, at, written ? Class.letter : kind);
    if (!complete && mayGrow(text, at, end)) break;
    const slice = text.slice(at, end);
    tokens.push({
      text: slice,
      lower: fold(slice),
      start: at,
      end,
      kind: kind === Class.letter || written ? 'word' : kind === Class.digit ? 'number' : 'punct',
    });
    at = end;
  }
  return at;
}

/**
 * The end of a word of small ASCII letters alone, where the text after it shows that it is whole; else `at`. Most words
 * are so, and need neither folding nor any of the rules below.
 */
function plainEnd(text: string, at: number): number {
  let end = at;
  let code = text.charCodeAt(end);
  while (code >= 97 && code <= 122) {
    end += 1;
    code = text.charCodeAt(end);
  }
  return end - at < longestToken && ending[code] === 1 ? end : at;
}

export function tokenize(text: string): readonly Token[] {
  return tokenizeFrom(text, 0, true).tokens;
}

/** A line break or tab as JSON writes it: arguments and results of tools are JSON inside a string. */
function isWrittenSpace(text: string, at: number): boolean {
  return text.charCodeAt(at) === 92 && 'nrt'.includes(text.charAt(at + 1)) && at + 1 < text.length;
}

/** A letter as JSON may write it, `\\u00e9`. */
function writtenLetter(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 92) return false;
  const [, hex] = /^\\u([\da-f]{4})/iu.exec(text.slice(at, at + 6)) ?? [];
  return hex !== undefined && classOf(Number.parseInt(hex, 16)) === Class.letter;
}

function width(code: number): number {
  return code > 0xffff ? 2 : 1;
}

/** The end of a run of letters or digits; apostrophes inside a word belong to it, but a final 's is its own token. */
function runEnd(text: string, start: number, kind: Class): number {
  let at = start;
  if (startsPossessive(text, start)) return start + 2;
  while (at < text.length && at - start < longestToken) {
    const code = text.codePointAt(at) ?? 0;
    const found = classOf(code);
    if (found === kind || found === Class.invisible) at += width(code);
    else if (kind === Class.letter && joinsLetters(text, at)) at += 1;
    else if (kind === Class.letter && writtenLetter(text, at)) at += 6;
    else break;
  }
  return at;
}

/** ' and the marks that are typed or recognised for it. */
function isApostrophe(code: number): boolean {
  return code === 39 || code === 0x2019 || code === 0x2018 || code === 0x2bc;
}

function joinsLetters(text: string, at: number): boolean {
  if (!isApostrophe(text.charCodeAt(at))) return false;
  return classOf(text.codePointAt(at + 1) ?? 0) === Class.letter && !isPossessive(text, at);
}

/** "'s" before something that is no letter. */
function isPossessive(text: string, at: number): boolean {
  return /[sS]/.test(text.charAt(at + 1)) && classOf(text.codePointAt(at + 2) ?? 0) !== Class.letter;
}

function startsPossessive(text: string, at: number): boolean {
  return isApostrophe(text.charCodeAt(at)) && isPossessive(text, at);
}

/** Could a token that ends at `end` look different once more text has come? */
function mayGrow(text: string, start: number, end: number): boolean {
  if (end - start >= longestToken) return false;
  if (end === text.length) return true;
  // Half of a pair of surrogates: the other half says what it is.
  if (end + 1 === text.length && (text.charCodeAt(end) & 0xfc00) === 0xd800) return true;
  if (text.charCodeAt(end) === 92 && end + 6 > text.length) return true;
  // "john'" is undecided until the two characters after the apostrophe are known.
  return isApostrophe(text.charCodeAt(end)) && end + 3 > text.length;
}
