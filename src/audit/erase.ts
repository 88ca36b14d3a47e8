import { hasStrings, isObject, parseObject, type JsonObject } from './json.ts';
import { personKey, subjectsFolder, type Keyring } from './keyring.ts';
import type { Hold, Holds } from './hold.ts';
import { AuditFault } from './log.ts';
import type { RecordText } from './record.ts';
import type { Wanted } from './query.ts';
import type { LogWriter } from './writer.ts';

export interface EraseRequest {
  /** E.164. */
  readonly caller: string;
  /** `user:<id>` who carries it out. */
  readonly by: string;
  /** Who asked for it and how that was checked: encrypted under the log's own key. MUST NOT hold the number. */
  readonly note?: string;
}

/** What became of a request. */
export type EraseReceipt =
  /**
   * The keys are gone. `records` of the log, the first and last by index, can be read by nobody any more. Where several
   * logs share the keys, the numbers are those of the first and the last log.
   */
  | ({ readonly outcome: 'erased'; readonly done: number } & Erased)
  /** A hold forbids it. */
  | { readonly outcome: 'held'; readonly hold: Hold }
  /** The caller is on a call: it will be done when that ends. */
  | { readonly outcome: 'waiting'; readonly subject: string }
  /** The log knows no such caller, or knows the caller no more. */
  | { readonly outcome: 'unknown' };

export interface Erased {
  readonly subject: string;
  /** Fingerprints of the keys that were destroyed. */
  readonly keys: readonly string[];
  readonly records: number;
  readonly first: number;
  readonly last: number;
}

export interface EraserOptions {
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  readonly practice: string;
  /** Records of this log. */
  readonly find: (wanted: Wanted) => AsyncIterable<RecordText>;
  /** Records of every log that shares the keys; without it this one is alone. */
  readonly findEverywhere?: (wanted: Wanted) => AsyncIterable<RecordText>;
  /** True while the caller is on a call; the number is not known when a begun erasure is taken up. */
  readonly isLive: (caller: string | undefined, subject: string) => boolean | Promise<boolean>;
  /** Where the store keeps note up to which record of this log its erasures are done. */
  readonly journal?: string;
}

/** An erasure that was begun: kept beside the keys until its last record is durable. */
interface Pending {
  readonly subject: string;
  /** The caller's name in the key store. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly by: string;
}

const pendingFolder = 'pending';
const defaultJournal = 'erased.json';

/**
 * Makes one caller unreadable for ever: destroys the keys and the link from number to reference. The records stay, so
 * that the log stays provable. Begun erasures are finished after an interruption, and done again when an older copy of
 * the keys was put back.
 */
export class Eraser {
  readonly #options: EraserOptions;
  readonly #waiting = new Map<string, Pending>();

  constructor(options: EraserOptions) {
    this.#options = options;
  }

