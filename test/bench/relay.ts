import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ClientOptions } from 'ws';
import type { Certificates } from './certificates.ts';
import { pinned } from './process.ts';

/** Which of the two Twilio protocols a call speaks; a bridge is Media Streams with another protocol behind it. */
export type CallKind = 'stream' | 'prompts' | 'bridge';

/** Where and how to dial one call. */
export interface Dial {
  readonly url: string;
  readonly options: ClientOptions;
}

/** A relay that runs. The direct one has no process: the caller dials the vendor itself. */
export interface RunningRelay {
  readonly pid: number | undefined;
  /** From the start of the process until it takes calls, milliseconds. */
  readonly startMs: number;
  dial(kind: CallKind, callSid: string): Dial;
  stop(): Promise<void>;
}

/** A relay that can be put under the load. */
export interface Relay {
  readonly name: string;
  start(vendorUrl: string, certificates: Certificates | undefined): Promise<RunningRelay>;
}

/** The core of the relay under test, and the core of the driver with both ends of every call. */
export const relayCore = 0;
export const driverCore = 1;

export function clientOptions(certificates: Certificates | undefined): ClientOptions {
  return { perMessageDeflate: false, ...(certificates && { ca: certificates.authority }) };
}

/** `taskset` becomes the command that it starts, so the pid of the child is the relay's own. */
export function spawnPinned(command: readonly string[]): ChildProcess {
  const [file = '', ...options] = pinned(relayCore, command);
  return spawn(file, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

export async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
