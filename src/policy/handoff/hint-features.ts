import { hintClasses } from './hint-classes.ts';

/** Places for weights. A feature's place is its hash, so some share one. */
export const hintSlots = 1 << 15;

/** How many words back a word makes pairs, by its letters and by its class. */
const stemReach = 3;
const classReach = 10;

/** Letters that the forms of a word mostly share. */
const stemLetters = 5;

/** One a kind of feature. Like the order of the classes they are part of the trained weights. */
const seeds = {
  word: 0x2c1b3c6d,
  stem: 0x297a2d39,
  next: 0x7feb352d,
  near: 0x68bc21eb,
  class: 0x1b56c4e9,
  mixed: 0x5851f42d,
};

/**
 * What an utterance is judged by: its words, their beginnings and their classes, alone and in pairs. Each feature belongs to the
 * last word that it is made of, so those of a stretch are those of its words.
 */
export class HintFeatures {
  private readonly words: Int32Array;
  private readonly stems: Int32Array;
  private readonly classes: Uint8Array;

  constructor(words: readonly string[]) {
    this.words = new Int32Array(words.length);
    this.stems = new Int32Array(words.length);
    this.classes = new Uint8Array(words.length);
    for (const [at, word] of words.entries()) {
      this.words[at] = hashOf(word, word.length);
      this.stems[at] = hashOf(word, Math.min(word.length, stemLetters));
      this.classes[at] = hintClasses.get(word) ?? 0;
    }
  }

  /** The sum of the weights of what ends at a word. */
  weigh(at: number, weights: ArrayLike<number>): number {
    let sum = 0;
    this.each(at, (slot) => {
      sum += weights[slot] ?? 0;
    });
    return sum;
  }

  /** Names the place of each feature that ends at a word. */
  each(at: number, use: (slot: number) => void): void {
    const word = this.words[at] ?? 0;
    const stem = this.stems[at] ?? 0;
    use(slotOf(seeds.word, word, 0));
    use(slotOf(seeds.stem, stem, 0));
    use(slotOf(seeds.next, word, this.words[at - 1] ?? 0));
    if (at > 0) use(slotOf(seeds.next, stem, this.stems[at - 1] ?? 0));
    for (let back = 2; back <= Math.min(stemReach, at); back += 1)
      use(slotOf(seeds.near, stem, this.stems[at - back] ?? 0));
    this.eachOfClass(at, use);
  }

  private eachOfClass(at: number, use: (slot: number) => void): void {
    const kind = this.classes[at] ?? 0;
    if (kind === 0) return;
    use(slotOf(seeds.class, kind, 0));
    if (at > 0) use(slotOf(seeds.mixed, kind, this.stems[at - 1] ?? 0));
    for (let back = 1; back <= Math.min(classReach, at); back += 1) {
      const other = this.classes[at - back] ?? 0;
      if (other > 0) use(slotOf(seeds.class, kind, other));
    }
  }
}

/** FNV-1a over the first letters of a word. */
function hashOf(word: string, letters: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < letters; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
}

function slotOf(seed: number, one: number, other: number): number {
  let hash = Math.imul(one ^ seed, 0x735a2d97) ^ Math.imul(other + seed, 0x2545f491);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & (hintSlots - 1);
}
