import { AuditFault } from '../audit/log.ts';
import type { ServedLog } from '../audit/served-log.ts';
import type { Config, Fault } from './config.ts';
import { House } from './house.ts';
import { faultFacts, type Log } from './logger.ts';
import { Switchboard } from './switchboard.ts';
import { TwilioRest } from './twilio/rest.ts';

/** The running product in one process: the house and its switchboard. */
export class Service {
  readonly #log: Log;
  readonly #house: House;
  readonly #switchboard: Switchboard;
  #draining = false;
  #ports = { calls: 0, admin: 0 };

  /** `rest` is for tests: Twilio's interface spoken by somebody else. */
  constructor(config: Config, audit: ServedLog, log: Log, rest = new TwilioRest()) {
    this.#log = log;
    this.#house = new House(config, audit, log, {
      scrape: () => this.#switchboard.metrics.scrape(),
      hindrance: () => this.#switchboard.hindrance,
    });
    this.#switchboard = new Switchboard(config, {
      audit,
      log,
      rest,
      follow: (call) => this.#house.follow(call),
      auditHindrance: () => this.#house.auditHindrance,
    });
  }

  /** Ports that were given by the system when the configuration said 0. */
  get ports(): { readonly calls: number; readonly admin: number } {
    return this.#ports;
  }

  /** Opens both listeners, the one for calls last: whoever can call can be served. */
  async listen(): Promise<void> {
    const admin = await this.#house.open();
    const calls = await this.#switchboard.listen();
    this.#ports = { calls, admin };
    this.#house.start();
    this.#log.info('Listening for calls', { port: calls });
    this.#log.info('Listening for metrics and health', { port: admin });
  }

  reload(config: Config): void {
    this.#switchboard.reload(config);
    this.#house.reload(config);
  }

  rejectReload(faults: readonly Fault[]): void {
    this.#house.rejectReload(faults);
  }

  /** No new calls; live ones may go on for the drain time, then a human takes them. Resolves when all is durable. */
  async drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    await this.#switchboard.drain();
    await this.#stop('ok');
  }

  /** A fault that nothing may go on after: every caller gets a human, then the listeners close. */
  async fail(fault: unknown): Promise<void> {
    this.#draining = true;
    this.#log.error('A fault ends this process; every call goes to a human', { fault: faultFacts(fault) });
    await this.#switchboard.abandon();
    await this.#stop('failed');
  }

  async #stop(outcome: 'ok' | 'failed'): Promise<void> {
    await this.#switchboard.close();
    await this.#house.close(outcome);
    this.#log.info('Stopped');
  }
}

/** The exit code for a fault: a fault of the log has its own. */
export function exitCodeOf(fault: unknown): number {
  return fault instanceof AuditFault ? fault.exitCode : 70;
}
