import type { ReasonCode } from '../policy/reason.ts';
import { bounds, type RelayLimits } from './limits.ts';

/** When a call has to have gone on, and when it is over. All times are monotonic milliseconds. */
export class Deadlines {
  /** Since when nothing may go out; undefined: it may. */
  heldSince: number | undefined;
  /** When the message came that ends the session as it should. */
  endsAt: number | undefined;
  /** When the caller's side last sent something. */
  heardAt: number;
  private readonly attachedAt: number;
  private readonly callMs: number;
  private readonly idleMs: number;

  private readonly closeEnds: boolean;

  constructor(limits: RelayLimits, continuous: boolean, attachedAt: number, closeEnds = false) {
    this.closeEnds = closeEnds;
    this.attachedAt = attachedAt;
    this.heardAt = attachedAt;
    this.callMs = limits.callMs;
    this.idleMs = continuous ? limits.idleMs : Math.max(limits.idleMs, bounds.quietIdleMs);
  }

  /** Why a human has to take the call, if a deadline has passed. */
  overdue(started: boolean, now: number): ReasonCode | undefined {
    if (!started && now - this.attachedAt > bounds.startMs) return 'START_TIMEOUT';
    if (this.heldSince !== undefined && now - this.heldSince > bounds.holdMs) return 'AUDIT_LAGGING';
    if (now - this.attachedAt > this.callMs) return 'CALL_TOO_LONG';
    return now - this.heardAt > this.idleMs ? 'CALL_IDLE' : undefined;
  }

  /** The vendor has closed its socket (RFC 6455 section 7.4.1). Does the session end with it as it should? */
  ends(code: number): boolean {
    return this.endsAt !== undefined || (this.closeEnds && (code === 1000 || code === 1005));
  }

  /** The session has ended, and whoever should have closed has not. */
  lingered(now: number): boolean {
    return this.endsAt !== undefined && now - this.endsAt > bounds.lingerMs;
  }
}
