import { MetricBoard } from './metrics.ts';
import type { TapFigures } from './taps/figures.ts';

/** What a scrape asks of what a deployment has once, however many processes carry its calls. */
export interface HouseSources {
  readonly auditSize: () => number;
  readonly auditWaiting: () => number;
  readonly auditLagSeconds: () => number;
  readonly auditFailed: () => boolean;
  /** Seconds for which an anchor, or the service that holds the key, has not answered. */
  readonly auditUndeposited: () => number;
  readonly auditSilence: () => { readonly anchors: number; readonly key: number };
  /** Days until each sub-processor's agreement ends, by its id; NaN without an agreement. */
  readonly agreementDaysLeft: () => ReadonlyMap<string, number>;
  readonly taps: TapFigures;
}

/** The log, the policy, the agreements and the readers of transcripts. */
export class HouseMetrics {
  readonly board = new MetricBoard();
  readonly #reloads = this.board.counter('chaperone_policy_loads_total', 'Configurations loaded or rejected', [
    'outcome',
  ]);
  #rejected = 0;

  constructor(sources: HouseSources) {
    const { board } = this;
    board.gauge(
      'chaperone_policy_rejected',
      '1 while the newest configuration on disk is rejected',
      () => this.#rejected,
    );
    board.gauge('chaperone_audit_tree_size', 'Durable records in the audit log', sources.auditSize);
    board.gauge('chaperone_audit_waiting', 'Audit records that are not yet durable', sources.auditWaiting);
    const lag = 'Age of the oldest audit record that is not yet durable';
    board.gauge('chaperone_audit_lag_seconds', lag, sources.auditLagSeconds);
    const failed = '1 when the audit log can record no more';
    board.gauge('chaperone_audit_failed', failed, () => (sources.auditFailed() ? 1 : 0));
    const anchors = 'Time that a checkpoint of the audit log has waited for an anchor';
    board.gauge('chaperone_audit_anchor_silence_seconds', anchors, () => sources.auditSilence().anchors);
    const deposit = 'Closed segments of the audit log that wait for a bucket to keep them';
    board.gauge('chaperone_audit_undeposited_segments', deposit, sources.auditUndeposited);
    const key = 'Time since the service that holds the audit key last gave it';
    board.gauge('chaperone_audit_key_silence_seconds', key, () => sources.auditSilence().key);
    const daysLeft = 'Days until the business associate agreement of a sub-processor ends';
    board.gaugeBy('sub_processor', 'chaperone_agreement_days_left', daysLeft, sources.agreementDaysLeft);
    this.#taps(sources.taps);
  }

  policyLoaded(): void {
    this.#reloads.inc({ outcome: 'loaded' });
    this.#rejected = 0;
  }

  policyRejected(): void {
    this.#reloads.inc({ outcome: 'rejected' });
    this.#rejected = 1;
  }

  /** Who reads along, and what reached them. */
  #taps(figures: TapFigures): void {
    const { board } = this;
    const waiting = (): Map<string, number> => new Map([...figures.waiting].map(([id, lines]) => [id, lines()]));
    board.gaugeBy('kind', 'chaperone_tap_readers', 'Readers of transcripts now', () => figures.readers);
    board.gaugeBy('tap', 'chaperone_tap_lines_waiting', 'Lines that wait for a webhook', waiting);
    board.counterBy('kind', 'chaperone_tap_lines_delivered_total', 'Lines that reached a reader', figures.delivered);
    board.counterBy('kind', 'chaperone_tap_lines_dropped_total', 'Lines that a reader did not get', figures.dropped);
    board.counterBy('kind', 'chaperone_tap_slow_readers_total', 'Readers cut off as too slow', figures.slowReaders);
    board.counterBy('tap', 'chaperone_tap_retries_total', 'Deliveries to a webhook that failed', figures.retries);
    board.counterBy('part', 'chaperone_tap_faults_total', 'Faults of the taps that no call noticed', figures.faults);
  }
}
