import type { Custody } from './custody.ts';
import type { AuditLog } from './log.ts';

/** The log of a running service: written to, kept, and asked how those are who stand behind it. */
export interface ServedLog extends AuditLog, Custody {
  /** True while a call may begin: the log can record, and the service that holds its key has not said no. */
  readonly admits: boolean;
  /** Longest time that a checkpoint or a closed segment has waited for an anchor outside of this machine, ms; 0 where none waits. */
  readonly anchorSilence: number;
  /** Closed segments that wait for a place that keeps them under lock; 0 where there is none. */
  readonly undeposited: number;
  /** Time since the service that holds the key last gave it, ms; 0 where no service does. */
  readonly keySilence: number;
}
