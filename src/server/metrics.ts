import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ReasonCode } from '../policy/reason.ts';
import { cells, type Cell } from '../stream/counters.ts';
import type { TapFigures } from './taps/figures.ts';

/** What the scrape asks of the running process. */
export interface MetricSources {
  /** Sums of the relay's cells over all calls, ended ones included; in the order of `cells`. */
  readonly cellSums: () => Float64Array;
  readonly liveCalls: () => number;
  readonly auditSize: () => number;
  readonly auditWaiting: () => number;
  readonly auditLagSeconds: () => number;
  readonly auditFailed: () => boolean;
  /** Seconds for which an anchor, or the service that holds the key, has not answered. */
  readonly auditSilence: () => { readonly anchors: number; readonly key: number };
  /** Days until each sub-processor's agreement ends, by its id; NaN without an agreement. */
  readonly agreementDaysLeft: () => ReadonlyMap<string, number>;
  readonly taps: TapFigures;
}

const names: Readonly<Record<Cell['metric'], readonly [name: string, help: string]>> = {
  frames: ['chaperone_frames_total', 'Frames sent on, by way and kind'],
  bytes: ['chaperone_bytes_total', 'Bytes of frames sent on, by way and kind'],
  blocked: ['chaperone_frames_blocked_total', 'Frames that were not sent because a rule refused them'],
  withheld: ['chaperone_frames_withheld_total', 'Frames of which nothing was left to send at that moment'],
  dropped: ['chaperone_audio_frames_dropped_total', 'Audio frames let go while the call was on hold'],
  pauses: ['chaperone_pauses_total', 'Times that reading was paused because the other side was slow'],
  removed: ['chaperone_identifiers_removed_total', 'Spans removed, by kind'],
  sequence_gaps: ['chaperone_sequence_gaps_total', 'Gaps in the sequence numbers of the carrier'],
  over_budget: ['chaperone_redaction_over_budget_total', 'Frames whose text was masked whole for lack of time'],
  expired: ['chaperone_held_text_expired_total', 'Held texts that were masked because their end did not come'],
  redaction_faults: ['chaperone_redaction_faults_total', 'Faults of redaction rules; the text was not sent'],
  holds: ['chaperone_holds_total', 'Times that a call was put on hold'],
  text_seconds_bucket: ['chaperone_text_frame_seconds_bucket', 'Time spent on frames with text: cumulative buckets'],
  text_seconds_sum: ['chaperone_text_frame_seconds_sum', 'Time spent on frames with text: sum'],
  text_seconds_count: ['chaperone_text_frame_seconds_count', 'Time spent on frames with text: count'],
};

