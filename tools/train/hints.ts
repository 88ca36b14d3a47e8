/**
 * Trains what hears hints at a crisis: `npm run train -- --hints`, then commit the module it writes. Logistic regression over the
 * features of `hint-features.ts`. Validation leaves out whole families of sentences, one sixth at a time, and frames of ordinary
 * calls that no model saw; the model that is written has learnt from all families.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crisisPhrases, crisisSets } from '../../src/policy/handoff/crisis.ts';
import { HintFeatures, hintSlots } from '../../src/policy/handoff/hint-features.ts';
import { hintWindow, weighHints } from '../../src/policy/handoff/hint.ts';
import { indirectPhrases, indirectSets } from '../../src/policy/handoff/indirect.ts';
import { Phrases } from '../../src/policy/handoff/phrases.ts';
import { wordsOf } from '../../src/policy/handoff/words.ts';
import { readFrames, readLists } from './lists.ts';
import { quantise } from './pack.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { createGenerator } from './sentences.ts';

interface Example {
  readonly text: string;
  readonly words: readonly string[];
  readonly hint: boolean;
  /** What is left out together in validation. */
  readonly family: string;
}

interface Model {
  readonly weights: Float64Array;
  readonly bias: number;
}

const folds = 6;
const rounds = 12;
const rate = 0.05;
const pull = 1e-4;
/** Shares of the examples that lose a word, and that stand beside an ordinary utterance, as recognisers of speech join them. */
const lost = 0.05;
const joined = 0.25;
const calls = { train: 8000, test: 6000 };
/** One each, so that a change of one part leaves the draws of the others as they are. */
const seeds = { train: 5, test: 7, order: 3 };

/** Log odds of one step of a stored weight, and the odds from which an utterance counts as a hint; see docs/results/crisis.md. */
const scale = 0.04;
const threshold = 1.75;
/** The same for a stretch of a longer one: there are many of them, and each may look like a hint by chance. */
const thresholdWithin = 4.5;

const folder = join(import.meta.dirname, 'crisis');
const vectors = join(import.meta.dirname, '../../test/vectors/handoff');
const target = join(import.meta.dirname, '../../src/policy/handoff/hint-weights.ts');

/** What was at hand when the phrases were written. The `unseen-` files beside them are never read. */
const seen = {
  crisis: true,
  nothing: false,
  administrative: false,
  therapeutic: false,
  emergency: false,
  person: false,
};

function examplesIn(path: string, hint: boolean, file: string): Example[] {
  let family = file;
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      if (text.startsWith('## ')) family = `${file} ${text.slice(3)}`;
      return text === '' || text.startsWith('#') ? [] : [{ text, words: wordsOf(text), hint, family }];
    });
}

function readWritten(): Example[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));
  return files.sort().flatMap((file) => examplesIn(join(folder, file), file.startsWith('hints-'), file));
}

function readSeen(): Example[] {
  return Object.entries(seen).flatMap(([name, hint]) => examplesIn(join(vectors, `${name}.txt`), hint, name));
}

/** Ordinary calls, made of the frames of the name tagger. */
function makeCalls(split: 'train' | 'test'): Example[] {
  const generator = createGenerator(readLists(), readFrames(), split, createRandom(seeds[split]));
  const made: Example[] = [];
  while (made.length < calls[split]) {
    const { text, speaker } = generator.next();
    if (speaker === 'caller') made.push({ text, words: wordsOf(text), hint: false, family: 'calls' });
  }
  return made;
}

