import type { KnownSums } from './known-sums.ts';
import { givenLevel, hashWord, surnameLevel, topicOf, topics, wordLevel } from './lexicon/name-lexicon.ts';
import type { NameLexicon } from './lexicon/name-lexicon.ts';
import { gapOf, isLetter, joined, longestRun, runEnd, sentenceGap, shapeOf } from './name-tokens.ts';
import type { Token } from './tokens.ts';

/**
 * Tokens as the name tagger reads them. Marks and hesitations are no words but the gap before the next one, so that
 * "hi, I'm ..." and "hi um i'm ..." look alike; letters in a row ("t a t e", "M.R.I.") are one word, so that the lists
 * can say whether they spell a name.
 */
export const likenessSlots = 2 ** 15;

/** Bits of what training hides of a word, so that the weights lean on context and shape too. */
export const hide = { names: 1, words: 2, identity: 4 } as const;

/** Room for neighbours: entries before the first word and after the last are blank. */
export const margin = { left: 6, right: 4 } as const;

/** In `coarse`: one of the commonest words, whose identity says more than its letters. */
export const commonWord = 1 << 14;
/** In `coarse`: how many letters in a row a word is (0 for a word that is none). */
export const runMask = 7;

const likenessMask = likenessSlots - 1;
const outside = 0x5bd1e995;
const numberId = 0x3c6ef372;
/** The n-grams of 2 to 4 letters of a word, with its ends. */
export function eachGram(word: string, visit: (slot: number) => void): void {
  const bounded = `^${word.slice(0, longestRun)}$`;
  for (let start = 0; start < bounded.length; start += 1) {
    let hash = 0x1b873593;
    for (let end = start; end < Math.min(start + 4, bounded.length); end += 1) {
      hash = Math.imul(hash ^ bounded.charCodeAt(end), 0x01000193);
      if (end > start) visit((hash ^ (hash >>> 15)) & likenessMask);
    }
  }
}

/** Arrays by word, shifted by `margin.left`; they are used again for the next text. */
export class NameWords {
  count = 0;
  /** The first word that is no letter in a row; the count of tokens where there is none. */
  anchor = 0;
  /** The first and the last token of a word. */
  first = new Int32Array(0);
  last = new Int32Array(0);
  /** What a word is as a neighbour: itself if it is an ordinary word, else its rough description. */
  id = new Int32Array(0);
  /** All that the lists and the letters say of it, and a rougher form of that. */
  detail = new Int32Array(0);
  coarse = new Int32Array(0);
  /** Capitals, and whether it begins a sentence. */
  shape = new Int32Array(0);
  /** What stands between the word before and this one. */
  gap = new Int32Array(0);
  /** Whether any capital has come so far. */
  cased = new Uint8Array(0);
  hidden = new Uint8Array(0);
  readonly texts: string[] = [];

  readonly #lexicon: NameLexicon;
  readonly #likeness: Int8Array;
  /** The text that was loaded last, and where the stretch of it began. */
  #known: KnownSums | undefined;
  #text = 0;
  #from = 0;
  /** The stretch before: where it began, which of its words is next, the end of them. */
  #pastFrom = 0;
  #past = 0;
  #pastEnd = 0;

  constructor(likeness: Int8Array, lexicon: NameLexicon) {
    this.#lexicon = lexicon;
    this.#likeness = likeness;
  }

  /**
   * `hidden` (bits of `hide`, one entry a token) is for training only. Of a stretch of a text, `first` and `last` count
   * from its start; what the stretch loaded before said of the same tokens is not found again.
   */
  load(tokens: readonly Token[], hidden?: Uint8Array, stretch?: KnownSums): void {
    const { from, to } = stretch ?? { from: 0, to: tokens.length };
    this.#reserve(to - from + margin.left + margin.right);
    this.#goOn(stretch);
    this.anchor = to - from;
    let at = margin.left;
    let gap = 0;
    let cased = 0;
    let sentence = 1;
    for (let index = from; index < to; index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      const between = gapOf(token);
      if (between > 0) {
        gap = between;
        if (gap === sentenceGap) sentence = 1;
        continue;
      }
      const single = isLetter(token);
      const end = single ? runEnd(tokens, index, to) : index;
      if (!single) this.anchor = Math.min(this.anchor, at - margin.left);
      const before = single ? 0 : this.#before(index);
      const shape = before > 0 ? read(this.shape, before) & 15 : shapeOf(token);
      if (shape >= 2 && token.kind === 'word') cased = 1;
      this.first[at] = index - from;
      this.last[at] = end - from;
      this.gap[at] = gap;
      this.hidden[at] = hidden?.[index] ?? 0;
      this.shape[at] = shape + (sentence << 4);
      this.cased[at] = cased;
      if (before > 0) this.#repeat(at, before, token.lower);
      else this.#describe(at, token, end > index ? joined(tokens, index, end) : token.lower, end > index);
      index = end;
      gap = 0;
      sentence = 0;
      at += 1;
    }
    this.count = at - margin.left;
    this.#pad(at);
  }

