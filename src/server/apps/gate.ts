import { createHmac, type X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuditEvent } from '../../audit/event.ts';
import type { AuditLog } from '../../audit/log.ts';
import type { Engine } from '../../policy/phi/engine.ts';
import { phiKinds, type PhiKind } from '../../policy/phi/kinds.ts';
import type { Conversation } from '../../policy/phi/stream.ts';
import { protocols } from '../../stream/protocols/index.ts';
import { commonOf, turnedAway, unapproved, type Opening } from '../admission-events.ts';
import type { AdmittedCall, Opener } from '../opener.ts';
import type { Policy } from '../policy.ts';
import { isRefusal, type GateRefusal, type HeldCall } from '../refusal.ts';
import type { StrangerLog } from '../strangers.ts';
import type { App } from './app.ts';
import { addressOf } from './arrival.ts';
import { callerOf } from './caller.ts';
import { destinationOf, type Destination, type Shown } from './destination.ts';
import { askedFor, entranceOf, type Entered } from './entrance.ts';
import type { HandedOverCalls } from './handed-over.ts';
import type { AppIdentities, Visitor } from './identity.ts';

/** A request of an app, for an upgrade or beside it. */
export interface AppRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly certificate: X509Certificate | undefined;
  /** Of the socket: that of a proxy, where one ends TLS. */
  readonly address: string;
}

export interface AppGateServices {
  readonly audit: AuditLog;
  readonly strangers: StrangerLog;
  readonly identities: AppIdentities;
  readonly opener: Opener;
  readonly handedOver: HandedOverCalls;
  readonly engine: () => Engine;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/**
 * The gate for the practice's own apps. Who comes, by a token or a certificate; whom the URL and the route reach, all of it
 * judged; a durable record of both; all before the upgrade.
 */
export class AppGate {
  readonly #services: AppGateServices;

  constructor(services: AppGateServices) {
    this.#services = services;
  }

  async admit(policy: Policy, request: AppRequest): Promise<AdmittedCall | GateRefusal> {
    const { path, parameters } = askedFor(request.url);
    const entered = entranceOf(policy.config.routes, path);
    if (entered === undefined) return this.#recorded({ reason: 'ROUTE_UNKNOWN', subject: 'route' });
    const visitor = this.identify(policy, entered, request, parameters);
    if (isRefusal(visitor)) return visitor;
    const outcome = await this.#open(policy, entered, visitor, request.headers, parameters);
    return isRefusal(outcome) ? withHeld(outcome, heldCall(entered)) : outcome;
  }

  /** What a process that takes no call says. It looks only at who could be told where to move a call: others hear why, and no more. */
  turnAway(policy: Policy, request: AppRequest, refusal: GateRefusal): GateRefusal {
    const { path, parameters } = askedFor(request.url);
    const entered = entranceOf(policy.config.routes, path);
    const held = entered && heldCall(entered);
    if (entered === undefined || held === undefined) return refusal;
    const visitor = this.identify(policy, entered, request, parameters);
    if (isRefusal(visitor)) return visitor;
    const app = visitor.app.name;
    return withHeld(this.#refuse(policy, entered, visitor.caller, { ...refusal, app }), held);
  }

  /** The app that comes, and for whom; a stranger is recorded here. */
  identify(policy: Policy, entered: Entered, request: AppRequest, parameters: URLSearchParams): Visitor | GateRefusal {
    const { identities, now } = this.#services;
    const { route, inPath } = entered;
    const { headers, certificate } = request;
    const address = addressOf(policy.config.calls.transport, request);
    const given = { headers, parameters, certificate, inPath: inPath?.token, address };
    const visitor = identities.identify(route, protocols[route.protocol], given, now());
    if (isRefusal(visitor)) return this.#recorded(visitor);
    const { app } = visitor;
    const caller = callerOf(route, headers, visitor.caller);
    return typeof caller === 'string' ? { app, caller } : this.#recorded({ ...caller, app: app.name });
  }

  #recorded(refusal: GateRefusal): GateRefusal {
    this.#services.strangers.record(turnedAway(refusal));
    return refusal;
  }

