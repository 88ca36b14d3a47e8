import type { KindClearance } from '../policy/clearance.ts';
import type { Decision } from '../policy/decision.ts';
import { noHandoff, type HandoffRules } from '../policy/handoff.ts';
import { hostsAlone, type NestedScope } from '../policy/nested.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { eventOf, type Call } from './call.ts';
import { Flow, Waiting } from './flow.ts';
import { bounds, type RelayLimits } from './limits.ts';
import { MessageOrder } from './order.ts';
import { Pipeline } from './pipeline.ts';
import type { Ports } from './ports.ts';
import { Kind, Way, type AudioProver, type OpenMessage, type ProtocolCodec } from './protocol.ts';
import type { StageContext } from './stage.ts';

/** Where a call stands. Only `forward` and `hold` alternate; from `handoff` and `ended` nothing leads back. */
export const RelayState = { forward: 0, hold: 1, handoff: 2, ended: 3 } as const;
export type RelayState = (typeof RelayState)[keyof typeof RelayState];

/**
 * The machine between the two legs of one call. It is told what happened and when (`now`, monotonic milliseconds) and
 * acts through {@link Ports} alone. It never throws on any input of a peer.
 *
 * It records `phi.redacted`, `phi.allowed`, `phi.blocked`, `sec.frame`, `vendor.refuse` and `route.human`; the events of
 * the legs themselves (connect, close, totals) belong to whoever holds the sockets.
 */
export interface Relay {
  readonly state: RelayState;
  onMessage(way: Way, data: Buffer, binary: boolean, now: number): void;
  /** The receiver of this way has emptied its buffer. */
  onDrain(way: Way): void;
  /** The socket of that leg is closed, with whatever code. A caller who hung up ends the call; held text is dropped. */
  onClose(from: 'caller' | 'vendor', now: number): void;
  /** Every 100 ms or so, for all deadlines. */
  onTick(now: number): void;
  /** Age of the oldest audit event that is not yet durable; asked for with every tick. */
  onAuditLag(lagMs: number, now: number): void;
  /** Whoever holds the sockets, the policy or the process ends the call toward a human. */
  onFault(reason: ReasonCode, now: number): void;
}

export interface RelayOptions {
  readonly call: Call;
  readonly codec: ProtocolCodec;
  /** The memory and the redactor of this call, made for it alone. */
  readonly conversation: Conversation;
  readonly clearances: { readonly vendor: KindClearance; readonly caller: KindClearance };
  readonly limits: RelayLimits;
  /** Unknown messages are refused toward the caller too. */
  readonly strict: boolean;
  /** Hosts that may be named where `nested` says nothing else (`play.source`). */
  readonly hosts: ReadonlySet<string>;
  readonly nested?: NestedScope;
  /** What in the words of the call needs a human. Left out: nothing. */
  readonly handoff?: HandoffRules;
  /** Names of custom parameters that hold no fact of a person. */
  readonly parameters: ReadonlySet<string>;
  readonly ports: Ports;
  /** When both legs were attached. */
  readonly now: number;
}

export function createRelay(options: RelayOptions): Relay {
  return new CallRelay(options);
}

class CallRelay implements Relay {
  state: RelayState = RelayState.forward;
  private readonly options: RelayOptions;
  private readonly call: Call;
  private readonly ports: Ports;
  private readonly prover: AudioProver;
  private readonly order: MessageOrder;
  private readonly flow: Flow;
  private readonly waiting = new Waiting();
  private readonly context: StageContext;
  private readonly pipeline: Pipeline;
  private heardAt: number;
  private heldAt = 0;
  private endsAt: number | undefined;

  constructor(options: RelayOptions) {
    const { call, codec, ports } = options;
    this.options = options;
    this.call = call;
    this.ports = ports;
    this.prover = codec.prover();
    this.order = new MessageOrder(call, codec, options.strict);
    this.flow = new Flow(ports, call.counters);
    const { vendor, caller } = options.clearances;
    const clearances = { [Way.toVendor]: vendor, [Way.toCaller]: caller };
    const nested = options.nested ?? hostsAlone(options.hosts);
    const handoff = options.handoff ?? noHandoff;
    this.context = { ...options, handoff, protocol: codec.name, nested, clearances, frameStartedAt: 0, outbox: [] };
    this.pipeline = new Pipeline(this.context);
    this.heardAt = options.now;
  }

  onMessage(way: Way, data: Buffer, binary: boolean, now: number): void {
    if (this.state >= RelayState.handoff) return;
    if (way === Way.toVendor) this.heardAt = now;
    if (this.state === RelayState.hold) this.wait(way, data, binary, now);
    else if (binary && data.length === 0) this.call.counters.withheld(way);
    else if (this.prover.proves(way, data, binary)) this.forwardAudio(way, data, binary, now);
    else this.forwardMessage(way, data, binary, now);
  }

  onDrain(way: Way): void {
    if (this.state < RelayState.handoff) this.flow.drained(way);
  }

  onClose(from: 'caller' | 'vendor', now: number): void {
    if (this.state >= RelayState.handoff) return;
    if (from === 'caller') this.close('CALLER_CLOSED');
    else if (this.endsAt !== undefined) this.close('SESSION_ENDED');
    else this.handoff('VENDOR_CLOSED', now);
  }

  onTick(now: number): void {
    if (this.state >= RelayState.handoff) return;
    const overdue = this.overdue(now);
    if (overdue !== undefined) this.handoff(overdue, now);
    else if (this.endsAt !== undefined && now - this.endsAt > bounds.lingerMs) this.close('SESSION_ENDED');
    else if (this.state === RelayState.forward) this.expire(now);
  }

