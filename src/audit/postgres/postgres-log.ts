import type { AnchorKeeper } from '../anchor.ts';
import type { Depositor } from '../depositor.ts';
import { Eraser, type EraseReceipt, type EraseRequest } from '../erase.ts';
import type { AuditEvent } from '../event.ts';
import type { ExpireReport, ExpireRequest } from '../expire.ts';
import { Holds, type Hold, type HoldRequest } from '../hold.ts';
import type { KeyLease } from '../key-lease.ts';
import type { Keyring } from '../keyring.ts';
import type { AuditFault } from '../log.ts';
import { proveRecord, type RecordProof } from '../prove.ts';
import type { PurgeReport, PurgeRequest } from '../purge.ts';
import type { Wanted } from '../query.ts';
import type { LogSource } from '../reader.ts';
import type { RecordText } from '../record.ts';
import type { ServedLog } from '../served-log.ts';
import type { LogWriter } from '../writer.ts';
import type { Database } from './database.ts';
import { expireInDatabase } from './expire.ts';
import { isOnCall } from './live.ts';
import { purgeDatabase } from './purge.ts';
import { findRows } from './source.ts';

export interface PostgresLogParts {
  readonly database: Database;
  /** The chain of this writer. */
  readonly source: LogSource;
  readonly practice: string;
  readonly writer: LogWriter;
  readonly keeper: AnchorKeeper;
  readonly depositor: Depositor;
  readonly keyring: Keyring;
  readonly clockDoubt: () => string | undefined;
  readonly now: () => number;
  /** Present where a service holds the key. */
  readonly lease: KeyLease | undefined;
  /** How long an erasure waits for the end of the caller's call, ms. */
  readonly erasePatience?: number;
}

const lookAgain = 1000;
const defaultErasePatience = 600_000;

/**
 * The chain of one writer in a database that several share. Acts that take something away need the role that may: the
 * database refuses them to a replica.
 */
export class PostgresLog implements ServedLog {
  readonly #parts: PostgresLogParts;
  readonly #writer: LogWriter;
  readonly #holds: Holds;
  readonly #eraser: Eraser;

  constructor(parts: PostgresLogParts) {
    const { writer, database, keyring, practice, source } = parts;
    this.#parts = parts;
    this.#writer = writer;
    this.#holds = new Holds(parts);
    this.#eraser = new Eraser({
      writer,
      keyring,
      holds: this.#holds,
      practice,
      find: (wanted) => source.find(wanted),
      findEverywhere: (wanted: Wanted): AsyncIterable<RecordText> => findRows(database, wanted),
      isLive: (_caller, subject) => isOnCall(database, subject),
      journal: `erased ${source.description.origin}.json`,
    });
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

  /** The connection is gone: whether its last statement was done, only the next start can tell. */
  fail(fault: AuditFault): void {
    this.#writer.fail(fault);
  }

  async close(): Promise<void> {
    this.#parts.lease?.stop();
    await this.#parts.depositor.stop();
    await this.#writer.close();
    await this.#parts.keeper.finish();
    await this.#parts.database.close();
  }

  gate(event: AuditEvent): Promise<{ readonly size: number }> {
    return this.#writer.gate(event);
  }

  /** Finishes what was begun before, where this role may. */
  async resume(): Promise<void> {
    const [row] = await this.#parts.database.query(`select has_table_privilege('caller', 'delete') as may`);
    if (row?.['may'] === true) await this.#eraser.resume();
  }

  /** Waits for the end of a call that the caller is on, wherever: what is said in it belongs to what is forgotten. */
  async erase(request: EraseRequest): Promise<EraseReceipt> {
    const first = await this.#eraser.erase(request);
    const { erasePatience = defaultErasePatience } = this.#parts;
    for (let waited = 0; first.outcome === 'waiting' && waited < erasePatience; waited += lookAgain) {
      await new Promise((resolve) => setTimeout(resolve, lookAgain));
      const receipt = await this.#eraser.callEnded(request.caller);
      if (receipt !== undefined) return receipt;
    }
    return first;
  }

  holds(): Promise<readonly Hold[]> {
    return this.#holds.all();
  }

  hold(request: HoldRequest): Promise<Hold> {
    return this.#holds.set(request);
  }

  release(id: string, by: string): Promise<Hold> {
    return this.#holds.clear(id, by);
  }

  expire(request: ExpireRequest): Promise<ExpireReport> {
    return expireInDatabase({ ...this.#parts, holds: this.#holds }, request);
  }

  purge(request: PurgeRequest): Promise<PurgeReport> {
    return purgeDatabase({ ...this.#parts, holds: this.#holds }, request);
  }

  async prove(index: number): Promise<RecordProof> {
    await this.#writer.sign();
    const { layout, files } = this.#parts.source;
    return proveRecord(layout.root, index, files);
  }
}
