import { randomBytes } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import type { AuditLog } from '../audit/log.ts';
import type { ApprovedVendor } from '../policy/vendors.ts';
import { admission, connection, turnedAway, unapproved, undialled } from './admission-events.ts';
import type { Route } from './config.ts';
import { dial, type DialledVendor } from './dial.ts';
import type { Policy } from './policy.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import { vendorMessageBytes } from './socket.ts';
import type { StrangerLog } from './strangers.ts';
import { isSignedByTwilio, spellingsOf } from './twilio/signature.ts';
import type { CallClaim, CallTokens } from './twilio/token.ts';

/** A call that may be accepted: everything about it is durable in the log, and the vendor is connected and paused. */
export interface AdmittedCall {
  readonly reference: string;
  readonly route: Route;
  readonly policy: Policy;
  readonly claim: CallClaim;
  readonly vendor: ApprovedVendor;
  readonly dialled: DialledVendor;
  readonly openedAt: number;
}

export interface UpgradeFacts {
  readonly routeName: string;
  readonly token: string;
  readonly path: string;
  readonly signature: string | undefined;
  readonly origin: string | undefined;
}

/** The gate: who calls, whom they may reach, and a durable record of both, in this order, before the upgrade. */
export class Gate {
  readonly #audit: AuditLog;
  readonly #strangers: StrangerLog;
  readonly #tokens: CallTokens;
  readonly #now: () => number;

  constructor(audit: AuditLog, strangers: StrangerLog, tokens: CallTokens, now: () => number) {
    this.#audit = audit;
    this.#strangers = strangers;
    this.#tokens = tokens;
    this.#now = now;
  }

  async admit(policy: Policy, facts: UpgradeFacts): Promise<AdmittedCall | GateRefusal> {
    const caller = this.#authenticate(policy, facts);
    if (isRefusal(caller)) {
      this.#strangers.record(turnedAway(caller));
      return caller;
    }
    const { route, claim } = caller;
    const approval = policy.approve(route, this.#now());
    if (approval.verdict === 'refuse') {
      this.#audit.record(unapproved(policy, route, claim, approval));
      return approval;
    }
    const reference = randomBytes(12).toString('base64url');
    const opening = { policy, route, claim, reference, vendor: approval.vendor };
    if (!(await this.#record(admission(opening)))) return auditRefusal;
    const dialled = await dial({
      vendor: approval.vendor,
      headers: Object.fromEntries(Object.entries(route.headers).map(([name, secret]) => [name, secret.reveal()])),
      trust: policy.trustOf(approval.vendor),
      timeoutMs: policy.config.limits.dialMs,
      maxPayload: vendorMessageBytes,
    });
    if (isRefusal(dialled)) {
      for (const event of undialled(opening, dialled)) this.#audit.record(event);
      return dialled;
    }
    if (!(await this.#record(connection(opening, dialled)))) {
      dialled.socket.terminate();
      return auditRefusal;
    }
    return { ...opening, dialled, openedAt: this.#now() };
  }

  #authenticate(policy: Policy, facts: UpgradeFacts): { route: Route; claim: CallClaim } | GateRefusal {
    const route = policy.route(facts.routeName);
    if (route === undefined) return { reason: 'ROUTE_UNKNOWN', subject: 'route' };
    if (facts.origin !== undefined) return { reason: 'ORIGIN_REFUSED', subject: route.name };
    if (facts.signature === undefined) return { reason: 'SIGNATURE_MISSING', subject: route.name };
    const urls = spellingsOf(policy.config.calls.publicUrl, facts.path, 'wss');
    if (!isSignedByTwilio(facts.signature, policy.authTokens, urls, new Map()))
      return { reason: 'SIGNATURE_INVALID', subject: route.name };
    const claim = this.#tokens.redeem(facts.token, route.name, this.#now());
    return typeof claim === 'string' ? { reason: claim, subject: route.name } : { route, claim };
  }

  /** Records events and waits until they are durable. False when the log cannot: then nothing may go on. */
  async #record(events: readonly AuditEvent[]): Promise<boolean> {
    if (!events.every((event) => this.#audit.record(event))) return false;
    return this.#audit.settled().then(
      () => true,
      () => false,
    );
  }
}

const auditRefusal: GateRefusal = { reason: 'AUDIT_UNAVAILABLE', subject: 'audit' };