/** AdaGrad with a small pull to zero, averaged over the second half. */
function learn(examples: readonly Example[]): Model {
  const random = createRandom(seeds.order);
  const ordinary = examples.filter(({ hint }) => !hint);
  // The last place is the bias.
  const weights = new Float64Array(hintSlots + 1);
  const squares = new Float64Array(hintSlots + 1).fill(1);
  const total = new Float64Array(hintSlots + 1);
  const order = [...examples];
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, random);
    for (const { words, hint } of order) {
      const slots = slotsOf(disturbed(words, ordinary, random));
      const odds = slots.reduce((sum, slot) => sum + (weights[slot] ?? 0), 0);
      const gradient = (hint ? 1 : 0) - 1 / (1 + Math.exp(-odds));
      for (const slot of slots) {
        const square = (squares[slot] ?? 0) + gradient * gradient;
        const before = weights[slot] ?? 0;
        squares[slot] = square;
        weights[slot] = before + (rate * gradient) / Math.sqrt(square) - pull * before;
      }
    }
    if (round >= rounds / 2) for (const [slot, weight] of weights.entries()) total[slot] = (total[slot] ?? 0) + weight;
  }
  const mean = total.map((sum) => sum / (rounds / 2));
  return { weights: mean.subarray(0, hintSlots), bias: mean[hintSlots] ?? 0 };
}

function slotsOf(words: readonly string[]): number[] {
  const features = new HintFeatures(words);
  const slots = [hintSlots];
  for (const at of words.keys()) features.each(at, (slot) => slots.push(slot));
  return slots;
}

function disturbed(words: readonly string[], ordinary: readonly Example[], random: Random): readonly string[] {
  const kept = words.filter(() => !random.chance(lost));
  if (!random.chance(joined)) return kept;
  const other = random.pick(ordinary).words;
  if (kept.length + other.length >= hintWindow) return kept;
  return random.chance(0.5) ? [...other, ...kept] : [...kept, ...other];
}

function shuffle(examples: Example[], random: Random): void {
  for (let last = examples.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [one, two] = [examples[last], examples[other]];
    if (one === undefined || two === undefined) continue;
    examples[last] = two;
    examples[other] = one;
  }
}

function oddsOf({ weights, bias }: Model, words: readonly string[]): number {
  const scores = weighHints({ words, from: 0, ended: true }, weights).map(({ score }) => score);
  return Math.max(...scores) + bias;
}

/** The curve of validation: at each threshold, what is heard of families that no model saw. */
export function validateHints(): string {
  const written = readWritten();
  const always = [...readSeen(), ...makeCalls('train')];
  const families = [...new Set(written.map(({ family }) => family))];
  const foldOf = (family: string): number => families.indexOf(family) % folds;
  const scored: { readonly odds: number; readonly example: Example }[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const model = learn([...written.filter(({ family }) => foldOf(family) !== fold), ...always]);
    const left = written.filter(({ family }) => foldOf(family) === fold);
    const tested = fold === 0 ? [...left, ...makeCalls('test')] : left;
    scored.push(...tested.map((example) => ({ odds: oddsOf(model, example.words), example })));
  }
  const phrases = new Phrases(crisisPhrases + indirectPhrases, { ...crisisSets, ...indirectSets });
  const named = ({ words }: Example): boolean => phrases.find({ words, from: 0, ended: true }).length > 0;
  const groups = {
    hints: scored.filter(({ example }) => example.hint),
    'hints that no phrase names': scored.filter(({ example }) => example.hint && !named(example)),
    'near to a hint': scored.filter(({ example }) => !example.hint && example.family !== 'calls'),
    calls: scored.filter(({ example }) => example.family === 'calls'),
  };
  return [0, 0.5, 1, 1.5, 1.75, 2, 2.5, 3, 4]
    .map((least) => {
      const cells = Object.entries(groups).map(
        ([name, all]) => `${name} ${String(all.filter(({ odds }) => odds >= least).length)}/${String(all.length)}`,
      );
      return `odds ${least.toFixed(2)}: ${cells.join(', ')}`;
    })
    .join('\n');
}

export function writeHints(header: string): void {
  const { weights, bias } = learn([...readWritten(), ...readSeen(), ...makeCalls('train')]);
  const steps = quantise(Float32Array.from(weights), scale);
  const lines = [
    header,
    '/** The sum of weights from which an utterance hints at a crisis. */',
    `export const hintThreshold = ${String(Math.round((threshold - bias) / scale))};`,
    '/** The same for a stretch of a longer one. */',
    `export const hintThresholdWithin = ${String(Math.round((thresholdWithin - bias) / scale))};`,
    `export const hintWeights =\n  '${Buffer.from(steps.buffer).toString('base64')}';`,
  ];
  writeFileSync(target, `${lines.join('\n')}\n`);
}
