import { basename, dirname } from 'node:path';
import { factsOf, survivor, type Inode } from './medium.ts';
import type { FileFacts, FileLayer, OpenFile } from '../../../src/audit/durable.ts';

/** What shall happen at one step: nothing, an error before or after the step was done, fewer bytes, or the end of all. */
export type Fault = 'none' | 'short' | 'crash' | { readonly code: string; readonly when: 'before' | 'after' };

interface Naming {
  readonly path: string;
  readonly inode: Inode | undefined;
}

export class PowerCut extends Error {}

/**
 * A file system in memory that knows what is on the medium and what is only in the cache. After a crash any subset of
 * the unsynced sectors and any leading part of the unsynced names of a directory are there.
 */
export class Disk implements FileLayer {
  readonly steps: string[] = [];
  /** Files that were read whole. */
  readonly reads: string[] = [];
  /** Asked before each step that changes something. */
  fault: (step: number, name: string) => Fault = () => 'none';
  #boot: number;
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  #unsynced: Naming[] = [];
  readonly #directories = new Set<string>(['/']);
  #ids = 1;
  readonly #inodes: Inode[] = [];
  #dead = false;

  constructor(boot = 1) {
    this.#boot = boot;
  }

  /** The disk as the next start of the machine finds it. */
  afterCrash(random: () => number): Disk {
    const next = new Disk(this.#boot + 1);
    for (const directory of this.#directories) next.#directories.add(directory);
    const kept = this.#keptNames(random);
    const copies = new Map<Inode, Inode>();
    for (const [path, inode] of kept) {
      const copy = copies.get(inode) ?? survivor(inode, random, next.#ids++);
      copies.set(inode, copy);
      next.#names.set(path, copy);
      next.#syncedNames.set(path, copy);
    }
    return next;
  }

  /** The disk as the next process finds it: nothing that was written is lost. */
  afterKill(): Disk {
    const next = new Disk(this.#boot + 1);
    for (const directory of this.#directories) next.#directories.add(directory);
    for (const [path, inode] of this.#names) {
      const copy = { ...inode, seen: Buffer.from(inode.seen), synced: Buffer.from(inode.seen) };
      next.#names.set(path, copy);
      next.#syncedNames.set(path, copy);
      next.#ids = Math.max(next.#ids, inode.id + 1);
    }
    return next;
  }

  /** The content of every file that was ever there, with a name or without: what is left on the medium. */
  everyByte(): Buffer[] {
    return this.#inodes.map((inode) => inode.seen);
  }

  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** The bytes of a file, to be changed as an attacker would. */
  bytes(path: string): Buffer {
    return Buffer.from(this.#inode(path).seen);
  }

  put(path: string, bytes: Uint8Array): void {
    const inode = this.#names.get(path) ?? this.#newInode(0o600);
    inode.seen = Buffer.from(bytes);
    inode.synced = Buffer.from(bytes);
    this.#names.set(path, inode);
    this.#syncedNames.set(path, inode);
  }

  remove(path: string): void {
    this.#names.delete(path);
    this.#syncedNames.delete(path);
  }

  copy(): Disk {
    const next = this.afterKill();
    next.#boot = this.#boot;
    return next;
  }

  async open(path: string, how: 'read' | 'write' | 'create', permission = 0o600): Promise<OpenFile> {
    if (how !== 'create') return this.#handle(path, this.#inode(path));
    return this.#step(`create ${basename(path)}`, () => {
      if (this.#names.has(path)) throw failure('EEXIST');
      if (!this.#directories.has(dirname(path))) throw failure('ENOENT');
      const inode = this.#newInode(permission);
      this.#name(path, inode);
      return this.#handle(path, inode);
    });
  }

  async readFile(path: string): Promise<Buffer> {
    if (path === '/proc/sys/kernel/random/boot_id') return Buffer.from(`boot-${this.#boot}`);
    if (path.startsWith('/proc/')) return Buffer.from(`1 (test) S ${'0 '.repeat(18)}77 0`);
    this.reads.push(path);
    return Buffer.from(this.#inode(path).seen);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step(`rename ${basename(to)}`, () => {
      const inode = this.#inode(from);
      this.#name(to, inode);
      this.#name(from, undefined);
    });
  }

  async link(from: string, to: string): Promise<void> {
    await this.#step(`link ${basename(to)}`, () => {
      if (this.#names.has(to)) throw failure('EEXIST');
      this.#name(to, this.#inode(from));
    });
  }

  async unlink(path: string): Promise<void> {
    await this.#step(`unlink ${basename(path)}`, () => {
      this.#inode(path);
      this.#name(path, undefined);
    });
  }

  async makeDirectory(path: string): Promise<void> {
    // A directory without its name on the medium would only make the disk simpler: it is kept.
    await this.#step(`mkdir ${basename(path)}`, () => {
      if (this.#directories.has(path)) throw failure('EEXIST');
      this.#directories.add(path);
    });
  }

  async list(path: string): Promise<string[]> {
    const files = [...this.#names.keys()].filter((name) => dirname(name) === path);
    const folders = [...this.#directories].filter((name) => dirname(name) === path && name !== '/');
    return [...files, ...folders].map((name) => basename(name));
  }

  async facts(path: string): Promise<FileFacts | undefined> {
    if (path.startsWith('/proc/')) return { size: 0, inode: 1, mode: 0o444, changed: 0 };
    if (this.#directories.has(path)) return { size: 0, inode: 0, mode: 0o700, changed: 0 };
    const inode = this.#names.get(path);
    return inode === undefined ? undefined : factsOf(inode);
  }

  async setPermission(path: string, permission: number): Promise<void> {
    await this.#step(`chmod ${basename(path)}`, () => {
      this.#inode(path).mode = permission;
    });
  }

  async setChanged(path: string, time: number): Promise<void> {
    await this.#step(`utimes ${basename(path)}`, () => {
      this.#inode(path).changed = time;
    });
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#step(`fsync ${path}`, () => {
      for (const { path: name, inode } of this.#unsynced.filter((entry) => dirname(entry.path) === path)) {
        if (inode === undefined) this.#syncedNames.delete(name);
        else this.#syncedNames.set(name, inode);
      }
      this.#unsynced = this.#unsynced.filter((entry) => dirname(entry.path) !== path);
    });
  }

  #handle(path: string, inode: Inode): OpenFile {
    const name = basename(path);
    return {
      write: (bytes, position) =>
        this.#step(`write ${name}`, (fault) => {
          const taken = fault === 'short' ? bytes.subarray(0, Math.ceil(bytes.length / 3)) : bytes;
          const length = Math.max(inode.seen.length, position + taken.length);
          const grown = Buffer.alloc(length);
          inode.seen.copy(grown);
          grown.set(taken, position);
          inode.seen = grown;
          return taken.length;
        }),
      read: async (into, position) => {
        const part = inode.seen.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      },
      datasync: () =>
        this.#step(`fdatasync ${name}`, () => {
          inode.synced = Buffer.from(inode.seen);
        }),
      truncate: (length) =>
        this.#step(`truncate ${name}`, () => {
          inode.seen = Buffer.from(inode.seen.subarray(0, length));
        }),
      facts: async () => factsOf(inode),
      close: async () => undefined,
    };
  }

  async #step<T>(name: string, act: (fault: Fault) => T): Promise<T> {
    // Real calls answer in a later turn: two callers interleave here as they do there.
    await Promise.resolve();
    if (this.#dead) throw new PowerCut('The machine is off');
    this.steps.push(name);
    const fault = this.fault(this.steps.length - 1, name);
    if (typeof fault === 'object' && fault.when === 'before') throw failure(fault.code);
    const result = act(fault);
    if (fault === 'crash') {
      this.#dead = true;
      throw new PowerCut('The power went');
    }
    if (typeof fault === 'object') throw failure(fault.code);
    return result;
  }

  #name(path: string, inode: Inode | undefined): void {
    if (inode === undefined) this.#names.delete(path);
    else this.#names.set(path, inode);
    this.#unsynced.push({ path, inode });
  }

  #keptNames(random: () => number): Map<string, Inode> {
    const kept = new Map(this.#syncedNames);
    const cut = new Map<string, number>();
    for (const { path } of this.#unsynced) cut.set(dirname(path), Math.floor(random() * 4));
    for (const { path, inode } of this.#unsynced) {
      const left = cut.get(dirname(path)) ?? 0;
      if (left === 0) continue;
      cut.set(dirname(path), left - 1);
      if (inode === undefined) kept.delete(path);
      else kept.set(path, inode);
    }
    return kept;
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw failure('ENOENT');
    return inode;
  }

  #newInode(mode: number): Inode {
    this.#ids += 1;
    const inode = { id: this.#ids, seen: Buffer.alloc(0), synced: Buffer.alloc(0), mode, changed: 0 };
    this.#inodes.push(inode);
    return inode;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`The disk answered ${code}`), { code });
}
