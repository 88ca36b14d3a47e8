import type { ReasonCode } from '../../policy/reason.ts';
import type { ToolAnswer, ToolCall } from '../bridge.ts';
import type { Kind, OpenMessage, Way } from '../protocol.ts';
import type { Outgoing } from '../stage.ts';

/** What a crossing can do. */
export interface CrossingPorts {
  send(way: Way, kind: Kind, data: Buffer, binary: boolean, now: number): void;
  callTool(call: ToolCall): void;
  close(reason: ReasonCode): void;
  handoff(reason: ReasonCode, now: number): void;
}

/**
 * What stands between the two legs of a bridged call. It is told of what the relay let through, forwards nothing of it, and
 * says in the other protocol what follows from it.
 */
export interface Crossing {
  /** A frame that was proven audio, which is bytes `from` to `to` of it. */
  onAudio(way: Way, data: Buffer, from: number, to: number, now: number): void;
  /**
   * True for a message of the carrier that only says back what this side said: nothing of it goes anywhere, so the stages have
   * nothing to look at.
   */
  isOwn?(way: Way, message: OpenMessage): boolean;
  /** A message that the stages let through, and the bytes that it came in. */
  onMessage(way: Way, message: OpenMessage, data: Buffer, now: number): void;
  /** A message of the vendor was not let through. */
  onBlocked(): void;
  /** Words that the stages had held, in the form of the message that brought them. */
  onHeld(words: Outgoing, now: number): void;
  /** While nothing may go out the answer waits for the next tick after. */
  onToolAnswer(answer: ToolAnswer, isHeld: boolean, now: number): void;
  onTick(now: number): void;
  /** The vendor has closed its leg. True: as the end of a call; the caller still hears what is on the way. */
  left(code: number, now: number): boolean;
}
