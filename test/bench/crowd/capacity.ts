import { runLoad, type LoadResult } from '../load.ts';
import type { Relay } from '../relay.ts';
import { bare } from '../relays/bare.ts';
import { chaperone } from '../relays/chaperone.ts';
import { direct } from '../relays/direct.ts';

/** The most calls of Media Streams, plain, that one core carries. */
export interface Capacity {
  readonly relay: string;
  readonly calls: number;
  /** Share of its core that the relay used with them, 0 to 1. */
  readonly core: number;
  /** One way, beyond the direct run with as many calls, milliseconds. */
  readonly addedP99Ms: number;
  /** Why there is no larger number: what the next one did. */
  readonly limit: string;
}

/** Added to a frame at the 99th percentile: half of what is heard as a gap in the beat of 20 ms would be 10. */
const mostAddedMs = 5;

/** The machine has other work as well: a step has failed when it fails so many times in a row. */
const attempts = 3;

export async function capacities(steps: readonly number[], measureMs: number): Promise<Capacity[]> {
  return [await capacityOf(bare, steps, measureMs), await capacityOf(chaperone, steps, measureMs)];
}

async function capacityOf(relay: Relay, steps: readonly number[], measureMs: number): Promise<Capacity> {
  let most: Capacity = { relay: relay.name, calls: 0, core: 0, addedP99Ms: 0, limit: 'no larger step was tried' };
  for (const calls of steps) {
    process.stderr.write(`  capacity: ${relay.name}, ${calls} calls\n`);
    const failures: string[] = [];
    while (failures.length < attempts) {
      const [result, addedP99Ms] = await runBeside(relay, calls, measureMs);
      const failure = failureOf(result, addedP99Ms);
      if (failure === undefined) {
        most = { ...most, calls, core: result.core, addedP99Ms };
        break;
      }
      failures.push(failure);
    }
    if (failures.length === attempts) return { ...most, limit: `${calls} calls: ${failures.join('; ')}` };
  }
  return most;
}

/** The load through the relay, and what it adds to a frame at the 99th percentile beyond a direct run beside it. */
async function runBeside(relay: Relay, streams: number, measureMs: number): Promise<[LoadResult, number]> {
  const plan = { streams, prompts: 0, warmUpMs: 2_000, measureMs };
  const without = await runLoad(direct, plan);
  const result = await runLoad(relay, plan);
  return [result, result.mediaMs.p99 - without.mediaMs.p99];
}

function failureOf({ media, latenessMs, driverCore }: LoadResult, addedP99Ms: number): string | undefined {
  const changed = media.lost + media.altered + media.reordered;
  if (changed > 0) return `${changed} frames lost, altered or reordered`;
  if (addedP99Ms <= mostAddedMs) return undefined;
  const driver = `driver late by ${latenessMs.p99.toFixed(1)} ms at p99, with ${(driverCore * 100).toFixed(0)} % of its core`;
  return `added p99 ${addedP99Ms.toFixed(1)} ms (${driver})`;
}
