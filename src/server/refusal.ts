import type { ReasonCode } from '../policy/reason.ts';
import type { Route } from './config.ts';

/** A refusal before the upgrade: what the HTTP answer and the event say. */
export interface GateRefusal {
  readonly reason: ReasonCode;
  /** A vendor id or a system error code; never a caller's word. */
  readonly subject: string;
  /** The app that was turned away, where it is known which. */
  readonly app?: string;
  /** Who was named at the place that the subject tells; never shown. */
  readonly found?: string;
  /** Reference of the call, where its opening is on record. */
  readonly call?: string;
  /** The call, where it is known who came with it and can be told where to move it. */
  readonly held?: HeldCall;
}

/** A telephone call that is held by whoever dials in for it, who moves it when told to. */
export interface HeldCall {
  readonly route: Route;
  /** What its carrier calls it. */
  readonly id: string;
  /** The caller's number where it is known. */
  readonly caller?: string | undefined;
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
