import { createNameLexicon } from '../../src/policy/phi/lexicon/name-lexicon.ts';
import { NameFeatures } from '../../src/policy/phi/name-features.ts';
import type { NameModel } from '../../src/policy/phi/tagger.ts';
import { collectFacts, packLexicon } from './lexicon.ts';
import { likenessScale, trainLikeness } from './likeness.ts';
import { readFrames, readLists } from './lists.ts';
import { createTrainer } from './model.ts';
import { quantise } from './pack.ts';
import { createRandom } from './random.ts';
import type { Split } from './random.ts';
import { createGenerator, heldFrames } from './sentences.ts';

/** Log odds of one step of a stored weight. */
const scale = 0.04;
/** One each, so that a change of one part leaves the draws of the others as they are. */
const seeds = { likeness: 11, hiding: 13, sentences: 17 };

export interface Trained extends NameModel {
  /** The word lists as `createNameLexicon` reads them. */
  readonly entries: string;
}

/** Trains on `count` sentences made from the frames and names of a split, or from all. Deterministic. */
export function train(split: Split | 'all', count: number): Trained {
  const lists = readLists();
  const frames = readFrames();
  const seen = split === 'all' ? frames : frames.filter((frame) => heldFrames(frame.text) === split);
  const entries = packLexicon(collectFacts(lists, seen));
  const likeness = quantise(trainLikeness(lists, split, createRandom(seeds.likeness)), likenessScale);
  const features = new NameFeatures(likeness, createNameLexicon(entries));
  const trainer = createTrainer(features, createRandom(seeds.hiding));
  const generator = createGenerator(lists, frames, split, createRandom(seeds.sentences));
  for (let at = 0; at < count; at += 1) {
    if (at === count >> 1) trainer.startAverage();
    trainer.learn(generator.next());
  }
  return { entries, likeness, scale, weights: quantise(trainer.weights(), scale) };
}
