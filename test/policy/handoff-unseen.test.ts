import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { needIn, type HandoffRules } from '../../src/policy/handoff.ts';

const rules: HandoffRules = { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: false };

function linesOf(name: string): string[] {
  const text = readFileSync(new URL(`../vectors/handoff/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const page = readFileSync(new URL('../../docs/results/crisis.md', import.meta.url), 'utf8');

/** The row of the page about a set: sentences, and how many were heard. */
function rowOf(title: string): [number, number] {
  const [, sentences, heard] = new RegExp(`^\\| ${title} \\| (\\d+) \\| (\\d+) \\|$`, 'mu').exec(page) ?? [];
  return [Number(sentences), Number(heard)];
}

it.each([
  ['hints at a crisis', 'unseen-crisis'],
  ['nothing', 'unseen-nothing'],
])('the page says what is heard of the unseen: %s', (title, name) => {
  const lines = linesOf(name);
  expect(rowOf(title)).toEqual([lines.length, lines.filter((line) => needIn(line, rules) === 'CRISIS').length]);
});
