import type { FastifyInstance } from 'fastify';
import { isDeepStrictEqual } from 'node:util';
import { AuditFault, type AuditLog } from '../audit/log.ts';
import type { ServedLog } from '../audit/served-log.ts';
import type { Engine } from '../policy/phi/engine.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { createAdminServer } from './admin.ts';
import { openAuditKey } from './audit-key.ts';
import { auditHindrance, auditRemark } from './audit-standing.ts';
import { AgreementWatch, daysLeft } from './agreements.ts';
import { Gate } from './admission.ts';
import { AppFront } from './apps/front.ts';
import { Opener, type AdmittedCall } from './opener.ts';
import { Policy } from './policy.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import { createCallsServer, renewCertificate } from './app.ts';
import { LiveCalls } from './calls.ts';
import type { Config, Fault } from './config.ts';
import { faultFacts, type Log } from './logger.ts';
import { engineOf } from './matchers.ts';
import { Metrics } from './metrics.ts';
import { LoadGauge } from './overload.ts';
import { Retention } from './retention.ts';
import { StrangerLog } from './strangers.ts';
import { Taps } from './taps/taps.ts';
import { TwilioRest } from './twilio/rest.ts';
import { CallTokens } from './twilio/token.ts';
import { answerVoice } from './voice.ts';

/** The running product: two listeners, the calls between them, and the log under them. */
export class Service {
  readonly #audit: ServedLog;
  readonly #log: Log;
  readonly #calls: LiveCalls;
  readonly #metrics: Metrics;
  readonly #tokens: CallTokens;
  readonly #strangers: StrangerLog;
  readonly #taps: Taps;
  readonly #retention: Retention;
  readonly #load = new LoadGauge(() => this.#policy.config.limits.overload);
  readonly #door: { readonly audit: AuditLog; readonly strangers: StrangerLog; readonly opener: Opener; now(): number };
  readonly #apps: AppFront;
  readonly #agreements: AgreementWatch;
  #policy: Policy;
  #engine: Engine;
  #draining = false;
  #servers: readonly FastifyInstance[] = [];
  #ports = { calls: 0, admin: 0 };

