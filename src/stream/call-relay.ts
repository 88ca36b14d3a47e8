import type { Decision } from '../policy/decision.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { AudioPath, type AudioCall } from './audio-path.ts';
import type { ToolAnswer, ToolCall } from './bridge.ts';
import { eventOf, type Call } from './call.ts';
import { createCrossing } from './crossing/create.ts';
import type { Crossing, CrossingPorts } from './crossing/crossing.ts';
import { Deadlines } from './deadlines.ts';
import { Flow, Waiting } from './flow.ts';
import { bounds } from './limits.ts';
import { MessageOrder } from './order.ts';
import { Pipeline } from './pipeline.ts';
import type { Ports } from './ports.ts';
import { Kind, Way, ways, type AudioProver, type OpenMessage, type ProtocolCodec } from './protocol.ts';
import { RelayState, type Relay } from './relay.ts';
import { codecsOf, contextOf, proversOf, type RelayOptions } from './relay-options.ts';
import type { StageContext } from './stage.ts';

export function createRelay(options: RelayOptions): Relay {
  return new CallRelay(options);
}

class CallRelay implements Relay, AudioCall, CrossingPorts {
  state: RelayState = RelayState.forward;
  readonly call: Call;
  readonly ports: Ports;
  private readonly attachedAt: number;
  /** What the leg speaks from which messages of a way come. */
  private readonly codecs: Readonly<Record<Way, ProtocolCodec>>;
  readonly provers: Readonly<Record<Way, AudioProver>>;
  readonly audio: Readonly<Record<Way, AudioPath>>;
  readonly order: MessageOrder;
  private readonly flow: Flow;
  private readonly waiting = new Waiting();
  private readonly context: StageContext;
  private readonly pipeline: Pipeline;
  private readonly deadlines: Deadlines;
  private readonly crossing: Crossing | undefined;
  private tickedAt: number;

  constructor(options: RelayOptions) {
    const { call, codec, bridge, ports } = options;
    this.call = call;
    this.ports = ports;
    this.attachedAt = options.now;
    this.tickedAt = options.now;
    this.codecs = codecsOf(options);
    this.provers = proversOf(this.codecs);
    this.order = new MessageOrder(call, codec, options.strict);
    this.flow = new Flow(ports, call.counters);
    this.context = contextOf(options);
    this.pipeline = new Pipeline(this.context);
    this.deadlines = new Deadlines(options.limits, codec.continuous, options.now, options.closeEnds);
    this.audio = {
      [Way.toVendor]: new AudioPath(Way.toVendor, this),
      [Way.toCaller]: new AudioPath(Way.toCaller, this),
    };
    this.crossing = bridge && createCrossing(bridge, this.pipeline, this.context, this);
    this.enter(this.state);
  }

  onMessage(way: Way, data: Buffer, binary: boolean, now: number): void {
    if (this.state >= RelayState.handoff) return;
    if (way === Way.toVendor) this.deadlines.heardAt = now;
    if (this.state === RelayState.hold) this.wait(way, data, binary, now);
    else if (binary && data.length === 0) this.call.counters.withheld(way);
    else if (this.order.started && this.provers[way].proves(way, data, binary)) this.passAudio(way, data, binary, now);
    else this.passMessage(way, data, binary, now);
  }

  onDrain(way: Way): void {
    if (this.state < RelayState.handoff) this.flow.drained(way);
  }

  onClose(from: 'caller' | 'vendor', now: number, code = 0): void {
    if (this.state >= RelayState.handoff) return;
    if (from === 'caller') this.close('CALLER_CLOSED');
    else if (this.deadlines.ends(code)) this.close('SESSION_ENDED');
    else if (!this.crossing?.left(code, now)) this.handoff('VENDOR_CLOSED', now);
  }

  onTick(now: number): void {
    if (this.state >= RelayState.handoff) return;
    this.tickedAt = now;
    this.noticeAudio(now);
    const overdue = this.deadlines.overdue(this.order.started, now);
    if (overdue !== undefined) this.handoff(overdue, now);
    else if (this.flow.overdue(now)) this.handoff('PEER_TOO_SLOW', now);
    else if (this.deadlines.lingered(now)) this.close('SESSION_ENDED');
    else if (this.state === RelayState.forward) this.expire(now);
  }

  onAuditLag(lagMs: number, now: number): void {
    const lagging = lagMs > bounds.auditLagMs;
    if (this.state === RelayState.forward && lagging) this.hold(now);
    else if (this.state === RelayState.hold && !lagging) this.release(now);
  }

  onToolAnswer(answer: ToolAnswer, now: number): void {
    if (this.state < RelayState.handoff) this.crossing?.onToolAnswer(answer, this.state === RelayState.hold, now);
  }

  onFault(reason: ReasonCode, now: number): void {
    this.handoff(reason, now);
  }

  /** In a bridge no frame can pass as it came; after the end nothing that waits or is held leaves any more. */
  private enter(state: RelayState): void {
    this.state = state;
    const isOpen = state === RelayState.forward && this.order.started && this.crossing === undefined;
    for (const way of ways) this.audio[way].isOpen = isOpen;
    if (state < RelayState.handoff) return;
    this.waiting.clear();
    this.order.takeEarly();
    this.pipeline.end();
  }

