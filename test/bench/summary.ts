import type { Spread, Totals } from './ledger.ts';
import type { LoadResult } from './load.ts';
import type { Scenario } from './scenarios.ts';

/** The runs of one round of a scenario, by relay. */
export type Round = Readonly<Record<string, LoadResult>>;

/** One relay in one scenario: medians over the rounds. Milliseconds, unless the name says otherwise. */
export interface RelaySummary {
  readonly relay: string;
  readonly cpuMsPer1000: number;
  /** CPU against the bare relay of the same round: median, least, most. */
  readonly cpuRatio: { readonly median: number; readonly least: number; readonly most: number };
  readonly coreShare: number;
  /** How many times the calls of one process these carry, each on a core of its own: 1 over the share of the busiest. */
  readonly processes: number;
  readonly kibPerCall: number;
  readonly startMs: number;
  /** One way, beyond the direct run of the same round. Of media frames, or of prompts where there are only prompts. */
  readonly addedMs: Spread;
  /** One way, beyond the bare relay of the same round. */
  readonly beyondBareMs: Spread;
  /** Prompts beyond the bare relay, in a scenario with both kinds of call. */
  readonly promptsBeyondBareMs: Spread | undefined;
  readonly driver: { readonly latenessMs: Spread; readonly coreShare: number };
  /** Sums over the rounds. */
  readonly media: Totals;
  readonly prompts: Totals;
}

export interface ScenarioSummary {
  readonly name: string;
  readonly title: string;
  readonly relays: readonly RelaySummary[];
}

export const directName = 'direct';
export const bareName = 'bare ws';

export function summarise(scenario: Scenario, rounds: readonly Round[]): ScenarioSummary {
  const names = Object.keys(rounds[0] ?? {}).filter((name) => name !== directName);
  const relays = names.map((name) => summariseRelay(scenario, name, rounds));
  return { name: scenario.name, title: scenario.title, relays };
}

function summariseRelay(scenario: Scenario, name: string, rounds: readonly Round[]): RelaySummary {
  const of = (relay: string): LoadResult[] => rounds.map((round) => resultOf(round, relay));
  const [own, bare, direct] = [of(name), of(bareName), of(directName)];
  const ratios = own.map((result, at) => result.cpuMsPer1000 / (bare[at]?.cpuMsPer1000 ?? Number.NaN));
  const main = scenario.streams > 0 ? 'mediaMs' : 'promptMs';
  const beyond = (kind: 'mediaMs' | 'promptMs', others: readonly LoadResult[]): Spread =>
    medianSpread(own.map((result, at) => minus(result[kind], others[at]?.[kind])));
  return {
    relay: name,
    cpuMsPer1000: median(own.map((result) => result.cpuMsPer1000)),
    cpuRatio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
    coreShare: median(own.map((result) => result.core)),
    processes: median(own.map((result) => 1 / result.busiest)),
    kibPerCall: median(own.map((result) => result.kibPerCall)),
    startMs: median(own.map((result) => result.startMs)),
    addedMs: beyond(main, direct),
    beyondBareMs: beyond(main, bare),
    promptsBeyondBareMs: scenario.streams > 0 && scenario.prompts > 0 ? beyond('promptMs', bare) : undefined,
    driver: {
      latenessMs: medianSpread(own.map((result) => result.latenessMs)),
      coreShare: median(own.map((result) => result.driverCore)),
    },
    media: sumOf(own.map((result) => result.media)),
    prompts: sumOf(own.map((result) => result.prompts)),
  };
}

function resultOf(round: Round, relay: string): LoadResult {
  const result = round[relay];
  if (!result) throw new Error(`The round has no run of ${relay}`);
  return result;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [upper = Number.NaN, lower = Number.NaN] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}

function medianSpread(spreads: readonly Spread[]): Spread {
  const of = (pick: (spread: Spread) => number): number => median(spreads.map(pick));
  return { p50: of((spread) => spread.p50), p99: of((spread) => spread.p99), p999: of((spread) => spread.p999) };
}

function minus(one: Spread, other: Spread | undefined): Spread {
  const nothing = Number.NaN;
  return {
    p50: one.p50 - (other?.p50 ?? nothing),
    p99: one.p99 - (other?.p99 ?? nothing),
    p999: one.p999 - (other?.p999 ?? nothing),
  };
}

function sumOf(totals: readonly Totals[]): Totals {
  const sum = (pick: (total: Totals) => number): number => totals.reduce((all, total) => all + pick(total), 0);
  return {
    sent: sum((total) => total.sent),
    received: sum((total) => total.received),
    lost: sum((total) => total.lost),
    altered: sum((total) => total.altered),
    reordered: sum((total) => total.reordered),
    leaked: sum((total) => total.leaked),
  };
}
