import { createHash } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import { AuditFault } from '../audit/log.ts';
import type { ServedLog } from '../audit/served-log.ts';
import { contentBefore, dueDay, recordsBefore } from '../policy/retention.ts';
import type { Config } from './config.ts';
import { faultFacts, type Log } from './logger.ts';

export interface RetentionServices {
  readonly audit: Pick<ServedLog, 'purge' | 'expire' | 'record'>;
  readonly config: () => Config;
  readonly log: Log;
  /** ms UTC. */
  readonly now: () => number;
}

const lookEveryMs = 60_000;
const system = 'system';

/**
 * Forgets each day what has been kept long enough. A run that was missed is made up for after the next start. What it
 * does is on record, and so is what kept it from doing it: a legal hold, a damaged segment, a clock that nobody confirms.
 */
export class Retention {
  readonly #services: RetentionServices;
  #timer: NodeJS.Timeout | undefined;
  #lastDay: string | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(services: RetentionServices) {
    this.#services = services;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  /** Resolves when a run that has begun is over. */
  stop(): Promise<void> {
    clearInterval(this.#timer);
    return this.#running;
  }

  /** Does the day's run where it is due and not done. */
  look(): Promise<void> {
    const { config, now } = this.#services;
    const { practice, audit, calls } = config();
    // A replica cannot remove anything from a database that several share: that is done by hand, with another role.
    if (audit.store !== undefined) return this.#running;
    const minute = minuteOf(calls.publicUrl);
    const day = dueDay(now(), { timeZone: practice.timeZone, hour: audit.retention.hour, minute });
    if (day === undefined || day === this.#lastDay) return this.#running;
    this.#lastDay = day;
    this.#running = this.#running.then(() => this.#run());
    return this.#running;
  }

  async #run(): Promise<void> {
    const { recordsYears, contentDays } = this.#services.config().audit.retention;
    const now = this.#services.now();
    const before = recordsBefore(now, recordsYears);
    const records = `records ${recordsYears} years and 30 days`;
    await this.#attempt('retention.purge', records, () => this.#purge(before, records));
    const [beforeMonth, rule] =
      contentDays === undefined
        ? [contentBefore(before, 0), `content as long as ${records}`]
        : [contentBefore(now, contentDays), `content ${contentDays} days`];
    await this.#attempt('key.destroy', rule, async () => {
      await this.#services.audit.expire({ beforeMonth, rule, by: system });
    });
  }

  async #purge(before: number, rule: string): Promise<void> {
    const { stopped } = await this.#services.audit.purge({ before, rule, by: system });
    if (stopped === 'damaged') this.#refused('retention.purge', { rule, cause: 'a damaged segment' });
    if (typeof stopped === 'object') this.#refused('retention.purge', { rule, cause: 'legal hold', hold: stopped.id });
  }

  async #attempt(kind: AuditEvent['kind'], rule: string, work: () => Promise<void>): Promise<void> {
    const { log } = this.#services;
    try {
      await work();
    } catch (fault) {
      const doubt = fault instanceof AuditFault && fault.code === 'CLOCK_DOUBT';
      if (doubt) this.#refused(kind, { rule, cause: 'clocks disagree' });
      else log.error('What has been kept long enough could not be forgotten', { fault: faultFacts(fault) });
    }
  }

  #refused(kind: AuditEvent['kind'], facts: Readonly<Record<string, string>>): void {
    const { audit, log } = this.#services;
    audit.record({ kind, actor: system, action: 'D', outcome: 'refused', facts });
    log.warn(
      'Not all of the audit log that is old was forgotten: a legal hold, a damaged segment or a clock that nobody confirms',
    );
  }
}

/** Each deployment has a minute of its own, the same every day: many of them on one disk do not run at once. */
function minuteOf(publicUrl: string): number {
  return createHash('sha256').update(publicUrl).digest().readUInt32BE(0) % 60;
}
