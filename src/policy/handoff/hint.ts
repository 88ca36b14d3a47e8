import { decodeBase64 } from '../phi/lexicon/name-lexicon.ts';
import { HintFeatures } from './hint-features.ts';
import { hintThreshold, hintThresholdWithin, hintWeights } from './hint-weights.ts';
import type { Heard, Stretch } from './phrases.ts';

/** Words that are judged together. Of a longer utterance every stretch of so many is: talk around a hint takes nothing from it. */
export const hintWindow = 24;

/** A stretch and what speaks for a hint in it, in steps of the weights. */
export interface Weighed extends Stretch {
  readonly score: number;
}

/**
 * What is judged of an utterance: a short one as a whole, and only when it has ended, for half a sentence says anything; of a long
 * one each window.
 */
export function weighHints({ words, from, ended }: Heard, weights: ArrayLike<number>): readonly Weighed[] {
  const before = Math.max(0, from);
  const mine = words.slice(before);
  if (mine.length === 0 || (!ended && mine.length < hintWindow)) return [];
  const features = new HintFeatures(mine);
  const each = Float64Array.from(mine, (_, at) => features.weigh(at, weights));
  const least = Math.min(hintWindow, mine.length);
  const weighed: Weighed[] = [];
  let score = 0;
  for (let end = 1; end <= mine.length; end += 1) {
    score += (each[end - 1] ?? 0) - (end > hintWindow ? (each[end - 1 - hintWindow] ?? 0) : 0);
    if (end >= least) weighed.push({ start: before + end - least, end: before + end, score });
  }
  return weighed;
}

const trained = Int8Array.from(decodeBase64(hintWeights));

/**
 * Hints at suicide and self-harm that no phrase names, by what a linear model learnt from written sentences (tools/train/crisis).
 * What it hears and misses is in docs/results/crisis.md. It is no safety net.
 */
export class Hints {
  find(heard: Heard): readonly Stretch[] {
    const isWhole = heard.ended && heard.words.length - Math.max(0, heard.from) <= hintWindow;
    const threshold = isWhole ? hintThreshold : hintThresholdWithin;
    return weighHints(heard, trained).filter(({ score }) => score >= threshold);
  }
}