  async #open(
    policy: Policy,
    entered: Entered,
    visitor: Visitor,
    headers: IncomingHttpHeaders,
    parameters: URLSearchParams,
  ): Promise<AdmittedCall | GateRefusal> {
    const { audit, engine, opener, now } = this.#services;
    const { caller } = visitor;
    const app = visitor.app.name;
    if (this.#services.handedOver.has(entered.route.name, entered.inPath?.call ?? ''))
      return this.#refuse(policy, entered, caller, { reason: 'CALL_HANDED_OVER', subject: entered.route.name, app });
    const standing = policy.judgeApp(visitor.app, now());
    if (standing.verdict === 'refuse') return this.#refuse(policy, entered, caller, { ...standing, app });
    const conversation = engine().conversation();
    if (caller !== '') conversation.know('PHONE', caller);
    const found: Found = {};
    const shown = { show: shower(conversation, policy, found), call: callSeen(policy, entered, visitor.app) };
    const destination = destinationOf(entered, protocols[entered.route.protocol], headers, parameters, shown);
    if (isRefusal(destination)) return this.#refuse(policy, entered, caller, { ...destination, app });
    const route = { ...entered.route, url: destination.url };
    const approval = policy.approveAsked(route, now());
    if (approval.verdict === 'refuse') return this.#refuse(policy, entered, caller, { ...approval, app });
    const claim = { route: route.name, callSid: entered.inPath?.call ?? '', caller, callerName: '' };
    const call = { policy, route, claim, app, vendor: approval.vendor, conversation, callAlias: shown.call };
    if (audit.failed) return { reason: 'AUDIT_UNAVAILABLE', subject: 'audit' };
    return opener.open(call, destination, (opening) => eventsOfUrl(opening, destination, found));
  }

  #refuse(policy: Policy, { route }: Entered, caller: string, refusal: GateRefusal): GateRefusal {
    this.#services.audit.record(unapproved(policy, route, { caller, callSid: '' }, refusal));
    return refusal;
  }
}

/** The call that somebody comes for, where the protocol has words for moving it. */
function heldCall({ route, inPath }: Entered): HeldCall | undefined {
  return protocols[route.protocol].parting === undefined ? undefined : { route, id: inPath?.call ?? '' };
}

function withHeld(refusal: GateRefusal, held: HeldCall | undefined): GateRefusal {
  return held === undefined ? refusal : { ...refusal, held };
}

/** The id of a call as the vendor may see it. Without clearance another one, the same each time that the call comes again. */
function callSeen(policy: Policy, { inPath }: Entered, { tokens }: App): string | undefined {
  if (inPath === undefined || policy.config.clearances.vendor.CALL_ID === 'pass') return inPath?.call;
  const key = tokens[0]?.reveal() ?? '';
  const alias = createHmac('sha256', key).update(`chaperone call alias v1 ${inPath.call}`).digest('hex');
  return `call_${alias.slice(0, 32)}`;
}

type Found = Partial<Record<PhiKind, number>>;

/** What of a text in the URL the vendor may see; what was found is counted. */
function shower(conversation: Conversation, policy: Policy, found: Found): Shown['show'] {
  const clearance = policy.config.clearances.vendor;
  return (text, hint) => {
    const shown = conversation.aside(text, clearance, hint);
    for (const kind of phiKinds) {
      const count = clearance[kind] === 'pass' ? 0 : (shown.found[kind] ?? 0);
      if (count > 0) found[kind] = (found[kind] ?? 0) + count;
    }
    return shown.text;
  };
}

/** What was changed in the URL before the vendor got it. Parameters that came from a table are named. */
function eventsOfUrl(opening: Opening, { demanded, dropped }: Destination, found: Found): readonly AuditEvent[] {
  const common = { ...commonOf(opening), outcome: 'ok' } as const;
  const facts = { way: 'toVendor', message: 'url' };
  return [
    ...demanded.map((name): AuditEvent => {
      return { ...common, kind: 'vendor.authorize', facts: { ...facts, set: `?${name}` } };
    }),
    ...(Object.keys(found).length === 0 ? [] : [{ ...common, kind: 'phi.redacted', counts: found, facts } as const]),
    ...(dropped === 0 ? [] : [{ ...common, kind: 'phi.blocked', totals: { parameters: dropped }, facts } as const]),
  ];
}
