import type { Call } from './call.ts';
import type { Counters } from './counters.ts';
import type { FrameContent } from './frame-content.ts';
import type { MessageOrder } from './order.ts';
import type { Ports } from './ports.ts';
import { Kind, Way, type AudioProver } from './protocol.ts';

/** What a path has of its call. */
export interface AudioCall {
  readonly call: Call;
  readonly order: MessageOrder;
  readonly ports: Pick<Ports, 'forward'>;
  readonly provers: Readonly<Record<Way, AudioProver>>;
  /** The receiver of a way is over its high-water mark; so many bytes were taken all the same. */
  onFull(way: Way, bytes: number): void;
}

/**
 * One way of a call, on which proven audio passes as it came: fifty times a second in each of hundreds of calls. What that
 * costs is mostly memory that is touched for the first time in 20 ms, so a frame touches as little as it can, and what else
 * it means to the call waits for the next tick.
 */
export class AudioPath {
  /** May audio pass now? The relay says it. */
  isOpen = false;
  private passed = false;
  private readonly way: Way;
  private readonly prover: AudioProver;
  private readonly order: MessageOrder;
  private readonly counters: Counters;
  private readonly forward: (frame: Buffer) => boolean;
  private readonly audioCall: AudioCall;

  constructor(way: Way, audioCall: AudioCall) {
    this.way = way;
    this.prover = audioCall.provers[way];
    this.order = audioCall.order;
    this.counters = audioCall.call.counters;
    this.forward = audioCall.ports.forward[way];
    this.audioCall = audioCall;
  }

  /**
   * A whole unfragmented WebSocket frame as it stands on the wire. True: its content is proven audio and the frame went on
   * as it is. False: nothing happened, and the same content MUST come as a message. `content` is borrowed until this
   * returns.
   */
  take(frame: Buffer, content: FrameContent, binary: boolean): boolean {
    const { way, prover } = this;
    if (!this.isOpen || !prover.provesFrame(way, content, binary)) return false;
    this.passed = true;
    if (way === Way.toVendor) this.order.countGap(prover.sequence);
    this.counters.sent(way, Kind.Audio, content.length);
    if (!this.forward(frame)) this.audioCall.onFull(way, frame.length);
    return true;
  }

  /** Has a frame passed since this was last asked? */
  hasPassed(): boolean {
    const { passed } = this;
    this.passed = false;
    return passed;
  }
}
