import type { KindClearance } from '../clearance.ts';
import { readDigits } from './digits.ts';
import { isPhiKind, phiKinds, type PhiKind } from './kinds.ts';
import { tokenize } from './tokens.ts';

/** A value of the call and the pseudonym that stands for it. */
interface Entry {
  readonly kind: PhiKind;
  readonly number: number;
  value: string;
  words: ReadonlySet<string>;
  digits: string;
}

/** More values than a call has; what comes after them is masked without a way back. */
const mostEntries = 200;
/** Fewer digits in a row are part of too many numbers to say whose they are. */
const tellingDigits = 4;

/**
 * The pseudonyms of one call, `[NAME_1]` for a value and back. In memory only, gone with the call. A name said in full
 * and one of its parts, a number in words and in digits, whole and in part, have one pseudonym.
 */
export class Pseudonyms {
  readonly #entries: Entry[] = [];

  /** Pseudonyms given out. */
  get size(): number {
    return this.#entries.length;
  }

  /** The pseudonym of a value; undefined when the call has had too many. */
  pseudonymOf(kind: PhiKind, value: string): string | undefined {
    const tokens = tokenize(value);
    const words = new Set(tokens.filter((token) => token.kind !== 'punct').map(({ lower }) => lower));
    const digits = readDigits(tokens);
    const known = this.#entries.find((entry) => entry.kind === kind && isSame(entry, words, digits));
    if (known !== undefined) {
      if (value.length > known.value.length) Object.assign(known, { value, words, digits });
      return nameOf(known);
    }
    if (this.#entries.length >= mostEntries) return undefined;
    const number = this.#entries.filter((entry) => entry.kind === kind).length + 1;
    this.#entries.push({ kind, number, value, words, digits });
    return `[${kind}_${number}]`;
  }

  /** The value behind a pseudonym; undefined for one that this call never gave out. */
  valueOf(kind: PhiKind, number: number): string | undefined {
    return this.#entries.find((entry) => entry.kind === kind && entry.number === number)?.value;
  }

  /** Turns pseudonyms back on their way to a party; one for each stream of text. */
  restorer(clearance: KindClearance): Restorer {
    return new Restorer(this, clearance);
  }
}

function nameOf({ kind, number }: Entry): string {
  return `[${kind}_${number}]`;
}

function isSame(entry: Entry, words: ReadonlySet<string>, digits: string): boolean {
  if (entry.digits.length >= tellingDigits && digits.length >= tellingDigits)
    return entry.digits.includes(digits) || digits.includes(entry.digits);
  if (entry.digits !== '' || digits !== '') return entry.digits === digits && isPart(entry.words, words);
  return isPart(entry.words, words);
}

function isPart(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  const [few, many] = first.size <= second.size ? [first, second] : [second, first];
  return few.size > 0 && [...few].every((word) => many.has(word));
}

const kind = phiKinds.join('|');
/**
 * A pseudonym as models write it: in one or two brackets of any kind, in any case, with a space or a dash for the
 * underscore; without brackets only with the underscore, as `date 1` is also a phrase.
 */
const pseudonym = new RegExp(
  `[[({<]{1,2} ?(${kind})[ _-](\\d{1,3}) ?[\\])}>]{0,2}|(?<![a-z0-9_])(${kind})_(\\d{1,3})(?![a-z0-9_])`,
  'giu',
);
/** What may become a pseudonym when more text comes. */
const beginning = /(?:[[({<]{1,2} ?[a-z_]{0,10}[ _-]?\d{0,3} ?[\])}>]?|(?<![a-z0-9_])[a-z_]{1,10}\d{0,3})$/iu;

/** Longer than any pseudonym as models write it. */
const context = 32;

/**
 * Puts the values back into a stream of text for a party that is cleared for them. Any cutting of the text into pieces
 * gives the same result; at most a pseudonym's length is held. Unknown pseudonyms stay as they are and are counted.
 */
export class Restorer {
  /** Pseudonyms of the right form that this call never gave out. */
  unknown = 0;
  readonly #pseudonyms: Pseudonyms;
  readonly #clearance: KindClearance;
  #held = '';
  /** What left last, as it came: a pseudonym without brackets begins at the border of a word. */
  #before = '';

  constructor(pseudonyms: Pseudonyms, clearance: KindClearance) {
    this.#pseudonyms = pseudonyms;
    this.#clearance = clearance;
  }

  /** Characters that wait for more text, UTF-16 code units. */
  get held(): number {
    return this.#held.length;
  }

  push(piece: string): string {
    this.#held += piece;
    return this.#release(this.#openFrom());
  }

  flush(): string {
    return this.#release(this.#held.length);
  }

  /** A whole text, apart from the stream. */
  whole(text: string): string {
    return this.#restored(text, 0);
  }

  /** Where text begins that may still be or become part of a pseudonym. */
  #openFrom(): number {
    const text = this.#before + this.#held;
    const lastMatch = [...text.matchAll(pseudonym)].at(-1);
    const open =
      lastMatch !== undefined && lastMatch.index + lastMatch[0].length === text.length ? lastMatch.index : undefined;
    const from = open ?? beginning.exec(text.slice(-context))?.index;
    if (from === undefined) return this.#held.length;
    const offset = open === undefined ? Math.max(0, text.length - context) : 0;
    return Math.max(0, from + offset - this.#before.length);
  }

  #release(to: number): string {
    const text = this.#before + this.#held.slice(0, to);
    const out = this.#restored(text, this.#before.length);
    this.#held = this.#held.slice(to);
    this.#before = text.slice(-context);
    return out;
  }

  /** The text from an offset on. What begins before it has left. */
  #restored(text: string, from: number): string {
    let out = '';
    let at = from;
    for (const match of text.matchAll(pseudonym)) {
      if (match.index < from) continue;
      out += text.slice(at, match.index) + this.#valueFor(match);
      at = match.index + match[0].length;
    }
    return out + text.slice(at);
  }

  #valueFor(match: readonly (string | undefined)[]): string {
    const [written = '', bracketed, bracketedNumber, bare, bareNumber] = match;
    const name = (bracketed ?? bare ?? '').toUpperCase();
    if (!isPhiKind(name) || this.#clearance[name] !== 'pass') return written;
    const value = this.#pseudonyms.valueOf(name, Number(bracketedNumber ?? bareNumber));
    if (value === undefined) this.unknown += 1;
    return value ?? written;
  }
}
