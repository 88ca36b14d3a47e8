import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuditFault } from './log.ts';

/** What the log asks of an open file. Positions and lengths are bytes. */
export interface OpenFile {
  /** Writes at `position` and answers how many bytes were taken, which MAY be fewer than were given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Reads at `position` and answers how many bytes came; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Resolves when what was written is on the medium. After a rejection the file MUST NOT be used again. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  facts(): Promise<FileFacts>;
  close(): Promise<void>;
}

export interface FileFacts {
  readonly size: number;
  readonly inode: number;
  /** Permission bits. */
  readonly mode: number;
  /** Last change of the content, ms UTC. */
  readonly changed: number;
}

/**
 * The file system as the log sees it. Tests put a file system of their own here, which forgets what was never synced,
 * writes short, or fails at a chosen step.
 */
export interface FileLayer {
  /** `create` fails when the file exists, the others when it does not. `permission` counts for `create` only. */
  open(path: string, how: 'read' | 'write' | 'create', permission?: number): Promise<OpenFile>;
  readFile(path: string): Promise<Buffer>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; fails when `to` exists. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Fails when there is such a name, or no directory above it. */
  makeDirectory(path: string, permission: number): Promise<void>;
  /** Names in a directory, in no order; empty when there is no such directory. */
  list(path: string): Promise<string[]>;
  facts(path: string): Promise<FileFacts | undefined>;
  setPermission(path: string, permission: number): Promise<void>;
  setChanged(path: string, time: number): Promise<void>;
  /** Makes new, renamed and removed names of a directory durable. */
  syncDirectory(path: string): Promise<void>;
}

const openFlags = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

/** The real file system. */
export const nodeFiles: FileLayer = {
  open: async (path, how, permission = 0o600) => wrapHandle(await fs.open(path, openFlags[how], permission)),
  readFile: (path) => fs.readFile(path),
  rename: (from, to) => fs.rename(from, to),
  link: (from, to) => fs.link(from, to),
  unlink: (path) => fs.unlink(path),
  makeDirectory: (path, permission) => fs.mkdir(path, { mode: permission }),
  list: (path) => absentAs(() => fs.readdir(path), []),
  facts: (path) => absentAs(async () => factsOf(await fs.stat(path)), undefined),
  setPermission: (path, permission) => fs.chmod(path, permission),
  setChanged: (path, time) => fs.utimes(path, time / 1000, time / 1000),
  syncDirectory: async (path) => {
    const handle = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

function wrapHandle(handle: fs.FileHandle): OpenFile {
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    facts: async () => factsOf(await handle.stat()),
    close: () => handle.close(),
  };
}

function factsOf(stat: { size: number; ino: number; mode: number; mtimeMs: number }): FileFacts {
  return { size: stat.size, inode: stat.ino, mode: stat.mode & 0o7777, changed: Math.floor(stat.mtimeMs) };
}

async function absentAs<T>(read: () => Promise<T>, absent: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isAbsent(error)) return absent;
    throw error;
  }
}

/** True for the error of a file that is not there. */
export function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** The system's name of an error (`ENOSPC`), or `unknown`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

/** An error of the file system in words for an operator; a fault of the log as it is. */
export function diskFault(error: unknown, doing: string): AuditFault {
  if (error instanceof AuditFault) return error;
  return new AuditFault('AUDIT_DISK', `${doing} failed: the disk answered ${errorCode(error)}`, 74, error);
}

/**
 * Writes all bytes. A full disk may answer a write with a SHORT count and no error; only going on with the remainder
 * brings the error out before anything is acknowledged.
 */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const taken = await file.write(bytes.subarray(done), position + done);
    if (taken <= 0) throw Object.assign(new Error('The disk took no byte of a write'), { code: 'ENOSPC' });
    done += taken;
  }
}

/** Reads `length` bytes from `position`; fewer only where the file ends. */
export async function readAt(file: OpenFile, position: number, length: number): Promise<Buffer> {
  const into = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const got = await file.read(into.subarray(done), position + done);
    if (got === 0) break;
    done += got;
  }
  return into.subarray(0, done);
}

/** The content of a file, or undefined where there is none. */
export async function readIfPresent(files: FileLayer, path: string): Promise<Buffer | undefined> {
  return absentAs<Buffer | undefined>(() => files.readFile(path), undefined);
}

/**
 * Puts a file in place whole or not at all: write a temporary name, sync it, rename, sync the directory. An older file
 * of that name is replaced.
 */
export async function replaceFile(
  files: FileLayer,
  path: string,
  bytes: Uint8Array,
  permission = 0o600,
): Promise<void> {
  await putFile(files, path, bytes, permission, true);
  await files.syncDirectory(dirname(path));
}

/** Puts a file in place that may be lost or cut by a crash: a cache. */
export async function placeFile(files: FileLayer, path: string, bytes: Uint8Array): Promise<void> {
  await putFile(files, path, bytes, 0o600, false);
}

async function putFile(
  files: FileLayer,
  path: string,
  bytes: Uint8Array,
  permission: number,
  sync: boolean,
): Promise<void> {
  const temporary = `${path}.tmp`;
  await unlinkIfPresent(files, temporary);
  const file = await files.open(temporary, 'create', permission);
  try {
    await writeAll(file, bytes, 0);
    if (sync) await file.datasync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
}

export async function unlinkIfPresent(files: FileLayer, path: string): Promise<void> {
  await absentAs(() => files.unlink(path), undefined);
}

/** Removes a file, where there is one, so that it does not come back with a crash. */
export async function removeDurably(files: FileLayer, path: string): Promise<void> {
  if ((await files.facts(path)) === undefined) return;
  await files.unlink(path);
  await files.syncDirectory(dirname(path));
}

/** Makes a directory, and those above it where they are missing, and makes their names durable. */
export async function makeDirectoryDurably(files: FileLayer, path: string): Promise<void> {
  if ((await files.facts(path)) !== undefined) return;
  const above = dirname(path);
  if (above !== path) await makeDirectoryDurably(files, above);
  await files.makeDirectory(path, 0o700);
  await files.syncDirectory(above);
}
