import { allow, handoff, refuse, type Decision } from '../policy/decision.ts';
import type { Call } from './call.ts';
import { Kind, Way, type OpenMessage, type ProtocolCodec, type StartFacts } from './protocol.ts';

/** May a message come now, and does it belong to this call? Nothing is forwarded before a start that names the call. */
export class MessageOrder {
  started: boolean;
  private readonly call: Call;
  private readonly codec: ProtocolCodec;
  private readonly strict: boolean;
  private lastSequence = -1;
  /** Sealed messages that came before the start; they go out once the start has proven which call it is. */
  private early: Buffer[] = [];

  constructor(call: Call, codec: ProtocolCodec, strict: boolean) {
    this.call = call;
    this.codec = codec;
    this.strict = strict;
    this.started = !codec.starts;
  }

  judge(message: OpenMessage, start: StartFacts | undefined, way: Way): Decision {
    if (message.kind === Kind.Unknown && (way === Way.toVendor || this.strict))
      return this.started ? refuse('MESSAGE_UNKNOWN', message.type) : handoff('MESSAGE_OUT_OF_ORDER');
    if (way === Way.toVendor && this.codec.starts && !this.inOrder(message, start))
      return handoff('MESSAGE_OUT_OF_ORDER');
    if (start !== undefined) return this.begin(message, start);
    if (way === Way.toVendor) this.countGap(message.sequence);
    const foreign = message.stream !== undefined && message.stream !== this.call.streamSid;
    return foreign && this.started ? refuse('CALL_MISMATCH', message.type) : allow;
  }

  /** A protocol may have one message before the start, then the start, once. */
  private inOrder(message: OpenMessage, start: StartFacts | undefined): boolean {
    if (this.started) return !message.early && start === undefined;
    return start !== undefined || (message.early && this.early.length === 0);
  }

  private begin(message: OpenMessage, start: StartFacts): Decision {
    const { expectedCallSid, expectedAccountSid } = this.call.facts;
    const matches =
      start.streamSid !== '' &&
      (message.stream ?? start.streamSid) === start.streamSid &&
      (expectedCallSid ?? start.callSid) === start.callSid &&
      (expectedAccountSid ?? start.accountSid) === start.accountSid;
    if (!matches) return handoff('CALL_MISMATCH');
    this.call.callSid = start.callSid;
    this.call.streamSid = start.streamSid;
    this.call.caller ??= start.caller;
    this.lastSequence = message.sequence;
    return allow;
  }

  keepEarly(data: Buffer): void {
    this.early.push(data);
  }

  takeEarly(): readonly Buffer[] {
    const taken = this.early;
    this.early = [];
    return taken;
  }

  /** Missing or repeated frames of the carrier are counted and pass: gaps are part of telephony. */
  countGap(sequence: number): void {
    if (sequence < 0) return;
    if (this.lastSequence >= 0 && sequence !== this.lastSequence + 1) this.call.counters.sequenceGap();
    this.lastSequence = sequence;
  }
}
