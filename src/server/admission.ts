import type { AuditLog } from '../audit/log.ts';
import { turnedAway, unapproved } from './admission-events.ts';
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

/** The gate for Twilio: who calls, whom they may reach, and a durable record of both, in this order, before the upgrade. */
export class Gate {
  readonly #services: GateServices;

  constructor(services: GateServices) {
    this.#services = services;
  }

  async admit(policy: Policy, facts: UpgradeFacts): Promise<AdmittedCall | GateRefusal> {
    const { audit, strangers, opener, now } = this.#services;
    const caller = this.#authenticate(policy, facts);
    if (isRefusal(caller)) {
      strangers.record(turnedAway(caller));
      return caller;
    }
    const { route, claim } = caller;
    const approval = policy.approve(route, now());
    if (approval.verdict === 'refuse') {
      audit.record(unapproved(policy, route, claim, approval));
      return approval;
    }
    const headers = Object.fromEntries(Object.entries(route.headers).map(([name, secret]) => [name, secret.reveal()]));
    const call = { policy, route, claim, app: undefined, vendor: approval.vendor };
    return opener.open(call, { headers, secretParameters: {} });
  }

  #authenticate(policy: Policy, facts: UpgradeFacts): { route: Route; claim: CallClaim } | GateRefusal {
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
