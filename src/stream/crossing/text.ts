import type { ReasonCode } from '../../policy/reason.ts';
import {
  ownTools,
  type BridgedRoute,
  type ModelPiece,
  type TextBridge,
  type ToolAnswer,
  type Turn,
} from '../bridge.ts';
import { parseObject, stringAt, type JsonObject } from '../json.ts';
import { bounds } from '../limits.ts';
import type { Pipeline } from '../pipeline.ts';
import { Kind, Way, type OpenMessage } from '../protocol.ts';
import type { Outgoing, StageContext } from '../stage.ts';
import { Answer } from './answer.ts';
import type { Crossing, CrossingPorts } from './crossing.ts';
import { textAt } from './fields.ts';
import { Goodbye } from './goodbye.ts';
import { Keypad } from './keypad.ts';
import { Talk } from './talk.ts';

/**
 * The two legs of a bridged call, Twilio ConversationRelay on the caller's side and a model of text on the other. What the
 * caller says has been through the stages before it becomes part of the talk; of what the model says, the caller gets the
 * words that came out of the stages, and nothing else of its messages.
 */
export class TextCrossing implements Crossing {
  private readonly bridge: TextBridge;
  private readonly session: BridgedRoute['session'];
  private readonly pipeline: Pipeline;
  private readonly context: StageContext;
  private readonly ports: CrossingPorts;
  private readonly talk = new Talk();
  private readonly keypad = new Keypad();
  private readonly goodbye = new Goodbye();
  private readonly held: ToolAnswer[] = [];
  private now = 0;
  /** The answer in progress. */
  private answer: Answer | undefined;
  /** The answer given up last: pieces of it may still be on their way. */
  private givenUp = '';
  /** Requests since somebody spoke: a model that calls tools for ever is no help. */
  private rounds = 0;
  private wantsAnswer = false;
  /** Until when the caller is likely to listen to what was said. */
  private speakingUntil = 0;

  constructor(
    { bridge, session }: BridgedRoute<TextBridge>,
    pipeline: Pipeline,
    context: StageContext,
    ports: CrossingPorts,
  ) {
    this.bridge = bridge;
    this.session = session;
    this.pipeline = pipeline;
    this.context = context;
    this.ports = ports;
  }

  /** Neither side has audio. */
  onAudio(): void {}

  onMessage(way: Way, message: OpenMessage, data: Buffer, now: number): void {
    this.now = now;
    if (way === Way.toCaller) this.hear(this.bridge.hear(message, data));
    else if (message.start !== undefined) this.greet();
    else if (message.type === 'prompt') this.prompted(message);
    else if (message.type === 'interrupt') this.interrupted(message, data);
    else if (message.type === 'dtmf') this.typed(this.keypad.type(textAt(message, 'digit'), now));
  }

  onBlocked(): void {
    this.answer?.lacks();
  }

  onHeld({ way, data }: Outgoing, now: number): void {
    this.now = now;
    if (way === Way.toVendor) return;
    const message = this.bridge.vendor.open(way, data, false);
    if (typeof message !== 'string') this.speak(this.bridge.hear(message, data)?.spoken ?? '');
  }

  onToolAnswer(answer: ToolAnswer, isHeld: boolean, now: number): void {
    this.now = now;
    if (isHeld) this.held.push(answer);
    else this.answered(answer);
  }

  onTick(now: number): void {
    this.now = now;
    for (const answer of this.held.splice(0)) this.answered(answer);
    this.typed(this.keypad.rest(now));
    if (this.answer?.isLate(now) === true) return this.ports.handoff('VENDOR_TIMEOUT', now);
    if (this.goodbye.isOver(now > this.speakingUntil, now)) this.ports.close('SESSION_ENDED');
  }

  left(): boolean {
    return this.goodbye.isSaid;
  }

  private greet(): void {
    const { greeting } = this.session;
    if (greeting === undefined) return;
    this.speak(greeting);
    this.endOfSpeech();
    this.talk.agent(greeting, greeting, []);
  }

  /** Hypotheses are heard by the stages alone; the model gets the final. */
  private prompted(message: OpenMessage): void {
    const text = textAt(message, 'voicePrompt').trim();
    if (message.field('last') === false || text === '') return;
    if (this.answer?.hasSpoken === true) this.endOfSpeech();
    this.said(text);
  }

  private said(text: string): void {
    this.giveUp();
    this.stay();
    this.talk.caller(text);
    this.rounds = 0;
    this.respond();
  }

