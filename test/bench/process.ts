/** What Linux says of a process, and where it may run. Elsewhere nothing is pinned and `process.cpuUsage` is missed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Clock ticks of /proc/<pid>/stat: 100 a second on every Linux that Node supports (USER_HZ). */
const tickMs = 10;

/** A process and those that it started, and so on. */
export function tree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => tree(Number(child)))];
}

/** User and system time of a process with all its threads, milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the command in brackets and may hold spaces: count from after it. Fields 14 and 15 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident memory, KiB. */
export function residentKib(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1]);
}

export const pinning = canPin();

function canPin(): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-pc', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The same command on one core only, where that can be had. */
export function pinned(core: number, command: readonly string[]): readonly string[] {
  return pinning ? ['taskset', '-c', String(core), ...command] : command;
}

/** Moves this process with all its threads to one core. */
export function pinSelf(core: number): void {
  if (pinning) execFileSync('taskset', ['-apc', String(core), String(process.pid)], { stdio: 'ignore' });
}