  onFull(way: Way, bytes: number): void {
    if (!this.flow.fill(way, bytes, this.tickedAt)) this.handoff('PEER_TOO_SLOW', this.tickedAt);
  }

  /** What it means to the call that audio has passed since this was last asked. */
  private noticeAudio(now: number): void {
    for (const way of ways) {
      if (!this.audio[way].hasPassed()) continue;
      this.pipeline.passed(way);
      if (way === Way.toVendor) this.deadlines.heardAt = now;
    }
  }

  private passAudio(way: Way, data: Buffer, binary: boolean, now: number): void {
    const { sequence, payloadFrom, payloadTo } = this.provers[way];
    if (way === Way.toVendor) this.order.countGap(sequence);
    this.pipeline.passed(way);
    if (this.crossing === undefined) this.send(way, Kind.Audio, data, binary, now);
    else this.crossing.onAudio(way, data, payloadFrom, payloadTo, now);
  }

  private passMessage(way: Way, data: Buffer, binary: boolean, now: number): void {
    this.context.frameStartedAt = this.ports.clock();
    const message = this.codecs[way].open(way, data, binary);
    if (typeof message === 'string') return this.block(way, message, 'frame', now);
    if (!this.order.started && way === Way.toCaller) return this.wait(way, data, binary, now);
    const decision = this.judge(message, way, now);
    if (decision.verdict === 'handoff') return this.handoff(decision.reason, now);
    if (decision.verdict === 'refuse') return this.block(way, decision.reason, decision.subject, now);
    this.pipeline.passed(way, message);
    this.deliver(message, way, data, now);
  }

  private judge(message: OpenMessage, way: Way, now: number): Decision {
    const order = this.order.judge(message, message.start, way);
    if (order.verdict !== 'allow' || this.crossing?.isOwn?.(way, message) === true) return order;
    return this.pipeline.judge(message, way, now);
  }

  private deliver(message: OpenMessage, way: Way, data: Buffer, now: number): void {
    const { start } = message;
    if (!this.order.started && start === undefined) return this.order.keepEarly(message.seal());
    this.flushOutbox(now);
    if (message.withheld) this.call.counters.withheld(way);
    else if (this.crossing === undefined) this.forward(message, way, now);
    else this.crossing.onMessage(way, message, data, now);
    if (message.ends) this.deadlines.endsAt ??= now;
    if (message.kind === Kind.Text) this.call.counters.textTime(this.ports.clock() - this.context.frameStartedAt);
    if (start !== undefined) this.begin(start.streamSid, now);
  }

  private forward(message: OpenMessage, way: Way, now: number): void {
    if (message.start !== undefined)
      for (const data of this.order.takeEarly()) this.send(way, Kind.Control, data, false, now);
    this.send(way, message.kind, message.seal(), message.binary, now);
  }

  private begin(streamSid: string, now: number): void {
    this.order.started = true;
    this.enter(this.state);
    this.provers[Way.toVendor].bind(streamSid);
    this.replay(now);
  }

  /** What was held of the words. */
  private flushOutbox(now: number): void {
    for (const held of this.pipeline.takeOutbox())
      if (this.crossing === undefined) this.send(held.way, held.kind, held.data, held.binary, now);
      else this.crossing.onHeld(held, now);
  }

  send(way: Way, kind: Kind, data: Buffer, binary: boolean, now: number): void {
    if (this.state !== RelayState.forward) return;
    this.call.counters.sent(way, kind, data.length);
    if (!this.flow.send(way, data, binary, now)) this.handoff('PEER_TOO_SLOW', now);
  }

  private block(way: Way, reason: ReasonCode, subject: string, now: number): void {
    this.noticeAudio(this.tickedAt);
    const decision = this.pipeline.blocked(way, reason, subject);
    if (way === Way.toCaller) this.crossing?.onBlocked();
    if (decision.verdict === 'handoff') this.handoff(decision.reason, now);
  }

  /** Until the stream has started, or while nothing may go out. Live audio of the caller is let go: late it is useless. */
  private wait(way: Way, data: Buffer, binary: boolean, now: number): void {
    if (way === Way.toVendor && this.provers[way].proves(way, data, binary)) this.call.counters.dropped(way);
    else if (!this.waiting.add(way, data, binary))
      this.handoff(this.order.started ? 'AUDIT_LAGGING' : 'MESSAGE_OUT_OF_ORDER', now);
  }

  private hold(now: number): void {
    this.enter(RelayState.hold);
    this.deadlines.heldSince = now;
    this.call.counters.held();
    this.flow.hold(Way.toCaller);
  }

  private release(now: number): void {
    this.enter(RelayState.forward);
    this.deadlines.heldSince = undefined;
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
    this.crossing?.onTick(now);
  }

  callTool(call: ToolCall): void {
    this.ports.callTool?.(call);
  }

  close(reason: ReasonCode): void {
    this.enter(RelayState.ended);
    this.ports.close(reason);
  }

  handoff(reason: ReasonCode, now: number): void {
    if (this.state >= RelayState.handoff) return;
    this.enter(RelayState.handoff);
    const totals = { afterMs: Math.round(now - this.attachedAt) };
    this.ports.audit(eventOf(this.call, 'route.human', { outcome: 'ok', reason, totals }));
    this.ports.handoff(reason);
  }
}
