import { capacities, type Capacity } from './capacity.ts';
import { runCrowd, type CrowdResult } from './crowd.ts';

/** How many calls one core carries, and what those in progress hear when ten times as many arrive. */
export interface CrowdFigures {
  readonly capacities: readonly Capacity[];
  readonly crowd: CrowdResult;
}

const steps = [200, 250, 300, 350, 400, 450, 500];

/**
 * The driver has one core for both ends of every call, so it cannot drive ten times the calls of the other core: the
 * process is told to stop at a third of its core, which about 200 calls fill.
 */
export async function crowdFigures(short: boolean): Promise<CrowdFigures> {
  if (short)
    return {
      capacities: await capacities([10, 20], 1_000),
      crowd: await runCrowd({ busyPercent: 30, offered: 100, perSecond: 50 }),
    };
  return {
    capacities: await capacities(steps, 5_000),
    crowd: await runCrowd({ busyPercent: 30, offered: 2_000, perSecond: 40 }),
  };
}

export function crowdText({ capacities: most, crowd }: CrowdFigures): string {
  const lines = [...most, crowd].map((one) => `  ${JSON.stringify(one)}\n`);
  return `\nCalls that one core carries, and a crowd of ten times as many\n${lines.join('')}`;
}
