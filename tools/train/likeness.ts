import { eachGram, likenessSlots } from '../../src/policy/phi/name-words.ts';
import type { Lists } from './lists.ts';
import { heldNames } from './persons.ts';
import { splitOf } from './random.ts';
import type { Random, Split } from './random.ts';

const rounds = 6;
const step = 0.08;
/** Log odds of one step of a stored weight. */
export const likenessScale = 0.04;

/** Learns which letters look like a name's and which like a word's: a logistic regression over letter n-grams. */
export function trainLikeness(lists: Lists, split: Split | 'all', random: Random): Float32Array {
  const names = new Set([
    ...lists.given,
    ...lists.moreGiven,
    ...lists.surnames.slice(0, 25_000),
    ...lists.origins.flatMap((origin) => [...origin.given, ...origin.surnames]),
  ]);
  const words = [...lists.vocabulary.keys()].filter((word) => word.length > 2 && !names.has(word));
  const known = [...names].filter(
    (name) => name.length > 1 && !lists.vocabulary.has(name) && (split === 'all' || splitOf(name, heldNames) === split),
  );
  const weights = new Float32Array(likenessSlots);
  for (let round = 0; round < rounds; round += 1) {
    const rate = step / (1 + round);
    for (let draw = 0; draw < 120_000; draw += 1) {
      const isName = random.chance(0.5);
      learn(weights, random.pick(isName ? known : words), isName ? 1 : 0, rate);
    }
  }
  return weights;
}

function learn(weights: Float32Array, word: string, wanted: number, rate: number): void {
  let sum = 0;
  eachGram(word, (slot) => {
    sum += weights[slot] ?? 0;
  });
  const error = wanted - 1 / (1 + Math.exp(-sum));
  eachGram(word, (slot) => {
    weights[slot] = (weights[slot] ?? 0) * (1 - rate * 1e-3) + rate * error;
  });
}
