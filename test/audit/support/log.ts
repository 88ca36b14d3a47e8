import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { isObject, type JsonObject } from '../../../src/audit/json.ts';
import { openKeyVariable } from '../../../src/audit/keys/env.ts';
import type { FileLog } from '../../../src/audit/file-log.ts';
import type { AuditFault } from '../../../src/audit/log.ts';
import { openFileLog, type FileLogOptions } from '../../../src/audit/open.ts';

export const origin = 'glow.example/chaperone-1';
export const testKeys = openKeyVariable('AUDIT_KEY', randomBytes(32).toString('base64'));

let newest = Date.UTC(2026, 10, 3, 9, 0, 0);

/** A clock that goes on by one millisecond each time it is read, and starts after every one before it. */
export function clock(start = (newest += 1000)): {
  now: () => number;
  monotonic: () => number;
  set(time: number): void;
} {
  let time = start;
  let elapsed = 0;
  return {
    now: () => (time += 1),
    monotonic: () => (elapsed += 1),
    set: (next) => {
      time = next;
    },
  };
}

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'chaperone-audit-'));
}

export interface TestLog {
  readonly log: FileLog;
  readonly faults: AuditFault[];
}

export async function openLog(directory: string, options: Partial<FileLogOptions> = {}): Promise<TestLog> {
  const faults: AuditFault[] = [];
  const limits = { lockSettle: 0, ...options.limits };
  const log = await openFileLog({
    directory,
    keys: testKeys,
    origin,
    practice: 'glow',
    onFault: (fault) => faults.push(fault),
    ...clock(),
    ...options,
    limits,
  });
  return { log, faults };
}

/** The event number `at` of invented calls of four events each: admitted, two redactions, ended. */
export function eventNumber(at: number, caller = '+15125550143'): AuditEvent {
  const call = `call-${at - (at % 4)}`;
  if (at % 4 === 0) {
    return { kind: 'call.admit', call, caller, actor: 'system', outcome: 'ok', sealed: { callSid: `CA${at}` } };
  }
  if (at % 4 === 3) {
    return { kind: 'call.end', call, caller, actor: 'system', outcome: 'ok', facts: { note: `event ${at}` } };
  }
  return {
    kind: 'phi.redacted',
    call,
    caller,
    actor: 'vendor:demo',
    outcome: 'ok',
    counts: { PHONE: at % 3 },
    totals: { frames: at },
    facts: { route: 'front-desk', note: `event ${at}` },
  };
}

/** Writes `count` events and closes: a log that is whole. */
export async function writeLog(directory: string, count: number, options: Partial<FileLogOptions> = {}): Promise<void> {
  const { log } = await openLog(directory, options);
  for (let at = 0; at < count; at += 1) {
    log.record(eventNumber(at));
    if (at % 7 === 6) await log.settled();
  }
  await log.close();
}

/** The note among the facts of a shown event. */
export function noteOf(members: JsonObject): string | undefined {
  const facts = members['f'];
  return isObject(facts) && typeof facts['note'] === 'string' ? facts['note'] : undefined;
}

/** All files below a directory, with their bytes. */
export async function allBytes(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path)] as const)));
}

export const segmentOne = '0000000000000000.cal';
