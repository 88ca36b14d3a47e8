import { parseSync, Visitor } from 'oxc-parser';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import { describe, expect, it } from 'vitest';

/** A regular expression of the source, with where it stands. */
interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function patternsOf(file: string): Pattern[] {
  const found: Pattern[] = [];
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) found.push({ file, source: node.regex.pattern, flags: node.regex.flags });
    },
  }).visit(program);
  return found;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const patterns = files.flatMap((name) => patternsOf(join('src', name)));
const unique = [
  ...new Map(patterns.map((pattern) => [`${pattern.file} /${pattern.source}/${pattern.flags}`, pattern])).entries(),
];

describe('[C10] no regular expression of the product can be made slow by its input', () => {
  it('finds the patterns', () => {
    expect(unique.length).toBeGreaterThan(50);
  });

  it.each(unique)('%s', (_name, { source, flags }) => {
    const found = checkSync(source, flags, { timeout: 10_000 });
    expect(found.status).toBe('safe');
    expect('complexity' in found && found.complexity?.type).toMatch(/^(?:safe|linear)$/u);
  });
});
