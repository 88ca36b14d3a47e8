import type { ReasonCode } from '../policy/reason.ts';

/** A refusal before the upgrade: what the HTTP answer and the event say. */
export interface GateRefusal {
  readonly reason: ReasonCode;
  /** A vendor id or a system error code; never a caller's word. */
  readonly subject: string;
  /** The app that was turned away, where it is known which. */
  readonly app?: string;
  /** Who was named at the place that the subject tells; never shown. */
  readonly found?: string;
}

export function isRefusal<Outcome extends object>(
  outcome: Outcome,
): outcome is Extract<Outcome, { readonly reason: ReasonCode }> {
  return 'reason' in outcome;
}

/** The answer to a request that is no upgrade, or is refused before it. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}
