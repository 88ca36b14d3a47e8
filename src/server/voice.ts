import type { AuditLog } from '../audit/log.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { isNumber } from '../stream/call.ts';
import type { Policy } from './policy.ts';
import type { CarrierRequest } from './app.ts';
import type { Route } from './config.ts';
import { humanAfter, humanInstead } from './human.ts';
import { noticeDigest } from './notice.ts';
import type { HttpAnswer } from './refusal.ts';
import type { StrangerLog } from './strangers.ts';
import { isSignedByTwilio, parseForm, spellingsOf } from './twilio/signature.ts';
import type { CallTokens } from './twilio/token.ts';
import { connectTwiml, humanTwiml, type Connection } from './twilio/twiml.ts';

export interface VoiceServices {
  readonly audit: AuditLog;
  readonly strangers: StrangerLog;
  readonly tokens: CallTokens;
  readonly now: () => number;
  /** Why no new call may be taken at the moment, if so. */
  readonly closedFor: () => ReasonCode | undefined;
  readonly onRefused: (reason: ReasonCode) => void;
}

/**
 * The answer to Twilio's request for an incoming call. A stranger gets an error; a patient never does: when the AI may
 * not take the call, the answer is the human.
 */
export function answerVoice(
  services: VoiceServices,
  policy: Policy,
  routeName: string,
  request: CarrierRequest,
): HttpAnswer {
  const route = policy.route(routeName);
  if (route === undefined) return refused(services, 'ROUTE_UNKNOWN');
  const form = parseForm(request.body);
  const stranger = judgeSignature(policy, request, form);
  if (stranger !== undefined) {
    services.strangers.record({
      kind: 'sec.signature',
      actor: 'system',
      outcome: 'refused',
      reason: stranger,
      facts: { route: route.name },
    });
    return refused(services, stranger);
  }
  const call = {
    callSid: first(form, 'CallSid'),
    caller: numberOf(first(form, 'From')),
    callerName: first(form, 'CallerName'),
  };
  const about = {
    actor: 'system',
    policy: policy.config.policyHash,
    ...(call.caller === '' ? {} : { caller: call.caller }),
  };
  const sealed = { callSid: call.callSid };
  const hindrance = hindranceOf(services, policy, route);
  if (hindrance !== undefined) {
    services.onRefused(hindrance);
    services.audit.record({
      ...about,
      kind: 'call.refuse',
      outcome: 'refused',
      reason: hindrance,
      facts: { route: route.name },
      sealed,
    });
    services.audit.record({
      ...about,
      kind: 'route.human',
      outcome: 'ok',
      reason: hindrance,
      facts: { route: route.name, way: 'twiml' },
      sealed,
    });
    return twiml(humanTwiml(humanInstead(policy.config, route)));
  }
  const claim = { route: route.name, ...call, notice: noticeDigest(route.notice) };
  const token = services.tokens.mint(claim, services.now());
  const connection = connectionOf(policy, route, token);
  return twiml(connectTwiml(route.notice, connection, humanAfter(policy.config, route)));
}

function judgeSignature(
  policy: Policy,
  request: CarrierRequest,
  form: ReadonlyMap<string, readonly string[]>,
): ReasonCode | undefined {
  if (request.signature === undefined) return 'SIGNATURE_MISSING';
  const urls = spellingsOf(policy.config.calls.publicUrl, request.path, 'https');
  return isSignedByTwilio(request.signature, policy.authTokens, urls, form) ? undefined : 'SIGNATURE_INVALID';
}

function hindranceOf(services: VoiceServices, policy: Policy, route: Route): ReasonCode | undefined {
  const closed = services.closedFor();
  if (closed !== undefined) return closed;
  const approval = policy.approve(route, services.now());
  return approval.verdict === 'refuse' ? approval.reason : undefined;
}

/** The stream's URL carries the token as its last segment, as Twilio drops query strings there. */
function connectionOf(policy: Policy, route: Route, token: string): Connection {
  const url = `${policy.config.calls.publicUrl.replace(/^http/u, 'ws')}/calls/${route.name}/${token}`;
  if (route.protocol === 'twilio-media-streams') return { kind: 'Stream', url };
  const { subProcessors: _, ...attributes } = route.conversationRelay ?? { subProcessors: [] };
  return { kind: 'ConversationRelay', url, attributes };
}

/** The caller's number; empty where it is withheld or no number (`anonymous`, a SIP address). */
function numberOf(from: string): string {
  return isNumber(from) ? from : '';
}

function first(form: ReadonlyMap<string, readonly string[]>, name: string): string {
  return form.get(name)?.[0] ?? '';
}

function twiml(body: string): HttpAnswer {
  return { status: 200, type: 'text/xml', body };
}

function refused(services: VoiceServices, reason: ReasonCode): HttpAnswer {
  services.onRefused(reason);
  return { status: reasons[reason].http, type: 'text/plain', body: `${reason}\n` };
}
