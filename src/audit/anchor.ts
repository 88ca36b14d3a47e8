import type { AuditEvent } from './event.ts';
import { AuditFault } from './log.ts';

/** A place outside of this machine that keeps checkpoints: what was vouched for there can no longer be rolled back. */
export interface Anchor {
  /** For events: `witness example.org/w1`, `s3 bucket`. */
  readonly name: string;
  /** Resolves when the note is kept. Rejects with an AuditFault when it is not; it is offered again, or a newer one. */
  keep(note: string): Promise<void>;
}

export interface AnchorKeeperOptions {
  readonly anchors: readonly Anchor[];
  readonly record: (event: AuditEvent) => boolean;
  readonly monotonic: () => number;
  /** Shortest time between two notes for one anchor, ms: the longest stretch that can be rewritten unseen. */
  readonly every: number;
}

interface State {
  readonly anchor: Anchor;
  /** When it last kept a note; undefined before the first. */
  kept: number | undefined;
  tried: number | undefined;
  busy: boolean;
}

/** Offers new checkpoints to the anchors. An anchor that is away never holds up the log: it is recorded and tried again. */
export class AnchorKeeper {
  readonly #options: AnchorKeeperOptions;
  readonly #states: readonly State[];
  readonly #start: number;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(options: AnchorKeeperOptions) {
    this.#options = options;
    this.#start = options.monotonic();
    this.#states = options.anchors.map((anchor) => ({ anchor, kept: undefined, tried: undefined, busy: false }));
  }

  /** Longest time since an anchor kept a note, ms; 0 where there is none. */
  get silence(): number {
    const now = this.#options.monotonic();
    return Math.max(0, ...this.#states.map(({ kept }) => now - (kept ?? this.#start)));
  }

  /** Resolves when every anchor has answered what it was offered. */
  async idle(): Promise<void> {
    await this.#pending;
  }

  /** Offers a note to every anchor that is due. */
  offer(note: string): void {
    const now = this.#options.monotonic();
    const due = this.#states.filter(
      ({ tried, busy }) => !busy && (tried === undefined || now - tried >= this.#options.every),
    );
    this.#pending = Promise.all([this.#pending, ...due.map((state) => this.#keep(state, note))]);
  }

  async #keep(state: State, note: string): Promise<void> {
    const { record, monotonic } = this.#options;
    state.busy = true;
    state.tried = monotonic();
    const [, size = ''] = note.split('\n');
    const common = { actor: 'system', facts: { anchor: state.anchor.name }, totals: { size: Number(size) } } as const;
    try {
      await state.anchor.keep(note);
      state.kept = monotonic();
      record({ ...common, kind: 'anchor.ok', outcome: 'ok' });
    } catch (error) {
      const cause = error instanceof AuditFault ? error.code : 'ANCHOR_FAILED';
      record({ ...common, kind: 'anchor.fail', outcome: 'failed', facts: { ...common.facts, cause } });
    } finally {
      state.busy = false;
    }
  }
}
