import type { FastifyInstance } from 'fastify';
import type { ServedLog } from '../audit/served-log.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { createAdminServer } from './admin.ts';
import { AgreementWatch, daysLeft } from './agreements.ts';
import { openAuditKey } from './audit-key.ts';
import { auditHindrance, auditRemark } from './audit-standing.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Config, Fault } from './config.ts';
import { HouseMetrics } from './house-metrics.ts';
import { faultFacts, type Log } from './logger.ts';
import { portOf } from './port.ts';
import { Retention } from './retention.ts';
import { StrangerLog } from './strangers.ts';
import type { FollowedCall, Wanted } from './taps/hub.ts';
import type { HeardCall } from './taps/line.ts';
import { Taps } from './taps/taps.ts';

/** What the house asks of whoever carries the calls. */
export interface CallsSide {
  /** Their metrics, as the text of a scrape. */
  readonly scrape: () => Promise<string>;
  /** Why no call is taken and none will be soon. */
  readonly hindrance: () => ReasonCode | undefined;
  /** Told which lines of transcripts somebody wants; left out where every line is made in this process. */
  readonly onWanted?: (wanted: readonly Wanted[]) => void;
}

/**
 * What a deployment has once, however many processes carry its calls: the audit log with its retention, the listener for
 * metrics, health and transcripts, the calendar of agreements, and what is on record of the policy.
 */
export class House {
  readonly #audit: ServedLog;
  readonly #log: Log;
  readonly #calls: CallsSide;
  readonly #metrics: HouseMetrics;
  readonly #taps: Taps;
  readonly #retention: Retention;
  readonly #agreements: AgreementWatch;
  readonly #clocks: ClockWatch;
  #config: Config;
  #server: FastifyInstance | undefined;

  constructor(config: Config, audit: ServedLog, log: Log, calls: CallsSide) {
    this.#config = config;
    this.#audit = audit;
    this.#log = log;
    this.#calls = calls;
    const keeping = { audit, config: () => this.#config, log, now: Date.now };
    this.#retention = new Retention(keeping);
    this.#agreements = new AgreementWatch(keeping);
    this.#clocks = new ClockWatch(keeping);
    this.#taps = new Taps({
      ...keeping,
      strangers: new StrangerLog(audit, () => performance.now()),
      keys: () => openAuditKey(this.#config.audit.key),
      onWanted: (wanted) => this.#calls.onWanted?.(wanted),
    });
    this.#metrics = new HouseMetrics({
      auditSize: () => audit.size,
      auditWaiting: () => audit.waiting,
      auditLagSeconds: () => audit.lag(performance.now()) / 1000,
      auditFailed: () => audit.failed,
      auditUndeposited: () => audit.undeposited,
      auditSilence: () => ({ anchors: audit.anchorSilence / 1000, key: audit.keySilence / 1000 }),
      agreementDaysLeft: () => daysLeft(this.#config, Date.now()),
      taps: this.#taps.figures,
    });
  }

  /** Why the log lets no call begin. */
  get auditHindrance(): ReasonCode | undefined {
    return auditHindrance(this.#audit, this.#config.audit.anchors, performance.now());
  }

  /** What is said in this call is told to those who read along. */
  follow(call: HeardCall): FollowedCall {
    return this.#taps.follow(call);
  }

  /** Which lines of transcripts somebody wants. */
  get wanted(): readonly Wanted[] {
    return this.#taps.wanted;
  }

  /** So many lines were lost between processes. */
  missed(lines: number): void {
    this.#taps.missed(lines);
  }

  /** Records the start and opens the listener; resolves with its port. */
  async open(): Promise<number> {
    const { policyHash, admin } = this.#config;
    this.#recordPolicy('policy.load', 'ok');
    const facts = { node: process.version };
    this.#audit.record({ kind: 'proc.start', actor: 'system', outcome: 'ok', policy: policyHash, facts });
    await this.#audit.settled();
    this.#server = await createAdminServer({
      scrape: async () => `${await this.#metrics.board.scrape()}${await this.#calls.scrape()}`,
      contentType: () => this.#metrics.board.contentType,
      hindrance: () => this.#calls.hindrance(),
      remark: () => auditRemark(this.#audit, this.#config.audit.anchors),
    });
    await this.#taps.addRoutes(this.#server);
    await this.#server.listen({ ...admin }); // fastify writes into what it is given
    return portOf(this.#server.server);
  }

  /** After the listener for calls is open. */
  start(): void {
    this.#taps.start();
    this.#retention.start();
    this.#agreements.start();
    this.#clocks.start();
  }

  /** A new configuration is in force from now on. */
  reload(config: Config): void {
    this.#config = config;
    this.#metrics.policyLoaded();
    this.#recordPolicy('policy.load', 'ok');
    this.#log.info('The new configuration is in force', { file: config.file });
    this.#taps.reload();
  }

  /** The file on disk has faults: the configuration in force stays. */
  rejectReload(faults: readonly Fault[]): void {
    this.#metrics.policyRejected();
    this.#recordPolicy('policy.reject', 'refused', 'POLICY_REJECTED');
    const lines = faults.map(({ line, path, wanted }) => `line ${line}: ${path}: wanted ${wanted}`);
    this.#log.error('The new configuration has faults; the old one stays in force', { count: faults.length, lines });
  }

  /** After the last call. Resolves when all is durable. */
  async close(outcome: 'ok' | 'failed'): Promise<void> {
    this.#agreements.stop();
    this.#clocks.stop();
    await this.#retention.stop();
    await this.#taps.close();
    await this.#server?.close();
    this.#audit.record({ kind: 'proc.stop', actor: 'system', outcome });
    await this.#audit.close().catch((fault: unknown) => {
      this.#log.error('The audit log could not be closed', { fault: faultFacts(fault) });
    });
  }

  #recordPolicy(kind: 'policy.load' | 'policy.reject', outcome: 'ok' | 'refused', reason?: ReasonCode): void {
    const event = { kind, actor: 'system', outcome, policy: this.#config.policyHash } as const;
    this.#audit.record(reason === undefined ? event : { ...event, reason });
    this.#agreements.look();
  }
}