  async erase({ caller, by, note }: EraseRequest): Promise<EraseReceipt> {
    const { writer, keyring, holds, practice } = this.#options;
    const person = personKey(practice, caller);
    const stored = await keyring.read(person);
    if (stored === undefined) return this.#unknown(by, note);
    const { sid } = stored;
    await writer.gate({
      kind: 'erase.request',
      actor: by,
      action: 'D',
      outcome: 'ok',
      ...noted(note),
      facts: { subject: sid },
    });
    const hold = await holds.covering(sid);
    if (hold !== undefined) return this.#refuse(by, sid, hold);
    const keys = stored.epochs.map((epoch) => epoch.kid);
    const pending: Pending = { subject: sid, name: keyring.nameOf(person), keys, by };
    await keyring.store.write(`${pendingFolder}/${sid}.json`, JSON.stringify(pending));
    if (!(await this.#options.isLive(caller, sid))) return this.#carryOut(pending, person);
    this.#waiting.set(caller, pending);
    return { outcome: 'waiting', subject: sid };
  }

  /** A call ended: what waited for it is done. Resolves to the receipt where something was. */
  async callEnded(caller: string): Promise<EraseReceipt | undefined> {
    const pending = this.#waiting.get(caller);
    if (pending === undefined || (await this.#options.isLive(caller, pending.subject))) return undefined;
    this.#waiting.delete(caller);
    return this.#carryOut(pending, personKey(this.#options.practice, caller));
  }

  /** Finishes what was begun before the last stop, and does again what an older copy of the keys has brought back. */
  async resume(): Promise<void> {
    const { keyring } = this.#options;
    for (const name of await keyring.store.names(pendingFolder)) {
      const content = await keyring.store.read(name);
      const pending = content === undefined ? 'finished' : parsePending(content.toString('utf8'));
      if (pending === undefined) throw new AuditFault('KEY_CORRUPT', `The begun erasure ${name} is damaged`, 3);
      if (pending === 'finished') await keyring.store.erase(name);
      else if (!(await this.#options.isLive(undefined, pending.subject))) await this.#carryOut(pending, undefined);
    }
    await this.#replay();
  }

  async #carryOut(pending: Pending, person: string | undefined): Promise<EraseReceipt> {
    const { writer, keyring } = this.#options;
    const { subject, name, keys, by } = pending;
    await writer.exclusive(async () => {
      if (person !== undefined) keyring.forget(person);
      const present = await this.#sidAt(name);
      // The same caller may have called again since: then the name leads to another reference, which stays.
      if (present === undefined || present === subject) await keyring.store.erase(name);
    });
    const extent = await this.#extentOf(subject);
    const { size } = await writer.gate({
      kind: 'erase.done',
      actor: by,
      action: 'D',
      outcome: 'ok',
      totals: { records: extent.records, first: extent.first, last: extent.last },
      facts: { subject, keys: keys.join(' ') },
    });
    await this.#setApplied(size);
    await keyring.store.erase(`${pendingFolder}/${subject}.json`);
    return { outcome: 'erased', subject, keys, ...extent, done: await this.#indexOfDone(subject) };
  }

  async #sidAt(name: string): Promise<unknown> {
    const content = await this.#options.keyring.store.read(name);
    return content === undefined ? undefined : parseObject(content.toString('utf8'))?.['sid'];
  }

  async #extentOf(
    subject: string,
  ): Promise<{ readonly records: number; readonly first: number; readonly last: number }> {
    let extent = { records: 0, first: 0, last: 0 };
    const { find, findEverywhere = find } = this.#options;
    for await (const { members } of findEverywhere({ subject })) {
      const index = typeof members['n'] === 'number' ? members['n'] : 0;
      extent = { records: extent.records + 1, first: extent.records === 0 ? index : extent.first, last: index };
    }
    return extent;
  }

  async #indexOfDone(subject: string): Promise<number> {
    let index = -1;
    for await (const { members } of this.#options.find({ kind: 'erase.done' })) {
      if (subjectOf(members) === subject && typeof members['n'] === 'number') index = members['n'];
    }
    return index;
  }

  /** Keys whose erasure the log records but that are there: an older copy of `keys/` was put back. */
  async #replay(): Promise<void> {
    const { keyring, find } = this.#options;
    const applied = await this.#applied();
    const erased = new Set<string>();
    let last = applied;
    for await (const { members } of find({ kind: 'erase.done' })) {
      const index = typeof members['n'] === 'number' ? members['n'] : 0;
      if (index < applied) continue;
      erased.add(subjectOf(members) ?? '');
      last = index + 1;
    }
    if (erased.size === 0) return;
    for (const name of await keyring.store.names(subjectsFolder)) {
      const sid = await this.#sidAt(name);
      if (typeof sid === 'string' && erased.has(sid)) await keyring.store.erase(name);
    }
    await this.#setApplied(last);
  }

  /** Up to which size of the log the erasures are known to be done in this copy of the keys. */
  async #applied(): Promise<number> {
    const content = await this.#options.keyring.store.read(this.#options.journal ?? defaultJournal);
    const size = content === undefined ? undefined : parseObject(content.toString('utf8'))?.['size'];
    return typeof size === 'number' ? size : 0;
  }

  async #setApplied(size: number): Promise<void> {
    await this.#options.keyring.store.write(this.#options.journal ?? defaultJournal, JSON.stringify({ size }));
  }

  async #unknown(by: string, note: string | undefined): Promise<EraseReceipt> {
    const { writer } = this.#options;
    const facts = { cause: 'the log knows no such caller' };
    await writer.gate({ kind: 'erase.refused', actor: by, action: 'D', outcome: 'refused', facts, ...noted(note) });
    return { outcome: 'unknown' };
  }

  async #refuse(by: string, subject: string, hold: Hold): Promise<EraseReceipt> {
    const facts = { subject, cause: 'legal hold', hold: hold.id };
    await this.#options.writer.gate({ kind: 'erase.refused', actor: by, action: 'D', outcome: 'refused', facts });
    return { outcome: 'held', hold };
  }
}

/** The reference that an event of an erasure names. */
export function subjectOf({ f: facts }: JsonObject): string | undefined {
  return isObject(facts) && typeof facts['subject'] === 'string' ? facts['subject'] : undefined;
}

function noted(note: string | undefined): { readonly sealed?: { readonly note: string } } {
  return note === undefined ? {} : { sealed: { note } };
}

function parsePending(content: string): Pending | undefined {
  const value = parseObject(content);
  if (value === undefined || !hasStrings(value, 'subject', 'name', 'by')) return undefined;
  const { subject, name, by, keys } = value;
  const named = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  return { subject, name, by, keys: named };
}
