import { carryOut, toldReading } from './custody.ts';
import type { FileLayer } from './durable.ts';
import type { Eraser, EraseReceipt, EraseRequest } from './erase.ts';
import type { AuditEvent } from './event.ts';
import { expireContent, type ExpireReport, type ExpireRequest } from './expire.ts';
import type { Keyring } from './keyring.ts';
import type { LiveCallers } from './live-callers.ts';
import { proveRecord, type RecordProof } from './prove.ts';
import type { PurgeReport, PurgeRequest, Purger } from './purge.ts';
import type { ReadingBox } from './reading-box.ts';
import { RunningLog, type RunningLogParts } from './running-log.ts';
import type { Spool } from './spool.ts';

export interface FileLogParts extends RunningLogParts {
  readonly directory: string;
  readonly files: FileLayer;
  readonly keyring: Keyring;
  readonly eraser: Eraser;
  readonly purger: Purger;
  readonly live: LiveCallers;
  /** Where other processes ask. */
  readonly spool: Spool;
  /** Where those without the key tell what they read. */
  readonly readings: ReadingBox;
  readonly clockDoubt: () => string | undefined;
}

/** How often the spool is looked at, ms. */
const attendEvery = 250;

/** A log in a directory, with all that can be done to it. */
export class FileLog extends RunningLog {
  readonly #parts: FileLogParts;

  constructor(parts: FileLogParts) {
    super(parts);
    this.#parts = parts;
    parts.spool.serve(attendEvery, (request) => carryOut(this, request));
    parts.readings.serve(attendEvery, async (told) => this.gate(toldReading(told)));
  }

  override record(event: AuditEvent): boolean {
    const taken = super.record(event);
    if (taken) this.#watchCalls(event);
    return taken;
  }

  override close(): Promise<void> {
    this.#parts.spool.stop();
    this.#parts.readings.stop();
    return super.close();
  }

  erase(request: EraseRequest): Promise<EraseReceipt> {
    return this.#parts.eraser.erase(request);
  }

  expire(request: ExpireRequest): Promise<ExpireReport> {
    return expireContent(this.#parts, request);
  }

  purge(request: PurgeRequest): Promise<PurgeReport> {
    return this.#parts.purger.purge(request);
  }

  async prove(index: number): Promise<RecordProof> {
    const { writer, directory, files } = this.#parts;
    await writer.sign();
    return proveRecord(directory, index, files);
  }

  #watchCalls(event: AuditEvent): void {
    const { live, writer, eraser } = this.#parts;
    const ended = live.see(event);
    if (ended === undefined) return;
    // What waited for the end of this call comes after its last event.
    writer
      .settled()
      .then(() => eraser.callEnded(ended))
      .catch((error: unknown) => writer.fail(error));
  }
}
