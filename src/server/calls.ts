import type { AuditLog } from '../audit/log.ts';
import type { Engine } from '../policy/phi/engine.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { eventOf, type Call } from '../stream/call.ts';
import { addUp, cells } from '../stream/counters.ts';
import type { NamedParties } from '../stream/named.ts';
import type { Ports } from '../stream/ports.ts';
import { Way, type Parting } from '../stream/protocol.ts';
import { createRelay } from '../stream/call-relay.ts';
import type { Relay } from '../stream/relay.ts';
import type { AdmittedCall } from './opener.ts';
import type { Policy } from './policy.ts';
import { Reapproval } from './reapproval.ts';
import type { GateRefusal } from './refusal.ts';
import { optionsOf, toolsOf } from './call-options.ts';
import { callOf, recordCallEnd, recordVendorEnd } from './call-record.ts';
import { Handovers, leaveVendor, type LeavingCall } from './handover.ts';
import { legEventsOf } from './leg-events.ts';
import type { Log } from './logger.ts';
import { callerMessageBytes, Heartbeat, Legs, vendorMessageBytes, type Leg, type LegEvents } from './socket.ts';
import type { FollowedCall } from './taps/hub.ts';
import { heardCall, type HeardCall } from './taps/line.ts';
import type { CallTools } from './tools.ts';
import { turnMs, Turns } from './turns.ts';
import type { TwilioRest } from './twilio/rest.ts';

export interface CallServices {
  readonly audit: AuditLog;
  /** The engine of the policy in force; a live call keeps the one it began with. */
  readonly engine: () => Engine;
  readonly log: Log;
  /** The policy in force now; a live call keeps the clearances it was admitted with, but not its vendor's approval. */
  readonly policy: () => Policy;
  /** What is said in a call is told to whoever reads along. */
  readonly follow: (call: HeardCall) => FollowedCall;
  /** Where a live call is moved to a human. */
  readonly rest: TwilioRest;
  readonly onEnded: (reason: ReasonCode, toHuman: boolean) => void;
  /** A human has a call, which a carrier calls so that could dial in for it again. */
  readonly onHandedOver: (route: string, id: string) => void;
}

const turnsPerApproval = 10;

interface LiveCall {
  readonly admitted: AdmittedCall;
  readonly call: Call;
  readonly relay: Relay;
  readonly legs: Legs;
  readonly caller: Leg;
  readonly parting: Parting | undefined;
  readonly named: NamedParties;
  readonly heartbeat: Heartbeat;
  readonly transcript: FollowedCall;
  readonly tools: CallTools;
  readonly attachedAt: number;
}

