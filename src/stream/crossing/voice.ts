import type { ReasonCode } from '../../policy/reason.ts';
import {
  ownTools,
  type BridgedCall,
  type BridgedRoute,
  type ToolAnswer,
  type ToolCall,
  type Unheard,
  type VoiceBridge,
  type VendorSide,
} from '../bridge.ts';
import type { JsonObject } from '../json.ts';
import { bounds } from '../limits.ts';
import { Kind, Way, type OpenMessage } from '../protocol.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Outgoing, StageContext } from '../stage.ts';
import type { Crossing, CrossingPorts } from './crossing.ts';
import { textAt } from './fields.ts';
import { Goodbye } from './goodbye.ts';
import { Keypad } from './keypad.ts';
import { Playback } from './playback.ts';
import { decodedLength, Envelope } from './splice.ts';

/** What the agent hears when a tool cannot be called. */
const tooMany = '{"error":"Too many requests at once. Try again in a moment."}';
const handingOver = 'Thank you for your patience. I will hand you over to a colleague now.';

/**
 * The two legs of a bridged call, Twilio Media Streams on the caller's side. To the caller go audio, marks and `clear`,
 * never a word.
 */
export class VoiceCrossing implements Crossing, BridgedCall {
  readonly session: BridgedRoute['session'];
  private readonly bridge: VoiceBridge;
  private readonly vendor: VendorSide;
  private readonly pipeline: Pipeline;
  private readonly context: StageContext;
  private readonly ports: CrossingPorts;
  private readonly playback = new Playback();
  private readonly keypad = new Keypad();
  private readonly goodbye = new Goodbye();
  private readonly tools = new Set<string>();
  private readonly answers: ToolAnswer[] = [];
  private now = 0;
  private media = new Envelope('', '');
  private streamSid = '';
  private startedAt: number | undefined;
  private isReady = false;
  /** What the caller said before the session was ready. */
  private early: Buffer[] = [];
  private expiresAt = Infinity;
  /** Since when the agent says that a human takes over. */
  private partingAt: number | undefined;

  constructor(
    { bridge, session }: BridgedRoute<VoiceBridge>,
    pipeline: Pipeline,
    context: StageContext,
    ports: CrossingPorts,
  ) {
    this.bridge = bridge;
    this.session = session;
    this.pipeline = pipeline;
    this.context = context;
    this.ports = ports;
    this.vendor = bridge.begin(this);
  }

  get waitingTools(): number {
    return this.tools.size;
  }

  onAudio(way: Way, data: Buffer, from: number, to: number, now: number): void {
    this.now = now;
    if (way === Way.toCaller) return this.vendor.onAudio(data, from, to);
    const frame = this.vendor.carry(data, from, to);
    if (frame === undefined) return;
    if (this.isReady) return this.ports.send(Way.toVendor, Kind.Audio, frame, this.bridge.binary, now);
    this.early.push(frame);
    if (this.early.length > bounds.earlyFrames) this.early.shift();
  }

  isOwn(way: Way, message: OpenMessage): boolean {
    return way === Way.toVendor && message.type === 'mark' && this.playback.knows(textAt(message, 'mark.name'));
  }

  onMessage(way: Way, message: OpenMessage, _data: Buffer, now: number): void {
    this.now = now;
    if (way === Way.toCaller) return this.vendor.onMessage(message);
    if (message.start !== undefined) this.start(message.start.streamSid);
    else if (message.type === 'mark') this.playback.reached(textAt(message, 'mark.name'), now);
    else if (message.type === 'dtmf') this.typed(this.keypad.type(textAt(message, 'dtmf.digit'), now));
    else if (message.type === 'media') this.carryMessage(message);
  }

  /** Its messages stand for themselves. */
  onBlocked(): void {}

  /** Of the words of the vendor none goes to the caller. */
  onHeld({ way, kind, data, binary }: Outgoing, now: number): void {
    if (way === Way.toVendor) this.ports.send(way, kind, data, binary, now);
  }

  onToolAnswer(answer: ToolAnswer, isHeld: boolean, now: number): void {
    this.now = now;
    if (isHeld) this.answers.push(answer);
    else this.pass(answer);
  }

  onTick(now: number): void {
    this.now = now;
    if (this.startedAt === undefined) return;
    if (!this.isReady && now - this.startedAt > bounds.sessionMs) return this.fail('SESSION_REFUSED');
    for (const answer of this.answers.splice(0)) this.pass(answer);
    this.spoken();
    this.typed(this.keypad.rest(now));
    this.vendor.onTick?.(now);
    if (this.goodbye.isOver(!this.playback.isBusy(now), now)) this.ports.close('SESSION_ENDED');
    this.part();
  }

  left(code: number, now: number): boolean {
    this.now = now;
    const agreed = this.isReady && this.bridge.goodbyes.has(code);
    if (agreed) this.goodbye.say('', now);
    return this.goodbye.isSaid;
  }

