import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { pinning } from './process.ts';

/** What the figures were measured on, without naming whose machine it is. */
export function machine(): Record<string, string | number | boolean> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    openssl: process.versions.openssl,
    ws: versionOf('ws'),
    pinned: pinning,
    scheduling: schedulingOfSelf(),
  };
}

/** Field 41 of proc(5) stat: a run under `chrt` is less disturbed by neighbours, and has to say so. */
function schedulingOfSelf(): string {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38];
  return policy === '0' ? 'normal' : 'real time';
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
