import { expect, test } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { showLog } from '../../src/audit/show.ts';
import { Disk, type Fault } from './support/disk.ts';
import { seeded } from './support/medium.ts';
import { eventNumber, noteOf, openLog, testKeys } from './support/log.ts';

/** Small, so that one run goes through several segments, checkpoints and new callers. */
const limits = { segmentBytes: 2_500, lockSettle: 0, checkpointPause: 0, watchEvery: 5 };

/** What the caller of the log was told before the end. */
interface Acknowledged {
  size: number;
  readonly notes: string[];
}

/** A scripted run: two processes one after the other. Ends at the first fault. */
async function run(disk: Disk, told: Acknowledged): Promise<void> {
  for (const half of [0, 1]) {
    const { log } = await openLog('/log', { files: disk, limits });
    told.size = Math.max(told.size, log.size);
    for (let at = 0; at < 8; at += 1) {
      const number = half * 8 + at;
      for (let one = 0; one <= at % 4; one += 1) {
        const taken = log.record({
          ...eventNumber(number, `+1512555${1000 + (number % 3)}`),
          facts: { note: `${number}-${one}` },
        });
        if (taken) told.notes.push(`${number}-${one}`);
      }
      const { size } = await log.settled().catch((error: unknown) => {
        told.notes.splice(told.notes.length - ((at % 4) + 1));
        throw error;
      });
      told.size = size;
    }
    await log.close();
    if (log.failed) throw new Error('The log failed');
  }
}

async function runToTheEnd(disk: Disk, fault: (step: number, name: string) => Fault): Promise<Acknowledged> {
  disk.fault = fault;
  const told: Acknowledged = { size: 0, notes: [] };
  await run(disk, told).catch(() => undefined);
  return told;
}

interface Aftermath {
  /** What should not be: a false alarm, a loss, a log that does not go on or cannot be read. */
  readonly complaints: readonly string[];
  /** True when the crash had torn a write. */
  readonly torn: boolean;
}

async function aftermath(disk: Disk, told: Acknowledged, what: string): Promise<Aftermath> {
  const complaints: string[] = [];
  const demand = (holds: boolean, complaint: string): void => void (holds || complaints.push(`${what}: ${complaint}`));
  const before = await verifyLog('/log', { files: disk });
  demand(told.size === 0 || before.exitCode === 0, before.sentence);
  demand(before.records >= told.size, 'an acknowledged record is gone');
  try {
    const { log } = await openLog('/log', { files: disk, limits });
    demand(log.size >= told.size, 'an acknowledged record was cut off');
    log.record(eventNumber(0));
    await log.settled();
    await log.close();
  } catch (error) {
    demand(false, String(error));
  }
  const after = await verifyLog('/log', { files: disk });
  demand(after.exitCode === 0 && after.warnings.length === 0, `after the next start: ${after.sentence}`);
  const shown = await showLog('/log', { files: disk, keys: testKeys });
  const notes = new Set(shown.map(({ members }) => noteOf(members)));
  demand(!shown.some((record) => record.unreadable), 'a record cannot be read');
  demand(
    told.notes.every((note) => notes.has(note)),
    'an acknowledged event is gone',
  );
  return { complaints, torn: disk.paths().some((path) => path.endsWith('.torn')) };
}

async function stepsOfARun(): Promise<string[]> {
  const disk = new Disk();
  await run(disk, { size: 0, notes: [] });
  return disk.steps;
}

test('[E6] a power cut at every step, several times with other sectors lost', { timeout: 900_000 }, async () => {
  const steps = await stepsOfARun();
  const seeds = Math.ceil(1_200 / steps.length);
  const results: Aftermath[] = [];
  for (let step = 0; step < steps.length; step += 1) {
    for (let seed = 0; seed < seeds; seed += 1) {
      const disk = new Disk();
      const told = await runToTheEnd(disk, (at) => (at === step ? 'crash' : 'none'));
      const what = `power cut at step ${step} (${steps[step]}), seed ${seed}`;
      results.push(await aftermath(disk.afterCrash(seeded(step * 100 + seed)), told, what));
    }
  }
  expect(results.length).toBeGreaterThanOrEqual(1_000);
  expect(results.flatMap((result) => result.complaints)).toEqual([]);
  // The simulator must have torn something, or the test shows nothing.
  expect(results.filter((result) => result.torn).length).toBeGreaterThan(25);
});

test('[E5] a kill at every step', { timeout: 60_000 }, async () => {
  const steps = await stepsOfARun();
  const complaints: string[] = [];
  for (let step = 0; step < steps.length; step += 1) {
    const disk = new Disk();
    const told = await runToTheEnd(disk, (at) => (at === step ? 'crash' : 'none'));
    complaints.push(...(await aftermath(disk.afterKill(), told, `kill at step ${step} (${steps[step]})`)).complaints);
  }
  expect(complaints).toEqual([]);
});

test('[E3] an error at every step, before and after it was done, then a power cut', { timeout: 120_000 }, async () => {
  const steps = await stepsOfARun();
  const complaints: string[] = [];
  for (let step = 0; step < steps.length; step += 1) {
    for (const when of ['before', 'after'] as const) {
      const disk = new Disk();
      const told = await runToTheEnd(disk, (at) => (at === step ? { code: 'EIO', when } : 'none'));
      const what = `EIO ${when} step ${step} (${steps[step]})`;
      complaints.push(...(await aftermath(disk.afterCrash(seeded(step)), told, what)).complaints);
    }
  }
  expect(complaints).toEqual([]);
});
