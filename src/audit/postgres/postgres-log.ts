import { Eraser, type EraseReceipt, type EraseRequest } from '../erase.ts';
import type { ExpireReport, ExpireRequest } from '../expire.ts';
import type { Keyring } from '../keyring.ts';
import type { AuditFault } from '../log.ts';
import { proveRecord, type RecordProof } from '../prove.ts';
import type { PurgeReport, PurgeRequest } from '../purge.ts';
import type { Wanted } from '../query.ts';
import type { LogSource } from '../reader.ts';
import type { RecordText } from '../record.ts';
import { RunningLog, type RunningLogParts } from '../running-log.ts';
import type { Database } from './database.ts';
import { expireInDatabase } from './expire.ts';
import { isOnCall } from './live.ts';
import { purgeDatabase } from './purge.ts';
import { mayRemove } from './role.ts';
import { findRows } from './source.ts';

export interface PostgresLogParts extends RunningLogParts {
  readonly database: Database;
  /** The chain of this writer. */
  readonly source: LogSource;
  readonly practice: string;
  readonly keyring: Keyring;
  readonly clockDoubt: () => string | undefined;
  /** How long an erasure waits for the end of the caller's call, ms. */
  readonly erasePatience?: number;
}

const lookAgain = 1000;
const defaultErasePatience = 600_000;

/**
 * The chain of one writer in a database that several share. Acts that take something away need the role that may: the
 * database refuses them to a replica.
 */
export class PostgresLog extends RunningLog {
  readonly #parts: PostgresLogParts;
  readonly #eraser: Eraser;

  constructor(parts: PostgresLogParts) {
    super(parts);
    const { database, source } = parts;
    this.#parts = parts;
    this.#eraser = new Eraser({
      ...parts,
      find: (wanted) => source.find(wanted),
      findEverywhere: (wanted: Wanted): AsyncIterable<RecordText> => findRows(database, wanted),
      isLive: (_caller, subject) => isOnCall(database, subject),
      journal: `erased ${source.description.origin}.json`,
    });
  }

  /** The connection is gone: whether its last statement was done, only the next start can tell. */
  fail(fault: AuditFault): void {
    this.#parts.writer.fail(fault);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#parts.database.close();
  }

  /** Finishes what was begun before, where this role may. */
  async resume(): Promise<void> {
    if (await mayRemove(this.#parts.database, 'caller')) await this.#eraser.resume();
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

  expire(request: ExpireRequest): Promise<ExpireReport> {
    return expireInDatabase(this.#parts, request);
  }

  purge(request: PurgeRequest): Promise<PurgeReport> {
    return purgeDatabase(this.#parts, request);
  }

  async prove(index: number): Promise<RecordProof> {
    const { writer, source } = this.#parts;
    await writer.sign();
    return proveRecord(source.layout.root, index, source.files);
  }
}
