import type { AuditEvent } from './event.ts';
import { AuditFault } from './log.ts';

/** A place outside of this machine that keeps checkpoints: what was vouched for there can no longer be rolled back. */
export interface Anchor {
  /** For events: `witness example.org/w1`, `s3 bucket`. */
  readonly name: string;
  /** Resolves when the note is kept. Rejects with an AuditFault when it is not; it is offered again, or a newer one. */
  keep(note: string): Promise<void>;
  /** True when it keeps a checkpoint of this log over more records than are stored. Rejects when it cannot say. */
  knowsMore(stored: StoredLog): Promise<boolean>;
  /** Where it keeps closed segments too. */
  readonly deposit?: Deposit;
}

/** A place for closed segments from which nobody can take them for years. It never gets a key. */
export interface Deposit {
  /** What it keeps, in order. Rejects when it cannot say. */
  kept(): Promise<readonly DepositedSegment[]>;
  /** Resolves when the segment is kept. Rejects with an AuditFault when it is not. */
  keep(segment: ClosedSegment): Promise<void>;
}

export interface DepositedSegment {
  /** Index of its first record. */
  readonly first: number;
  /** Hex. */
  readonly sha256: string;
}

export interface ClosedSegment {
  /** Index of its first record. */
  readonly first: number;
  readonly bytes: Buffer;
}

/** The name of a segment in a place that keeps it: its first record and its hash. */
export function depositName(first: number, sha256: string): string {
  return `${first.toString(16).padStart(16, '0')}-${sha256}.cal`;
}

/** What such a name, or a path that ends with one, says; undefined for another one. */
export function depositedAs(name: string): DepositedSegment | undefined {
  const [, first = '', sha256 = ''] = /(?:^|\/)([0-9a-f]{16})-([0-9a-f]{64})\.cal$/.exec(name) ?? [];
  return sha256 === '' ? undefined : { first: Number.parseInt(first, 16), sha256 };
}

/** What the disk holds of a log when it is opened. */
export interface StoredLog {
  /** Records, and those that a repair gave up with consent. */
  readonly size: number;
  /** The newest checkpoint; undefined in a new log. */
  readonly note: string | undefined;
  /** True for a checkpoint that this log signed. */
  readonly isOwn: (note: string) => boolean;
}

export interface AnchorKeeperOptions {
  readonly anchors: readonly Anchor[];
  readonly record: (event: AuditEvent) => boolean;
  /** Told when an anchor that did not answer at first turns out to know more of this log than was stored. */
  readonly onRolledBack: (fault: AuditFault) => void;
  /** Absent: anchors are not asked what they know. */
  readonly stored?: StoredLog | undefined;
  readonly monotonic: () => number;
  /** Shortest time between two notes for one anchor, ms: the longest stretch that can be rewritten unseen. */
  readonly every: number;
  /** Time after which an anchor that kept nothing is asked again, ms. */
  readonly retry: number;
}

interface State {
  readonly anchor: Anchor;
  /** When it last kept a note, and which; undefined before the first. */
  kept: number | undefined;
  note: string | undefined;
  tried: number | undefined;
  /** Since when a note waits for it; undefined while it has the newest. */
  waiting: number | undefined;
  busy: boolean;
  /** True once it was found to know no more of this log than is here. */
  compared: boolean;
}

/** How often it is looked whether an anchor is due, ms. */
const lookEvery = 10_000;

/** Offers new checkpoints to the anchors. An anchor that is away never holds up the log: it is recorded and tried again. */
export class AnchorKeeper {
  readonly #options: AnchorKeeperOptions;
  readonly #states: readonly State[];
  #newest: string | undefined;
  #pending: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AnchorKeeperOptions) {
    this.#options = options;
    this.#states = options.anchors.map((anchor) => {
      return {
        anchor,
        kept: undefined,
        note: undefined,
        tried: undefined,
        waiting: undefined,
        busy: false,
        compared: false,
      };
    });
  }

  /** Longest time that a note has waited for an anchor, ms; 0 where all have the newest. A log at rest is not silent. */
  get silence(): number {
    const now = this.#options.monotonic();
    return Math.max(0, ...this.#states.map(({ waiting }) => now - (waiting ?? now)));
  }

  /**
   * Asks every anchor whether it knows more of this log than is here. Rejects with `AUDIT_ROLLED_BACK` when one does; one
   * that does not answer is asked again before its first note.
   */
  async compare(): Promise<void> {
    const answers = await Promise.all(this.#states.map((state) => this.#compare(state)));
    const fault = answers.find((answer) => answer !== undefined);
    if (fault !== undefined) throw fault;
  }

  /** From now on a note that came too soon is offered when its time is there. */
  start(): void {
    if (this.#states.length === 0) return;
    this.#timer = setInterval(() => this.#offer((state) => this.#isDue(state)), lookEvery).unref();
  }

  /** Offers a note to every anchor that is due. */
  offer(note: string): void {
    this.#newest = note;
    for (const state of this.#states) state.waiting ??= this.#options.monotonic();
    this.#offer((state) => this.#isDue(state));
  }

  /** Offers the newest note to every anchor that does not have it, due or not. Resolves when all have answered. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pending;
    this.#offer(() => true);
    await this.#pending;
  }

  #isDue({ tried, kept }: State): boolean {
    if (tried === undefined) return true;
    const { every, retry, monotonic } = this.#options;
    const failed = kept === undefined || kept < tried;
    return monotonic() - tried >= (failed ? Math.min(every, retry) : every);
  }

  #offer(accepts: (state: State) => boolean): void {
    const note = this.#newest;
    if (note === undefined) return;
    const offered = this.#states.filter((state) => !state.busy && state.note !== note && accepts(state));
    this.#pending = Promise.all([this.#pending, ...offered.map((state) => this.#keep(state, note))]);
  }

  async #compare(state: State): Promise<AuditFault | undefined> {
    const { stored } = this.#options;
    if (stored === undefined || state.compared) return undefined;
    // What it cannot say, it may be able to say later; what it may not say, it need not.
    const more = await state.anchor.knowsMore(stored).catch(() => undefined);
    state.compared = more === false;
    return more === true ? rolledBack(state.anchor.name) : undefined;
  }

  async #keep(state: State, note: string): Promise<void> {
    const { record, monotonic } = this.#options;
    state.busy = true;
    state.tried = monotonic();
    const [, size = ''] = note.split('\n');
    const common = { actor: 'system', facts: { anchor: state.anchor.name }, totals: { size: Number(size) } } as const;
    try {
      const fault = await this.#compare(state);
      if (fault !== undefined) {
        this.#options.onRolledBack(fault);
        throw fault;
      }
      await state.anchor.keep(note);
      state.kept = monotonic();
      state.note = note;
      // What came since is newer than what it was just given.
      state.waiting = note === this.#newest ? undefined : state.tried;
      record({ ...common, kind: 'anchor.ok', outcome: 'ok' });
    } catch (error) {
      const cause = error instanceof AuditFault ? error.code : 'ANCHOR_FAILED';
      record({ ...common, kind: 'anchor.fail', outcome: 'failed', facts: { ...common.facts, cause } });
    } finally {
      state.busy = false;
    }
  }
}

function rolledBack(anchor: string): AuditFault {
  const what = `${anchor} keeps a checkpoint of this log over more records than are here: an older copy was put back`;
  return new AuditFault(
    'AUDIT_ROLLED_BACK',
    `${what}. Put the newest one back, or give up what is missing: \`chaperone audit repair --help\``,
    4,
  );
}
