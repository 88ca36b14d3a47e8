import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { AuditEvent } from '../../audit/event.ts';
import type { Figures } from '../metrics.ts';
import type { PrimaryMessage } from './messages.ts';
import type { ToldCalls } from './told-calls.ts';

/** A worker that is too busy to answer is left out of a scrape after this time. */
const figuresMs = 2000;

/** A worker, as the process knows it that has started it. */
export interface Member {
  readonly worker: ChildProcess;
  /** Calls that it admitted and that did not end yet. */
  readonly open: Set<string>;
  /** How it ended. */
  readonly gone: Promise<string>;
  readonly told: ToldCalls;
  readonly figures: Map<number, (figures: Figures) => void>;
  /** Connections on their way to it, in order: where it ends before it has them, nobody else would close them. */
  readonly handed: Socket[];
  ready: boolean;
  /** Connections that it was given and that may not have become calls yet. */
  given: number;
  /** The last event that it sent. */
  last: number;
  /** Set while events wait to be acknowledged. */
  timer: NodeJS.Timeout | undefined;
}

/** Resolves with the exit code or signal of a worker, or with why it could not be started. */
export function endOf(worker: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    worker.on('exit', (code, signal) => resolve(`code ${code ?? signal}`));
    // Of one that was started an error is a message that could not be sent any more: its exit follows.
    worker.on('error', (fault) => {
      if (worker.pid === undefined) resolve('code' in fault ? String(fault.code) : fault.name);
    });
  });
}

export const loadOf = ({ open, given }: Member): number => open.size + given;

export function follow(open: Set<string>, { kind, call }: AuditEvent): void {
  if (call === undefined) return;
  if (kind === 'call.admit') open.add(call);
  else if (kind === 'call.end') open.delete(call);
}

export function tell(worker: ChildProcess, message: PrimaryMessage): void {
  if (worker.connected) worker.send(message);
}

export async function ask(member: Member, request: number): Promise<Figures> {
  if (!member.ready) return [];
  return new Promise((resolve) => {
    const settle = (figures: Figures): void => {
      clearTimeout(limit);
      member.figures.delete(request);
      resolve(figures);
    };
    const limit = setTimeout(() => settle([]), figuresMs);
    member.figures.set(request, settle);
    tell(member.worker, { type: 'figures', request });
  });
}