  /** What was heard comes back in the caller's words: compared as it came, kept as the stages let it through. */
  private interrupted(message: OpenMessage, data: Buffer): void {
    this.giveUp();
    this.stay();
    this.speakingUntil = this.now;
    const raw = parseObject(data);
    const heard = typeof raw === 'string' ? '' : (stringAt(raw, 'utteranceUntilInterrupt') ?? '');
    this.talk.cut(heard, textAt(message, 'utteranceUntilInterrupt'));
  }

  private typed(digits: string | undefined): void {
    if (digits === undefined) return;
    const text = this.cleared({ by: 'caller', text: `The caller typed on the keypad: ${digits}` });
    if (text !== undefined) this.said(text);
  }

  private answered({ id, output }: ToolAnswer): void {
    const text = this.cleared({ by: 'tool', answer: { id, output } });
    if (text === undefined || !this.talk.answer({ id, output: text })) return;
    if (this.wantsAnswer) this.respond();
  }

  /** The model goes on: what is still said of this answer is not heard any more. */
  private giveUp(): void {
    if (this.answer === undefined) return;
    const { name, written, spoken } = this.answer;
    this.givenUp = name;
    this.answer = undefined;
    this.talk.agent(written, spoken, []);
    this.ports.send(Way.toVendor, Kind.Control, Buffer.from(this.bridge.cancel), false, this.now);
  }

  /** The caller is still there: the call does not end. */
  private stay(): void {
    const withdrawn = this.goodbye.withdraw();
    if (withdrawn !== undefined) this.talk.answer(withdrawn);
  }

  /** Asks for an answer, once every tool has given its own. */
  private respond(): void {
    this.wantsAnswer = this.talk.waiting > 0;
    if (this.wantsAnswer) return;
    this.rounds += 1;
    if (this.rounds > bounds.toolRounds) return this.fail('VENDOR_FAILED');
    this.answer = new Answer(this.now);
    const opened = this.open(this.bridge.ask(this.session, this.talk.turns));
    if (opened === undefined || !this.allows(this.pipeline.judgeOwn(opened, Way.toVendor, this.now))) return;
    this.ports.send(Way.toVendor, opened.kind, opened.seal(), false, this.now);
  }

  private hear(piece: ModelPiece | undefined): void {
    const { answer } = this;
    if (answer === undefined || piece === undefined) return;
    if (this.givenUp !== '' && piece.answer === this.givenUp) return;
    if (piece.end === 'failed') return this.fail('VENDOR_FAILED');
    if (piece.end === 'withheld') return this.fail('ANSWER_WITHHELD');
    if (!answer.add(piece, this.now)) return this.fail('VENDOR_FAILED');
    this.speak(piece.spoken);
    if (piece.end === 'complete') this.finish(answer);
  }

  private finish(answer: Answer): void {
    this.answer = undefined;
    if (answer.isUseless) return this.fail('VENDOR_FAILED');
    const { written, spoken, calls } = answer;
    if (answer.hasSpoken) this.endOfSpeech();
    this.talk.agent(written, spoken, calls);
    this.wantsAnswer = true;
    for (const call of calls) {
      if (call.name === ownTools.transfer.name) return this.fail('HUMAN_ASKED');
      if (call.name === ownTools.endCall.name) this.goodbye.say(call.id, this.now);
      else this.ports.callTool(call);
    }
  }

  private speak(token: string): void {
    if (token === '') return;
    this.answer?.speaks(token);
    this.speakingUntil = Math.max(this.speakingUntil, this.now) + token.length * bounds.characterMs;
    this.tell({ type: 'text', token, last: false });
  }

  private endOfSpeech(): void {
    this.tell({ type: 'text', token: '', last: true });
  }

  private tell(message: JsonObject): void {
    this.ports.send(Way.toCaller, Kind.Text, Buffer.from(JSON.stringify(message)), false, this.now);
  }

  /** The words of a turn that came on no leg, as the model may see them: judged like a message of an app. */
  private cleared(turn: Turn): string | undefined {
    const bare = { ...this.session, instructions: undefined, tools: [] };
    const opened = this.open(this.bridge.ask(bare, [turn]));
    if (opened === undefined || !this.allows(this.pipeline.judge(opened, Way.toVendor, this.now))) return undefined;
    return this.bridge.lastText(opened);
  }

  private open(message: JsonObject): OpenMessage | undefined {
    this.context.frameStartedAt = this.context.ports.clock();
    const opened = this.bridge.vendor.open(Way.toVendor, Buffer.from(JSON.stringify(message)), false);
    if (typeof opened !== 'string') return opened;
    this.fail(opened);
    return undefined;
  }

  private allows(decision: ReturnType<Pipeline['judge']>): boolean {
    if (decision.verdict !== 'allow') this.fail(decision.reason);
    return decision.verdict === 'allow';
  }

  private fail(reason: ReasonCode): void {
    this.ports.handoff(reason, this.now);
  }
}
