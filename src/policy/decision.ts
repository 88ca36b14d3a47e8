import type { ReasonCode } from './reason.ts';

/**
 * What a rule says about one message or one call. `refuse` stops the message (or, before the call, the call);
 * `handoff` ends the call toward a human and is terminal. `subject` names what was refused (a vendor id, a message
 * type, a field path) and never holds a word of a caller.
 */
export type Decision =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'refuse'; readonly reason: ReasonCode; readonly subject: string }
  | { readonly verdict: 'handoff'; readonly reason: ReasonCode };

export const allow: Decision = { verdict: 'allow' };

export function refuse(reason: ReasonCode, subject: string): Decision {
  return { verdict: 'refuse', reason, subject };
}

export function handoff(reason: ReasonCode): Decision {
  return { verdict: 'handoff', reason };
}

const strictness = { allow: 0, refuse: 1, handoff: 2 } as const;

/** The stricter of two decisions; the first one where they are equally strict. */
export function strictest(first: Decision, second: Decision): Decision {
  return strictness[second.verdict] > strictness[first.verdict] ? second : first;
}
