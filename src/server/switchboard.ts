import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { AuditLog } from '../audit/log.ts';
import type { Engine } from '../policy/phi/engine.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { Gate } from './admission.ts';
import { createCallsServer, renewCertificate } from './app.ts';
import { AppFront } from './apps/front.ts';
import { HandedOverCalls } from './apps/handed-over.ts';
import { CallMetrics } from './call-metrics.ts';
import { LiveCalls } from './calls.ts';
import type { Config } from './config.ts';
import type { Log } from './logger.ts';
import { Farewells } from './farewells.ts';
import { engineOf } from './matchers.ts';
import { Opener, type AdmittedCall } from './opener.ts';
import { LoadGauge } from './overload.ts';
import { Policy } from './policy.ts';
import { portOf } from './port.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import { StrangerLog } from './strangers.ts';
import type { FollowedCall } from './taps/hub.ts';
import type { HeardCall } from './taps/line.ts';
import type { TwilioRest } from './twilio/rest.ts';
import { CallTokens } from './twilio/token.ts';
import type { Reception } from './upgrade.ts';
import { answerVoice } from './voice.ts';

export interface SwitchboardServices {
  readonly audit: AuditLog;
  readonly log: Log;
  /** Twilio's interface, by which a live call is moved. */
  readonly rest: TwilioRest;
  /** What is said in a call is told to whoever reads along. */
  readonly follow: (call: HeardCall) => FollowedCall;
  /** Why the log lets no call begin. */
  readonly auditHindrance: () => ReasonCode | undefined;
  /** A human has a call: the processes beside this one have to know, by {@link Switchboard.learnHandedOver}. */
  readonly onHandedOver?: (call: string) => void;
}

