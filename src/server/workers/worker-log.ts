import type { AuditEvent } from '../../audit/event.ts';
import { AuditFault, type AuditLog } from '../../audit/log.ts';
import type { PrimaryMessage, WorkerMessage } from './messages.ts';

/** Events on their way to the disk. A single process keeps as many before it takes no more. */
const mostWaiting = 8192;

interface Batch {
  readonly last: number;
  /** Monotonic milliseconds of its first event. */
  readonly at: number;
}

interface Waiter {
  readonly last: number;
  readonly resolve: (state: { readonly size: number }) => void;
  readonly reject: (fault: AuditFault) => void;
}

/**
 * The audit log as a worker sees it: its events go to the process that writes the one log, and come back as a number up
 * to which they are durable. The promises are those of {@link AuditLog}; when that process is gone the log has failed.
 */
export class WorkerLog implements AuditLog {
  readonly #send: (message: WorkerMessage) => void;
  #events: AuditEvent[] = [];
  #batches: Batch[] = [];
  #waiters: Waiter[] = [];
  #taken = 0;
  #durable = 0;
  #size = 0;
  #failed = false;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  get waiting(): number {
    return this.#taken - this.#durable;
  }

  get failed(): boolean {
    return this.#failed;
  }

  get size(): number {
    return this.#size;
  }

  record(event: AuditEvent): boolean {
    if (this.#failed || this.waiting >= mostWaiting) return false;
    this.#taken += 1;
    // What is recorded in one go travels in one message.
    if (this.#events.push(event) === 1) queueMicrotask(() => this.#flush());
    return true;
  }

  settled(): Promise<{ readonly size: number }> {
    if (this.#failed) return Promise.reject(gone());
    if (this.waiting === 0) return Promise.resolve({ size: this.#size });
    return new Promise((resolve, reject) => {
      this.#waiters.push({ last: this.#taken, resolve, reject });
      // What is still here goes with the next microtask, and says by itself that it is waited for.
      if (this.#events.length === 0) this.#send({ type: 'events', last: this.#taken, events: [], urgent: true });
    });
  }

  lag(now: number): number {
    const [oldest] = this.#batches;
    return oldest === undefined ? 0 : now - oldest.at;
  }

  async close(): Promise<void> {
    await this.settled();
  }

  /** What the process that writes has said. */
  hear(message: PrimaryMessage): void {
    if (message.type === 'durable') this.#settle(message.last, message.size);
    else if (message.type === 'untaken') this.#refuse(message.event);
    else if (message.type === 'failed') this.fail();
  }

  /** Nothing more will become durable. */
  fail(): void {
    this.#failed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(gone());
  }

  #flush(): void {
    const events = this.#events;
    this.#events = [];
    this.#batches.push({ last: this.#taken, at: performance.now() });
    const urgent = this.#waiters.some(({ last }) => last > this.#taken - events.length);
    this.#send({ type: 'events', last: this.#taken, events, urgent });
  }

  #settle(last: number, size: number): void {
    this.#durable = last;
    this.#size = size;
    this.#batches = this.#batches.filter((batch) => batch.last > last);
    const ready = this.#waiters.filter((waiter) => waiter.last <= last);
    this.#waiters = this.#waiters.filter((waiter) => waiter.last > last);
    for (const waiter of ready) waiter.resolve({ size });
  }

  /** An event that was not taken does not become durable; whoever waits for it must not go on. */
  #refuse(event: number): void {
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ last }) => last < event);
    for (const waiter of waiters) if (waiter.last >= event) waiter.reject(untaken());
  }
}

function gone(): AuditFault {
  return new AuditFault('AUDIT_UNAVAILABLE', 'The process that writes the audit log takes no more events', 74);
}

function untaken(): AuditFault {
  return new AuditFault('AUDIT_UNAVAILABLE', 'The audit log did not take an event', 74);
}
