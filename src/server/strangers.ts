import type { AuditEvent } from '../audit/event.ts';
import type { AuditLog } from '../audit/log.ts';

/** Events that somebody without any credential can cause, a minute. A flood of them must not fill the disk. */
const eventsPerMinute = 120;
const minuteMs = 60_000;

/**
 * Records what strangers do at the door, so many a minute; the rest is counted, and the count is recorded with the
 * first event of the next minute. Refused calls of real callers do not come this way.
 */
export class StrangerLog {
  readonly #audit: AuditLog;
  readonly #now: () => number;
  #minute = 0;
  #recorded = 0;
  #left = 0;

  /** `now` is monotonic milliseconds. */
  constructor(audit: AuditLog, now: () => number) {
    this.#audit = audit;
    this.#now = now;
  }

  record(event: AuditEvent): void {
    const minute = Math.floor(this.#now() / minuteMs);
    if (minute !== this.#minute) this.#begin(minute);
    if (this.#recorded >= eventsPerMinute) {
      this.#left += 1;
      return;
    }
    this.#recorded += 1;
    this.#audit.record(event);
  }

  #begin(minute: number): void {
    if (this.#left > 0)
      this.#audit.record({
        kind: 'sec.limit',
        actor: 'system',
        outcome: 'refused',
        totals: { unrecorded: this.#left },
      });
    this.#minute = minute;
    this.#recorded = 0;
    this.#left = 0;
  }
}
