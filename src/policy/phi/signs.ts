import { Flag } from './lexicon/flags.ts';
import type { Recognizer } from './recognizer.ts';
import type { Token } from './tokens.ts';

/** So many tokens after a token a word may stand that is a sign near it. */
const reach = 5;

/** A recognizer and what it takes for it to be asked about a token: a bit of `opens` or of `signs`. */
export interface Asked {
  readonly recognizer: Recognizer;
  readonly opens: number;
  readonly signs: number;
}

/** What words are signs of: a bit for each recognizer and the place in which its words have to stand. */
export class SignBook {
  readonly asked: readonly Asked[];
  readonly words = new Map<string, number>();
  /** Which of the bits are of words that are the token itself, that stand just before it, or near it. */
  begins = 0;
  after = 0;
  near = 0;
  private free = 1;

  constructor(recognizers: readonly Recognizer[]) {
    this.asked = recognizers.map((recognizer) => {
      const [begins, after, near] = [recognizer.begins, recognizer.after, recognizer.near].map((words) =>
        this.add(words),
      );
      this.begins |= begins ?? 0;
      this.after |= after ?? 0;
      this.near |= near ?? 0;
      return { recognizer, opens: recognizer.opens, signs: (begins ?? 0) | (after ?? 0) | (near ?? 0) };
    });
  }

  private add(words: ReadonlySet<string> | undefined): number {
    if (words === undefined) return 0;
    const bit = this.free;
    if (bit === 0) throw new Error('There are more than 32 sets of signs');
    this.free <<= 1;
    for (const word of words) this.words.set(word, (this.words.get(word) ?? 0) | bit);
    return bit;
  }
}

/** The signs in the tokens of one text. */
export class Signs {
  /** Of each token its own, and those of it and of the tokens within reach after it. */
  private own = new Int32Array(0);
  private near = new Int32Array(0);
  /** What stands near a token is known where it lies so far before this one. */
  private certainTo = 0;

  /** Takes in the tokens from `from` on; `complete` where no more come. */
  read(tokens: readonly Token[], from: number, complete: boolean, { words }: SignBook): void {
    this.certainTo = complete ? Infinity : tokens.length;
    this.reserve(tokens.length, from);
    for (let index = from; index < tokens.length; index += 1) {
      const signs = words.get(tokens[index]?.lower ?? '') ?? 0;
      this.own[index] = signs;
      this.near[index] = 0;
      if (signs === 0) continue;
      for (let at = Math.max(0, index - reach); at <= index; at += 1) this.near[at] = (this.near[at] ?? 0) | signs;
    }
  }

  /** The signs of a token; what may still come counts as a sign. `flags` are its own. */
  of(at: number, flags: number, book: SignBook): number {
    const own = (this.own[at] ?? 0) & book.begins;
    if ((flags & Flag.word) === 0) return own;
    const before = at === 0 ? (book.words.get('') ?? 0) : (this.own[at - 1] ?? 0);
    const near = at + reach < this.certainTo ? (this.near[at] ?? 0) : -1;
    return own | (before & book.after) | (near & book.near);
  }

  private reserve(size: number, kept: number): void {
    if (this.own.length >= size) return;
    const [own, near] = [this.own, this.near];
    this.own = new Int32Array(size * 2);
    this.near = new Int32Array(size * 2);
    this.own.set(own.subarray(0, kept));
    this.near.set(near.subarray(0, kept));
  }
}
