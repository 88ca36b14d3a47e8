import type { ServedLog } from '../audit/served-log.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { AnchorSettings } from './audit-settings.ts';

type Standing = Pick<ServedLog, 'admits' | 'anchorSilence' | 'keySilence' | 'lag'>;

/** A record that takes longer is too late for a caller who waits, ms. */
export const recordPatienceMs = 1_000;

/**
 * Why the log lets no call begin: it cannot record or takes too long, its key service said no or was away too long, nobody
 * vouches for it. `now` is monotonic, ms.
 */
export function auditHindrance(audit: Standing, anchors: AnchorSettings, now: number): ReasonCode | undefined {
  const unvouched = anchors.strict && audit.anchorSilence > anchors.alarmMs;
  if (!audit.admits || unvouched) return 'AUDIT_UNAVAILABLE';
  return audit.lag(now) > recordPatienceMs ? 'AUDIT_LAGGING' : undefined;
}

/** A key service that did not answer twice is away: it is asked each minute. */
const keyAlarmMs = 150_000;

/** What should be known though calls are taken: in a few words, for readiness. */
export function auditRemark(audit: Standing, anchors: AnchorSettings): string | undefined {
  if (audit.keySilence > keyAlarmMs) {
    return `the service that holds the audit key has not answered for ${Math.floor(audit.keySilence / 60_000)} minutes`;
  }
  if (audit.anchorSilence <= anchors.alarmMs) return undefined;
  return `no anchor has kept a checkpoint of the audit log for ${Math.floor(audit.anchorSilence / 3_600_000)} hours`;
}
