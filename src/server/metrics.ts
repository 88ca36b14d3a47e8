import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Registry, type Aggregator } from 'prom-client';

export type { Counter } from 'prom-client';

/** The metrics of one process as data. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** The text of a scrape over several processes. Counters add up; each gauge says how its values become one. */
export function mergeFigures(processes: readonly Figures[]): Promise<string> {
  return AggregatorRegistry.aggregate([...processes]).metrics();
}

/** The lateness of the event loop is measured by a timer of so many milliseconds, which wakes up an idle process. */
const lagPrecisionMs = 100;

/**
 * Where metrics are made and read. Labels hold codes, kinds, ways and configured ids; never a call, a caller or an
 * address.
 */
export class MetricBoard {
  readonly #registry = new Registry();

  /** Memory, CPU and event loop of this process. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: lagPrecisionMs });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text of a scrape. */
  scrape(): Promise<string> {
    return this.#registry.metrics();
  }

  /** What a scrape would say, to be merged with that of other processes. */
  figures(): Promise<Figures> {
    return this.#registry.getMetricsAsJSON();
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  /** Read at scrape. `aggregator`: what the values of several processes become. */
  gauge(name: string, help: string, read: () => number, aggregator: Aggregator = 'sum'): Gauge {
    const gauge: Gauge = new Gauge({
      name,
      help,
      aggregator,
      registers: [this.#registry],
      collect: () => gauge.set(read()),
    });
    return gauge;
  }

  /** A gauge with one value for each name of a label, read at scrape. */
  gaugeBy(label: string, name: string, help: string, read: () => ReadonlyMap<string, number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const [value, number] of read()) gauge.labels(value).set(number);
      },
    });
  }

  /** A counter whose totals are kept elsewhere and copied at scrape. */
  counterBy(label: string, name: string, help: string, totals: ReadonlyMap<string, number>): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const [value, number] of totals) counter.labels(value).inc(number);
      },
    });
  }
}
