import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../src/policy/phi');
const literal = /(?<=[(=,:?&|[]\s*|return\s)\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuy]*)/g;

const patterns = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('lexicon/'))
  .flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(literal)].map(([, source = '', flags = '']) => ({
      name,
      source,
      flags,
    })),
  );

describe('the patterns of the engine', () => {
  it('are found in its source', () => {
    expect(patterns.length).toBeGreaterThan(15);
  });

  it.each(patterns)('$name: /$source/$flags takes linear or bounded time', ({ source, flags }) => {
    expect(checkSync(source, flags, { timeout: 15_000 }).status).toBe('safe');
  });
});