/** All calls in progress: their relays, their deadlines, and the ways in which the process ends them. */
export class LiveCalls {
  readonly #services: CallServices;
  readonly #handovers: Handovers;
  readonly #live = new Set<LiveCall>();
  readonly #turns = new Turns<LiveCall>({
    onTurn: (now, stoodMs) => this.#turn(now, stoodMs),
    onEach: (live, now) => this.#attend(live, now),
  });
  readonly #endedSums = new Float64Array(cells.length);
  #reserved = 0;
  #turned = 0;
  #auditLagMs = 0;

  constructor(services: CallServices) {
    this.#services = services;
    const { audit, log, rest } = services;
    this.#handovers = new Handovers({ audit, log, rest, config: () => services.policy().config });
  }

  get size(): number {
    return this.#live.size;
  }

  /** Calls in progress, calls that are being admitted, calls on their way to a human: all count against the limit. */
  get occupied(): number {
    return this.#live.size + this.#reserved + this.#handovers.pending;
  }

  start(): void {
    this.#turns.start();
  }

  stop(): void {
    this.#turns.stop();
  }

  /** Keeps a place while a call is admitted, so that a crowd cannot pass the limit together. */
  async reserve(admit: () => Promise<AdmittedCall | GateRefusal>): Promise<AdmittedCall | GateRefusal> {
    this.#reserved += 1;
    try {
      return await admit();
    } finally {
      this.#reserved -= 1;
    }
  }

  /** The caller hung up between the gate and the upgrade: the vendor has seen nothing and is let go. */
  abandon(admitted: AdmittedCall): void {
    admitted.dialled.socket.terminate();
    const call = callOf(admitted);
    this.#services.audit.record(eventOf(call, 'disclosure.end', { outcome: 'ok', totals: {} }));
    this.#services.audit.record(eventOf(call, 'call.end', { outcome: 'ok', reason: 'CALLER_CLOSED' }));
    this.#services.onEnded('CALLER_CLOSED', false);
  }

  /** Joins the two sockets. Synchronous from the upgrade on, so that no message is missed. */
  attach(admitted: AdmittedCall, caller: Leg): void {
    const { route, dialled } = admitted;
    const call = callOf(admitted);
    const legs = new Legs(caller, dialled);
    const transcript = this.#services.follow(heardCall(call));
    const options = optionsOf(admitted, call, this.#services.engine());
    const tools = toolsOf(this.#services, admitted, options, (answer) => relay.onToolAnswer(answer, performance.now()));
    const ports = this.#portsOf(legs, transcript, tools, () => live);
    const relay = createRelay({ ...options, ports, now: performance.now() });
    const heartbeat = new Heartbeat(dialled.socket);
    const attachedAt = performance.now();
    const { parting, named } = options;
    const live = { admitted, call, relay, legs, caller, parting, named, heartbeat, transcript, tools, attachedAt };
    this.#live.add(live);
    this.#turns.add(live);
    legs.attach({
      [Way.toVendor]: this.#eventsOf(live, Way.toVendor, 'caller'),
      [Way.toCaller]: this.#eventsOf(live, Way.toCaller, 'vendor'),
    });
    // It may have gone while the caller's side was accepted; its `close` would not be heard any more.
    if (dialled.socket.readyState !== dialled.socket.OPEN) relay.onClose('vendor', performance.now());
    const { reference, vendor } = admitted;
    this.#services.log.info('A call began', { call: reference, route: route.name, vendor: vendor.id });
  }

  /** Live calls whose vendor is not approved any more, by a new policy or a new day, end toward a human. */
  reapprove(): void {
    const judge = new Reapproval(this.#services.policy(), Date.now());
    for (const { admitted, named, relay } of this.#live) {
      const reason = judge.reasonAgainst(admitted, named);
      if (reason !== undefined) relay.onFault(reason, performance.now());
    }
  }

  handOff(reason: ReasonCode, newest = Infinity): void {
    for (const { relay } of [...this.#live].slice(-newest)) relay.onFault(reason, performance.now());
  }

  /** Resolves when no call is left; after the limit (milliseconds) the remaining ones go to a human. */
  async drained(limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (this.occupied > 0) {
      if (performance.now() >= deadline) this.handOff('DRAINING');
      await new Promise((resolve) => {
        setTimeout(resolve, turnMs / 4);
      });
    }
  }

  /** The figures of all calls since the start. */
  cellSums(): Float64Array {
    const sums = Float64Array.from(this.#endedSums);
    for (const { call } of this.#live) addUp(sums, call.counters);
    return sums;
  }

  #turn(now: number, stoodMs: number): void {
    const { audit } = this.#services;
    if (audit.failed) this.handOff('AUDIT_UNAVAILABLE');
    // What a process that stood still could not write is no fault of the disk.
    this.#auditLagMs = audit.lag(now) - stoodMs;
    this.#turned += 1;
    if (this.#turned % turnsPerApproval === 0) this.reapprove();
  }

  #attend({ relay, heartbeat }: LiveCall, now: number): void {
    relay.onAuditLag(this.#auditLagMs, now);
    relay.onTick(now);
    if (!heartbeat.beat(now)) relay.onFault('VENDOR_SILENT', now);
  }

  #eventsOf(live: LiveCall, way: Way, from: 'caller' | 'vendor'): LegEvents {
    const most = from === 'caller' && live.admitted.app === undefined ? callerMessageBytes : vendorMessageBytes;
    return legEventsOf(this.#services, live, { way, from, most });
  }

  #portsOf(legs: Legs, transcript: FollowedCall, tools: CallTools, live: () => LiveCall): Ports {
    const { audit } = this.#services;
    return {
      send: (way, data, binary) => legs.send(way, data, binary),
      forward: legs.forward,
      pause: (way) => legs.pause(way),
      resume: (way) => legs.resume(way),
      close: (reason) => this.#hangUp(live(), reason),
      handoff: (reason) => this.#handOver(live(), reason),
      audit: (event) => audit.record(event),
      transcript: (spoken, final) => transcript.hear(spoken, final),
      callTool: (request) => tools.ask(request),
      clock: () => performance.now(),
    };
  }

  #hangUp(live: LiveCall, reason: ReasonCode): void {
    live.legs.closeVendor(reasons[reason].close, reason);
    this.#forget(live, reason);
    this.#handovers.end(this.#leaving(live, reason), (toHuman) => this.#conclude(live, reason, toHuman));
  }

  /** The vendor is out of the call at once; the call is over here when its human has been asked for. */
  #handOver(live: LiveCall, reason: ReasonCode): void {
    const { route, claim } = live.admitted;
    leaveVendor(live.legs, reason);
    this.#forget(live, reason);
    if (live.parting !== undefined) this.#services.onHandedOver(route.name, claim.callSid);
    this.#handovers.begin(this.#leaving(live, reason), () => this.#conclude(live, reason, true));
  }

  #leaving({ admitted, call, caller, parting }: LiveCall, reason: ReasonCode): LeavingCall {
    const { route, claim } = admitted;
    return { call, caller, parting, route, callSid: claim.callSid, reason };
  }

  /** The vendor gets nothing more: its part is recorded, its figures are kept, nobody reads along. */
  #forget(live: LiveCall, reason: ReasonCode): void {
    this.#live.delete(live);
    this.#turns.delete(live);
    live.transcript.end();
    live.tools.end();
    addUp(this.#endedSums, live.call.counters);
    recordVendorEnd(this.#services.audit, live.call, live.admitted, reason);
  }

  /** Both ends of the call have been told. */
  #conclude({ admitted, call, attachedAt }: LiveCall, reason: ReasonCode, toHuman: boolean): void {
    const durationMs = Math.round(performance.now() - attachedAt);
    recordCallEnd(this.#services, call, admitted, { reason, toHuman, durationMs });
    this.#services.onEnded(reason, toHuman);
  }
}