  /** Is this the text that was loaded last? Then its words may stand further to the front now. */
  #goOn(stretch: KnownSums | undefined): void {
    const same =
      stretch !== undefined && stretch === this.#known && stretch.text === this.#text && stretch.from >= this.#from;
    this.#past = margin.left;
    this.#pastEnd = same ? margin.left + this.count : 0;
    this.#pastFrom = this.#from;
    this.#from = stretch?.from ?? 0;
    this.#known = stretch;
    this.#text = stretch?.text ?? 0;
  }

  /**
   * Where the word of one token stood in the stretch before; 0 where it did not. Places that were written since hold an
   * earlier token, so they are passed over.
   */
  #before(index: number): number {
    const place = index - this.#pastFrom;
    while (this.#past < this.#pastEnd && read(this.first, this.#past) < place) this.#past += 1;
    return this.#past < this.#pastEnd && this.first[this.#past] === place ? this.#past : 0;
  }

  #repeat(at: number, before: number, text: string): void {
    this.texts[at] = text;
    this.detail[at] = read(this.detail, before);
    this.coarse[at] = read(this.coarse, before);
    this.id[at] = read(this.id, before);
  }

  #describe(at: number, token: Token, text: string, spelled: boolean): void {
    this.texts[at] = text;
    const hidden = read(this.hidden, at);
    const hash = hashWord(text);
    let facts = token.kind === 'word' ? this.#facts(text, hash) : 0;
    if ((hidden & hide.names) !== 0) facts &= ~63;
    if ((hidden & hide.words) !== 0) facts &= 63;
    const topic = token.kind === 'number' ? topics.number : topicOf(facts);
    const [given, surname, word] = [givenLevel(facts), surnameLevel(facts), wordLevel(facts)];
    const run = token.kind === 'word' && (spelled || text.length === 1) ? runLevel(text.length) : 0;
    const plain = (word >= 3 && run === 0) || run === 1 || topic === topics.number;
    const likely = plain ? 0 : this.#likely(text);
    this.detail[at] = (given << 20) | (surname << 16) | (word << 12) | (topic << 8) | (likely << 4) | run;
    const rough = (halved(given) << 12) | (halved(surname) << 10) | (halved(word) << 7) | (topic << 3) | run;
    this.coarse[at] = rough | (word >= 5 && run === 0 ? commonWord : 0);
    // Letters in a row are known as a whole while they may be an abbreviation; "id" is not "i d".
    const own = run > 0 ? text.length <= 4 : word > 0 || text.startsWith("'");
    const known = own ? hash + run : Math.imul(rough + 1, 0x2545f491);
    this.id[at] = topic === topics.number ? numberId : known;
  }

  /** Speech-to-text drops the apostrophe of "john's": an unlisted word in -s has the levels of the name before it. */
  #facts(text: string, hash: number): number {
    const facts = this.#lexicon.facts(hash);
    if (givenLevel(facts) > 0 || wordLevel(facts) > 2 || text.length < 4 || !text.endsWith('s')) return facts;
    return facts | givenLevel(this.#lexicon.facts(hashWord(text.slice(0, -1))));
  }

  /** How much the letters look like a name's rather than a word's: 1 (a word) to 15 (a name). */
  #likely(word: string): number {
    let sum = 0;
    let grams = 0;
    eachGram(word, (slot) => {
      sum += this.#likeness[slot] ?? 0;
      grams += 1;
    });
    return Math.max(1, Math.min(15, 8 + Math.round(sum / (8 * Math.sqrt(grams + 1)))));
  }

  #pad(end: number): void {
    for (let at = 0; at < margin.left; at += 1) this.#blank(at, 0);
    for (let at = end; at < end + margin.right; at += 1) this.#blank(at, read(this.cased, end - 1));
  }

  #blank(at: number, cased: number): void {
    this.id[at] = outside;
    this.detail[at] = -1;
    this.coarse[at] = -1;
    this.shape[at] = 63;
    this.gap[at] = 0;
    this.cased[at] = cased;
    this.texts[at] = '';
  }

  #reserve(size: number): void {
    if (this.id.length >= size) return;
    this.#known = undefined;
    const room = Math.max(256, 2 ** Math.ceil(Math.log2(size)));
    this.first = new Int32Array(room);
    this.last = new Int32Array(room);
    this.id = new Int32Array(room);
    this.detail = new Int32Array(room);
    this.coarse = new Int32Array(room);
    this.shape = new Int32Array(room);
    this.gap = new Int32Array(room);
    this.cased = new Uint8Array(room);
    this.hidden = new Uint8Array(room);
  }
}

/** Reads inside the margins never miss. */
export function read(array: Int32Array | Uint8Array, at: number): number {
  return array[at] ?? 0;
}

const halved = (level: number): number => (level + 1) >> 1;

/** 1 for one letter, 2 for two, 3 for three or four, 4 for more. */
function runLevel(letters: number): number {
  return letters <= 2 ? letters : letters <= 4 ? 3 : 4;
}
