import type { AuditEvent } from './event.ts';

/**
 * The audit log as everybody else sees it.
 *
 * `record` MUST be called before the thing it describes is done, and for a gate the caller MUST await `settled()`
 * before going on: what `settled()` has resolved for survives kill -9 and power loss. `record` never waits: it returns
 * false when the log can take no more (full queue, failed disk, closed), and then nothing may be disclosed any more.
 */
export interface AuditLog {
  /** Takes an event in order. False: it was not taken. */
  record(event: AuditEvent): boolean;
  /** Resolves when every event taken so far is durable; rejects with {@link AuditFault} when it never will be. */
  settled(): Promise<{ readonly size: number }>;
  /** Age in milliseconds of the oldest event that is not yet durable at monotonic time `now`; 0 when there is none. */
  lag(now: number): number;
  /** Events taken but not yet durable. */
  readonly waiting: number;
  /** True after a fault of the disk: every later `record` returns false. */
  readonly failed: boolean;
  /** Durable records in the log. */
  readonly size: number;
  /** Makes all durable, signs a last checkpoint, releases the lock. */
  close(): Promise<void>;
}

/**
 * A fault of the log, in words for an operator. `exitCode` follows sysexits (74 input/output, 75 try again later,
 * 78 configuration); a log that was changed has the exit codes of `audit verify`: 2 tampered, 3 corrupt, 4 rolled back.
 */
export class AuditFault extends Error {
  readonly code: string;
  readonly exitCode: number;
  constructor(code: string, message: string, exitCode: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AuditFault';
    this.code = code;
    this.exitCode = exitCode;
  }
}
