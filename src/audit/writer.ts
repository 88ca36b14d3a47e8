import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Committer } from './committer.ts';
import { diskFault } from './durable.ts';
import type { EncodedEvent } from './encode.ts';
import type { AuditEvent } from './event.ts';
import type { AuditLimits } from './limits.ts';
import { AuditFault, type AuditLog } from './log.ts';
import { BoundedQueue, Milestones } from './queue.ts';

export interface WriterOptions {
  readonly committer: Committer;
  readonly limits: Pick<AuditLimits, 'queue' | 'batch' | 'gather'>;
  readonly onFault: (fault: AuditFault) => void;
}

/** Work that has the log to itself, after this many events. */
interface Job {
  readonly after: number;
  run(): Promise<void>;
  cancel(reason: AuditFault): void;
}

/**
 * The one writer of a log. Events are taken at once and made durable in batches: one loop, one batch at a time, so that
 * the order of `record` is the order on the disk. Any fault is final.
 */
export class LogWriter implements AuditLog {
  readonly #options: WriterOptions;
  readonly #committer: Committer;
  readonly #queue: BoundedQueue<EncodedEvent>;
  readonly #milestones = new Milestones();
  readonly #jobs: Job[] = [];
  #inFlight: readonly EncodedEvent[] = [];
  #taken = 0;
  #done = 0;
  #fault: AuditFault | undefined;
  #closed: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  /** Ends the wait for company. */
  #press: (() => void) | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#committer = options.committer;
    this.#queue = new BoundedQueue(options.limits.queue);
  }

  get waiting(): number {
    return this.#taken - this.#done;
  }

  get failed(): boolean {
    return this.#fault !== undefined;
  }

  get size(): number {
    return this.#committer.size;
  }

  record(event: AuditEvent): boolean {
    if (this.#fault !== undefined || this.#closed !== undefined) return false;
    const encoded = this.#encode(event);
    if (encoded === undefined || !this.#queue.push(encoded)) return false;
    this.#taken += 1;
    this.#loop ??= this.#run();
    if (this.#queue.length >= this.#options.limits.batch) this.#press?.();
    return true;
  }

  async settled(): Promise<{ readonly size: number }> {
    if (this.#done < this.#taken && this.#fault === undefined) {
      this.#press?.();
      await this.#milestones.at(this.#taken);
    }
    if (this.#fault !== undefined) throw this.#fault;
    return { size: this.size };
  }

  lag(now: number): number {
    const oldest = this.#inFlight[0] ?? this.#queue.oldest;
    return oldest === undefined ? 0 : Math.max(0, now - this.#committer.start - oldest.elapsed);
  }

  close(): Promise<void> {
    this.#press?.();
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  /**
   * Records an event and resolves when it is durable, to the size of the log then: the event stands before it.
   * Rejects with an AuditFault when it was not taken.
   */
  async gate(event: AuditEvent): Promise<{ readonly size: number }> {
    if (!this.record(event)) throw this.#fault ?? new AuditFault('AUDIT_REFUSED', 'The audit log took no event', 74);
    return this.settled();
  }

  /** Signs a checkpoint over all that is durable. */
  async sign(): Promise<void> {
    await this.settled();
    await this.#committer.sign();
  }

  /** Does work while no event is written: after all that were taken before, and before all that come later. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#fault !== undefined) throw this.#fault;
    return new Promise((resolve, reject) => {
      const run = (): Promise<void> => work().then(resolve, reject);
      this.#jobs.push({ after: this.#taken, run, cancel: reject });
      this.#press?.();
      this.#loop ??= this.#run();
    });
  }

  /** From here on nothing is taken and nothing more is written: what the disk holds is found by opening anew. */
  fail(error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = runningFault(diskFault(error, 'Writing the audit log'));
    this.#milestones.fail(this.#fault);
    for (const job of this.#jobs.splice(0)) job.cancel(this.#fault);
    this.#options.onFault(this.#fault);
  }

  #encode(event: AuditEvent): EncodedEvent | undefined {
    try {
      return this.#committer.encode(event);
    } catch (error) {
      this.#options.onFault(new AuditFault('AUDIT_EVENT', error instanceof Error ? error.message : 'Not an event', 70));
      return undefined;
    }
  }

  async #run(): Promise<void> {
    try {
      // The events of one turn of the event loop share one commit.
      await nextTurn();
      await this.#gather();
      for (let job = this.#jobs[0]; job !== undefined || this.#queue.length > 0; job = this.#jobs[0]) {
        const events = job === undefined ? this.#queue.length : job.after - this.#done;
        if (events > 0) await this.#commit(this.#queue.take(Math.min(events, this.#options.limits.batch)));
        else await this.#jobs.shift()?.run();
        if (this.#queue.length > 0) await this.#gather();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#loop = undefined;
    }
  }

  /** Waits for more events, unless somebody waits for those that are there. */
  async #gather(): Promise<void> {
    const { batch, gather } = this.#options.limits;
    const pressed = this.#milestones.waiting || this.#jobs.length > 0 || this.#closed !== undefined;
    if (pressed || this.#queue.length >= batch) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gather);
      this.#press = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#press = undefined;
  }

  async #commit(batch: readonly EncodedEvent[]): Promise<void> {
    this.#inFlight = batch;
    await this.#committer.commit(batch);
    this.#inFlight = [];
    this.#done += batch.length;
    this.#milestones.reach(this.#done);
  }

  async #finish(): Promise<void> {
    await this.#loop;
    try {
      if (this.#fault === undefined) await this.#committer.sign();
      await this.#committer.close();
    } catch (error) {
      this.fail(error);
    }
    await this.#committer.release();
  }
}

const configurationFault = 78;
const outputFault = 74;

/**
 * What a log was opened with was right then: a right that a running one loses is a fault of its medium. Whoever starts it
 * again may find it mended; if not, the start says that it is the configuration.
 */
function runningFault(fault: AuditFault): AuditFault {
  if (fault.exitCode !== configurationFault) return fault;
  return new AuditFault(fault.code, fault.message, outputFault, fault);
}
