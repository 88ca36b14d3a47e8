import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectoryDurably, readIfPresent, replaceFile, type FileLayer } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { parseSubjectFile, parseSystemFile, type SubjectFile, type SystemFile } from './keyring-file.ts';
import { AuditFault } from './log.ts';
import { keyLength, Nonces, seal, unseal, type Random } from './seal.ts';
import { sha256 } from './tree.ts';

/** The key and the reference of one caller in one month. */
export interface Subject {
  /** Random, 32 hex digits: stands in the log where the caller does not. */
  readonly reference: string;
  readonly key: Buffer;
  /** Names the key without telling it: first 8 bytes of its SHA-256, hex. */
  readonly fingerprint: string;
}

interface SystemKeys {
  readonly kek: Buffer;
  readonly system: Buffer;
  readonly index: Buffer;
  readonly signing: Buffer;
}

export interface KeyringOptions {
  readonly files: FileLayer;
  readonly directory: string;
  readonly provider: KeyProvider;
  readonly origin: string;
  readonly random: Random;
}

const systemFile = 'sys.json';
const subjectsDirectory = 'dir';
/** Callers whose key is kept at hand: some ten times the calls a process can carry. */
const cachedSubjects = 10_000;

/** All keys of a log. Key material is in memory and, wrapped, under `keys/`; nowhere else. */
export class Keyring {
  readonly system: Buffer;
  readonly signing: Buffer;
  readonly #kek: Buffer;
  readonly #index: Buffer;
  readonly #options: KeyringOptions;
  readonly #nonces: Nonces;
  readonly #cache = new Map<string, Subject>();

  constructor(keys: SystemKeys, options: KeyringOptions) {
    this.system = keys.system;
    this.signing = keys.signing;
    this.#kek = keys.kek;
    this.#index = keys.index;
    this.#options = options;
    this.#nonces = new Nonces(options.random);
  }

  /** The subject when it is at hand: no disk is touched. */
  known(person: string, month: string): Subject | undefined {
    return this.#cache.get(cacheKey(person, month));
  }

