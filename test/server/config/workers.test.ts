import { describe, expect, it } from 'vitest';
import { workerCount } from '../../../src/server/workers/count.ts';
import { environment, load, sound } from './practice.ts';

describe('workers', () => {
  it.each([
    ['', 1],
    ['workers: 3\n', 3],
  ])('%j is %i', async (line, count) => {
    const { config, lines } = await load(sound + line, environment);
    expect(lines).toEqual([]);
    expect(config && workerCount(config)).toBe(count);
  });

  it('auto is at least one', async () => {
    const { config } = await load(`${sound}workers: auto\n`, environment);
    expect(config && workerCount(config)).toBeGreaterThan(0);
  });

  it.each(['0', '65', 'many', '1.5'])('%s is a fault', async (value) => {
    const { lines } = await load(`${sound}workers: ${value}\n`, environment);
    expect(lines).toEqual([expect.stringContaining('a whole number of processes from 1 to 64')]);
  });
});