  onAuditLag(lagMs: number, now: number): void {
    const lagging = lagMs > bounds.auditLagMs;
    if (this.state === RelayState.forward && lagging) this.hold(now);
    else if (this.state === RelayState.hold && !lagging) this.release(now);
  }

  onFault(reason: ReasonCode, now: number): void {
    this.handoff(reason, now);
  }

  private forwardAudio(way: Way, data: Buffer, binary: boolean, now: number): void {
    if (way === Way.toVendor) this.order.countGap(this.prover.sequence);
    this.pipeline.passed(way);
    this.call.counters.sent(way, Kind.Audio, data.length);
    if (!this.flow.send(way, data, binary, now)) this.handoff('PEER_TOO_SLOW', now);
  }

  private forwardMessage(way: Way, data: Buffer, binary: boolean, now: number): void {
    this.context.frameStartedAt = this.ports.clock();
    const message = this.options.codec.open(way, data, binary);
    if (typeof message === 'string') return this.block(way, message, 'frame', now);
    if (!this.order.started && way === Way.toCaller) return this.wait(way, data, binary, now);
    const decision = this.judge(message, way, now);
    if (decision.verdict === 'handoff') return this.handoff(decision.reason, now);
    if (decision.verdict === 'refuse') return this.block(way, decision.reason, decision.subject, now);
    this.pipeline.passed(way);
    this.deliver(message, way, now);
  }

  private judge(message: OpenMessage, way: Way, now: number): Decision {
    const order = this.order.judge(message, message.start, way);
    return order.verdict === 'allow' ? this.pipeline.judge(message, way, now) : order;
  }

  private deliver(message: OpenMessage, way: Way, now: number): void {
    const { start } = message;
    if (!this.order.started && start === undefined) return this.order.keepEarly(message.seal());
    this.flushOutbox(now);
    if (start !== undefined) for (const data of this.order.takeEarly()) this.send(way, Kind.Control, data, false, now);
    if (message.withheld) this.call.counters.withheld(way);
    else this.send(way, message.kind, message.seal(), message.binary, now);
    if (message.ends) this.endsAt ??= now;
    if (message.kind === Kind.Text) this.call.counters.textTime(this.ports.clock() - this.context.frameStartedAt);
    if (start !== undefined) this.begin(start.streamSid, now);
  }

  private begin(streamSid: string, now: number): void {
    this.order.started = true;
    this.prover.bind(streamSid);
    this.replay(now);
  }

  private flushOutbox(now: number): void {
    for (const { way, kind, data, binary } of this.pipeline.takeOutbox()) this.send(way, kind, data, binary, now);
  }

  private send(way: Way, kind: Kind, data: Buffer, binary: boolean, now: number): void {
    if (this.state !== RelayState.forward) return;
    this.call.counters.sent(way, kind, data.length);
    if (!this.flow.send(way, data, binary, now)) this.handoff('PEER_TOO_SLOW', now);
  }

  private block(way: Way, reason: ReasonCode, subject: string, now: number): void {
    const decision = this.pipeline.blocked(way, reason, subject);
    if (decision.verdict === 'handoff') this.handoff(decision.reason, now);
  }

  /** Until the stream has started, or while nothing may go out. Live audio of the caller is let go: late it is useless. */
  private wait(way: Way, data: Buffer, binary: boolean, now: number): void {
    if (way === Way.toVendor && this.prover.proves(way, data, binary)) this.call.counters.dropped(way);
    else if (!this.waiting.add(way, data, binary))
      this.handoff(this.order.started ? 'AUDIT_LAGGING' : 'MESSAGE_OUT_OF_ORDER', now);
  }

  private hold(now: number): void {
    this.state = RelayState.hold;
    this.heldAt = now;
    this.call.counters.held();
    this.flow.hold(Way.toCaller);
  }

  private release(now: number): void {
    this.state = RelayState.forward;
    this.flow.release(Way.toCaller);
    this.replay(now);
  }

  private replay(now: number): void {
    for (const { way, data, binary } of this.waiting.take()) this.onMessage(way, data, binary, now);
  }

  private expire(now: number): void {
    const decision = this.pipeline.expire(now);
    if (decision.verdict === 'handoff') this.handoff(decision.reason, now);
    else this.flushOutbox(now);
  }

  private overdue(now: number): ReasonCode | undefined {
    const { codec, limits, now: attachedAt } = this.options;
    const idleMs = codec.continuous ? limits.idleMs : Math.max(limits.idleMs, bounds.quietIdleMs);
    if (!this.order.started && now - attachedAt > bounds.startMs) return 'START_TIMEOUT';
    if (this.state === RelayState.hold && now - this.heldAt > bounds.holdMs) return 'AUDIT_LAGGING';
    if (this.flow.overdue(now)) return 'PEER_TOO_SLOW';
    if (now - attachedAt > limits.callMs) return 'CALL_TOO_LONG';
    return now - this.heardAt > idleMs ? 'CALL_IDLE' : undefined;
  }

  private close(reason: ReasonCode): void {
    this.state = RelayState.ended;
    this.letGo();
    this.ports.close(reason);
  }

  private handoff(reason: ReasonCode, now: number): void {
    if (this.state >= RelayState.handoff) return;
    this.state = RelayState.handoff;
    this.letGo();
    const totals = { afterMs: Math.round(now - this.options.now) };
    this.ports.audit(eventOf(this.call, 'route.human', { outcome: 'ok', reason, totals }));
    this.ports.handoff(reason);
  }

  /** Nothing that waits or is held leaves any more. */
  private letGo(): void {
    this.waiting.clear();
    this.order.takeEarly();
    this.pipeline.end();
  }
}
