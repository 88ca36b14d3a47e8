import { encodeEvent, type EncodedEvent, type Sealing } from './encode.ts';
import { personKey, type Keyring, type Subject } from './keyring.ts';
import { Nonces, type Random } from './seal.ts';

/** An event with the key and reference that its record gets. */
export interface Prepared {
  readonly event: EncodedEvent;
  readonly sealing: Sealing;
}

/** Finds key and reference for each event. A new caller's key is durable before a record is sealed with it. */
export class Sealer {
  readonly #keyring: Keyring;
  readonly #practice: string;
  readonly #nonces: Nonces;
  readonly #subjects = new Map<EncodedEvent, Subject>();

  constructor(keyring: Keyring, practice: string, random: Random) {
    this.#keyring = keyring;
    this.#practice = practice;
    this.#nonces = new Nonces(random);
  }

  /** Gets the keys of a batch ready, from disk where they are not at hand; resolves to the events of new keys. */
  async prepare(batch: readonly EncodedEvent[]): Promise<Prepared[]> {
    this.#subjects.clear();
    const created: Prepared[] = [];
    for (const event of batch) {
      if (event.person === undefined) continue;
      const person = personKey(this.#practice, event.person);
      const known = this.#keyring.known(person, event.month);
      if (known !== undefined) {
        this.#subjects.set(event, known);
        continue;
      }
      const found = await this.#keyring.subject(person, event.month);
      this.#subjects.set(event, found.subject);
      if (found.created) created.push(this.#keyCreated(event, found.subject));
    }
    return created;
  }

  /** The sealing of an event of the prepared batch, or of one without a caller. */
  sealingOf(event: EncodedEvent): Prepared {
    const subject = this.#subjects.get(event);
    return { event, sealing: this.#sealing(subject) };
  }

  #sealing(subject: Subject | undefined): Sealing {
    const nonce = (): Buffer => this.#nonces.next();
    return { reference: subject?.reference, key: subject?.key ?? this.#keyring.system, nonce };
  }

  #keyCreated(cause: EncodedEvent, subject: Subject): Prepared {
    const facts = { key: subject.fingerprint, month: cause.month };
    const event = encodeEvent(
      { kind: 'key.create', actor: 'system', action: 'C', outcome: 'ok', facts },
      this.#practice,
      cause.time,
      cause.elapsed,
    );
    return { event, sealing: this.#sealing(subject) };
  }
}
