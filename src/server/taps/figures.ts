import { tapKinds, type TapKind } from './line.ts';

/** What the metrics show of the taps. Labels are kinds and configured ids; never a call. */
export class TapFigures {
  /** Live readers and webhooks now. */
  readonly readers = new Map<TapKind, number>(tapKinds.map((kind) => [kind, 0]));
  /** Lines handed to a live reader, or acknowledged by a webhook. */
  readonly delivered = new Map<TapKind, number>(tapKinds.map((kind) => [kind, 0]));
  /** Lines that a reader did not get. */
  readonly dropped = new Map<TapKind, number>(tapKinds.map((kind) => [kind, 0]));
  /** Live readers that were dropped because they did not read. */
  readonly slowReaders = new Map<TapKind, number>(tapKinds.map((kind) => [kind, 0]));
  /** Attempts that failed, by the id of the webhook. */
  readonly retries = new Map<string, number>();
  /** Lines in the queue, by the id of the webhook. */
  readonly waiting = new Map<string, () => number>();
  /** Faults that no call noticed: of the disk under a queue, or while a line was made. */
  readonly faults = new Map<'line' | 'queue', number>([
    ['line', 0],
    ['queue', 0],
  ]);
}

/** Adds to one of the figures. */
export function count<Key>(figure: Map<Key, number>, key: Key, amount = 1): void {
  figure.set(key, (figure.get(key) ?? 0) + amount);
}
