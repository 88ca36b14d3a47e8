import { randomBytes } from 'node:crypto';
import type { AuditEvent, NetworkFacts } from '../audit/event.ts';
import type { AuditLog } from '../audit/log.ts';
import type { ApprovedVendor } from '../policy/vendors.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import { bridges } from '../stream/bridges/index.ts';
import { recordPatienceMs } from './audit-standing.ts';
import {
  admission,
  connection,
  reconnection,
  unaccepted,
  undialled,
  undisclosed,
  type Opening,
} from './admission-events.ts';
import { dialChat } from './chat/dial.ts';
import { dial, type DialledVendor, type DialRefusal, type DialTarget } from './dial.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import { vendorMessageBytes } from './socket.ts';

/** A call that may be accepted: everything about it is durable in the log, and the vendor is connected and paused. */
export interface AdmittedCall extends Opening {
  readonly dialled: DialledVendor;
  readonly openedAt: number;
  /** The memory of the call, where something of it was read before it began. */
  readonly conversation?: Conversation;
}

/** An approved call. */
export interface ApprovedCall extends Omit<Opening, 'reference'> {
  readonly vendor: ApprovedVendor;
  readonly conversation?: Conversation;
}

/** What the vendor is told in the upgrade, credentials among it: never logged. */
export type Handshake = Pick<DialTarget, 'headers' | 'secretParameters'>;

/** Opens approved calls: a durable record of who calls whom, then the dial, then a durable record of the disclosure. */
export class Opener {
  readonly #audit: AuditLog;
  readonly #now: () => number;

  constructor(audit: AuditLog, now: () => number) {
    this.#audit = audit;
    this.#now = now;
  }

  /** `before` is recorded with the admission. */
  async open(
    call: ApprovedCall,
    handshake: Handshake,
    before: (opening: Opening) => readonly AuditEvent[] = () => [],
  ): Promise<AdmittedCall | GateRefusal> {
    const opening = { ...call, reference: randomBytes(12).toString('base64url') };
    const late = await this.#record([...admission(opening), ...before(opening)]);
    if (late !== undefined) return this.#giveUp(opening, late, undisclosed(opening, late));
    const dialled = await this.#dial(opening, handshake);
    if (isRefusal(dialled)) return this.#giveUp(opening, dialled, undialled(opening, dialled));
    const later = await this.#record(connection(opening, dialled));
    if (later !== undefined) {
      dialled.socket.terminate();
      return this.#giveUp(opening, later, unaccepted(opening, later));
    }
    return { ...opening, dialled, openedAt: this.#now() };
  }

  #dial(opening: Opening, handshake: Handshake): Promise<DialledVendor | DialRefusal> {
    const { policy, vendor, route } = opening;
    const target = { vendor, trust: policy.trustOf(vendor), timeoutMs: policy.config.limits.dialMs };
    const bridge = route.bridge && bridges[route.bridge];
    if (bridge?.over !== 'https') return dial({ ...target, ...handshake, maxPayload: vendorMessageBytes });
    const { cancel, done } = bridge;
    const onConnection = (network: NetworkFacts): boolean => this.#audit.record(reconnection(opening, network));
    return dialChat({ ...target, headers: handshake.headers, cancel, done, onConnection });
  }

  /** Records events and waits until they are durable; else why nothing may go on: the log cannot, or the caller waited too long. */
  async #record(events: readonly AuditEvent[]): Promise<GateRefusal | undefined> {
    if (!events.every((event) => this.#audit.record(event))) return auditRefusal('AUDIT_UNAVAILABLE');
    const settled = this.#audit.settled().then(
      () => undefined,
      () => auditRefusal('AUDIT_UNAVAILABLE'),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<GateRefusal>((resolve) => {
      timer = setTimeout(() => resolve(auditRefusal('AUDIT_LAGGING')), recordPatienceMs);
    });
    return Promise.race([settled, late]).finally(() => clearTimeout(timer));
  }

  /** What was recorded may become durable after all: then the end of the call stands behind it. */
  #giveUp({ reference: call }: Opening, refusal: GateRefusal, events: readonly AuditEvent[]): GateRefusal {
    for (const event of events) this.#audit.record(event);
    return { ...refusal, call };
  }
}

function auditRefusal(reason: 'AUDIT_UNAVAILABLE' | 'AUDIT_LAGGING'): GateRefusal {
  return { reason, subject: 'audit' };
}