  ready(): void {
    if (this.isReady) return;
    this.isReady = true;
    for (const frame of this.early) this.ports.send(Way.toVendor, Kind.Audio, frame, this.bridge.binary, this.now);
    this.early = [];
  }

  play(item: string, data: Buffer, from: number, to: number): void {
    this.given(item, this.media.around(data, from, to), decodedLength(data, from, to));
  }

  playBytes(item: string, mulaw: Buffer): void {
    this.given(item, this.media.aroundText(mulaw.toString('base64')), mulaw.length);
  }

  spoken(): void {
    const name = this.playback.mark();
    if (name !== undefined) this.control({ event: 'mark', streamSid: this.streamSid, mark: { name } });
  }

  interrupt(): readonly Unheard[] {
    const withdrawn = this.goodbye.withdraw();
    if (withdrawn !== undefined) this.vendor.answer(withdrawn, false);
    if (this.playback.isBusy(this.now)) this.control({ event: 'clear', streamSid: this.streamSid });
    return this.playback.interrupt(this.now);
  }

  configure(message: JsonObject): void {
    this.say(message, true);
  }

  tell(message: JsonObject): void {
    this.say(message, false);
  }

  callTool(call: ToolCall): void {
    if (this.tools.has(call.id)) return;
    if (call.name === ownTools.transfer.name) return this.fail('HUMAN_ASKED');
    if (call.name === ownTools.endCall.name) this.goodbye.say(call.id, this.now);
    else if (this.tools.size >= bounds.openTools) this.vendor.answer({ id: call.id, output: tooMany }, true);
    else {
      this.tools.add(call.id);
      this.ports.callTool(call);
    }
  }

  forgetTools(ids: readonly string[]): void {
    for (const id of ids) this.tools.delete(id);
  }

  expire(inMs: number): void {
    this.expiresAt = Math.min(this.expiresAt, this.now + inMs);
  }

  fail(reason: ReasonCode): void {
    this.ports.handoff(reason, this.now);
  }

  private start(streamSid: string): void {
    this.startedAt = this.now;
    this.streamSid = streamSid;
    const [before = '', after = ''] = JSON.stringify({ event: 'media', streamSid, media: { payload: '|' } }).split('|');
    this.media = new Envelope(before, after);
    this.expire(Math.min(this.bridge.sessionMs, this.session.longestMs ?? Infinity));
    for (const message of this.bridge.setup(this.session)) this.configure(message);
  }

  /** Audio in an envelope that could not be proven, and was scanned. */
  private carryMessage(message: OpenMessage): void {
    const audio = Buffer.from(textAt(message, 'media.payload'), 'base64').toString('base64');
    if (audio !== '') this.onAudio(Way.toVendor, Buffer.from(audio), 0, audio.length, this.now);
  }

  private given(item: string, frame: Buffer, bytes: number): void {
    if (bytes === 0) return;
    this.ports.send(Way.toCaller, Kind.Audio, frame, false, this.now);
    if (this.playback.add(item, bytes, this.now)) this.spoken();
  }

  private control(message: JsonObject): void {
    this.ports.send(Way.toCaller, Kind.Control, Buffer.from(JSON.stringify(message)), false, this.now);
  }

  private typed(digits: string | undefined): void {
    if (digits !== undefined) this.vendor.typed(digits);
  }

  /** The agent says that it has to go; when it is silent again, and at the latest when the session ends, a human follows. */
  private part(): void {
    const left = this.expiresAt - this.now;
    if (left > bounds.expiryMs) return;
    if (this.partingAt === undefined) this.vendor.say(handingOver);
    this.partingAt ??= this.now;
    const said = this.now - this.partingAt > bounds.partingMs && !this.playback.isBusy(this.now);
    if (said || left < bounds.expiryMs / 10) this.fail('SESSION_EXPIRED');
  }

  /** The message as an app behind chaperone would have sent it, through the same judges. */
  private say(message: JsonObject, isOwn: boolean): void {
    const { pipeline, context, now } = this;
    context.frameStartedAt = context.ports.clock();
    const opened = this.bridge.vendor.open(Way.toVendor, Buffer.from(JSON.stringify(message)), false);
    if (typeof opened === 'string') return this.fail(opened);
    const decision = isOwn ? pipeline.judgeOwn(opened, Way.toVendor, now) : pipeline.judge(opened, Way.toVendor, now);
    if (decision.verdict !== 'allow') return this.fail(decision.reason);
    if (!opened.withheld) this.ports.send(Way.toVendor, opened.kind, opened.seal(), opened.binary, now);
  }

  private pass(answer: ToolAnswer): void {
    if (this.tools.delete(answer.id)) this.vendor.answer(answer, true);
  }
}
