import { dirname } from 'node:path';
import { errorCode, readIfPresent, unlinkIfPresent, writeAll, type FileLayer } from './durable.ts';
import { hasStrings, parseObject } from './json.ts';
import { AuditFault } from './log.ts';

/** A process, told apart from a later one that was given the same number. */
interface Holder {
  readonly pid: number;
  /** Id of this run of the machine. */
  readonly boot: string;
  /** Start of the process in clock ticks since boot. */
  readonly started: string;
  /** Which numbering of processes `pid` belongs to: containers have one each. */
  readonly space: string;
  /** Random: tells two locks of the same process apart. */
  readonly nonce: string;
}

export interface Lock {
  /** Rejects with `AUDIT_LOCK_LOST` when another process took the lock over; else shows that this one lives. */
  renew(now: number): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly files: FileLayer;
  readonly path: string;
  readonly nonce: string;
  /** ms UTC. */
  readonly now: number;
  /** Wait after a take-over, in ms: long enough for another process that judged the lock stale too to have written its own. */
  readonly settle: number;
}

/** A holder in another container cannot be looked at; it counts as dead after this time without a sign, in ms. */
const leaseTime = 30_000;

/**
 * Takes the lock of a log directory. Rejects with `AUDIT_LOCKED` while another process holds it. The lock of a process
 * that is dead, or of an earlier run of the machine, is taken over.
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const { files, path } = options;
  const own: Holder = { pid: process.pid, nonce: options.nonce, ...(await placeOf(files, process.pid)) };
  if (!(await createLock(files, path, own))) {
    const present = await readIfPresent(files, path);
    const holder = present === undefined ? undefined : parseHolder(present.toString('utf8'));
    await refuseWhileAlive(options, holder, own);
    await takeOver(options, own);
  }
  return { renew: (now) => renew(files, path, own, now), release: () => release(files, path, own) };
}

async function createLock(files: FileLayer, path: string, own: Holder): Promise<boolean> {
  const temporary = `${path}.${own.nonce}`;
  await writeHolder(files, temporary, own);
  try {
    // The link makes the lock appear with its content: nobody ever reads a lock that is half written.
    await files.link(temporary, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlinkIfPresent(files, temporary);
  }
  await files.syncDirectory(dirname(path));
  return true;
}

async function writeHolder(files: FileLayer, path: string, holder: Holder): Promise<void> {
  const file = await files.open(path, 'create', 0o600);
  try {
    await writeAll(file, Buffer.from(JSON.stringify(holder)), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function takeOver({ files, path, settle }: LockOptions, own: Holder): Promise<void> {
  const temporary = `${path}.${own.nonce}`;
  await writeHolder(files, temporary, own);
  await files.rename(temporary, path);
  await files.syncDirectory(dirname(path));
  await new Promise((resolve) => setTimeout(resolve, settle));
  await assertHeld(files, path, own);
}

/** True while a process writes the log whose lock lies at `path`. `now` is ms UTC. */
export async function isHeld(files: FileLayer, path: string, now: number): Promise<boolean> {
  const present = await readIfPresent(files, path);
  const holder = present === undefined ? undefined : parseHolder(present.toString('utf8'));
  return holder !== undefined && (await livesHere(files, path, holder, await placeOf(files, process.pid), now));
}

type Place = Omit<Holder, 'pid' | 'nonce'>;

async function livesHere(files: FileLayer, path: string, holder: Holder, own: Place, now: number): Promise<boolean> {
  if (holder.boot !== own.boot) return false;
  if (holder.space === own.space) return isAlive(files, holder);
  return now - ((await files.facts(path))?.changed ?? 0) < leaseTime;
}

async function refuseWhileAlive(
  { files, path, now }: LockOptions,
  holder: Holder | undefined,
  own: Holder,
): Promise<void> {
  if (holder === undefined || !(await livesHere(files, path, holder, own, now))) return;
  throw new AuditFault(
    'AUDIT_LOCKED',
    holder.space === own.space
      ? `The process ${holder.pid} writes this log; one log has one writer: stop it first`
      : `A process in another container writes this log; if it is gone, start again in ${leaseTime / 1000} seconds`,
    75,
  );
}

async function isAlive(files: FileLayer, holder: Holder): Promise<boolean> {
  if (holder.started === '') return takesSignals(holder.pid);
  return (await placeOf(files, holder.pid)).started === holder.started;
}

/** For systems without /proc, where only the number of a process can be judged. */
function takesSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function placeOf(files: FileLayer, pid: number): Promise<Place> {
  const boot = await readText(files, '/proc/sys/kernel/random/boot_id');
  const status = await readText(files, `/proc/${pid}/stat`);
  // The name of a process, in parentheses, may hold spaces: the fields are counted from behind it (proc(5)).
  const started = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { boot: boot.trim(), started, space: String((await files.facts('/proc/self/ns/pid'))?.inode ?? 0) };
}

async function readText(files: FileLayer, path: string): Promise<string> {
  return (await readIfPresent(files, path).catch(() => undefined))?.toString('latin1') ?? '';
}

async function renew(files: FileLayer, path: string, own: Holder, now: number): Promise<void> {
  await assertHeld(files, path, own);
  await files.setChanged(path, now);
}

async function assertHeld(files: FileLayer, path: string, own: Holder): Promise<void> {
  const content = await readIfPresent(files, path);
  if (content !== undefined && parseHolder(content.toString('utf8'))?.nonce === own.nonce) return;
  throw new AuditFault(
    'AUDIT_LOCK_LOST',
    'The lock of the log is no longer held by this process; it writes no more',
    74,
  );
}

async function release(files: FileLayer, path: string, own: Holder): Promise<void> {
  const held = await assertHeld(files, path, own).then(
    () => true,
    () => false,
  );
  if (held) await unlinkIfPresent(files, path);
}

function parseHolder(content: string): Holder | undefined {
  const value = parseObject(content);
  if (value === undefined || !hasStrings(value, 'boot', 'started', 'space', 'nonce')) return undefined;
  const { pid, boot, started, space, nonce } = value;
  return typeof pid === 'number' ? { pid, boot, started, space, nonce } : undefined;
}
