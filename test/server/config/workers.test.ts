import { describe, expect, it } from 'vitest';
import { workerCount } from '../../../src/server/workers/count.ts';
import { environment, load, sound } from './practice.ts';

const variables = { ...environment, READER: 'planted-operator-token-0123456789abcdef' };
const reader = 'operators:\n  - { id: desk, token: "${READER}", may: [taps] }\n';

describe('workers', () => {
  it.each([
    ['', 1],
    ['workers: 3\n', 3],
  ])('%j is %i', async (line, count) => {
    const { config, lines } = await load(sound + line, variables);
    expect(lines).toEqual([]);
    expect(config && workerCount(config)).toBe(count);
  });

  it('auto is at least one', async () => {
    const { config } = await load(`${sound}workers: auto\n`, variables);
    expect(config && workerCount(config)).toBeGreaterThan(0);
  });

  it.each(['0', '65', 'many', '1.5'])('%s is a fault', async (value) => {
    const { lines } = await load(`${sound}workers: ${value}\n`, variables);
    expect(lines).toEqual([expect.stringContaining('a whole number of processes from 1 to 64')]);
  });

  it('beside readers of transcripts is a fault, for one listener would not know all calls', async () => {
    expect((await load(`${sound}workers: 1\n${reader}`, variables)).lines).toEqual([]);
    expect((await load(`${sound}workers: 2\n${reader}`, variables)).lines).toEqual([
      expect.stringMatching(/workers: found several workers beside operators; wanted workers: 1/u),
    ]);
  });
});