/** Takes calls: the listener for them, the gate, and those in progress. A deployment has one in each of its processes. */
export class Switchboard {
  readonly metrics: CallMetrics;
  readonly strangers: StrangerLog;
  readonly #services: SwitchboardServices;
  readonly #calls: LiveCalls;
  readonly #tokens: CallTokens;
  /** One call after the other, the newest first, goes to a human before the heap ends them all. */
  readonly #load = new LoadGauge(() => this.#policy.config.limits.overload, {
    calls: () => this.#calls.occupied,
    onExhausted: () => this.#calls.handOff('OVERLOADED', 1),
  });
  readonly #door: { readonly audit: AuditLog; readonly strangers: StrangerLog; readonly opener: Opener; now(): number };
  readonly #apps: AppFront;
  readonly #handedOver: HandedOverCalls;
  readonly #farewells: Farewells;
  #policy: Policy;
  #engine: Engine;
  #draining = false;
  #server: FastifyInstance | undefined;

  constructor(config: Config, services: SwitchboardServices) {
    const { audit, log, rest, follow } = services;
    this.#services = services;
    this.#policy = new Policy(config);
    this.#engine = engineOf(config.redaction);
    this.strangers = new StrangerLog(audit, () => performance.now());
    this.#tokens = new CallTokens(this.#policy.authTokens);
    this.#door = { audit, strangers: this.strangers, opener: new Opener(audit, Date.now), now: Date.now };
    this.#handedOver = new HandedOverCalls((call) => services.onHandedOver?.(call));
    const front = { engine: () => this.#engine, policy: () => this.#policy, handedOver: this.#handedOver };
    this.#apps = new AppFront({ ...this.#door, ...front });
    this.#calls = new LiveCalls({
      audit,
      engine: () => this.#engine,
      log,
      policy: () => this.#policy,
      follow,
      rest,
      onEnded: (reason, human) => this.metrics.ended(reason, human),
      onHandedOver: (route, id) => this.#handedOver.add(route, id),
    });
    this.#farewells = new Farewells({
      audit,
      log,
      policy: () => this.#policy,
      onHandedOver: (route, id) => this.#handedOver.add(route, id),
    });
    this.metrics = new CallMetrics({
      cellSums: () => this.#calls.cellSums(),
      liveCalls: () => this.#calls.size,
      busy: () => this.#load.busy,
    });
  }

  /** Resolves with the port; the configuration may leave it to the system. */
  async listen(): Promise<number> {
    const { host, port } = this.#policy.config.calls;
    const server = await this.#open();
    await server.listen({ host, port });
    return portOf(server.server);
  }

  /** Takes connections that another process has accepted; resolves with how one is given to it. */
  async attend(): Promise<(connection: Socket) => void> {
    const { server } = await this.#open();
    // What a server does when it listens, it has to do here as well: Node starts the clock of its time limits then.
    server.emit('listening');
    return (connection) => {
      server.emit('connection', connection);
      connection.resume();
    };
  }

  /** A new configuration is in force from now on; live calls whose vendor lost its approval end toward a human. */
  reload(config: Config): void {
    const { redaction } = this.#policy.config;
    this.#policy = new Policy(config);
    // Making an engine holds the calls up for a moment; its word lists rarely change.
    if (!isDeepStrictEqual(redaction, config.redaction)) this.#engine = engineOf(config.redaction);
    this.#tokens.useKeysOf(this.#policy.authTokens);
    this.#apps.reload();
    if (this.#server !== undefined) renewCertificate(this.#server, config);
    this.#calls.reapprove();
  }

  /** A human has a call that another process carried. */
  learnHandedOver(call: string): void {
    this.#handedOver.learn(call);
  }

  /** No new calls; live ones may go on for the drain time, then a human takes them. Resolves when none is left. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#services.log.info('Draining', { count: this.#calls.size });
    await this.#emptied(this.#policy.config.limits.drainMs);
  }

  /** A fault that nothing may go on after: every caller gets a human. */
  async abandon(): Promise<void> {
    this.#draining = true;
    this.#calls.handOff(this.#services.audit.failed ? 'AUDIT_UNAVAILABLE' : 'INTERNAL');
    await this.#emptied(0);
  }

  /** Calls that are refused meanwhile are told where they go, until those in progress have to go as well: then this ends in time. */
  async #emptied(limitMs: number): Promise<void> {
    const lastFarewell = setTimeout(() => this.#farewells.close(), this.#policy.config.limits.drainMs);
    await this.#calls.drained(limitMs);
    clearTimeout(lastFarewell);
    this.#farewells.close();
    await this.#farewells.said();
  }

  /** After the last call. */
  async close(): Promise<void> {
    this.#calls.stop();
    this.#load.stop();
    await this.#server?.close();
  }

  /** Why this process takes no call and will take none soon. */
  get hindrance(): ReasonCode | undefined {
    const closed = this.#closedFor();
    return closed === 'CALL_LIMIT' || closed === 'OVERLOADED' ? undefined : closed;
  }

  async #open(): Promise<FastifyInstance> {
    const server = await createCallsServer(this.#policy.config, this.#handlers(), this.#services.log);
    await server.ready();
    this.#server = server;
    this.#calls.start();
    this.#load.start();
    return server;
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
        this.#received(
          () => gate.admit(this.#policy, { routeName, token, ...request }),
          (refusal) => gate.turnAway(this.#policy, { routeName, token, ...request }, refusal),
        ),
      admitApp: (request) =>
        this.#received(
          () => this.#apps.admit(request),
          (refusal) => this.#apps.turnAway(request, refusal),
        ),
      answerApp: (method, request) => this.#apps.answer(method, request),
    };
  }

  /** `turnAway` makes of why no call is taken what this one hears. */
  async #received(
    admit: () => Promise<AdmittedCall | GateRefusal>,
    turnAway: (refusal: GateRefusal) => GateRefusal,
  ): Promise<Reception | GateRefusal> {
    const reason = this.#closedFor();
    const outcome = reason === undefined ? await this.#calls.reserve(admit) : turnAway({ reason, subject: 'process' });
    if (isRefusal(outcome)) {
      this.#refused(outcome.reason);
      return this.#farewells.receive(outcome) ?? outcome;
    }
    this.metrics.admitted(outcome.route.name);
    return { attach: (leg) => this.#calls.attach(outcome, leg), abandon: () => this.#calls.abandon(outcome) };
  }

  #refused(reason: ReasonCode): void {
    this.metrics.refused(reason);
    this.#services.log.warn('A call was refused', { reason });
  }

  #closedFor(): ReasonCode | undefined {
    if (this.#draining) return 'DRAINING';
    const hindrance = this.#services.auditHindrance();
    if (hindrance !== undefined) return hindrance;
    if (this.#load.overloaded) return 'OVERLOADED';
    return this.#calls.occupied >= this.#policy.config.limits.calls ? 'CALL_LIMIT' : undefined;
  }
}
