import type { Custody, CustodyCall } from './custody.ts';
import type { EraseReceipt, EraseRequest } from './erase.ts';
import type { AuditEvent } from './event.ts';
import type { ExpireReport, ExpireRequest } from './expire.ts';
import type { Hold, HoldRequest } from './hold.ts';
import { hasStrings, isObject } from './json.ts';
import { AuditFault } from './log.ts';
import type { RecordProof } from './prove.ts';
import type { PurgeReport, PurgeRequest } from './purge.ts';
import type { Spool } from './spool.ts';

/** Waits so long for an answer, ms: a purge of years reads and hashes much. */
const patience = 120_000;

/** The log of another process, asked through its spool. */
export class RemoteCustody implements Custody {
  readonly #spool: Spool;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  erase(request: EraseRequest): Promise<EraseReceipt> {
    return this.#ask(isReceipt, 'erase', request);
  }

  holds(): Promise<readonly Hold[]> {
    return this.#ask(isHolds, 'holds');
  }

  hold(request: HoldRequest): Promise<Hold> {
    return this.#ask(isHold, 'hold', request);
  }

  release(id: string, by: string): Promise<Hold> {
    return this.#ask(isHold, 'release', id, by);
  }

  expire(request: ExpireRequest): Promise<ExpireReport> {
    return this.#ask(isExpired, 'expire', request);
  }

  purge(request: PurgeRequest): Promise<PurgeReport> {
    return this.#ask(isPurged, 'purge', request);
  }

  prove(index: number): Promise<RecordProof> {
    return this.#ask(isProof, 'prove', index);
  }

  gate(event: AuditEvent): Promise<{ readonly size: number }> {
    return this.#ask(isSize, 'gate', event);
  }

  async #ask<T>(
    isAnswer: (value: unknown) => value is T,
    verb: CustodyCall['verb'],
    ...args: readonly unknown[]
  ): Promise<T> {
    const call: CustodyCall = { verb, arguments: args };
    const answer = await this.#spool.ask({ ...call }, patience);
    if (isAnswer(answer)) return answer;
    throw new AuditFault(
      'AUDIT_FAILED',
      'The process that writes the log answered something else: is it another version?',
      70,
    );
  }
}

// The answer was sealed with the key of the log by the process that carried the act out: what is left to find here is
// another version of that process.
const isReceipt = (value: unknown): value is EraseReceipt => isObject(value) && hasStrings(value, 'outcome');
const isHold = (value: unknown): value is Hold => isObject(value) && hasStrings(value, 'id', 'matter', 'by');
const isHolds = (value: unknown): value is readonly Hold[] => Array.isArray(value) && value.every(isHold);
const isExpired = (value: unknown): value is ExpireReport => isObject(value) && typeof value['keys'] === 'number';
const isPurged = (value: unknown): value is PurgeReport => isObject(value) && Array.isArray(value['purged']);
const isProof = (value: unknown): value is RecordProof => isObject(value) && hasStrings(value, 'body', 'proof');
const isSize = (value: unknown): value is { readonly size: number } =>
  isObject(value) && typeof value['size'] === 'number';
