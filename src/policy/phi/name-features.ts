import {
  createNameLexicon,
  givenLevel,
  hashWord,
  surnameLevel,
  topicOf,
  topics,
  wordLevel,
} from './lexicon/name-lexicon.ts';
import type { NameLexicon } from './lexicon/name-lexicon.ts';
import type { PhiKind } from './kinds.ts';
import type { Speaker } from './recognizer.ts';
import type { Token } from './tokens.ts';

/**
 * The features of the name tagger, as hashes into one table of weights. Punctuation is no word here: it is the gap
 * before the next word, so that "hi, I'm ..." and "hi i'm ..." look alike. Word i is described by words i-6 to i+2 only.
 */
export const weightSlots = 2 ** 20;
export const likenessSlots = 2 ** 15;
/** More than the most features one word has (node or edge). */
export const maxFeatures = 96;

/** Bits of what training hides of a word, so that the weights lean on context and shape too. */
export const hide = { names: 1, words: 2, identity: 4 } as const;

/** Room for the words left and right of the first and the last one. */
const left = 6;
const right = 3;
const slotMask = weightSlots - 1;
const likenessMask = likenessSlots - 1;

const outside = 0x5bd1e995;
const commonWord = 1 << 13;
/** Sounds that stand between two words and mean nothing: "my name is, um, ..." */
const hesitations = new Set(['um', 'umm', 'uh', 'uhh', 'er', 'erm', 'hmm', 'hm', 'mm', 'eh', 'ah']);
const hesitationGap = 9;
const gaps: Readonly<Record<string, number>> = {
  '': 0,
  ',': 1,
  '.': 2,
  '?': 2,
  '!': 2,
  ':': 3,
  '-': 4,
  '–': 4,
  '/': 5,
  '@': 6,
  '"': 7,
};

/** Letters of a word as cut by the trainer and the tagger alike: sums the weights of its n-grams of 2 to 4 letters. */
export function eachGram(word: string, visit: (slot: number) => void): void {
  const bounded = `^${word.slice(0, 24)}$`;
  for (let start = 0; start < bounded.length; start += 1) {
    let hash = 0x1b873593;
    for (let end = start; end < Math.min(start + 4, bounded.length); end += 1) {
      hash = Math.imul(hash ^ bounded.charCodeAt(end), 0x01000193);
      if (end > start) visit((hash ^ (hash >>> 15)) & likenessMask);
    }
  }
}

export class NameFeatures {
  /** Words (and numbers) of the loaded text. */
  count = 0;
  /** The features that `node` or `edge` found last. */
  readonly slots = new Int32Array(maxFeatures);
  /** The token each word is. */
  tokenOf = new Int32Array(0);

  readonly #lexicon: NameLexicon;
  readonly #likeness: Int8Array;
  #asked = 0;
  #first = 0;
  #second = 0;
  /** What a word is as the neighbour of another: itself if it is an ordinary word, else its description. */
  #id = new Int32Array(0);
  #detail = new Int32Array(0);
  #coarse = new Int32Array(0);
  #shape = new Int32Array(0);
  #gap = new Int32Array(0);
  #cased = new Uint8Array(0);
  #hidden = new Uint8Array(0);
  #texts: string[] = [];
  #size = 0;

  constructor(likeness: Int8Array, lexicon: NameLexicon = createNameLexicon()) {
    this.#lexicon = lexicon;
    this.#likeness = likeness;
  }

