import type { AuditEvent } from '../audit/event.ts';
import type { AuditLog } from '../audit/log.ts';
import { agreementStanding, dayAt } from '../policy/baa.ts';
import type { Config } from './config.ts';
import type { Log } from './logger.ts';

/** Days until the agreement of each sub-processor ends; NaN where there is none. */
export function daysLeft(config: Config, now: number): Map<string, number> {
  const today = dayAt(now, config.practice.timeZone);
  return new Map(
    config.subProcessors.map(({ id, agreement }) => [id, agreementStanding(agreement, today).daysLeft ?? Number.NaN]),
  );
}

/** Says once, for each agreement, that 30, 7 and 1 days are left, and that it has expired. */
export class AgreementCalendar {
  readonly #said = new Set<string>();

  /** The events that are due at `now`, wall-clock milliseconds. */
  due(config: Config, now: number): AuditEvent[] {
    const today = dayAt(now, config.practice.timeZone);
    return config.subProcessors.flatMap(({ id, agreement }): AuditEvent[] => {
      const { state, warning, daysLeft } = agreementStanding(agreement, today);
      const about = { actor: `vendor:${id}`, policy: config.policyHash, facts: { expires: agreement?.expires ?? '' } };
      if (state === 'expired' && this.#isNew(`${id} expired ${agreement?.expires}`))
        return [{ ...about, kind: 'baa.expired', outcome: 'failed', reason: 'BAA_EXPIRED' }];
      if (warning !== undefined && this.#isNew(`${id} ${warning} ${agreement?.expires}`))
        return [{ ...about, kind: 'baa.expiring', outcome: 'ok', totals: { daysLeft: daysLeft ?? 0 } }];
      return [];
    });
  }

  #isNew(text: string): boolean {
    if (this.#said.has(text)) return false;
    this.#said.add(text);
    return true;
  }
}

export interface AgreementServices {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly config: () => Config;
  readonly log: Log;
  /** ms UTC. */
  readonly now: () => number;
}

const hourMs = 3_600_000;

/** Records and says what the calendar has due, each hour and whenever it is asked to look. */
export class AgreementWatch {
  readonly #services: AgreementServices;
  readonly #calendar = new AgreementCalendar();
  #timer: NodeJS.Timeout | undefined;

  constructor(services: AgreementServices) {
    this.#services = services;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), hourMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { audit, config, log, now } = this.#services;
    for (const event of this.#calendar.due(config(), now())) {
      audit.record(event);
      const vendor = event.actor.slice('vendor:'.length);
      log.warn('A business associate agreement ends soon or has ended', { vendor });
    }
  }
}
