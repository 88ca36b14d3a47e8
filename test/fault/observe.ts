import { vi, type TestContext } from 'vitest';

// Real sockets, TLS and processes: a machine with other work takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What was measured of a fault, for the table in docs/faults.md. Times are milliseconds from the fault on. */
export interface Observation {
  /** In a few words, for the row: how it ended. */
  readonly seen: string;
  /** Last byte of a call that still went to the vendor; negative: before the fault. */
  readonly lastByteMs?: number;
  /** Until the caller's leg was given back to the carrier, which goes on with the human. */
  readonly humanMs?: number;
}

declare module 'vitest' {
  interface TaskMeta {
    observation?: Observation;
  }
}

/** Keeps what a test has seen; the reporter of tools/faults reads it. */
export function observe({ task }: TestContext, observation: Observation): void {
  task.meta.observation = observation;
}
