import type { ReasonCode } from '../policy/reason.ts';

/** A refusal before the upgrade: what the HTTP answer and the event say. */
export interface GateRefusal {
  readonly reason: ReasonCode;
  /** A vendor id or a system error code; never a caller's word. */
  readonly subject: string;
}

export function isRefusal(outcome: object): outcome is GateRefusal {
  return 'reason' in outcome;
}
