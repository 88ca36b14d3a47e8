import type { AuditEvent } from '../audit/event.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { Way } from './protocol.ts';

/** All that a relay can do. None of these waits, throws or calls back into the relay before it returns. */
export interface Ports {
  /**
   * Sends a message to the leg that the way leads to. False: it was taken, but the buffer of that socket is over its
   * high-water mark; `onDrain(way)` MUST follow when it has emptied.
   */
  send(way: Way, data: Buffer, binary: boolean): boolean;
  /** Stops reading the leg from which messages of this way come. */
  pause(way: Way): void;
  resume(way: Way): void;
  /** Ends both legs; the session ended as it should. Called at most once, and never together with `handoff`. */
  close(reason: ReasonCode): void;
  /** Ends both legs so that the carrier goes on with a human. Called at most once. */
  handoff(reason: ReasonCode): void;
  /** False: the log can take no more, and nothing may be disclosed. */
  audit(event: AuditEvent): boolean;
  /** Monotonic milliseconds with a fraction: measures the frame budget only. */
  clock(): number;
}