  /** `hidden` (bits of `hide`, one entry a token) is for training only. */
  load(tokens: readonly Token[], asked: PhiKind | undefined, speaker: Speaker, hidden?: Uint8Array): void {
    this.#reserve(tokens.length + left + right);
    let at = left;
    let gap = 0;
    let cased = 0;
    let sentence = 1;
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index];
      if (token === undefined) continue;
      if (token.kind === 'punct') {
        gap = gaps[token.text] ?? 8;
        if (gap === 2) sentence = 1;
        continue;
      }
      if (hesitations.has(token.lower)) {
        gap = hesitationGap;
        continue;
      }
      this.tokenOf[at - left] = index;
      this.#gap[at] = gap;
      this.#hidden[at] = hidden?.[index] ?? 0;
      this.#describe(at, token);
      this.#shape[at] = shapeOf(token) + (sentence << 4);
      if (((this.#shape[at] ?? 0) & 15) >= 2 && token.kind === 'word') cased = 1;
      this.#cased[at] = cased;
      gap = 0;
      sentence = 0;
      at += 1;
    }
    this.count = at - left;
    this.#pad(at);
    this.#asked = (asked === undefined ? 0 : asked === 'NAME' ? 1 : 2) + (speaker === 'agent' ? 3 : 0);
    this.#first = this.#id[left] ?? 0;
    this.#second = Math.imul(this.#first, 31) + (this.#id[left + 1] ?? 0);
  }

  /** The hashed features that speak for or against word `word` being part of a name: how many, in `slots`. */
  node(word: number): number {
    const i = word + left;
    this.#size = 0;
    const id = read(this.#id, i);
    const detail = read(this.#detail, i);
    const coarse = read(this.#coarse, i);
    const shape = read(this.#shape, i) + (read(this.#cased, i + 2) << 6);
    const before = read(this.#id, i - 1);
    const before2 = read(this.#id, i - 2);
    const before3 = read(this.#id, i - 3);
    const after = read(this.#id, i + 1);
    const after2 = read(this.#id, i + 2);
    const gapBefore = read(this.#gap, i);
    const gapAfter = read(this.#gap, i + 1);
    const place = Math.min(word, 3) * 4 + Math.min(this.count - word, 3) + this.#asked * 16;

    if ((read(this.#hidden, i) & hide.identity) === 0) {
      this.#add(1, id, 0, 0);
      this.#add(2, id, before, 0);
      this.#add(3, id, after, 0);
      this.#add(4, id, before, before2);
      this.#add(5, id, after, after2);
      this.#add(6, id, before, after);
      this.#add(7, id, shape, 0);
      this.#add(8, id, place, 0);
    }
    this.#add(10, before, 0, 0);
    this.#add(11, after, 0, 0);
    this.#add(12, before2, 0, 0);
    this.#add(13, after2, 0, 0);
    this.#add(14, before, before2, 0);
    this.#add(15, after, after2, 0);
    this.#add(16, before, after, 0);
    this.#add(17, before, before2, before3);
    this.#add(18, before, before2, after);

    this.#add(20, detail, 0, 0);
    this.#add(21, detail, before, 0);
    this.#add(22, detail, after, 0);
    this.#add(23, detail, read(this.#coarse, i - 1), 0);
    this.#add(24, detail, read(this.#coarse, i + 1), 0);
    this.#add(25, coarse, before, before2);
    this.#add(26, coarse, before, after);
    this.#add(27, coarse, after, after2);
    this.#add(28, Math.imul(coarse, 31) + before3, before, before2);
    this.#add(29, coarse, read(this.#coarse, i - 1), read(this.#coarse, i + 1));
    this.#add(30, coarse, before2, 0);
    this.#add(31, coarse, this.#first, 0);
    this.#add(32, coarse, this.#second, 0);
    this.#add(33, coarse, before, this.#first);

    this.#add(40, shape, 0, 0);
    this.#add(41, shape, detail, 0);
    this.#add(42, shape, coarse, before);
    this.#add(43, shape, read(this.#shape, i - 1), read(this.#shape, i + 1));
    this.#add(44, gapBefore * 16 + gapAfter, coarse, 0);
    this.#add(45, gapBefore, before, coarse);
    this.#add(46, gapAfter, after, coarse);
    this.#add(50, place, 0, 0);
    this.#add(51, place, coarse, 0);
    this.#add(52, place, before, 0);
    this.#add(53, this.#asked, detail, 0);
    this.#add(54, place, read(this.#coarse, i - 1), coarse);
    for (let back = 3; back <= 6; back += 1) {
      this.#add(60, read(this.#id, i - back), 0, 0);
      this.#add(61, read(this.#id, i - back), coarse, 0);
    }
    this.#affixes(this.#texts[i] ?? '', coarse);
    return this.#size;
  }

  /** The features of word `word` and the one before it both being part of a name: how many, in `slots`. */
  edge(word: number): number {
    const i = word + left;
    this.#size = 0;
    const coarse = read(this.#coarse, i);
    const gap = read(this.#gap, i);
    this.#add(80, 0, 0, 0);
    this.#add(81, gap, 0, 0);
    this.#add(82, coarse, read(this.#coarse, i - 1), 0);
    this.#add(83, read(this.#detail, i), read(this.#coarse, i - 1), gap);
    this.#add(84, read(this.#id, i), 0, 0);
    this.#add(85, read(this.#id, i), read(this.#coarse, i - 1), 0);
    this.#add(86, read(this.#id, i - 1), coarse, 0);
    this.#add(87, read(this.#shape, i), read(this.#shape, i - 1), gap);
    this.#add(88, read(this.#id, i + 1), coarse, 0);
    return this.#size;
  }

  #add(template: number, a: number, b: number, c: number): void {
    let hash = Math.imul(a ^ Math.imul(template, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x27d4eb2f);
    this.slots[this.#size] = (hash ^ (hash >>> 15)) & slotMask;
    this.#size += 1;
  }

  /** First and last letters; only of words that are not among the commonest, which identity knows better. */
  #affixes(text: string, coarse: number): void {
    if ((coarse & commonWord) !== 0 || text.length < 2) return;
    const length = Math.min(text.length, 24);
    let start = 0;
    let end = 0;
    for (let at = 0; at < Math.min(4, length); at += 1) {
      start = Math.imul(start ^ text.charCodeAt(at), 0x01000193) + 1;
      end = Math.imul(end ^ text.charCodeAt(length - 1 - at), 0x01000193) + 1;
      if (at > 0) {
        this.#add(70 + at, start, 0, 0);
        this.#add(74 + at, end, 0, 0);
      }
    }
    this.#add(78, end, coarse, 0);
  }

  #describe(at: number, token: Token): void {
    this.#texts[at] = token.lower;
    const hidden = read(this.#hidden, at);
    const hash = hashWord(token.lower);
    let facts = token.kind === 'word' ? this.#lexicon.facts(hash) : 0;
    if ((hidden & hide.names) !== 0) facts &= ~63;
    if ((hidden & hide.words) !== 0) facts &= 63;
    const topic = token.kind === 'number' ? topics.number : topicOf(facts);
    const word = wordLevel(facts);
    const single = token.kind === 'word' && token.lower.length === 1 ? 1 : 0;
    const likely = word >= 3 || single === 1 || topic === topics.number ? 0 : this.#likely(token.lower);
    const given = givenLevel(facts);
    const surname = surnameLevel(facts);
    this.#detail[at] = (given << 20) | (surname << 16) | (word << 12) | (topic << 8) | (likely << 4) | single;
    this.#coarse[at] =
      (word >= 5 ? commonWord : 0) |
      (((given + 1) >> 1) << 10) |
      (((surname + 1) >> 1) << 7) |
      (((word + 1) >> 1) << 5) |
      (topic << 1) |
      single;
    const own = word > 0 || single === 1 || token.lower.startsWith("'");
    this.#id[at] =
      topic === topics.number ? 0x3c6ef372 : own ? hash : Math.imul(read(this.#coarse, at) + 1, 0x2545f491);
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
    for (let at = 0; at < left; at += 1) this.#blank(at);
    for (let at = end; at < end + right; at += 1) {
      this.#blank(at);
      this.#cased[at] = this.#cased[end - 1] ?? 0;
    }
  }

  #blank(at: number): void {
    this.#id[at] = outside;
    this.#detail[at] = -1;
    this.#coarse[at] = -1;
    this.#shape[at] = 63;
    this.#gap[at] = 0;
    this.#cased[at] = 0;
    this.#texts[at] = '';
  }

  #reserve(size: number): void {
    if (this.#id.length >= size) return;
    const room = Math.max(256, 2 ** Math.ceil(Math.log2(size)));
    this.tokenOf = new Int32Array(room);
    this.#id = new Int32Array(room);
    this.#detail = new Int32Array(room);
    this.#coarse = new Int32Array(room);
    this.#shape = new Int32Array(room);
    this.#gap = new Int32Array(room);
    this.#cased = new Uint8Array(room);
    this.#hidden = new Uint8Array(room);
  }
}

/** Reads inside the padding never miss. */
function read(array: Int32Array | Uint8Array, at: number): number {
  return array[at] ?? 0;
}

/** 0 no letters, 1 lower case, 2 Capital, 3 CAPITALS, 4 mixed, 5 one capital letter, 6 number; +8 with an apostrophe. */
function shapeOf(token: Token): number {
  if (token.kind === 'number') return 6;
  const { text } = token;
  const upper = countUpper(text);
  const mark = token.lower.includes("'") ? 8 : 0;
  if (upper === 0) return 1 + mark;
  if (text.length === 1) return 5;
  if (upper === 1) return isUpper(text.charCodeAt(0)) ? 2 + mark : 4 + mark;
  return (upper === text.length ? 3 : 4) + mark;
}

function countUpper(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (isUpper(text.charCodeAt(at))) count += 1;
  return count;
}

/** ASCII and Latin-1 capitals, which is what speech-to-text sends. */
function isUpper(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0xde && code !== 0xd7);
}
