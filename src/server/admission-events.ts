import type { AuditEvent, EventKind, NetworkFacts } from '../audit/event.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { ApprovedVendor } from '../policy/vendors.ts';
import type { Policy } from './policy.ts';
import type { GateRefusal } from './refusal.ts';
import type { Route } from './config.ts';
import type { DialledVendor } from './dial.ts';
import { canBeTold } from './farewells.ts';
import { noticeFacts } from './notice.ts';
import type { CallClaim } from './twilio/token.ts';

/** A call between its approval and its end, as far as its events need it. */
export interface Opening {
  readonly policy: Policy;
  readonly route: Route;
  readonly claim: CallClaim;
  /** Name of the app of the practice that opened it; undefined where Twilio did. */
  readonly app: string | undefined;
  readonly reference: string;
  /** What the vendor is told as the id of the call, where it came with one in the URL. */
  readonly callAlias?: string | undefined;
  readonly vendor: ApprovedVendor;
}

/** What every event of a call says. */
export function commonOf({ reference, claim, vendor, policy }: Opening) {
  return {
    call: reference,
    actor: `vendor:${vendor.id}`,
    policy: policy.config.policyHash,
    ...(claim.caller === '' ? {} : { caller: claim.caller }),
  };
}

/**
 * That a call is taken, and that its vendor may have it: both before the vendor is dialled. That its stream is open says that
 * the notice before it has been spoken.
 */
export function admission(opening: Opening): AuditEvent[] {
  const { claim, route, vendor } = opening;
  const common = { ...commonOf(opening), outcome: 'ok', purpose: 'HOPERAT' } as const;
  const facts = { route: route.name, protocol: route.protocol };
  const begun = { ...common, kind: 'call.admit', action: 'C', facts } as const;
  const identifying = { callSid: claim.callSid, from: claim.caller, callerName: claim.callerName };
  const party = opening.policy.appNamed(opening.app)?.subProcessor;
  return [
    opening.app === undefined ? { ...begun, sealed: identifying } : { ...begun, actor: `app:${opening.app}` },
    ...noticeGiven(opening),
    ...(party === undefined
      ? []
      : [{ ...common, kind: 'vendor.authorize', action: 'E', actor: `vendor:${party}`, facts } as const]),
    { ...common, kind: 'vendor.authorize', action: 'E', facts: { route: route.name, service: vendor.service } },
  ];
}

function noticeGiven(opening: Opening): AuditEvent[] {
  const { notice } = opening.claim;
  if (notice === undefined) return [];
  const facts = noticeFacts(opening.route.name, 'start', notice);
  return [{ ...commonOf(opening), actor: 'system', kind: 'notice.given', outcome: 'ok', facts }];
}

/** With whom the call is connected, and that the disclosure begins: before the caller's socket is accepted. */
export function connection(opening: Opening, dialled: DialledVendor): AuditEvent[] {
  const common = { ...commonOf(opening), outcome: 'ok', network: dialled.network } as const;
  return [
    { ...common, kind: 'vendor.connect', action: 'E' },
    {
      ...common,
      kind: 'disclosure.begin',
      action: 'R',
      role: 'recipient',
      purpose: 'HOPERAT',
      facts: { route: opening.route.name },
    },
  ];
}

/** That there is another connection to the same vendor, for the same call. */
export function reconnection(opening: Opening, network: NetworkFacts): AuditEvent {
  return { ...commonOf(opening), kind: 'vendor.connect', outcome: 'ok', action: 'E', network };
}

/** That the vendor could not be reached, or was not what it should be. */
export function undialled(opening: Opening, refusal: GateRefusal): AuditEvent[] {
  const common = { ...commonOf(opening), outcome: 'failed', reason: refusal.reason } as const;
  const facts = { route: opening.route.name };
  return [
    { ...common, kind: 'vendor.refuse', facts: { ...facts, code: refusal.subject } },
    ...(/CERTIFICATE|TLS|PIN|ADDRESS/u.test(refusal.reason) ? [{ ...common, kind: 'sec.tls' } as const] : []),
    ...wayOnwards(opening, refusal.reason),
    { ...common, kind: 'call.end', facts },
  ];
}

/** That a call ended before its vendor was dialled, for the log's own sake. */
export function undisclosed(opening: Opening, { reason }: GateRefusal): AuditEvent[] {
  const common = { ...commonOf(opening), outcome: 'failed', reason, facts: { route: opening.route.name } } as const;
  return [...wayOnwards(opening, reason), { ...common, kind: 'call.end' }];
}

/**
 * Where Twilio goes on with a call whose stream it did not get: the verb after it. An app calls its own human; who can be told
 * where the call goes is told, and that is recorded then.
 */
function wayOnwards(opening: Opening, reason: ReasonCode): AuditEvent[] {
  if (opening.app !== undefined || canBeTold(opening.route)) return [];
  const facts = { route: opening.route.name, way: 'twiml' };
  return [{ ...commonOf(opening), kind: 'route.human', outcome: 'ok', reason, facts }];
}

/** The same of a call whose opening is not on record. */
export function sentOnwards(policy: Policy, route: Route, { caller }: CallClaim, reason: ReasonCode): AuditEvent[] {
  if (canBeTold(route)) return [];
  const about = { actor: 'system', policy: policy.config.policyHash, ...(caller === '' ? {} : { caller }) };
  const facts = { route: route.name, way: 'twiml' };
  return [{ ...about, kind: 'route.human', outcome: 'ok', reason, facts }];
}

/** That a call ended before its caller was accepted: its vendor was connected, and got nothing. */
export function unaccepted(opening: Opening, refusal: GateRefusal): AuditEvent[] {
  const common = { ...commonOf(opening), outcome: 'failed', reason: refusal.reason } as const;
  return [
    { ...common, kind: 'vendor.close' },
    { ...common, kind: 'disclosure.end', totals: { framesToVendor: 0 } },
    ...undisclosed(opening, refusal),
  ];
}

/** That the policy does not let a caller's call reach its vendor. */
export function unapproved(
  policy: Policy,
  route: Route,
  claim: Pick<CallClaim, 'caller' | 'callSid'>,
  refusal: GateRefusal,
): AuditEvent {
  const sealed = {
    ...(claim.caller === '' || claim.callSid === '' ? {} : { callSid: claim.callSid }),
    ...(refusal.found === undefined ? {} : { found: refusal.found }),
  };
  return {
    kind: 'call.refuse',
    actor: refusal.app === undefined ? 'system' : `app:${refusal.app}`,
    outcome: 'refused',
    reason: refusal.reason,
    policy: policy.config.policyHash,
    facts: { route: route.name, subject: refusal.subject },
    ...(claim.caller === '' ? {} : { caller: claim.caller }),
    ...(Object.keys(sealed).length === 0 ? {} : { sealed }),
  };
}

const strangerKinds: Partial<Record<ReasonCode, EventKind>> = {
  SIGNATURE_MISSING: 'sec.signature',
  SIGNATURE_INVALID: 'sec.signature',
  TOKEN_REPLAYED: 'sec.replay',
};

/** That somebody was turned away at the door. */
export function turnedAway(refusal: GateRefusal): AuditEvent {
  const { reason, subject, app } = refusal;
  const kind = strangerKinds[reason] ?? 'call.refuse';
  return { kind, actor: app === undefined ? 'system' : `app:${app}`, outcome: 'refused', reason, facts: { subject } };
}
