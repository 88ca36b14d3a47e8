import type { LoadPlan } from './load.ts';

/** One line of the result: the same load on every relay. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly tls: boolean;
  /** Media Streams calls: 50 frames a second each way. */
  readonly streams: number;
  /** ConversationRelay calls: one prompt of 300 characters a second. */
  readonly prompts: number;
  /** Besides chaperone as it is served: with two workers, or with its log and its metrics otherwise. */
  readonly also?: 'workers' | 'records';
}

const scenarios: readonly Scenario[] = [
  { name: 'media-plain-200', title: 'Media Streams, 200 calls, plain', tls: false, streams: 200, prompts: 0 },
  {
    name: 'media-workers-200',
    title: 'Media Streams, 200 calls, plain, also on two workers',
    tls: false,
    streams: 200,
    prompts: 0,
    also: 'workers',
  },
  // What each of two workers has to do in the scenario before: a process with fewer calls takes fewer frames at a time.
  { name: 'media-plain-100', title: 'Media Streams, 100 calls, plain', tls: false, streams: 100, prompts: 0 },
  { name: 'media-plain-50', title: 'Media Streams, 50 calls, plain', tls: false, streams: 50, prompts: 0 },
  { name: 'media-tls-100', title: 'Media Streams, 100 calls, TLS on both legs', tls: true, streams: 100, prompts: 0 },
  {
    name: 'media-prompts-100',
    title: 'Both kinds, 100 calls each, plain',
    tls: false,
    streams: 100,
    prompts: 100,
    also: 'records',
  },
  { name: 'prompts-plain-200', title: 'ConversationRelay, 200 calls, plain', tls: false, streams: 0, prompts: 200 },
  {
    name: 'prompts-tls-100',
    title: 'ConversationRelay, 100 calls, TLS on both legs',
    tls: true,
    streams: 0,
    prompts: 100,
  },
];

/** How long a run takes, and what it runs. Rounds are interleaved: each one runs every relay once. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly scenarios: readonly Scenario[];
}

export const full: Effort = { rounds: 3, warmUpMs: 3000, measureMs: 8000, scenarios };

const quickNames = new Set(['media-plain-50', 'media-tls-100', 'prompts-plain-200']);

/** Shows that everything works; its figures are too few to be compared with anything. */
export const quick: Effort = {
  rounds: 1,
  warmUpMs: 1000,
  measureMs: 2000,
  scenarios: scenarios.filter((scenario) => quickNames.has(scenario.name)).map(shortened),
};

function shortened(scenario: Scenario): Scenario {
  const [streams, prompts] = [Math.min(scenario.streams, 20), Math.min(scenario.prompts, 20)];
  return { ...scenario, title: `${scenario.title} (cut to 20)`, streams, prompts };
}

export function planOf(scenario: Scenario, effort: Effort): LoadPlan {
  const { streams, prompts } = scenario;
  return { streams, prompts, warmUpMs: effort.warmUpMs, measureMs: effort.measureMs };
}
