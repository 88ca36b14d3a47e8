import { maxFeatures, weightSlots } from '../../src/policy/phi/name-features.ts';
import type { NameFeatures } from '../../src/policy/phi/name-features.ts';
import { hide, margin } from '../../src/policy/phi/name-words.ts';
import type { Random } from './random.ts';
import type { Label } from './grammar.ts';
import type { Sentence } from './sentences.ts';

/**
 * The linear chain as it is trained: exact marginals forward and backward, gradient of the log likelihood, AdaGrad steps
 * with a small pull to zero, weights averaged over the second half.
 */
export interface Trainer {
  learn(sentence: Sentence): void;
  /** Call once, half way: the average begins here. */
  startAverage(): void;
  weights(): Float32Array;
}

const rate = 0.12;
const pull = 2e-6;

export function createTrainer(features: NameFeatures, random: Random): Trainer {
  const weights = new Float32Array(weightSlots);
  const squares = new Float32Array(weightSlots).fill(5);
  /** For the average: each weight times the sentences it has stood, kept up to date where a weight changes. */
  const total = new Float64Array(weightSlots);
  let averagingFrom = -1;
  let seen = 0;
  const room = 512;
  const nodeSlots = new Int32Array(room * maxFeatures);
  const edgeSlots = new Int32Array(room * maxFeatures);
  const nodeSize = new Int32Array(room);
  const edgeSize = new Int32Array(room);

  function sum(slots: Int32Array, from: number, count: number): number {
    let score = 0;
    for (let at = from; at < from + count; at += 1) score += weights[slots[at] ?? 0] ?? 0;
    return score;
  }
  function update(slots: Int32Array, from: number, count: number, gradient: number): void {
    if (Math.abs(gradient) < 1e-3) return;
    for (let at = from; at < from + count; at += 1) {
      const slot = slots[at] ?? 0;
      const square = (squares[slot] ?? 0) + gradient * gradient;
      squares[slot] = square;
      const before = weights[slot] ?? 0;
      const change = (rate * gradient) / Math.sqrt(square) - pull * before;
      weights[slot] = before + change;
      if (averagingFrom >= 0) total[slot] = (total[slot] ?? 0) + change * (seen - averagingFrom);
    }
  }
  return {
    learn(sentence): void {
      seen += 1;
      features.load(sentence.tokens, sentence.asked, sentence.speaker, hidden(sentence, random));
      const count = Math.min(features.words.count, room);
      const nodes = new Float64Array(count);
      const edges = new Float64Array(count);
      for (let word = 0; word < count; word += 1) {
        nodeSize[word] = features.node(word);
        nodeSlots.set(features.slots.subarray(0, nodeSize[word]), word * maxFeatures);
        nodes[word] = sum(nodeSlots, word * maxFeatures, nodeSize[word] ?? 0);
        edgeSize[word] = word === 0 ? 0 : features.edge(word);
        edgeSlots.set(features.slots.subarray(0, edgeSize[word]), word * maxFeatures);
        edges[word] = sum(edgeSlots, word * maxFeatures, edgeSize[word] ?? 0);
      }
      const { own, both } = chain(nodes, edges);
      let before: number | undefined;
      for (let word = 0; word < count; word += 1) {
        const label = labelOf(sentence, features, word);
        const wanted = label === 'either' ? undefined : label === 'name' ? 1 : 0;
        if (wanted !== undefined) update(nodeSlots, word * maxFeatures, nodeSize[word] ?? 0, wanted - (own[word] ?? 0));
        if (wanted !== undefined && before !== undefined)
          update(edgeSlots, word * maxFeatures, edgeSize[word] ?? 0, wanted * before - (both[word] ?? 0));
        before = wanted;
      }
    },
    startAverage(): void {
      averagingFrom = seen;
    },
    weights(): Float32Array {
      // w averaged over time = w at the end minus each change times the share of time before it.
      return weights.map((weight, slot) => weight - (total[slot] ?? 0) / Math.max(1, seen - averagingFrom));
    },
  };
}

/** Letters in a row count as their last one: a name that ends in "a" may follow the article. */
function labelOf(sentence: Sentence, features: NameFeatures, word: number): Label {
  return sentence.labels[features.words.last[word + margin.left] ?? 0] ?? 'other';
}

/** P(word is in a name) and P(word and the one before both are), in log space. */
function chain(nodes: Float64Array, edges: Float64Array): { own: Float64Array; both: Float64Array } {
  const count = nodes.length;
  const [forwardOther, forwardName] = [new Float64Array(count), new Float64Array(count)];
  const [backOther, backName] = [new Float64Array(count), new Float64Array(count)];
  for (let word = 0; word < count; word += 1) {
    const [other, name] = word === 0 ? [0, -Infinity] : [forwardOther[word - 1] ?? 0, forwardName[word - 1] ?? 0];
    forwardOther[word] = logAdd(other, name);
    forwardName[word] = (nodes[word] ?? 0) + (word === 0 ? 0 : logAdd(other, name + (edges[word] ?? 0)));
  }
  for (let word = count - 2; word >= 0; word -= 1) {
    const next = (nodes[word + 1] ?? 0) + (backName[word + 1] ?? 0);
    backOther[word] = logAdd(backOther[word + 1] ?? 0, next);
    backName[word] = logAdd(backOther[word + 1] ?? 0, next + (edges[word + 1] ?? 0));
  }
  const all = count === 0 ? 0 : logAdd(forwardOther[count - 1] ?? 0, forwardName[count - 1] ?? 0);
  const own = forwardName.map((value, word) => Math.exp(value + (backName[word] ?? 0) - all));
  const both = forwardName.map((_, word) =>
    word === 0
      ? 0
      : Math.exp((forwardName[word - 1] ?? 0) + (edges[word] ?? 0) + (nodes[word] ?? 0) + (backName[word] ?? 0) - all),
  );
  return { own, both };
}

function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}

/** Unknown names, unknown words and words that stand only by their neighbours, as they will come. */
function hidden(sentence: Sentence, random: Random): Uint8Array {
  const names = random.chance(0.25) ? 0.7 : 0.06;
  const words = random.chance(0.1) ? 0.25 : 0.015;
  return Uint8Array.from(sentence.tokens, (_, at) => {
    const name = sentence.labels[at] === 'name';
    let bits = 0;
    if (random.chance(names)) bits |= hide.names;
    if (random.chance(name ? 0.3 : words)) bits |= hide.words;
    if (random.chance(0.3)) bits |= hide.identity;
    return bits;
  });
}
