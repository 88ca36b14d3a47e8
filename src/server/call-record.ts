import { randomBytes } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import { humanNeeds } from '../policy/handoff.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { createCall, eventOf, type Call } from '../stream/call.ts';
import type { AdmittedCall } from './opener.ts';
import type { Log } from './logger.ts';

/** The relay's record of an admitted call, with aliases that nobody else has. */
export function callOf({ reference, route, vendor, claim, policy, callAlias }: AdmittedCall): Call {
  return createCall({
    ref: reference,
    route: route.name,
    vendor: vendor.id,
    caller: claim.caller === '' ? undefined : claim.caller,
    expectedCallSid: claim.callSid,
    expectedAccountSid: policy.config.twilio.accountSid,
    aliases: { callSid: callAlias ?? `CA${randomHex()}`, accountSid: `AC${randomHex()}` },
    policy: policy.config.policyHash,
  });
}

function randomHex(): string {
  return randomBytes(16).toString('hex');
}

export interface CallEnd {
  readonly reason: ReasonCode;
  readonly toHuman: boolean;
  readonly durationMs: number;
}

/** That the vendor gets nothing more, and what it got. */
export function recordVendorEnd(audit: AuditLog, call: Call, { dialled }: AdmittedCall, reason: ReasonCode): void {
  const { network } = dialled;
  const totals = call.counters.totals();
  audit.record(eventOf(call, 'vendor.close', { outcome: outcomeOf(reason), reason, network }));
  audit.record(eventOf(call, 'disclosure.end', { outcome: 'ok', role: 'recipient', network, totals }));
}

/** That the AI's part of a call is over for both sides. */
export function recordCallEnd(
  { audit, log }: { readonly audit: AuditLog; readonly log: Log },
  call: Call,
  { route, reference }: AdmittedCall,
  { reason, toHuman, durationMs }: CallEnd,
): void {
  const details = { outcome: outcomeOf(reason), reason, totals: { durationMs }, facts: { route: route.name } };
  audit.record(eventOf(call, 'call.end', details));
  log.info(toHuman ? 'A call went to a human' : 'A call ended', { call: reference, reason, milliseconds: durationMs });
}

/** Who hangs up or needs a human has done nothing wrong. */
function outcomeOf(reason: ReasonCode): 'ok' | 'failed' {
  const ordinary: readonly ReasonCode[] = ['SESSION_ENDED', 'CALLER_CLOSED', ...humanNeeds];
  return ordinary.includes(reason) ? 'ok' : 'failed';
}
