import type { AnchorKeeper } from './anchor.ts';
import { carryOut, toldReading } from './custody.ts';
import type { Depositor } from './depositor.ts';
import type { FileLayer } from './durable.ts';
import type { Eraser, EraseReceipt, EraseRequest } from './erase.ts';
import type { AuditEvent } from './event.ts';
import { expireContent, type ExpireReport, type ExpireRequest } from './expire.ts';
import type { Hold, HoldRequest, Holds } from './hold.ts';
import type { KeyLease } from './key-lease.ts';
import type { Keyring } from './keyring.ts';
import type { LiveCallers } from './live-callers.ts';
import { proveRecord, type RecordProof } from './prove.ts';
import type { PurgeReport, PurgeRequest, Purger } from './purge.ts';
import type { ReadingBox } from './reading-box.ts';
import type { ServedLog } from './served-log.ts';
import type { Spool } from './spool.ts';
import type { LogWriter } from './writer.ts';

export interface FileLogParts {
  readonly directory: string;
  readonly files: FileLayer;
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  readonly eraser: Eraser;
  readonly purger: Purger;
  readonly live: LiveCallers;
  /** Where other processes ask. */
  readonly spool: Spool;
  /** Where those without the key tell what they read. */
  readonly readings: ReadingBox;
  readonly keeper: AnchorKeeper;
  readonly depositor: Depositor;
  /** Present where a service holds the key. */
  readonly lease: KeyLease | undefined;
  readonly clockDoubt: () => string | undefined;
}

/** How often the spool is looked at, ms. */
const attendEvery = 250;

/** A log in a directory, with all that can be done to it. */
export class FileLog implements ServedLog {
  readonly #parts: FileLogParts;
  readonly #writer: LogWriter;

  constructor(parts: FileLogParts) {
    this.#parts = parts;
    this.#writer = parts.writer;
    parts.lease?.start();
    parts.keeper.start();
    parts.depositor.start();
    parts.spool.serve(attendEvery, (request) => carryOut(this, request));
    parts.readings.serve(attendEvery, async (told) => this.gate(toldReading(told)));
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
    const taken = this.#writer.record(event);
    if (taken) this.#watchCalls(event);
    return taken;
  }

  settled(): Promise<{ readonly size: number }> {
    return this.#writer.settled();
  }

  lag(now: number): number {
    return this.#writer.lag(now);
  }

  async close(): Promise<void> {
    this.#parts.spool.stop();
    this.#parts.readings.stop();
    this.#parts.lease?.stop();
    await this.#parts.depositor.stop();
    await this.#writer.close();
    // The last checkpoint is worth most outside of this machine.
    await this.#parts.keeper.finish();
  }

  gate(event: AuditEvent): Promise<{ readonly size: number }> {
    return this.#writer.gate(event);
  }

  erase(request: EraseRequest): Promise<EraseReceipt> {
    return this.#parts.eraser.erase(request);
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

  expire(request: ExpireRequest): Promise<ExpireReport> {
    return expireContent(this.#parts, request);
  }

  purge(request: PurgeRequest): Promise<PurgeReport> {
    return this.#parts.purger.purge(request);
  }

  async prove(index: number): Promise<RecordProof> {
    await this.#writer.sign();
    return proveRecord(this.#parts.directory, index, this.#parts.files);
  }

  #watchCalls(event: AuditEvent): void {
    const ended = this.#parts.live.see(event);
    if (ended === undefined) return;
    // What waited for the end of this call comes after its last event.
    this.#writer
      .settled()
      .then(() => this.#parts.eraser.callEnded(ended))
      .catch((error: unknown) => this.#writer.fail(error));
  }
}
