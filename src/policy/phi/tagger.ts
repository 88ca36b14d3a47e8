import { createNameLexicon, createReader, decodeBase64 } from './lexicon/name-lexicon.ts';
import type { NameLexicon } from './lexicon/name-lexicon.ts';
import { likenessWeights, scale, taggerWeights } from './lexicon/name-weights.ts';
import type { KnownSums } from './known-sums.ts';
import { NameFeatures, weightSlots } from './name-features.ts';
import { likenessSlots, margin, runMask } from './name-words.ts';
import type { NameWords } from './name-words.ts';
import type { PhiKind } from './kinds.ts';
import type { Speaker } from './recognizer.ts';
import type { Token } from './tokens.ts';

/**
 * Finds persons' names by context, shape and lists: a linear-chain model with two states a word (name, other) over hashed
 * features, trained by `npm run train` from generated sentences only.
 */
export interface NameTagger {
  /**
   * For each token the probability that it is part of a person's name, with titles before a name and letters that spell
   * it. `asked` is what the other side asked for last. With `known`, the tokens of its stretch alone are judged, and
   * quickly where another stretch of the same text was: the results are the same. The array is `into` where that has room
   * (what stands behind the last token is of no meaning), else a new one.
   */
  tag(
    tokens: readonly Token[],
    asked: PhiKind | undefined,
    speaker: Speaker,
    known?: KnownSums,
    into?: Float32Array,
  ): Float32Array;
  /** How many of the tokens that the last `tag` judged keep their probability whatever text follows them. */
  readonly settled: number;
}

/** A word depends on all words before it and on this many after it; letters in a row are one word that may grow. */
export const nameLookahead = 3;

/** The model as weights by slot; `scale` turns a weight into log odds. */
export interface NameModel {
  readonly weights: Int8Array;
  readonly likeness: Int8Array;
  readonly scale: number;
}

export function createNameTagger(
  model: NameModel = committedModel(),
  lexicon: NameLexicon = createNameLexicon(),
): NameTagger {
  const features = new NameFeatures(model.likeness, lexicon);
  const { words } = features;
  const { weights, scale } = model;
  let odds = new Float64Array(0);
  let ties = new Float64Array(0);
  let settled = 0;

  function weigh(word: number): void {
    odds[word] = sum(weights, features.slots, features.node(word)) * scale;
    ties[word] = word === 0 ? 0 : sum(weights, features.slots, features.edge(word)) * scale;
  }
  function weighKnown(word: number, known: KnownSums): void {
    const token = known.from + (words.first[word + margin.left] ?? 0);
    const cased = features.cased(word);
    const opening = sum(weights, features.slots, features.opening(word));
    if (!known.has(token, cased)) {
      const node = sum(weights, features.slots, features.node(word)) - opening;
      known.keep(token, cased, node, sum(weights, features.slots, features.edge(word)));
    }
    odds[word] = (known.node(token) + opening) * scale;
    ties[word] = known.edge(token) * scale;
  }
  return {
    get settled(): number {
      return settled;
    },
    tag(tokens, asked, speaker, known, into): Float32Array {
      features.load(tokens, asked, speaker, undefined, known);
      const { count } = words;
      settled = settledTokens(words);
      if (odds.length < count) {
        odds = new Float64Array(count * 2);
        ties = new Float64Array(count * 2);
      }
      for (let word = 0; word < count; word += 1)
        if (known === undefined || !features.isInside(word)) weigh(word);
        else weighKnown(word, known);
      marginals(odds, ties, count);
      const { from, to } = known ?? { from: 0, to: tokens.length };
      const result = into !== undefined && into.length >= to - from ? into : new Float32Array(to - from);
      return spread(tokens, from, to, words, odds, result);
    },
  };
}

function committedModel(): NameModel {
  return { weights: unpack(taggerWeights, weightSlots), likeness: unpack(likenessWeights, likenessSlots), scale };
}

/** Weights that are not 0, as the gap from the one before and the value (zigzag). */
export function unpack(packed: string, slots: number): Int8Array {
  const weights = new Int8Array(slots);
  const reader = createReader(decodeBase64(packed));
  for (let slot = -1; !reader.done;) {
    slot += reader.next();
    const value = reader.next();
    weights[slot] = value & 1 ? -(value + 1) / 2 : value / 2;
  }
  return weights;
}

function sum(weights: Int8Array, slots: Int32Array, count: number): number {
  let total = 0;
  for (let at = 0; at < count; at += 1) total += weights[slots[at] ?? 0] ?? 0;
  return total;
}

/**
 * Forward over the whole text, backward over one word only: so what is said later never changes a word that left.
 * `odds` are the log odds of a word being part of a name and become its probability, `ties` those of it going on from a
 * name just before it.
 */
function marginals(odds: Float64Array, ties: Float64Array, count: number): void {
  let named = 0;
  let own = Math.exp(odds[0] ?? 0);
  let tie = 1;
  for (let word = 0; word < count; word += 1) {
    // P(word before is a name) carries the tie: other->name has none.
    const before = own * (1 - named + named * tie);
    named = before / (1 + before);
    if (word + 1 === count) {
      odds[word] = named;
      return;
    }
    own = Math.exp(odds[word + 1] ?? 0);
    tie = Math.exp(ties[word + 1] ?? 0);
    const around = (before * (1 + own * tie)) / (1 + own);
    odds[word] = around / (1 + around);
  }
}

/** Marks between two names rather than inside one. */
const apart = new Set([',', '?', '!', ';', ':']);

/** Words back to tokens; marks and hesitations between two words of a name ("al-rashid", "j. r.") are part of it. */
function spread(
  tokens: readonly Token[],
  from: number,
  to: number,
  words: NameWords,
  named: Float64Array,
  result: Float32Array,
): Float32Array {
  let next = 0;
  for (let word = 0; word < words.count; word += 1) {
    const own = named[word] ?? 0;
    const first = words.first[word + margin.left] ?? 0;
    const between = next === 0 ? 0 : Math.min(result[next - 1] ?? 0, own);
    for (; next < first; next += 1) result[next] = apart.has(tokens[from + next]?.text ?? '') ? 0 : between;
    const last = words.last[word + margin.left] ?? 0;
    for (; next <= last; next += 1) result[next] = own;
  }
  result.fill(0, next, to - from);
  return result;
}

function settledTokens(words: NameWords): number {
  const final = words.count + margin.left - 1;
  const growing = ((words.coarse[final] ?? 0) & runMask) === 0 ? 0 : 1;
  const word = final - nameLookahead - growing;
  return word < margin.left ? 0 : (words.last[word] ?? -1) + 1;
}
