import type { AuditEvent, EventKind } from '../audit/event.ts';
import { Counters } from './counters.ts';

/** What the gate has found out about a call before the relay begins. */
export interface CallFacts {
  /** Random reference made by chaperone: `call` of every audit event. */
  readonly ref: string;
  readonly route: string;
  /** Id of the approved vendor. */
  readonly vendor: string;
  /** The caller's E.164 number where the gate knows it; a `setup` message may bring it later. Never written in clear. */
  readonly caller: string | undefined;
  /** The call that the one-time token was made for. Undefined: the token names none. */
  readonly expectedCallSid: string | undefined;
  readonly expectedAccountSid: string | undefined;
  /** What a vendor sees instead of the carrier's ids when it is not cleared for them: same format, made for this call. */
  readonly aliases: Aliases;
  /** SHA-256 of the policy in force, hex. */
  readonly policy: string;
}

export interface Aliases {
  /** `CA` and 32 random hex digits. */
  readonly callSid: string;
  /** `AC` and 32 random hex digits. */
  readonly accountSid: string;
}

/** What an event says beside the call, the caller, the vendor and the policy. */
export type EventDetails = Omit<AuditEvent, 'kind' | 'call' | 'caller' | 'actor' | 'policy'>;

/** One call's record: what is known of it and its counters. It goes with the call. */
export interface Call {
  readonly facts: CallFacts;
  readonly counters: Counters;
  /** Known from the gate or from a message that says it. */
  caller: string | undefined;
  callSid: string | undefined;
  streamSid: string | undefined;
}

/** Is it a telephone number as the log takes it for a person: ITU-T E.164, with its plus sign? */
export function isNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/u.test(text);
}

export function createCall(facts: CallFacts): Call {
  return { facts, counters: new Counters(), caller: facts.caller, callSid: undefined, streamSid: undefined };
}

/** An audit event about this call, its vendor as the actor. */
export function eventOf(call: Call, kind: EventKind, details: EventDetails): AuditEvent {
  const event: AuditEvent = {
    kind,
    call: call.facts.ref,
    actor: `vendor:${call.facts.vendor}`,
    policy: call.facts.policy,
    ...details,
  };
  return call.caller === undefined ? event : { ...event, caller: call.caller };
}
