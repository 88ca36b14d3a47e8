import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultRows, rowsIn } from './fault/rows.ts';

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name));
const named = new Map(files.map((file) => [file, new Set(rowsIn(readFileSync(file, 'utf8')))]));
const table = readFileSync('docs/faults.md', 'utf8');
const lines = new Map(
  [...table.matchAll(/^\| ([A-G]\d{1,2}) \|.*$/gmu)].map(([line, id]) => [id ?? '', line.split(' | ')]),
);

test('there are 76 rows, A15 B8 C14 D7 E15 F9 G8, and a test names each', () => {
  const ids = faultRows.map(({ id }) => id);
  const counts = Object.fromEntries(
    [...'ABCDEFG'].map((part) => [part, ids.filter((id) => id.startsWith(part)).length]),
  );
  expect(counts).toEqual({ A: 15, B: 8, C: 14, D: 7, E: 15, F: 9, G: 8 });
  expect(new Set(ids).size).toBe(76);
  const proven = new Set([...named.values()].flatMap((rows) => [...rows]));
  expect(ids.filter((id) => !proven.has(id))).toEqual([]);
  expect([...proven].filter((id) => !ids.includes(id))).toEqual([]);
});

describe('docs/faults.md', () => {
  test.each(faultRows)(
    '$id stands there as it is, has not failed, and names tests that are there',
    ({ id, fault, expected }) => {
      const [, what, wanted, seen = '', , , tests = ''] = lines.get(id) ?? [];
      expect([what, wanted]).toEqual([fault, expected]);
      // Some rows need root, or more time than a run had: the table says so. None may have failed.
      expect(seen).toMatch(/^as expected|^\*\*not run\*\*/u);
      const proofs = [...tests.matchAll(/`(test\/[^`]+)`/gu)].map(([, file]) => file ?? '');
      expect(proofs.length).toBeGreaterThan(0);
      expect(proofs.filter((file) => named.get(file)?.has(id) !== true)).toEqual([]);
    },
  );
});

test('every line of the threat model is proven by rows of the table or by tests that are there', () => {
  const model = /## What stands against what([\s\S]*?)\n## /u.exec(readFileSync('SECURITY.md', 'utf8'))?.[1] ?? '';
  const rows = model.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| attack'));
  expect(rows.length).toBeGreaterThan(15);
  const wrong = rows.filter((line) => {
    const proof = line.split(' | ').at(-1)?.replace(/ \|$/u, '').split(' ') ?? [];
    const isProof = (word: string): boolean =>
      word.startsWith('`') ? existsSync(word.replaceAll('`', '')) : faultRows.some(({ id }) => id === word);
    return proof.length === 0 || !proof.every(isProof);
  });
  expect(wrong).toEqual([]);
});
