import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../../src/server/config/faults.ts';
import { reasons } from '../../../src/policy/reason.ts';

/** The names of all keys below a node of the schema, kinds of PHI left out: `check` prints those. */
function keysBelow(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const properties = Object.entries(Object(Reflect.get(node, 'properties')));
  const own = properties.flatMap(([key, part]) => [key, ...keysBelow(part)]);
  return [...own, ...keysBelow(Reflect.get(node, 'items'))].filter((key) => !/^[A-Z_]+$/u.test(key));
}

describe('docs/configuration.md', () => {
  it('describes every key, and names only reasons that exist', async () => {
    const text = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const missing = keysBelow(jsonSchema()).filter(
      (key) => !new RegExp(`[\`.]${key}[\`.]|### ${key}\n|\`${key}:`, 'u').test(text),
    );
    expect(missing).toEqual([]);
    const codes = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/gu)].map((match) => match[1] ?? '');
    expect(codes.filter((code) => !Object.hasOwn(reasons, code))).toEqual([]);
  });
});
