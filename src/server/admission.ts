import type { AuditLog } from '../audit/log.ts';
import { sentOnwards, turnedAway, unapproved } from './admission-events.ts';
import type { Route } from './config.ts';
import type { AdmittedCall, Opener } from './opener.ts';
import type { Policy } from './policy.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import type { StrangerLog } from './strangers.ts';
import { isSignedByTwilio, spellingsOf } from './twilio/signature.ts';
import type { CallClaim, CallTokens } from './twilio/token.ts';

export interface UpgradeFacts {
  readonly routeName: string;
  readonly token: string;
  readonly path: string;
  readonly signature: string | undefined;
  readonly origin: string | undefined;
}

export interface GateServices {
  readonly audit: AuditLog;
  readonly strangers: StrangerLog;
  readonly tokens: CallTokens;
  readonly opener: Opener;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** A call of Twilio whose signature and token are good. */
interface Visitor {
  readonly route: Route;
  readonly claim: CallClaim;
}

/** The gate for Twilio: who calls, whom they may reach, and a durable record of both, in this order, before the upgrade. */
export class Gate {
  readonly #services: GateServices;

  constructor(services: GateServices) {
    this.#services = services;
  }

  async admit(policy: Policy, facts: UpgradeFacts): Promise<AdmittedCall | GateRefusal> {
    const visitor = this.#identify(policy, facts);
    if (isRefusal(visitor)) return visitor;
    const outcome = await this.#open(policy, visitor);
    return isRefusal(outcome) ? withHeld(outcome, visitor) : outcome;
  }

  /** What a process that takes no call says to Twilio. */
  turnAway(policy: Policy, facts: UpgradeFacts, refusal: GateRefusal): GateRefusal {
    const visitor = this.#identify(policy, facts);
    return isRefusal(visitor) ? visitor : withHeld(this.#refuse(policy, visitor, refusal), visitor);
  }

  async #open(policy: Policy, visitor: Visitor): Promise<AdmittedCall | GateRefusal> {
    const { opener, now } = this.#services;
    const { route, claim } = visitor;
    const approval = policy.approve(route, now());
    if (approval.verdict === 'refuse') return this.#refuse(policy, visitor, approval);
    const headers = Object.fromEntries(Object.entries(route.headers).map(([name, secret]) => [name, secret.reveal()]));
    const call = { policy, route, claim, app: undefined, vendor: approval.vendor };
    return opener.open(call, { headers, secretParameters: {} });
  }

  #refuse(policy: Policy, { route, claim }: Visitor, refusal: GateRefusal): GateRefusal {
    const { audit } = this.#services;
    audit.record(unapproved(policy, route, claim, refusal));
    for (const event of sentOnwards(policy, route, claim, refusal.reason)) audit.record(event);
    return refusal;
  }

  /** The call that comes; a stranger is recorded here. */
  #identify(policy: Policy, facts: UpgradeFacts): Visitor | GateRefusal {
    const visitor = this.#authenticate(policy, facts);
    if (isRefusal(visitor)) this.#services.strangers.record(turnedAway(visitor));
    return visitor;
  }

  #authenticate(policy: Policy, facts: UpgradeFacts): Visitor | GateRefusal {
    const route = policy.route(facts.routeName);
    if (route === undefined) return { reason: 'ROUTE_UNKNOWN', subject: 'route' };
    if (facts.origin !== undefined) return { reason: 'ORIGIN_REFUSED', subject: route.name };
    if (facts.signature === undefined) return { reason: 'SIGNATURE_MISSING', subject: route.name };
    const urls = spellingsOf(policy.config.calls.publicUrl, facts.path, 'wss');
    if (!isSignedByTwilio(facts.signature, policy.authTokens, urls, new Map()))
      return { reason: 'SIGNATURE_INVALID', subject: route.name };
    const claim = this.#services.tokens.redeem(facts.token, route.name, this.#services.now());
    return typeof claim === 'string' ? { reason: claim, subject: route.name } : { route, claim };
  }
}

function withHeld(refusal: GateRefusal, { route, claim }: Visitor): GateRefusal {
  return { ...refusal, held: { route, id: claim.callSid, caller: claim.caller } };
}
