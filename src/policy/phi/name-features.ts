import type { NameLexicon } from './lexicon/name-lexicon.ts';
import type { PhiKind } from './kinds.ts';
import type { KnownSums } from './known-sums.ts';
import { NameWords, commonWord, hide, margin, read, runMask } from './name-words.ts';
import type { Speaker } from './recognizer.ts';
import type { Token } from './tokens.ts';

/**
 * The features of the name tagger, as hashes into one table of weights. A feature of word i looks at words i-6 to i+2
 * only. The numbers of the templates are part of the trained data.
 */
export const weightSlots = 2 ** 20;
/** More than the most features one word has (node or edge). */
export const maxFeatures = 96;

const slotMask = weightSlots - 1;
/** How many words a feature looks to each side. */
const reach = { left: 6, right: 2 } as const;

export class NameFeatures {
  readonly words: NameWords;
  /** The features that `node` or `edge` found last. */
  readonly slots = new Int32Array(maxFeatures);
  #size = 0;
  /** Who speaks and what was asked. */
  #asked = 0;
  /** The first word of the text and the first two: "remind me to ...", "email ...". */
  #opening = 0;
  #opening2 = 0;

  constructor(likeness: Int8Array, lexicon: NameLexicon) {
    this.words = new NameWords(likeness, lexicon);
  }

  load(
    tokens: readonly Token[],
    asked: PhiKind | undefined,
    speaker: Speaker,
    hidden?: Uint8Array,
    stretch?: KnownSums,
  ): void {
    this.words.load(tokens, hidden, stretch);
    this.#asked = (asked === undefined ? 0 : asked === 'NAME' ? 1 : 2) + (speaker === 'agent' ? 3 : 0);
    this.#opening = read(this.words.id, margin.left);
    this.#opening2 = Math.imul(this.#opening, 31) + read(this.words.id, margin.left + 1);
  }

  /** The features that speak for or against word `word` being part of a name: how many, in `slots`. */
  node(word: number): number {
    const i = word + margin.left;
    const { id, coarse } = this.words;
    const detail = read(this.words.detail, i);
    this.#size = 0;
    if ((read(this.words.hidden, i) & hide.identity) === 0) this.#identity(i, word);
    this.#neighbours(i);
    this.#lists(i, detail);
    this.#marks(i, detail);
    this.#place(i, word, detail);
    for (let back = 3; back <= 6; back += 1) {
      this.#add(60, read(id, i - back), 0, 0);
      this.#add(61, read(id, i - back), read(coarse, i), 0);
    }
    this.#affixes(this.words.texts[i] ?? '', read(coarse, i));
    return this.#size;
  }

  /** The features of word `word` and the one before it both being part of a name: how many, in `slots`. */
  edge(word: number): number {
    const i = word + margin.left;
    const { id, shape } = this.words;
    const coarse = read(this.words.coarse, i);
    const coarseBefore = read(this.words.coarse, i - 1);
    const gap = read(this.words.gap, i);
    this.#size = 0;
    this.#add(80, 0, 0, 0);
    this.#add(81, gap, 0, 0);
    this.#add(82, coarse, coarseBefore, 0);
    this.#add(83, read(this.words.detail, i), coarseBefore, gap);
    this.#add(84, read(id, i), 0, 0);
    this.#add(85, read(id, i), coarseBefore, 0);
    this.#add(86, read(id, i - 1), coarse, 0);
    this.#add(87, read(shape, i), read(shape, i - 1), gap);
    this.#add(88, read(id, i + 1), coarse, 0);
    return this.#size;
  }

  /** Those of `node` that depend on how the text opens. */
  opening(word: number): number {
    this.#size = 0;
    this.#openings(word + margin.left);
    return this.#size;
  }

  /**
   * Do all features of the word but {@link opening} stay the same where the text begins earlier or goes on? Its neighbours
   * must be there, and read as the same words: behind one that is no letter in a row, as letters are read together.
   */
  isInside(word: number): boolean {
    return word - reach.left >= this.words.anchor && this.words.count - word > reach.right + 1;
  }

  /** Had a capital come by the end of what the features of the word look at? 1 or 0. */
  cased(word: number): number {
    return read(this.words.cased, word + margin.left + reach.right);
  }

