import type { LogDescription } from './description.ts';
import type { FileLayer } from './durable.ts';
import { parseObject, type JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { FileKeyStore } from './key-store.ts';
import type { SubjectFile } from './keyring-file.ts';
import { openKeyring } from './keyring-open.ts';
import { monthOf, personKey, type Keyring } from './keyring.ts';
import type { Layout } from './layout.ts';
import type { RecordText } from './record.ts';
import { systemRandom, unseal } from './seal.ts';

/** What became of a payload: its content, `gone` with its key, or `foreign`: sealed for another record or changed. */
export type Opened = JsonObject | 'gone' | 'foreign';

/** Among the keys that several logs share: what they are bound to. */
export const contextName = 'context';

/** Opens payloads with the keys of a log. Rejects with a `KEY_` fault when the keys are not this log's. */
export async function openPayloads(
  files: FileLayer,
  layout: Layout,
  description: LogDescription,
  provider: KeyProvider,
): Promise<Payloads> {
  const store = new FileKeyStore(files, layout.keys);
  // Where several logs share the keys, these are bound to the name of what they share.
  const shared = await store.read(contextName);
  const options = { store, provider, origin: shared?.toString() ?? description.origin, random: systemRandom };
  return new Payloads(await openKeyring(options, false), description.practice);
}

/** The callers whose keys are at hand, and what their records hold. */
export class Payloads {
  readonly #keyring: Keyring;
  readonly #practice: string;
  readonly #subjects = new Map<string, SubjectFile>();
  readonly #keys = new Map<string, Buffer>();

  constructor(keyring: Keyring, practice: string) {
    this.#keyring = keyring;
    this.#practice = practice;
  }

  /** Gets one caller ready; resolves to the reference, or undefined when the log does not know the number (any more). */
  async addCaller(caller: string): Promise<string | undefined> {
    const file = await this.#keyring.read(personKey(this.#practice, caller));
    if (file !== undefined) this.#subjects.set(file.sid, file);
    return file?.sid;
  }

  /** Gets every caller ready that the log knows. */
  async addAll(): Promise<void> {
    for (const file of (await this.#keyring.subjects()).values()) this.#subjects.set(file.sid, file);
  }

  open({ members, clear, payload }: RecordText): Opened {
    const key = this.#keyOf(members);
    if (key === undefined) return 'gone';
    const plain = payload === undefined ? undefined : unseal(key, payload, clear);
    return (plain === undefined ? undefined : parseObject(plain.toString('utf8'))) ?? 'foreign';
  }

  #keyOf({ s: reference, t: time }: JsonObject): Buffer | undefined {
    if (reference === undefined) return this.#keyring.system;
    if (typeof reference !== 'string' || typeof time !== 'number') return undefined;
    const month = monthOf(time);
    const name = `${reference} ${month}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const file = this.#subjects.get(reference);
    const epoch = file?.epochs.find((entry) => entry.month === month);
    if (file === undefined || epoch === undefined) return undefined;
    const { key } = this.#keyring.open(file, epoch);
    this.#keys.set(name, key);
    return key;
  }
}
