/** What one load sent and what arrived. */
export interface Totals {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly altered: number;
  readonly reordered: number;
  /** Messages in which a planted identifier arrived. */
  readonly leaked: number;
}

/** Quantiles of {@link Samples}, in their unit. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Samples, kept whole: a histogram would round away the microseconds that are compared. */
export class Samples {
  #values = new Float64Array(1 << 16);
  #size = 0;

  add(value: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#size++] = value;
  }

  /** Nearest rank; NaN without samples. */
  spread(): Spread {
    const sorted = this.#values.slice(0, this.#size).sort();
    const at = (part: number): number => sorted[Math.floor(part * this.#size)] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
  }

  mean(): number {
    return this.#values.subarray(0, this.#size).reduce((sum, value) => sum + value, 0) / this.#size;
  }
}

/** One way of one call. Sequence numbers start at 0 and have no gap. */
export class Flow {
  sent = 0;
  received = 0;
  altered = 0;
  reordered = 0;
  leaked = 0;
  #next = 0;

  arrive(sequence: number, intact: boolean): void {
    this.received++;
    if (!intact) this.altered++;
    if (sequence < this.#next) this.reordered++;
    else this.#next = sequence + 1;
  }
}

export function totalOf(flows: readonly Flow[]): Totals {
  const sum = (pick: (flow: Flow) => number): number => flows.reduce((total, flow) => total + pick(flow), 0);
  const [sent, received] = [sum((flow) => flow.sent), sum((flow) => flow.received)];
  return {
    sent,
    received,
    lost: sent - received,
    altered: sum((flow) => flow.altered),
    reordered: sum((flow) => flow.reordered),
    leaked: sum((flow) => flow.leaked),
  };
}
