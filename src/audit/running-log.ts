import type { AnchorKeeper } from './anchor.ts';
import type { Depositor } from './depositor.ts';
import type { EraseReceipt, EraseRequest } from './erase.ts';
import type { AuditEvent } from './event.ts';
import type { ExpireReport, ExpireRequest } from './expire.ts';
import type { Hold, HoldRequest, Holds } from './hold.ts';
import type { KeyLease } from './key-lease.ts';
import type { RecordProof } from './prove.ts';
import type { PurgeReport, PurgeRequest } from './purge.ts';
import type { ServedLog } from './served-log.ts';
import type { LogWriter } from './writer.ts';

export interface RunningLogParts {
  readonly writer: LogWriter;
  readonly holds: Holds;
  readonly keeper: AnchorKeeper;
  readonly depositor: Depositor;
  /** Present where a service holds the key. */
  readonly lease: KeyLease | undefined;
}

/** What a log is wherever it lies: its writer, who stands behind it, its legal holds. */
export abstract class RunningLog implements ServedLog {
  readonly #parts: RunningLogParts;
  readonly #writer: LogWriter;

  constructor(parts: RunningLogParts) {
    this.#parts = parts;
    this.#writer = parts.writer;
    parts.lease?.start();
    parts.keeper.start();
    parts.depositor.start();
  }

  get waiting(): number {
    return this.#writer.waiting;
  }

  get failed(): boolean {
    return this.#writer.failed;
  }

  get size(): number {
    return this.#writer.size;
  }

  get anchorSilence(): number {
    return Math.max(this.#parts.keeper.silence, this.#parts.depositor.silence);
  }

  get undeposited(): number {
    return this.#parts.depositor.waiting;
  }

  get keySilence(): number {
    return this.#parts.lease?.silence ?? 0;
  }

  get admits(): boolean {
    return !this.failed && this.#parts.lease?.holds !== false;
  }

  record(event: AuditEvent): boolean {
    // Without its key service the log keeps what goes on, and takes nothing new.
    if (event.kind === 'call.admit' && this.#parts.lease?.holds === false) return false;
    return this.#writer.record(event);
  }

  settled(): Promise<{ readonly size: number }> {
    return this.#writer.settled();
  }

  lag(now: number): number {
    return this.#writer.lag(now);
  }

  gate(event: AuditEvent): Promise<{ readonly size: number }> {
    return this.#writer.gate(event);
  }

  async close(): Promise<void> {
    this.#parts.lease?.stop();
    await this.#parts.depositor.stop();
    await this.#writer.close();
    // The last checkpoint is worth most outside of this machine.
    await this.#parts.keeper.finish();
  }

  holds(): Promise<readonly Hold[]> {
    return this.#parts.holds.all();
  }

  hold(request: HoldRequest): Promise<Hold> {
    return this.#parts.holds.set(request);
  }

  release(id: string, by: string): Promise<Hold> {
    return this.#parts.holds.clear(id, by);
  }

  abstract erase(request: EraseRequest): Promise<EraseReceipt>;
  abstract expire(request: ExpireRequest): Promise<ExpireReport>;
  abstract purge(request: PurgeRequest): Promise<PurgeReport>;
  abstract prove(index: number): Promise<RecordProof>;
}
