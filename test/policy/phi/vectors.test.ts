import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskEverything, maskIdentifiers } from '../../../src/policy/clearance.ts';
import type { KindClearance } from '../../../src/policy/clearance.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import { kinds } from '../../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../../src/policy/phi/recognizer.ts';
import { parseVectors } from './vectors.ts';
import type { VectorTurn } from './vectors.ts';

const folder = join(import.meta.dirname, '../../vectors/phi');
const engine = createEngine();

/** Words that say nothing may go with the value around them. */
const idle = new Set(
  'um uh er hmm the of and sorry no not wait like on in is that s i at dot dash underscore as for to or then so it double triple space a an let me see area code plus hold'.split(
    ' ',
  ),
);

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** Health terms stand in a file of their own; elsewhere they pass, as they do for the agent of a med spa. */
const medspaVendor = maskIdentifiers('TREATMENT', 'CONDITION', 'MEDICATION');

function redactAll(turns: readonly VectorTurn[], clearance: KindClearance): string[] {
  const conversation = engine.conversation();
  return turns.map(({ speaker, text }) => conversation.utterance(speaker, clearance).restate(text, true));
}

function check(turn: VectorTurn, output: string): void {
  const placeholders = output.match(/\[[A-Z_]+\]/g) ?? [];
  const left = words(output.replaceAll(/\[[A-Z_]+\]/g, ' '));
  const stay = words(turn.outside);
  const telling = (list: readonly string[]): string => list.filter((word) => !idle.has(word)).join(' ');
  expect(`${telling(left)} <- ${output}`).toBe(`${telling(stay)} <- ${output}`);
  for (const { kind } of turn.marks) expect(placeholders).toContain(kinds[kind].placeholder);
}

describe.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('[C9] %s', (file) => {
  const calls = parseVectors(readFileSync(join(folder, file), 'utf8'));
  it.each(
    calls.map((turns) => ({
      turns,
      title: turns.map((turn: { speaker: Speaker; text: string }) => turn.text).join(' / '),
    })),
  )('$title', ({ turns }) => {
    const outputs = redactAll(turns, file === 'health.txt' ? maskEverything : medspaVendor);
    for (const [index, turn] of turns.entries()) check(turn, outputs[index] ?? '');
  });
});
