import { array, assert, constantFrom, nat, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleFaults } from '../../src/server/config/rules.ts';
import { faultLine, faultsOf } from '../../src/server/config/faults.ts';
import { schemasFor } from '../../src/server/config/schema.ts';
import { parseSource } from '../../src/server/config/source.ts';
import type { Fault } from '../../src/server/config.ts';
import { environment, sound } from '../server/config/practice.ts';

function faultsIn(text: string): Fault[] {
  const source = parseSource('chaperone.yaml', text);
  if (source.value === undefined) return [...source.faults];
  const issues = schemasFor(environment).file.safeParse(source.value).error?.issues ?? [];
  return [...source.faults, ...faultsOf(issues, source), ...ruleFaults(source, environment)];
}

/** Pieces that mean something to YAML, to the schema or to a terminal. */
const pieces = oneof(
  constantFrom(
    '\n',
    '  ',
    '\t',
    ':',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a ',
    '*a',
    '!!str ',
    '#',
    '---\n',
    '|',
    '>',
  ),
  constantFrom(
    'null',
    '1e999',
    '-0',
    '.nan',
    '__proto__: ',
    'constructor: ',
    '${X}',
    '${',
    '0x10',
    '2026-02-30',
    '\u0000',
  ),
  string({ maxLength: 12, unit: 'binary' }),
);

/** A sound configuration after a few careless edits. */
const edited = array(tuple(nat(sound.length), nat(24), pieces), { minLength: 1, maxLength: 5 }).map((edits) =>
  edits.reduce((text, [at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut), sound),
);

describe('a URL that is none', () => {
  it('is a fault where a later check would ask for its parts', () => {
    expect(faultsIn(sound.replace('https://calls', '$https://calls')).map(({ path }) => path)).toEqual([
      'listen.calls.public_url',
    ]);
  });
});

describe('any text', () => {
  it('is read without a crash, and each fault points into it', () => {
    assert(
      property(oneof({ weight: 4, arbitrary: edited }, string({ unit: 'binary', maxLength: 300 })), (text) => {
        const lines = text.split('\n');
        for (const fault of faultsIn(text)) {
          expect(fault.line).toBeGreaterThanOrEqual(1);
          expect(fault.line).toBeLessThanOrEqual(lines.length);
          expect(fault.column).toBeLessThanOrEqual((lines[fault.line - 1]?.length ?? 0) + 1);
          expect(faultLine(fault)).toContain('; wanted ');
        }
      }),
      { numRuns: 600 },
    );
  });

  it('that is no configuration is never taken for one', () => {
    assert(
      property(string({ maxLength: 200 }), (text) => {
        expect(faultsIn(text).length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
