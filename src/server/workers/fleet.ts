import type { ServedLog } from '../../audit/served-log.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import type { Config, Fault } from '../config.ts';
import { House } from '../house.ts';
import { faultFacts, type Log } from '../logger.ts';
import { mergeFigures } from '../metrics.ts';
import { pack } from './carried-config.ts';
import { workerCount } from './count.ts';
import { Crew } from './crew.ts';

const settleEveryMs = 500;

/** Beyond the drain time: handing the last calls over takes up to its own limits; the longest is that of a parting. */
const graceMs = 45_000;

/** The running product in several processes: one house, and a switchboard in each worker. */
export class Fleet {
  readonly #log: Log;
  readonly #house: House;
  readonly #crew: Crew;
  #config: Config;
  #draining = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: Config, audit: ServedLog, log: Log) {
    this.#config = config;
    this.#log = log;
    this.#crew = new Crew({
      audit,
      log,
      config: () => pack(this.#config),
      hindrance: () => this.#house.auditHindrance,
      readers: () => this.#house,
      onHopeless: () => void this.#end('failed'),
    });
    this.#house = new House(config, audit, log, {
      scrape: async () => mergeFigures(await this.#crew.figures()),
      hindrance: () => this.#hindrance(),
      onWanted: (wanted) => this.#crew.tell({ type: 'wanted', wanted }),
    });
  }

  async listen(): Promise<void> {
    const admin = await this.#house.open();
    const calls = await this.#start();
    this.#house.start();
    this.#timer = setInterval(() => this.#crew.settle(), settleEveryMs).unref();
    this.#log.info('Listening for calls', { port: calls, count: workerCount(this.#config) });
    this.#log.info('Listening for metrics and health', { port: admin });
  }

  /** Workers without a listener would keep the process up. */
  async #start(): Promise<number> {
    try {
      return await this.#crew.start(workerCount(this.#config), this.#config.calls);
    } catch (fault) {
      await this.#end('failed');
      throw fault;
    }
  }

  reload(config: Config): void {
    this.#config = config;
    this.#crew.tell({ type: 'configuration', config: pack(config) });
    this.#house.reload(config);
  }

  rejectReload(faults: readonly Fault[]): void {
    this.#house.rejectReload(faults);
  }

  /** No new calls; live ones may go on for the drain time, then a human takes them. Resolves when all is durable. */
  async drain(): Promise<void> {
    if (!this.#draining) await this.#end('ok');
  }

  /** A fault that nothing may go on after: every caller gets a human, then the listeners close. */
  async fail(fault: unknown): Promise<void> {
    this.#log.error('A fault ends this process; every call goes to a human', { fault: faultFacts(fault) });
    await this.#end('failed');
  }

  async #end(outcome: 'ok' | 'failed'): Promise<void> {
    this.#draining = true;
    clearInterval(this.#timer);
    const limitMs = this.#config.limits.drainMs + graceMs;
    await this.#crew.leave(outcome === 'ok' ? 'drain' : 'failed', limitMs);
    await this.#house.close(outcome);
    this.#log.info('Stopped');
  }

  #hindrance(): ReasonCode | undefined {
    if (this.#draining) return 'DRAINING';
    return this.#house.auditHindrance ?? (this.#crew.ready ? undefined : 'INTERNAL');
  }
}