  /**
   * The subject of a person in a month, made durable first where there was none. `person` is the practice and the
   * number (or the call, where the number is withheld) as {@link personKey} joins them.
   */
  async subject(person: string, month: string): Promise<{ readonly subject: Subject; readonly created: boolean }> {
    const present = this.known(person, month);
    if (present !== undefined) return { subject: present, created: false };
    const stored = await this.read(person);
    const epoch = stored?.epochs.find((entry) => entry.month === month);
    if (stored !== undefined && epoch !== undefined) {
      return { subject: this.#remember(person, month, this.open(stored, epoch)), created: false };
    }
    return { subject: this.#remember(person, month, await this.#create(person, month, stored)), created: true };
  }

  /** The caller's file as it stands, or undefined when the log does not know the caller. */
  async read(person: string): Promise<SubjectFile | undefined> {
    const path = this.path(person);
    const content = await readIfPresent(this.#options.files, path);
    if (content === undefined) return undefined;
    const parsed = parseSubjectFile(content.toString('utf8'));
    if (parsed === undefined) throw new AuditFault('KEY_CORRUPT', `The key file ${path} of a caller is damaged`, 3);
    return parsed;
  }

  /** All callers that the log knows. */
  async subjects(): Promise<SubjectFile[]> {
    const { files, directory } = this.#options;
    const found: SubjectFile[] = [];
    const root = join(directory, subjectsDirectory);
    for (const group of await files.list(root)) {
      for (const name of await files.list(join(root, group))) {
        if (!name.endsWith('.json')) continue;
        const file = parseSubjectFile((await files.readFile(join(root, group, name))).toString('utf8'));
        if (file !== undefined) found.push(file);
      }
    }
    return found;
  }

  path(person: string): string {
    const name = base32(createHmac('sha256', this.#index).update(person).digest());
    return join(this.#options.directory, subjectsDirectory, name.slice(0, 2), `${name}.json`);
  }

  /** Opens one month of a caller's file. */
  open(stored: SubjectFile, epoch: SubjectFile['epochs'][number]): Subject {
    const key = unseal(this.#kek, epoch.wrapped, `subject ${stored.sid} ${epoch.month}`);
    if (key === undefined) throw new AuditFault('KEY_CORRUPT', `The key of subject ${stored.sid} does not open`, 3);
    return { reference: stored.sid, key, fingerprint: epoch.kid };
  }

  async #create(person: string, month: string, stored: SubjectFile | undefined): Promise<Subject> {
    const { files, random } = this.#options;
    const key = random(Buffer.alloc(keyLength));
    const sid = stored?.sid ?? random(Buffer.alloc(16)).toString('hex');
    const kid = sha256(key).toString('hex', 0, 8);
    const wrapped = seal(this.#kek, this.#nonces.next(), key, `subject ${sid} ${month}`);
    const file: SubjectFile = { sid, epochs: [...(stored?.epochs ?? []), { month, kid, wrapped }] };
    const path = this.path(person);
    await makeDirectoryDurably(files, join(path, '..'));
    await replaceFile(files, path, Buffer.from(JSON.stringify(file)));
    return { reference: sid, key, fingerprint: kid };
  }

  #remember(person: string, month: string, subject: Subject): Subject {
    const oldest = this.#cache.size >= cachedSubjects ? this.#cache.keys().next().value : undefined;
    if (oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(cacheKey(person, month), subject);
    return subject;
  }
}

/** Opens the keys of a log, or makes them. Rejects with a `KEY_` fault; a wrong key is found by the trial opening. */
export async function openKeyring(options: KeyringOptions, create: boolean): Promise<Keyring> {
  const path = join(options.directory, systemFile);
  const content = await readIfPresent(options.files, path);
  if (content !== undefined) return new Keyring(await unlock(content.toString('utf8'), path, options), options);
  if (!create) {
    throw new AuditFault('KEY_MISSING', `The log has records but no ${path}: restore the keys of this log`, 78);
  }
  const keys = {
    kek: options.random(Buffer.alloc(keyLength)),
    system: options.random(Buffer.alloc(keyLength)),
    index: options.random(Buffer.alloc(keyLength)),
    signing: options.random(Buffer.alloc(keyLength)),
  };
  await makeDirectoryDurably(options.files, options.directory);
  await makeDirectoryDurably(options.files, join(options.directory, subjectsDirectory));
  await replaceFile(options.files, path, Buffer.from(JSON.stringify(await lockUp(keys, options))));
  return new Keyring(keys, options);
}

async function lockUp(keys: SystemKeys, options: KeyringOptions): Promise<SystemFile> {
  const nonces = new Nonces(options.random);
  const under = (name: string, key: Buffer): string => seal(keys.kek, nonces.next(), key, `${name} ${options.origin}`);
  return {
    version: 1,
    provider: options.provider.name,
    kek: await options.provider.wrap(keys.kek, options.origin),
    system: under('system', keys.system),
    index: under('index', keys.index),
    signing: under('signing', keys.signing),
  };
}

async function unlock(content: string, path: string, options: KeyringOptions): Promise<SystemKeys> {
  const stored = parseSystemFile(content);
  if (stored === undefined) throw new AuditFault('KEY_CORRUPT', `${path} is damaged: restore the keys of this log`, 3);
  const kek = await options.provider.unwrap(stored.kek, options.origin);
  const under = (name: 'system' | 'index' | 'signing'): Buffer => {
    const key = unseal(kek, stored[name], `${name} ${options.origin}`);
    if (key !== undefined) return key;
    throw new AuditFault('KEY_CORRUPT', `${path} is damaged: its ${name} key does not open`, 3);
  };
  return { kek, system: under('system'), index: under('index'), signing: under('signing') };
}

/** One string for a person within a practice. The separator can stand in neither part. */
export function personKey(practice: string, person: string): string {
  return `${practice}\0${person}`;
}

/** The UTC month of a time in ms, `2026-11`. */
export function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

function cacheKey(person: string, month: string): string {
  return `${month} ${person}`;
}

const base32Letters = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
