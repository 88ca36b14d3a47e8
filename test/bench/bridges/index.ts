import { loadavg } from 'node:os';
import { runLoad } from '../load.ts';
import type { Spread } from '../ledger.ts';
import { chaperone } from '../relays/chaperone.ts';
import { direct } from '../relays/direct.ts';
import type { Effort } from '../scenarios.ts';
import { median } from '../summary.ts';
import { handoffFigures, type HandoffFigure } from './handoff.ts';
import { runBridge, type BridgeResult } from './load.ts';

/** Bridged calls: what they cost beside the plain relay, how soon a caller can break in, how soon a human is asked for. */
export interface BridgeFigures {
  readonly calls: number;
  /** Of the machine, before and after: latencies of a busy one say little. */
  readonly loadAverage: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly cpuMsPer1000: { readonly bridge: number; readonly plainRelay: number; readonly ratio: number };
  readonly core: number;
  /** One way, beyond a run without any relay. */
  readonly addedMs: Spread;
  /** The same of the plain relay. */
  readonly plainAddedMs: Spread;
  readonly media: BridgeResult['media'];
  readonly bargeInMs: Spread;
  readonly bargeIns: number;
  readonly handoffs: readonly HandoffFigure[];
}

interface Round {
  readonly bridge: BridgeResult;
  readonly barge: BridgeResult;
  readonly plain: Awaited<ReturnType<typeof runLoad>>;
  readonly without: Awaited<ReturnType<typeof runLoad>>;
}

/** The loads, for which this process is the driver. Rounds are interleaved. */
export async function bridgeLoads(effort: Effort, calls: number): Promise<Omit<BridgeFigures, 'handoffs'>> {
  const { warmUpMs, measureMs } = effort;
  const before = loadavg();
  const rounds: Round[] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    process.stderr.write(`  bridges: round ${round + 1}\n`);
    const plan = { streams: calls, prompts: 0, warmUpMs, measureMs };
    rounds.push({
      without: await runLoad(direct, plan),
      plain: await runLoad(chaperone, plan),
      bridge: await runBridge({ calls, interrupted: 0, warmUpMs, measureMs }),
      barge: await runBridge({ calls: calls - 10, interrupted: 10, warmUpMs, measureMs }),
    });
  }
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const added = (quantile: keyof Spread): number =>
    of(({ bridge, without }) => bridge.mediaMs[quantile] - without.mediaMs[quantile]);
  const plainAdded = (quantile: keyof Spread): number =>
    of(({ plain, without }) => plain.mediaMs[quantile] - without.mediaMs[quantile]);
  const barge = (quantile: keyof Spread): number => of((round) => round.barge.bargeInMs[quantile]);
  const media = rounds.map(({ bridge }) => bridge.media);
  const sum = (pick: (total: BridgeResult['media']) => number): number =>
    media.reduce((all, total) => all + pick(total), 0);
  return {
    calls,
    loadAverage: { before, after: loadavg() },
    cpuMsPer1000: {
      bridge: of(({ bridge }) => bridge.cpuMsPer1000),
      plainRelay: of(({ plain }) => plain.cpuMsPer1000),
      ratio: of(({ bridge, plain }) => bridge.cpuMsPer1000 / plain.cpuMsPer1000),
    },
    core: of(({ bridge }) => bridge.core),
    addedMs: { p50: added('p50'), p99: added('p99'), p999: added('p999') },
    plainAddedMs: { p50: plainAdded('p50'), p99: plainAdded('p99'), p999: plainAdded('p999') },
    media: {
      sent: sum(({ sent }) => sent),
      received: sum(({ received }) => received),
      lost: sum(({ lost }) => lost),
      altered: sum(({ altered }) => altered),
      reordered: sum(({ reordered }) => reordered),
      leaked: 0,
    },
    bargeInMs: { p50: barge('p50'), p99: barge('p99'), p999: barge('p999') },
    bargeIns: rounds.reduce((all, round) => all + round.barge.bargeIns, 0),
  };
}

export function handoffs(short: boolean): Promise<HandoffFigure[]> {
  return short ? handoffFigures(1, 5) : handoffFigures(10, 20);
}

export function bridgeText({ handoffs: figures, ...loads }: BridgeFigures): string {
  const lines = [loads, ...figures].map((one) => `  ${JSON.stringify(one)}\n`);
  return `\nBridged calls, ${loads.calls} at once\n${lines.join('')}`;
}
