import { createHash, type Hash } from 'node:crypto';
import type { AuditEvent } from '../../audit/event.ts';
import type { AuditLog } from '../../audit/log.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import type { TapKind } from './line.ts';

/** Who reads, for what, and in which way. */
export interface Party {
  /** `user:<id>` or `party:<id>`. */
  readonly actor: string;
  /** HL7 purpose of use. */
  readonly purpose: string;
  readonly tap: TapKind;
}

/** A call as the log needs it. A line of an earlier process no longer has the number of its caller. */
export interface ReadCall {
  readonly ref: string;
  readonly caller: string | undefined;
}

export interface LedgerServices {
  readonly audit: Pick<AuditLog, 'record'>;
  /** SHA-256 of the policy in force, hex. */
  readonly policy: () => string;
}

type Phase = 'subscribe' | 'begin' | 'end' | 'unsubscribe';

interface Reading {
  readonly call: ReadCall;
  readonly tally: Tally;
}

/**
 * What one party reads, for the audit log. `subscribe` is recorded before anything is shown, `begin` before the first
 * line of each call, `end` and `unsubscribe` with the number of lines and the SHA-256 over the lines that were delivered,
 * each followed by a line feed. So a reader can show what it got, and a patient whom it was shown to.
 */
export class ReadingLedger {
  readonly #services: LedgerServices;
  readonly #party: Party;
  readonly #scope: ReadCall | undefined;
  readonly #all = new Tally();
  readonly #readings = new Map<string, Reading>();

  /** Of one call, or of all. */
  constructor(services: LedgerServices, party: Party, scope?: ReadCall) {
    this.#services = services;
    this.#party = party;
    this.#scope = scope;
  }

  /** False: the log cannot record it, and nothing may be shown. */
  subscribe(): boolean {
    if (this.#scope !== undefined) this.#readings.set(this.#scope.ref, { call: this.#scope, tally: this.#all });
    return this.#record('subscribe', this.#scope, undefined, undefined);
  }

  /** False: the log cannot record it, and nothing of this call may be shown. */
  begin(call: ReadCall): boolean {
    if (this.#readings.has(call.ref)) return true;
    if (!this.#record('begin', call, undefined, undefined)) return false;
    this.#readings.set(call.ref, { call, tally: new Tally() });
    return true;
  }

  delivered(ref: string, json: string): void {
    this.#all.add(json);
    const tally = this.#readings.get(ref)?.tally;
    if (tally !== this.#all) tally?.add(json);
  }

  /** No more of this call will be shown. */
  end(ref: string): void {
    const reading = this.#readings.get(ref);
    if (reading === undefined || reading.tally === this.#all) return;
    this.#readings.delete(ref);
    this.#record('end', reading.call, reading.tally, undefined);
  }

  /** References of the calls that are being read. */
  get reading(): readonly string[] {
    return [...this.#readings.keys()];
  }

  /** With a reason: the reader was cut off. */
  unsubscribe(reason?: ReasonCode): void {
    for (const ref of this.reading) this.end(ref);
    this.#record('unsubscribe', this.#scope, this.#all, reason);
  }

  #record(phase: Phase, call: ReadCall | undefined, tally: Tally | undefined, reason: ReasonCode | undefined): boolean {
    const { actor, purpose, tap } = this.#party;
    const scope = this.#scope === undefined ? 'all' : 'call';
    const event: AuditEvent = {
      kind: 'access.read',
      actor,
      role: 'recipient',
      action: 'R',
      outcome: reason === undefined ? 'ok' : 'failed',
      purpose,
      policy: this.#services.policy(),
      facts: { tap, scope, phase, ...(tally === undefined ? {} : { sha256: tally.digest() }) },
      ...(tally === undefined ? {} : { totals: { lines: tally.lines } }),
      ...(reason === undefined ? {} : { reason }),
      ...(call === undefined ? {} : { call: call.ref }),
      ...(call?.caller === undefined ? {} : { caller: call.caller }),
    };
    return this.#services.audit.record(event);
  }
}

/** Lines and their digest. */
class Tally {
  lines = 0;
  readonly #hash: Hash = createHash('sha256');

  add(json: string): void {
    this.lines += 1;
    this.#hash.update(json).update('\n');
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
