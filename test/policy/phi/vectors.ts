import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskEverything, maskIdentifiers } from '../../../src/policy/clearance.ts';
import type { KindClearance } from '../../../src/policy/clearance.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import { isPhiKind, kinds } from '../../../src/policy/phi/kinds.ts';
import type { PhiKind } from '../../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../../src/policy/phi/recognizer.ts';

interface VectorTurn {
  readonly speaker: Speaker;
  readonly text: string;
  /** The text without what is marked. */
  readonly outside: string;
  readonly marks: readonly { readonly kind: PhiKind; readonly words: string }[];
}

/** One call of the vectors; `run` throws where the engine's output is not what the marks say. */
export interface VectorCase {
  readonly name: string;
  readonly run: () => void;
}

const mark = /\[\[([a-z_]+)\|([^\]]+)\]\]/g;

function parseTurn(line: string): VectorTurn {
  const [, said, rest] = /^(?:(agent|caller):\s*)?(.*)$/.exec(line) ?? [];
  const marks = [...(rest ?? '').matchAll(mark)].map(([, name = '', words = '']) => {
    const kind = name.toUpperCase();
    if (!isPhiKind(kind)) throw new Error(`${name} is no kind; line: ${line}`);
    return { kind, words };
  });
  const text = (rest ?? '').replaceAll(mark, '$2');
  return { speaker: said === 'agent' ? 'agent' : 'caller', text, outside: (rest ?? '').replaceAll(mark, ' '), marks };
}

/** Calls are parted by blank lines; `#` begins a comment. */
function parseVectors(file: string): VectorTurn[][] {
  const calls: VectorTurn[][] = [[]];
  for (const line of file.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') calls.push([]);
    else calls[calls.length - 1]?.push(parseTurn(line.trim()));
  }
  return calls.filter((turns) => turns.length > 0);
}

/** Words that say nothing may go with the value around them. */
const idle = new Set(
  'um uh er hmm the of and sorry no not wait like on in is that s i at dot dash underscore as for to or then so it double triple space an a let me see area code plus hold'.split(
    ' ',
  ),
);

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

function check(turn: VectorTurn, output: string): void {
  const placeholders: readonly string[] = output.match(/\[[A-Z_]+\]/g) ?? [];
  const left = words(output.replaceAll(/\[[A-Z_]+\]/g, ' '));
  const stay = words(turn.outside);
  const telling = (list: readonly string[]): string => list.filter((word) => !idle.has(word)).join(' ');
  assert.equal(`${telling(left)} <- ${output}`, `${telling(stay)} <- ${output}`);
  for (const { kind } of turn.marks)
    assert.ok(placeholders.includes(kinds[kind].placeholder), `${kind} is missing in: ${output}`);
}

/** Health terms stand in a file of their own; elsewhere they pass, as they do for the agent of a med spa. */
const medspaVendor = maskIdentifiers('TREATMENT', 'CONDITION', 'MEDICATION');

export function vectorCases(): VectorCase[] {
  const folder = join(import.meta.dirname, '../../vectors/phi');
  const engine = createEngine();
  const runAll = (turns: readonly VectorTurn[], clearance: KindClearance): void => {
    const conversation = engine.conversation();
    const outputs = turns.map(({ speaker, text }) => conversation.utterance(speaker, clearance).restate(text, true));
    for (const [index, turn] of turns.entries()) check(turn, outputs[index] ?? '');
  };
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((file) =>
      parseVectors(readFileSync(join(folder, file), 'utf8')).map((turns, index) => ({
        name: `${file} ${String(index + 1)}: ${turns.map(({ text }) => text).join(' / ')}`,
        run: () => runAll(turns, file === 'health.txt' ? maskEverything : medspaVendor),
      })),
    );
}