  #identity(i: number, word: number): void {
    const { id } = this.words;
    const own = read(id, i);
    const [before, after] = [read(id, i - 1), read(id, i + 1)];
    this.#add(1, own, 0, 0);
    this.#add(2, own, before, 0);
    this.#add(3, own, after, 0);
    this.#add(4, own, before, read(id, i - 2));
    this.#add(5, own, after, read(id, i + 2));
    this.#add(6, own, before, after);
    this.#add(7, own, this.#shape(i), 0);
    this.#add(8, own, this.#where(word), 0);
  }

  #neighbours(i: number): void {
    const { id } = this.words;
    const [before, before2] = [read(id, i - 1), read(id, i - 2)];
    const [after, after2] = [read(id, i + 1), read(id, i + 2)];
    this.#add(10, before, 0, 0);
    this.#add(11, after, 0, 0);
    this.#add(12, before2, 0, 0);
    this.#add(13, after2, 0, 0);
    this.#add(14, before, before2, 0);
    this.#add(15, after, after2, 0);
    this.#add(16, before, after, 0);
    this.#add(17, before, before2, read(id, i - 3));
    this.#add(18, before, before2, after);
  }

  #lists(i: number, detail: number): void {
    const { id } = this.words;
    const coarse = read(this.words.coarse, i);
    const [coarseBefore, coarseAfter] = [read(this.words.coarse, i - 1), read(this.words.coarse, i + 1)];
    const [before, before2, after] = [read(id, i - 1), read(id, i - 2), read(id, i + 1)];
    this.#add(20, detail, 0, 0);
    this.#add(21, detail, before, 0);
    this.#add(22, detail, after, 0);
    this.#add(23, detail, coarseBefore, 0);
    this.#add(24, detail, coarseAfter, 0);
    this.#add(25, coarse, before, before2);
    this.#add(26, coarse, before, after);
    this.#add(27, coarse, after, read(id, i + 2));
    this.#add(28, Math.imul(coarse, 31) + read(id, i - 3), before, before2);
    this.#add(29, coarse, coarseBefore, coarseAfter);
    this.#add(30, coarse, before2, 0);
    this.#openings(i);
  }

  #openings(i: number): void {
    const coarse = read(this.words.coarse, i);
    this.#add(31, coarse, this.#opening, 0);
    this.#add(32, coarse, this.#opening2, 0);
    this.#add(33, coarse, read(this.words.id, i - 1), this.#opening);
  }

  #marks(i: number, detail: number): void {
    const { id, gap } = this.words;
    const shape = this.#shape(i);
    const coarse = read(this.words.coarse, i);
    const [before, after] = [read(gap, i), read(gap, i + 1)];
    this.#add(40, shape, 0, 0);
    this.#add(41, shape, detail, 0);
    this.#add(42, shape, coarse, read(id, i - 1));
    this.#add(43, shape, read(this.words.shape, i - 1), read(this.words.shape, i + 1));
    this.#add(44, before * 16 + after, coarse, 0);
    this.#add(45, before, read(id, i - 1), coarse);
    this.#add(46, after, read(id, i + 1), coarse);
  }

  #place(i: number, word: number, detail: number): void {
    const where = this.#where(word);
    const coarse = read(this.words.coarse, i);
    this.#add(50, where, 0, 0);
    this.#add(51, where, coarse, 0);
    this.#add(52, where, read(this.words.id, i - 1), 0);
    this.#add(53, this.#asked, detail, 0);
    this.#add(54, where, read(this.words.coarse, i - 1), coarse);
  }

  /** First and last letters; the commonest words and spelled letters are known better by what they are. */
  #affixes(text: string, coarse: number): void {
    if ((coarse & (commonWord | runMask)) !== 0 || text.length < 2) return;
    const length = Math.min(text.length, 24);
    let start = 0;
    let end = 0;
    for (let at = 0; at < Math.min(4, length); at += 1) {
      start = Math.imul(start ^ text.charCodeAt(at), 0x01000193) + 1;
      end = Math.imul(end ^ text.charCodeAt(length - 1 - at), 0x01000193) + 1;
      if (at === 0) continue;
      this.#add(70 + at, start, 0, 0);
      this.#add(74 + at, end, 0, 0);
    }
    this.#add(78, end, coarse, 0);
  }

  /** The word's own shape, and whether the text has capitals at all (as far as two words on). */
  #shape(i: number): number {
    return read(this.words.shape, i) + (read(this.words.cased, i + 2) << 6);
  }

  /** Place from the beginning and from the end, up to three; who speaks and what was asked. */
  #where(word: number): number {
    return Math.min(word, 3) * 4 + Math.min(this.words.count - word, 3) + this.#asked * 16;
  }

  #add(template: number, a: number, b: number, c: number): void {
    let hash = Math.imul(a ^ Math.imul(template, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x27d4eb2f);
    this.slots[this.#size] = (hash ^ (hash >>> 15)) & slotMask;
    this.#size += 1;
  }
}
