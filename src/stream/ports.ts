import type { AuditEvent } from '../audit/event.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import type { TextStream } from '../policy/phi/stream.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { ToolCall } from './bridge.ts';
import type { Way } from './protocol.ts';

/** An utterance of the call, for whoever reads along. Its text is what a clearance lets through, and nothing else. */
export interface Spoken {
  /** Counts the utterances of a call from 1. */
  readonly number: number;
  readonly speaker: Speaker;
  readonly stream: Pick<TextStream, 'shownTo'>;
}

/** All that a relay can do. None of these waits, throws or calls back into the relay before it returns. */
export interface Ports {
  /**
   * Sends a message to the leg that the way leads to. False: it was taken, but the buffer of that socket is over its
   * high-water mark; `onDrain(way)` MUST follow when it has emptied.
   */
  send(way: Way, data: Buffer, binary: boolean): boolean;
  /** The same, by way, for a WebSocket frame as it came, header and mask included. */
  readonly forward: Readonly<Record<Way, (frame: Buffer) => boolean>>;
  /** Stops reading the leg from which messages of this way come. */
  pause(way: Way): void;
  resume(way: Way): void;
  /** Ends both legs; the session ended as it should. Called at most once, and never together with `handoff`. */
  close(reason: ReasonCode): void;
  /** Ends both legs so that the carrier goes on with a human. Called at most once. */
  handoff(reason: ReasonCode): void;
  /** False: the log can take no more, and nothing may be disclosed. */
  audit(event: AuditEvent): boolean;
  /**
   * Somebody said something: once more for each piece, and last when it is final. What is shown of it MUST be taken
   * before this returns. Left out: nobody will ever read along.
   */
  transcript?(spoken: Spoken, final: boolean): void;
  /** The agent of a bridged call asks a tool of the practice; `onToolAnswer` follows. Left out: there are none. */
  callTool?(call: ToolCall): void;
  /** Monotonic milliseconds with a fraction: measures the frame budget only. */
  clock(): number;
}
