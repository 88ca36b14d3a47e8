import { signCheckpoint, type Signer } from './checkpoint.ts';
import type { AuditLimits } from './limits.ts';
import type { Sink } from './sink.ts';
import type { Frontier } from './tree.ts';

export interface CheckpointerOptions {
  readonly sink: Pick<Sink, 'publish'>;
  readonly signer: Signer;
  readonly limits: Pick<AuditLimits, 'checkpointEvery' | 'checkpointPause'>;
  readonly monotonic: () => number;
  /** Size of the last checkpoint that was signed before. */
  readonly signed: number;
  /** Told of each note after it is durable, for those who keep it elsewhere. */
  readonly onCheckpoint: (note: string) => void;
}

/**
 * Signs the durable part of the log: at intervals while records come, soon after the end of a call, at the end of a
 * segment and at close. It works beside the writer's loop, so that no commit waits for it.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #newest: Frontier | undefined;
  #signed: number;
  #signedAt: number;
  #dueAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #failure: ((error: unknown) => void) | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#signed = options.signed;
    this.#signedAt = options.monotonic();
  }

  /** Who is told that a checkpoint could not be written. */
  onFailure(failure: (error: unknown) => void): void {
    this.#failure = failure;
  }

  /** The log is durable up to here. */
  offer(durable: Frontier, soon: boolean): void {
    const { limits, monotonic } = this.#options;
    this.#newest = durable;
    const due = this.#signedAt + (soon ? limits.checkpointPause : limits.checkpointEvery);
    if (due >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = due;
    this.#timer = setTimeout(() => this.#signNewest(), Math.max(0, due - monotonic()));
    // A process that only waits for its next checkpoint may end: `close` signs what is left.
    this.#timer.unref();
  }

  /** Resolves when the note over this tree is durable and public. */
  sign(durable: Frontier): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    // A failure stays: no note follows one that may or may not be on the disk.
    this.#work = this.#work.then(() => this.#publish(durable));
    return this.#work;
  }

  async #publish(durable: Frontier): Promise<void> {
    const { sink, signer, monotonic, onCheckpoint } = this.#options;
    if (durable.size <= this.#signed) return;
    const note = signCheckpoint({ origin: signer.name, size: durable.size, root: durable.root() }, signer);
    this.#signed = durable.size;
    this.#signedAt = monotonic();
    await sink.publish(note);
    onCheckpoint(note);
  }

  #signNewest(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#newest === undefined) return;
    this.sign(this.#newest).catch((error: unknown) => this.#failure?.(error));
  }
}
