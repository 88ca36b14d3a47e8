import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../../../src/server/logger.ts';
import { Crew } from '../../../src/server/workers/crew.ts';
import { MemoryLog } from '../taps/rig.ts';

const { execPath } = process;
afterEach(() => {
  process.execPath = execPath;
});

test('a process that cannot be started is tried again, and is a failure of the start, not of this process', async () => {
  const logged: string[] = [];
  let hopeless = 0;
  const crew = new Crew({
    audit: new MemoryLog(),
    log: createLog('info', { write: (line) => void logged.push(line) }),
    config: () => [],
    hindrance: () => undefined,
    readers: () => ({
      wanted: [],
      follow: () => ({ hear: () => undefined, end: () => undefined }),
      missed: () => undefined,
    }),
    onHopeless: () => (hopeless += 1),
  });
  process.execPath = '/no/such/program';
  await expect(crew.start(1, { host: '127.0.0.1', port: 0 })).rejects.toThrow('A worker ended with ENOENT before');
  await sleep(1_200);
  await crew.leave('failed', 1_000);
  const tries = logged.filter((line) => line.includes('ENOENT')).length;
  expect(tries).toBeGreaterThan(1);
  expect(tries).toBeLessThan(5);
  expect(hopeless).toBe(0);
  await sleep(700);
  expect(logged.filter((line) => line.includes('ENOENT'))).toHaveLength(tries);
});
