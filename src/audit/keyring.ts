import { createHmac } from 'node:crypto';
import type { KeyStore } from './key-store.ts';
import { parseSubjectFile, type Epoch, type SubjectFile } from './keyring-file.ts';
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

/** A key-encryption key with its name. */
export interface Kek {
  readonly id: string;
  readonly key: Buffer;
}

/** The log's own keys, unwrapped. */
export interface SystemKeys {
  readonly kek: Kek;
  /** The key before it, while callers' keys are being wrapped anew. */
  readonly before: Kek | undefined;
  readonly system: Buffer;
  readonly index: Buffer;
  readonly signing: Buffer;
  /** The seed that signs next, while the signing key is being replaced. */
  readonly nextSigning: Buffer | undefined;
}

/** Where the callers' keys lie. */
export const subjectsFolder = 'dir';
/** Callers whose key is kept at hand: some ten times the calls a process can carry. */
const cachedSubjects = 10_000;
/** Another writer can be faster once or twice; more often something else is wrong. */
const mostTries = 10;

/** All keys of a log. Key material is in memory and, wrapped, in the store; nowhere else. */
export class Keyring {
  readonly system: Buffer;
  readonly signing: Buffer;
  readonly nextSigning: Buffer | undefined;
  readonly store: KeyStore;
  readonly #keks: readonly Kek[];
  readonly #index: Buffer;
  readonly #random: Random;
  readonly #nonces: Nonces;
  readonly #cache = new Map<string, Subject>();

  constructor(keys: SystemKeys, store: KeyStore, random: Random) {
    this.system = keys.system;
    this.signing = keys.signing;
    this.nextSigning = keys.nextSigning;
    this.store = store;
    this.#keks = keys.before === undefined ? [keys.kek] : [keys.kek, keys.before];
    this.#index = keys.index;
    this.#random = random;
    this.#nonces = new Nonces(random);
  }

  /** The subject when it is at hand: no store is asked. */
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
    for (let tried = 0; tried < mostTries; tried += 1) {
      const stored = await this.read(person);
      const epoch = stored?.epochs.find((entry) => entry.month === month);
      if (stored !== undefined && epoch !== undefined) {
        return { subject: this.#remember(person, month, this.open(stored, epoch)), created: false };
      }
      const created = await this.#create(person, month, stored);
      if (created !== undefined) return { subject: this.#remember(person, month, created), created: true };
    }
    throw new AuditFault('KEY_AWAY', 'The key of a caller changes faster than it can be read', 74);
  }

  /** What the store holds of a person, or undefined when the log does not know the person. */
  read(person: string): Promise<SubjectFile | undefined> {
    return this.#readName(this.nameOf(person));
  }

  /** All callers that the log knows, by their name in the store. */
  async subjects(): Promise<Map<string, SubjectFile>> {
    const found = new Map<string, SubjectFile>();
    for (const name of await this.store.names(subjectsFolder)) {
      const file = await this.#readName(name);
      if (file !== undefined) found.set(name, file);
    }
    return found;
  }

  /** The name under which the store keeps a person: nobody without the index key can tell who it is. */
  nameOf(person: string): string {
    const name = base32(createHmac('sha256', this.#index).update(person).digest());
    return `${subjectsFolder}/${name.slice(0, 2)}/${name}.json`;
  }

  /** Opens one month of a caller. */
  open(stored: SubjectFile, epoch: Epoch): Subject {
    const kek = this.#keks.find(({ id }) => id === epoch.kek);
    const key = kek === undefined ? undefined : unseal(kek.key, epoch.wrapped, wrapContext(stored.sid, epoch.month));
    if (key === undefined) throw new AuditFault('KEY_CORRUPT', `The key of subject ${stored.sid} does not open`, 3);
    return { reference: stored.sid, key, fingerprint: epoch.kid };
  }

  /** The months of a caller wrapped with the newest key. */
  rewrap(stored: SubjectFile): SubjectFile {
    const epochs = stored.epochs.map((epoch) => this.#wrap(stored.sid, epoch.month, this.open(stored, epoch).key));
    return { ...stored, epochs };
  }

  /** Lets go of every key of a person that is at hand. */
  forget(person: string): void {
    for (const name of this.#cache.keys()) if (name.endsWith(` ${person}`)) this.#cache.delete(name);
  }

  /** Lets go of every caller's key that is at hand. */
  forgetAll(): void {
    this.#cache.clear();
  }

  async #readName(name: string): Promise<SubjectFile | undefined> {
    const content = await this.store.read(name);
    if (content === undefined) return undefined;
    const parsed = parseSubjectFile(content.toString('utf8'));
    if (parsed === undefined) throw new AuditFault('KEY_CORRUPT', `The keys of a caller (${name}) are damaged`, 3);
    return parsed;
  }

  /** Undefined when another writer changed what is known of the person meanwhile. */
  async #create(person: string, month: string, stored: SubjectFile | undefined): Promise<Subject | undefined> {
    const key = this.#random(Buffer.alloc(keyLength));
    const sid = stored?.sid ?? this.#random(Buffer.alloc(16)).toString('hex');
    const epoch = this.#wrap(sid, month, key);
    const file: SubjectFile = { sid, epochs: [...(stored?.epochs ?? []), epoch] };
    const added = await this.store.addMonth(this.nameOf(person), stored, file);
    return added ? { reference: sid, key, fingerprint: epoch.kid } : undefined;
  }

  #wrap(sid: string, month: string, key: Buffer): Epoch {
    const [kek] = this.#keks;
    if (kek === undefined) throw new RangeError('A keyring has at least one key-encryption key');
    const wrapped = seal(kek.key, this.#nonces.next(), key, wrapContext(sid, month));
    return { month, kid: fingerprintOf(key), kek: kek.id, wrapped };
  }

  #remember(person: string, month: string, subject: Subject): Subject {
    const oldest = this.#cache.size >= cachedSubjects ? this.#cache.keys().next().value : undefined;
    if (oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(cacheKey(person, month), subject);
    return subject;
  }
}

/** Names a key without telling it. */
export function fingerprintOf(key: Buffer): string {
  return sha256(key).toString('hex', 0, 8);
}

/** One string for a person within a practice. The separator can stand in neither part. */
export function personKey(practice: string, person: string): string {
  return `${practice}\0${person}`;
}

/** The hour that was asked for last: a text for each record would cost more than its key. */
const recent = { hour: -1, month: '' };

/** The UTC month of a time in ms, `2026-11`. */
export function monthOf(time: number): string {
  const hour = Math.floor(time / 3_600_000);
  if (hour !== recent.hour) {
    recent.month = new Date(time).toISOString().slice(0, 7);
    recent.hour = hour;
  }
  return recent.month;
}

function wrapContext(sid: string, month: string): string {
  return `subject ${sid} ${month}`;
}

function cacheKey(person: string, month: string): string {
  return `${month} ${person}`;
}

const base32Letters = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
