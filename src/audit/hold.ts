import { hasStrings, isObject, parseObject } from './json.ts';
import { personKey, type Keyring } from './keyring.ts';
import { AuditFault } from './log.ts';
import { systemRandom, Nonces, seal, unseal } from './seal.ts';
import type { LogWriter } from './writer.ts';

/** A legal hold: what it covers is neither erased nor purged. */
export interface Hold {
  /** Random. */
  readonly id: string;
  /** The caller's reference; absent where the whole log is held. */
  readonly subject?: string;
  /** The matter for which it is held: a file number, never PHI. */
  readonly matter: string;
  /** `user:<id>` who ordered it. */
  readonly by: string;
  /** ms UTC. */
  readonly since: number;
}

export interface HoldRequest {
  /** E.164; absent for the whole log. */
  readonly caller?: string;
  readonly matter: string;
  readonly by: string;
}

const holdsName = 'holds.json';
const sealContext = 'holds';

export interface HoldsOptions {
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly practice: string;
  readonly now: () => number;
}

/**
 * The holds in force. They lie sealed beside the keys: whoever could lift one by editing a file could as well delete
 * the keys. A hold is in force before its event is recorded, and stays in force until the event of its end is.
 */
export class Holds {
  readonly #options: HoldsOptions;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  async all(): Promise<Hold[]> {
    return readHolds(this.#options.keyring);
  }

  /** The first hold on a caller, or on the whole log. */
  async covering(subject: string | undefined): Promise<Hold | undefined> {
    return (await this.all()).find((hold) => hold.subject === undefined || hold.subject === subject);
  }

  async set({ caller, matter, by }: HoldRequest): Promise<Hold> {
    const { writer, keyring, practice, now } = this.#options;
    const since = Math.floor(now());
    const reference = caller === undefined ? undefined : await this.#referenceOf(caller, practice);
    const id = systemRandom(Buffer.alloc(8)).toString('hex');
    const hold: Hold = { id, matter, by, since, ...(reference === undefined ? {} : { subject: reference }) };
    await writeHolds(keyring, [...(await this.all()), hold]);
    await writer.gate({
      kind: 'hold.set',
      actor: by,
      action: 'C',
      outcome: 'ok',
      facts: { hold: id, matter },
      ...(caller === undefined ? {} : { caller }),
    });
    return hold;
  }

  /** Ends a hold. Rejects with `HOLD_UNKNOWN` when there is none with this id. */
  async clear(id: string, by: string): Promise<Hold> {
    const present = await this.all();
    const hold = present.find((entry) => entry.id === id);
    if (hold === undefined) throw new AuditFault('HOLD_UNKNOWN', `No hold has the id ${id}`, 65);
    const facts = { hold: id, matter: hold.matter, ...(hold.subject === undefined ? {} : { subject: hold.subject }) };
    await this.#options.writer.gate({ kind: 'hold.clear', actor: by, action: 'D', outcome: 'ok', facts });
    await writeHolds(
      this.#options.keyring,
      present.filter((entry) => entry.id !== id),
    );
    return hold;
  }

  /** A hold may be set on a caller who has not called yet: the reference is made then. */
  async #referenceOf(caller: string, practice: string): Promise<string> {
    const { keyring, now } = this.#options;
    const person = personKey(practice, caller);
    const known = await keyring.read(person);
    if (known !== undefined) return known.sid;
    return (await this.#options.writer.exclusive(() => keyring.subject(person, monthNow(now())))).subject.reference;
  }
}

function monthNow(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

async function readHolds(keyring: Keyring): Promise<Hold[]> {
  const content = await keyring.store.read(holdsName);
  if (content === undefined) return [];
  const plain = unseal(keyring.system, content.toString('latin1'), sealContext);
  const list = plain === undefined ? undefined : parseObject(plain.toString('utf8'))?.['holds'];
  if (!Array.isArray(list))
    throw new AuditFault('HOLDS_CORRUPT', 'The list of legal holds (keys/holds.json) is damaged', 3);
  return list.filter(isHold);
}

async function writeHolds(keyring: Keyring, holds: readonly Hold[]): Promise<void> {
  const nonce = new Nonces(systemRandom).next();
  await keyring.store.write(holdsName, seal(keyring.system, nonce, JSON.stringify({ holds }), sealContext));
}

function isHold(value: unknown): value is Hold {
  return isObject(value) && hasStrings(value, 'id', 'matter', 'by') && typeof value['since'] === 'number';
}
