import { randomBytes } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { createCall, eventOf, type Call } from '../stream/call.ts';
import type { AdmittedCall } from './admission.ts';

/** The relay's record of an admitted call, with aliases that nobody else has. */
export function callOf({ reference, route, vendor, claim, policy }: AdmittedCall): Call {
  return createCall({
    ref: reference,
    route: route.name,
    vendor: vendor.id,
    caller: claim.caller === '' ? undefined : claim.caller,
    expectedCallSid: claim.callSid,
    expectedAccountSid: policy.config.twilio.accountSid,
    aliases: { callSid: `CA${randomBytes(16).toString('hex')}`, accountSid: `AC${randomBytes(16).toString('hex')}` },
    policy: policy.config.policyHash,
  });
}

export interface CallEnd {
  readonly reason: ReasonCode;
  readonly toHuman: boolean;
  readonly durationMs: number;
}

/** What is recorded when both legs have been told: the vendor's end, what was disclosed, the call's end. */
export function closingEvents(call: Call, { route, dialled }: AdmittedCall, end: CallEnd): AuditEvent[] {
  const { reason, toHuman, durationMs } = end;
  const outcome = toHuman ? 'failed' : 'ok';
  const { network } = dialled;
  return [
    eventOf(call, 'vendor.close', { outcome, reason, network }),
    eventOf(call, 'disclosure.end', { outcome: 'ok', role: 'recipient', network, totals: call.counters.totals() }),
    eventOf(call, 'call.end', { outcome, reason, totals: { durationMs }, facts: { route: route.name } }),
  ];
}