/**
 * Every metric of the process. Labels hold codes, kinds, ways and configured ids; never a call, a caller or an address.
 * What happens for each frame is counted in the relay's cells and copied here at scrape.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #admitted = this.#counter('chaperone_calls_admitted_total', 'Calls accepted, by route', ['route']);
  readonly #refused = this.#counter('chaperone_calls_refused_total', 'Calls refused before the upgrade, by reason', [
    'reason',
  ]);
  readonly #ended = this.#counter('chaperone_calls_ended_total', 'Calls ended, by reason', ['reason']);
  readonly #humans = this.#counter('chaperone_handoffs_total', 'Calls sent to a human, by reason', ['reason']);
  readonly #reloads = this.#counter('chaperone_policy_loads_total', 'Configurations loaded or rejected', ['outcome']);
  readonly #rejected: Gauge;
  readonly #cells: ReadonlyMap<Cell['metric'], Counter>;
  readonly #sources: MetricSources;

  constructor(sources: MetricSources) {
    this.#sources = sources;
    collectDefaultMetrics({ register: this.#registry });
    this.#rejected = this.#gauge(
      'chaperone_policy_rejected',
      '1 while the newest configuration on disk is rejected',
      () => undefined,
    );
    this.#gauge('chaperone_calls_live', 'Calls in progress', (gauge) => gauge.set(sources.liveCalls()));
    this.#gauge('chaperone_audit_tree_size', 'Durable records in the audit log', (gauge) =>
      gauge.set(sources.auditSize()),
    );
    this.#gauge('chaperone_audit_waiting', 'Audit records that are not yet durable', (gauge) =>
      gauge.set(sources.auditWaiting()),
    );
    this.#gauge('chaperone_audit_lag_seconds', 'Age of the oldest audit record that is not yet durable', (gauge) =>
      gauge.set(sources.auditLagSeconds()),
    );
    this.#gauge('chaperone_audit_failed', '1 when the audit log can record no more', (gauge) =>
      gauge.set(sources.auditFailed() ? 1 : 0),
    );
    this.#silences(sources);
    const daysLeft = 'Days until the business associate agreement of a sub-processor ends';
    this.#gaugeBy('sub_processor', 'chaperone_agreement_days_left', daysLeft, sources.agreementDaysLeft);
    this.#taps(sources.taps);
    this.#cells = this.#relayCounters();
  }

  callAdmitted(route: string): void {
    this.#admitted.inc({ route });
  }

  callRefused(reason: ReasonCode): void {
    this.#refused.inc({ reason });
  }

  callEnded(reason: ReasonCode, toHuman: boolean): void {
    this.#ended.inc({ reason });
    if (toHuman) this.#humans.inc({ reason });
  }

  policyLoaded(): void {
    this.#reloads.inc({ outcome: 'loaded' });
    this.#rejected.set(0);
  }

  policyRejected(): void {
    this.#reloads.inc({ outcome: 'rejected' });
    this.#rejected.set(1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text of a scrape. */
  scrape(): Promise<string> {
    this.#copyCells();
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: (gauge: Gauge) => void): Gauge {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.#registry], collect: () => read(gauge) });
    return gauge;
  }

  /** Who should answer the log, and does not. */
  #silences({ auditSilence }: MetricSources): void {
    const anchors = 'Time that a checkpoint of the audit log has waited for an anchor';
    this.#gauge('chaperone_audit_anchor_silence_seconds', anchors, (gauge) => gauge.set(auditSilence().anchors));
    const key = 'Time since the service that holds the audit key last gave it';
    this.#gauge('chaperone_audit_key_silence_seconds', key, (gauge) => gauge.set(auditSilence().key));
  }

  /** Who reads along, and what reached them. */
  #taps(figures: TapFigures): void {
    const waiting = (): Map<string, number> => new Map([...figures.waiting].map(([id, lines]) => [id, lines()]));
    this.#gaugeBy('kind', 'chaperone_tap_readers', 'Readers of transcripts now', () => figures.readers);
    this.#gaugeBy('tap', 'chaperone_tap_lines_waiting', 'Lines that wait for a webhook', waiting);
    this.#counterBy('kind', 'chaperone_tap_lines_delivered_total', 'Lines that reached a reader', figures.delivered);
    this.#counterBy('kind', 'chaperone_tap_lines_dropped_total', 'Lines that a reader did not get', figures.dropped);
    this.#counterBy('kind', 'chaperone_tap_slow_readers_total', 'Readers cut off as too slow', figures.slowReaders);
    this.#counterBy('tap', 'chaperone_tap_retries_total', 'Deliveries to a webhook that failed', figures.retries);
    this.#counterBy('part', 'chaperone_tap_faults_total', 'Faults of the taps that no call noticed', figures.faults);
  }

  /** A gauge with one value for each name of a label, read at scrape. */
  #gaugeBy(label: string, name: string, help: string, read: () => ReadonlyMap<string, number>): void {
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
  #counterBy(label: string, name: string, help: string, totals: ReadonlyMap<string, number>): void {
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

  /** One counter for each name of the table. */
  #relayCounters(): Map<Cell['metric'], Counter> {
    const counters = new Map<Cell['metric'], Counter>();
    for (const { metric, labels } of cells) {
      if (counters.has(metric)) continue;
      const [name, help] = names[metric];
      counters.set(metric, this.#counter(name, help, Object.keys(labels)));
    }
    return counters;
  }

  #copyCells(): void {
    const sums = this.#sources.cellSums();
    for (const counter of this.#cells.values()) counter.reset();
    for (const [index, { metric, labels }] of cells.entries())
      this.#cells.get(metric)?.inc({ ...labels }, sums[index] ?? 0);
  }
}
