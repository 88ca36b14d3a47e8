import { phiKinds, type PhiKind } from '../policy/phi/kinds.ts';
import { kindNames, wayNames, type Kind, type Way } from './protocol.ts';

/**
 * The figures of one call in one Float64Array: counting is an addition, and a scrape sums the arrays of all calls.
 * `cells[i]` says what index `i` counts; the order is fixed at start and the same in every call.
 */
export interface Cell {
  readonly metric:
    | 'frames'
    | 'bytes'
    | 'blocked'
    | 'withheld'
    | 'dropped'
    | 'pauses'
    | 'removed'
    | 'sequence_gaps'
    | 'over_budget'
    | 'expired'
    | 'redaction_faults'
    | 'holds'
    | 'text_seconds_bucket'
    | 'text_seconds_sum'
    | 'text_seconds_count';
  readonly labels: Readonly<Record<string, string>>;
}

/** Upper bounds of the buckets of text-frame time, seconds. The targets are 300 us and 1 ms. */
export const textBuckets = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1] as const;

const table: Cell[] = [];

/** Adds cells that stand in a row and returns the index of the first. */
function row(metric: Cell['metric'], labels: readonly Readonly<Record<string, string>>[]): number {
  const first = table.length;
  for (const label of labels) table.push({ metric, labels: label });
  return first;
}

const byWay = wayNames.map((way) => ({ way }));
const byWayAndKind = wayNames.flatMap((way) => kindNames.map((kind) => ({ way, kind })));
const buckets = [...textBuckets.map(String), '+Inf'].map((le) => ({ le }));

const base = {
  frames: row('frames', byWayAndKind),
  bytes: row('bytes', byWayAndKind),
  blocked: row('blocked', byWay),
  withheld: row('withheld', byWay),
  dropped: row('dropped', byWay),
  pauses: row('pauses', byWay),
  removed: row(
    'removed',
    phiKinds.map((kind) => ({ kind })),
  ),
  gaps: row('sequence_gaps', [{}]),
  overBudget: row('over_budget', [{}]),
  expired: row('expired', [{}]),
  faults: row('redaction_faults', [{}]),
  holds: row('holds', [{}]),
  textBucket: row('text_seconds_bucket', buckets),
  textSum: row('text_seconds_sum', [{}]),
  textCount: row('text_seconds_count', [{}]),
} as const;

export const cells: readonly Cell[] = table;

const removedIndex: ReadonlyMap<PhiKind, number> = new Map(
  phiKinds.map((kind, offset) => [kind, base.removed + offset]),
);

/** The counters of one call. */
export class Counters {
  readonly values = new Float64Array(cells.length);

  /** A frame that was sent. `Unknown` frames are those that passed scanned whole. */
  sent(way: Way, kind: Kind, bytes: number): void {
    const offset = way * kindNames.length + kind;
    this.add(base.frames + offset, 1);
    this.add(base.bytes + offset, bytes);
  }

  blocked(way: Way): void {
    this.add(base.blocked + way, 1);
  }

  /** A message of which nothing was left to send: text held, or keypad digits withheld. */
  withheld(way: Way): void {
    this.add(base.withheld + way, 1);
  }

  /** An audio frame that was let go during a hold. */
  dropped(way: Way): void {
    this.add(base.dropped + way, 1);
  }

  paused(way: Way): void {
    this.add(base.pauses + way, 1);
  }

  removed(kind: PhiKind, count: number): void {
    const index = removedIndex.get(kind);
    if (index !== undefined) this.add(index, count);
  }

  sequenceGap(): void {
    this.add(base.gaps, 1);
  }

  overBudget(): void {
    this.add(base.overBudget, 1);
  }

  expired(): void {
    this.add(base.expired, 1);
  }

  redactionFault(): void {
    this.add(base.faults, 1);
  }

  held(): void {
    this.add(base.holds, 1);
  }

  /** Time from the arrival of a frame with text to its handing over, cumulative as Prometheus counts. */
  textTime(milliseconds: number): void {
    const seconds = milliseconds / 1000;
    for (const [index, bound] of textBuckets.entries()) if (seconds <= bound) this.add(base.textBucket + index, 1);
    this.add(base.textBucket + textBuckets.length, 1);
    this.add(base.textSum, seconds);
    this.add(base.textCount, 1);
  }

  /** Totals for the closing event: numbers only. */
  totals(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const [index, cell] of cells.entries()) {
      const value = this.values[index] ?? 0;
      if (value > 0 && !cell.metric.startsWith('text_')) totals[nameOf(cell)] = value;
    }
    return totals;
  }

  private add(index: number, amount: number): void {
    this.values[index] = (this.values[index] ?? 0) + amount;
  }
}

function nameOf(cell: Cell): string {
  return [cell.metric, ...Object.values(cell.labels)].join('.');
}

/** Adds the figures of one call to a running sum of `cells.length` values. */
export function addUp(sum: Float64Array, counters: Counters): void {
  for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) + (counters.values[index] ?? 0);
}
