import type { Anchor, Deposit } from './anchor.ts';
import type { FileLayer } from './durable.ts';
import type { AuditEvent } from './event.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';

export interface DepositorOptions {
  readonly anchors: readonly Anchor[];
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly record: (event: AuditEvent) => boolean;
  readonly monotonic: () => number;
  /** Time after which a place that kept nothing is asked again, ms. */
  readonly retry: number;
}

interface State {
  readonly name: string;
  readonly deposit: Deposit;
  /** Undefined until the place has said what it keeps. */
  kept: Set<number> | undefined;
  /** Not asked before this time. */
  notBefore: number;
  /** True from the first failure to the next success: one event tells of an outage. */
  failing: boolean;
}

/** How often it is looked whether a segment was closed, ms. */
const lookEvery = 10_000;

/**
 * Puts closed segments where nobody can change them, oldest first, one at a time. What is to be done is what the log holds
 * and the place does not: nothing is queued, so nothing is lost by a restart or a long outage.
 */
export class Depositor {
  readonly #options: DepositorOptions;
  readonly #states: readonly State[];
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #waiting = 0;
  /** Since when something waits. */
  #since: number | undefined;

  constructor(options: DepositorOptions) {
    this.#options = options;
    this.#states = options.anchors.flatMap(({ name, deposit }) =>
      deposit === undefined ? [] : [{ name, deposit, kept: undefined, notBefore: 0, failing: false }],
    );
  }

  /** Closed segments that some place does not keep yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How long something has waited, ms; 0 where nothing does. */
  get silence(): number {
    return this.#since === undefined ? 0 : this.#options.monotonic() - this.#since;
  }

  start(): void {
    if (this.#states.length === 0) return;
    this.#timer = setInterval(() => void this.look(), lookEvery).unref();
    void this.look();
  }

  /** Stops after the segment that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#work;
  }

  /** Deposits what is due. Never rejects: what fails is recorded and tried again. */
  look(): Promise<void> {
    this.#work = this.#work.then(() => this.#all());
    return this.#work;
  }

  async #all(): Promise<void> {
    const { files, layout, monotonic } = this.#options;
    let waiting = 0;
    for (const state of this.#states) {
      const starts = segmentStarts(await files.list(layout.segments).catch(() => [])).slice(0, -1);
      if (monotonic() >= state.notBefore)
        await this.#one(state, starts).catch((error: unknown) => this.#failed(state, error));
      waiting = Math.max(waiting, starts.filter((first) => state.kept?.has(first) !== true).length);
    }
    this.#waiting = waiting;
    this.#since = waiting === 0 ? undefined : (this.#since ?? monotonic());
  }

  async #one(state: State, starts: readonly number[]): Promise<void> {
    const { files, layout, record } = this.#options;
    state.kept ??= new Set((await state.deposit.kept()).map(({ first }) => first));
    for (const first of starts) {
      if (state.kept.has(first)) continue;
      await state.deposit.keep({ first, bytes: await files.readFile(segmentPath(layout, first)) });
      state.kept.add(first);
      state.failing = false;
      const facts = { anchor: state.name, what: 'segment' };
      record({ kind: 'anchor.ok', actor: 'system', outcome: 'ok', totals: { first }, facts });
    }
  }

  #failed(state: State, error: unknown): void {
    const { record, monotonic, retry } = this.#options;
    state.notBefore = monotonic() + retry;
    if (state.failing) return;
    state.failing = true;
    const cause = error instanceof AuditFault ? error.code : 'ANCHOR_FAILED';
    const facts = { anchor: state.name, what: 'segment', cause };
    record({ kind: 'anchor.fail', actor: 'system', outcome: 'failed', facts });
  }
}
