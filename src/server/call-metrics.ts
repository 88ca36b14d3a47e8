import type { ReasonCode } from '../policy/reason.ts';
import { cells, type Cell } from '../stream/counters.ts';
import { MetricBoard, type Counter, type Figures } from './metrics.ts';

/** What a scrape asks of the process that carries calls. */
export interface CallSources {
  /** Sums of the relay's cells over all calls, ended ones included; in the order of `cells`. */
  readonly cellSums: () => Float64Array;
  readonly liveCalls: () => number;
  /** Share of the last second, 0 to 1. */
  readonly busy: () => number;
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

/** The calls of one process. What happens for each frame is counted in the relay's cells and copied here at scrape. */
export class CallMetrics {
  readonly board = new MetricBoard();
  readonly #admitted = this.board.counter('chaperone_calls_admitted_total', 'Calls accepted, by route', ['route']);
  readonly #refused = this.board.counter(
    'chaperone_calls_refused_total',
    'Calls refused before the upgrade, by reason',
    ['reason'],
  );
  readonly #ended = this.board.counter('chaperone_calls_ended_total', 'Calls ended, by reason', ['reason']);
  readonly #humans = this.board.counter('chaperone_handoffs_total', 'Calls sent to a human, by reason', ['reason']);
  readonly #cells: ReadonlyMap<Cell['metric'], Counter>;
  readonly #sources: CallSources;

  constructor(sources: CallSources) {
    this.#sources = sources;
    this.board.addProcess();
    this.board.gauge('chaperone_calls_live', 'Calls in progress', sources.liveCalls);
    const busy = 'Share of the last second in which the process did something';
    this.board.gauge('chaperone_busy_ratio', busy, sources.busy, 'average');
    this.#cells = this.#relayCounters();
  }

  admitted(route: string): void {
    this.#admitted.inc({ route });
  }

  refused(reason: ReasonCode): void {
    this.#refused.inc({ reason });
  }

  ended(reason: ReasonCode, toHuman: boolean): void {
    this.#ended.inc({ reason });
    if (toHuman) this.#humans.inc({ reason });
  }

  scrape(): Promise<string> {
    this.#copyCells();
    return this.board.scrape();
  }

  figures(): Promise<Figures> {
    this.#copyCells();
    return this.board.figures();
  }

  /** One counter for each name of the table. */
  #relayCounters(): Map<Cell['metric'], Counter> {
    const counters = new Map<Cell['metric'], Counter>();
    for (const { metric, labels } of cells) {
      if (counters.has(metric)) continue;
      const [name, help] = names[metric];
      counters.set(metric, this.board.counter(name, help, Object.keys(labels)));
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
