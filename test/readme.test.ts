import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../src/server/cli/index.ts';
import { reasonTable } from '../tools/readme/reasons.ts';

const readme = readFileSync('README.md', 'utf8');

it('the README lists every reason code as the table has it (npx tsx tools/readme/index.ts)', () => {
  expect(readme).toContain(reasonTable());
});

it('the README names every verb, and no other', () => {
  const verbs = createProgram().commands.map((command) => command.name());
  const named = new Set([...readme.matchAll(/^\| `chaperone ([a-z-]+)/gmu)].map(([, verb]) => verb));
  expect([...named].sort()).toEqual(verbs.sort());
});

it('the README claims nothing that the product cannot promise', () => {
  expect(readme).not.toMatch(/makes? you compliant|de-identified|HIPAA[- ]certified|FIPS[- ]validated/iu);
});
