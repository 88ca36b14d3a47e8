import type { AuditLog } from '../audit/log.ts';
import type { Log } from './logger.ts';

/** How often the two clocks are compared, and how far they may be apart since the last time: milliseconds. */
const everyMs = 1_000;
const tolerance = 1_000;

export interface ClockWatchServices {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly log: Log;
  /** The wall clock. */
  readonly now: () => number;
}

/**
 * Puts on record that the wall clock was set: the order of records and the length of calls come from the monotonic clock,
 * but whoever reads times has to know. A machine that slept shows the same way.
 */
export class ClockWatch {
  readonly #services: ClockWatchServices;
  #apart = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(services: ClockWatchServices) {
    this.#services = services;
  }

  start(): void {
    this.#apart = this.#services.now() - performance.now();
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { audit, log, now } = this.#services;
    const apart = now() - performance.now();
    const milliseconds = Math.round(apart - this.#apart);
    this.#apart = apart;
    if (Math.abs(milliseconds) <= tolerance) return;
    audit.record({ kind: 'clock.step', actor: 'system', outcome: 'ok', totals: { milliseconds } });
    log.warn('The clock of the machine was set', { milliseconds });
  }
}