  /** `rest` is for tests: Twilio's interface spoken by somebody else. */
  constructor(config: Config, audit: ServedLog, log: Log, rest = new TwilioRest()) {
    this.#policy = new Policy(config);
    this.#engine = engineOf(config.redaction);
    this.#audit = audit;
    this.#log = log;
    this.#strangers = new StrangerLog(audit, () => performance.now());
    this.#tokens = new CallTokens(this.#policy.authTokens);
    this.#door = { audit, strangers: this.#strangers, opener: new Opener(audit, Date.now), now: Date.now };
    this.#apps = new AppFront({ ...this.#door, engine: () => this.#engine, policy: () => this.#policy });
    const keeping = { audit, config: () => this.#policy.config, log, now: Date.now };
    this.#retention = new Retention(keeping);
    this.#agreements = new AgreementWatch(keeping);
    this.#taps = new Taps({
      audit,
      log,
      strangers: this.#strangers,
      config: () => this.#policy.config,
      keys: () => openAuditKey(this.#policy.config.audit.key),
      now: Date.now,
    });
    this.#calls = new LiveCalls({
      audit,
      engine: () => this.#engine,
      log,
      policy: () => this.#policy,
      follow: (call) => this.#taps.follow(call),
      rest,
      onEnded: (reason, human) => this.#metrics.callEnded(reason, human),
    });
    this.#metrics = new Metrics({
      cellSums: () => this.#calls.cellSums(),
      liveCalls: () => this.#calls.size,
      busy: () => this.#load.busy,
      auditSize: () => audit.size,
      auditWaiting: () => audit.waiting,
      auditLagSeconds: () => audit.lag(performance.now()) / 1000,
      auditFailed: () => audit.failed,
      auditSilence: () => ({ anchors: audit.anchorSilence / 1000, key: audit.keySilence / 1000 }),
      agreementDaysLeft: () => daysLeft(this.#policy.config, Date.now()),
      taps: this.#taps.figures,
    });
  }

  /** Ports that were given by the system when the configuration said 0. */
  get ports(): { readonly calls: number; readonly admin: number } {
    return this.#ports;
  }

  /** Opens both listeners, the one for calls last: whoever can call can be served. */
  async listen(): Promise<void> {
    const { config } = this.#policy;
    this.#recordPolicy('policy.load', 'ok');
    this.#audit.record({
      kind: 'proc.start',
      actor: 'system',
      outcome: 'ok',
      policy: config.policyHash,
      facts: { node: process.version },
    });
    await this.#audit.settled();
    const admin = await createAdminServer({
      scrape: () => this.#metrics.scrape(),
      contentType: () => this.#metrics.contentType,
      hindrance: () => this.#hindrance(),
      remark: () => auditRemark(this.#audit, this.#policy.config.audit.anchors),
    });
    await this.#taps.addRoutes(admin);
    const calls = await createCallsServer(config, this.#handlers(), this.#log);
    this.#servers = [calls, admin];
    await admin.listen({ ...config.admin }); // fastify writes into what it is given
    await calls.listen({ host: config.calls.host, port: config.calls.port });
    this.#ports = { calls: portOf(calls), admin: portOf(admin) };
    this.#calls.start();
    this.#load.start();
    this.#taps.start();
    this.#retention.start();
    this.#agreements.start();
    this.#log.info('Listening for calls', { port: this.#ports.calls });
    this.#log.info('Listening for metrics and health', { port: this.#ports.admin });
  }

  /** A new configuration is in force from now on; live calls whose vendor lost its approval end toward a human. */
  reload(config: Config): void {
    const { redaction } = this.#policy.config;
    this.#policy = new Policy(config);
    // Making an engine holds the calls up for a moment; its word lists rarely change.
    if (!isDeepStrictEqual(redaction, config.redaction)) this.#engine = engineOf(config.redaction);
    this.#tokens.useKeysOf(this.#policy.authTokens);
    this.#apps.reload();
    this.#metrics.policyLoaded();
    this.#recordPolicy('policy.load', 'ok');
    this.#log.info('The new configuration is in force', { file: config.file });
    for (const server of this.#servers) renewCertificate(server, config);
    this.#calls.reapprove();
    this.#taps.reload();
  }

  /** The file on disk has faults: the configuration in force stays. */
  rejectReload(faults: readonly Fault[]): void {
    this.#metrics.policyRejected();
    this.#recordPolicy('policy.reject', 'refused', 'POLICY_REJECTED');
    const lines = faults.map(({ line, path, wanted }) => `line ${line}: ${path}: wanted ${wanted}`);
    this.#log.error('The new configuration has faults; the old one stays in force', { count: faults.length, lines });
  }

  /** No new calls; live ones may go on for the drain time, then a human takes them. Resolves when all is durable. */
  async drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    this.#log.info('Draining', { count: this.#calls.size });
    await this.#calls.drained(this.#policy.config.limits.drainMs);
    await this.#stop('ok');
  }

  /** A fault that nothing may go on after: every caller gets a human, then the listeners close. */
  async fail(fault: unknown): Promise<void> {
    this.#draining = true;
    this.#log.error('A fault ends this process; every call goes to a human', { fault: faultFacts(fault) });
    this.#calls.handOffAll(this.#audit.failed ? 'AUDIT_UNAVAILABLE' : 'INTERNAL');
    await this.#calls.drained(0);
    await this.#stop('failed');
  }

  async #stop(outcome: 'ok' | 'failed'): Promise<void> {
    this.#calls.stop();
    this.#load.stop();
    this.#agreements.stop();
    await this.#retention.stop();
    await this.#taps.close();
    await Promise.all(this.#servers.map((server) => server.close()));
    this.#audit.record({ kind: 'proc.stop', actor: 'system', outcome });
    await this.#audit.close().catch((fault: unknown) => {
      this.#log.error('The audit log could not be closed', { fault: faultFacts(fault) });
    });
    this.#log.info('Stopped');
  }

  #handlers(): Parameters<typeof createCallsServer>[1] {
    const services = {
      ...this.#door,
      tokens: this.#tokens,
      closedFor: () => this.#closedFor(),
      onRefused: (reason: ReasonCode) => this.#refused(reason),
    };
    const gate = new Gate(services);
    return {
      voice: (routeName, request) => answerVoice(services, this.#policy, routeName, request),
      admit: (routeName, token, request) =>
        this.#admitted(() => gate.admit(this.#policy, { routeName, token, ...request })),
      admitApp: (request) => this.#admitted(() => this.#apps.admit(request)),
      answerApp: (method, request) => this.#apps.answer(method, request),
      attach: (admitted, leg) => this.#calls.attach(admitted, leg),
      abandon: (admitted) => this.#calls.abandon(admitted),
    };
  }

  async #admitted(admit: () => Promise<AdmittedCall | GateRefusal>): Promise<AdmittedCall | GateRefusal> {
    const closed = this.#closedFor();
    const outcome = closed === undefined ? await this.#calls.reserve(admit) : { reason: closed, subject: 'process' };
    if (isRefusal(outcome)) this.#refused(outcome.reason);
    else this.#metrics.callAdmitted(outcome.route.name);
    return outcome;
  }

  #refused(reason: ReasonCode): void {
    this.#metrics.callRefused(reason);
    this.#log.warn('A call was refused', { reason });
  }

  #closedFor(): ReasonCode | undefined {
    if (this.#draining) return 'DRAINING';
    const hindrance = auditHindrance(this.#audit, this.#policy.config.audit.anchors);
    if (hindrance !== undefined) return hindrance;
    if (this.#load.overloaded) return 'OVERLOADED';
    return this.#calls.occupied >= this.#policy.config.limits.calls ? 'CALL_LIMIT' : undefined;
  }

  #hindrance(): string | undefined {
    const closed = this.#closedFor();
    return closed === 'CALL_LIMIT' || closed === 'OVERLOADED' ? undefined : closed;
  }

  #recordPolicy(kind: 'policy.load' | 'policy.reject', outcome: 'ok' | 'refused', reason?: ReasonCode): void {
    const event = { kind, actor: 'system', outcome, policy: this.#policy.config.policyHash } as const;
    this.#audit.record(reason === undefined ? event : { ...event, reason });
    this.#agreements.look();
  }
}

function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

/** True for a fault of the log, which has an exit code of its own. */
export function exitCodeOf(fault: unknown): number {
  return fault instanceof AuditFault ? fault.exitCode : 70;
}
