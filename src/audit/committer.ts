import { setImmediate as nextTurn } from 'node:timers/promises';
import { Chain } from './chain.ts';
import type { Checkpointer } from './checkpointer.ts';
import { encodeEvent, type EncodedEvent } from './encode.ts';
import type { AuditEvent } from './event.ts';
import type { Keyring } from './keyring.ts';
import type { AuditLimits } from './limits.ts';
import type { Lock } from './lock.ts';
import type { Random } from './seal.ts';
import { Sealer } from './sealer.ts';
import { segmentOpenEvent, segmentSealEvent } from './segment.ts';
import type { SealedRecord, Sink } from './sink.ts';

export interface CommitterOptions {
  readonly sink: Sink;
  readonly keyring: Keyring;
  readonly checkpointer: Checkpointer;
  readonly lock: Lock;
  readonly practice: string;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: Random;
  readonly limits: AuditLimits;
}

/** A record is sealed in some 15 microseconds: after this many the event loop gets its turn. */
const slice = 32;

/**
 * Makes batches of events durable: seals and chains them, writes them, opens and closes segments. One batch at a time;
 * after a rejection it MUST NOT be used again.
 */
export class Committer {
  readonly start: number;
  readonly #options: CommitterOptions;
  readonly #chain: Chain;
  readonly #sealer: Sealer;
  #size: number;
  #watched: number;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.start = options.monotonic();
    this.#watched = this.start;
    this.#size = options.sink.tail.frontier.size;
    this.#sealer = new Sealer(options.keyring, options.practice, options.random);
    this.#chain = new Chain(options.sink.tail, options.random(Buffer.alloc(8)).toString('hex'));
  }

  /** Durable records. */
  get size(): number {
    return this.#size;
  }

  /** Throws RangeError for an event that cannot be a record. */
  encode(event: AuditEvent): EncodedEvent {
    const { practice, now, monotonic } = this.#options;
    return encodeEvent(event, practice, Math.floor(now()), Math.floor(monotonic() - this.start));
  }

  /** Opens the first segment, or the next one after a sealed one. Called once, before the first batch. */
  async begin(first: AuditEvent | undefined): Promise<void> {
    const { tail } = this.#options.sink;
    if (tail.sealed) await this.#openSegment(first ?? segmentOpenEvent(this.#chain.frontier, tail.fileBefore));
  }

  /** Resolves when the batch is durable. */
  async commit(batch: readonly EncodedEvent[]): Promise<void> {
    await this.#watch();
    await this.#rotateWhenDue(batch);
    await this.#options.sink.append(await this.#sealBatch(batch));
    this.#size = this.#chain.frontier.size;
    this.#options.checkpointer.offer(
      this.#chain.frontier.copy(),
      batch.some((event) => event.kind === 'call.end'),
    );
  }

  /** Signs all that is durable. */
  sign(): Promise<void> {
    return this.#options.checkpointer.sign(this.#chain.frontier.copy());
  }

  async close(): Promise<void> {
    await this.#options.sink.close();
  }

  release(): Promise<void> {
    return this.#options.lock.release();
  }

  async #sealBatch(batch: readonly EncodedEvent[]): Promise<SealedRecord[]> {
    const created = await this.#sealer.prepare(batch);
    const prepared = [...created, ...batch.map((event) => this.#sealer.sealingOf(event))];
    const records: SealedRecord[] = [];
    for (const [at, { event, sealing }] of prepared.entries()) {
      records.push(this.#chain.add(event, sealing, at === 0 ? this.#size : undefined));
      if (at % slice === slice - 1) await nextTurn();
    }
    return records;
  }

  /** Looks every few seconds whether lock and medium are still this writer's: a lost lock would fork the log. */
  async #watch(): Promise<void> {
    const { monotonic, limits, lock, sink, now } = this.#options;
    if (monotonic() - this.#watched < limits.watchEvery) return;
    this.#watched = monotonic();
    await lock.renew(now());
    await sink.assertInPlace();
  }

  async #rotateWhenDue(batch: readonly EncodedEvent[]): Promise<void> {
    const { sink } = this.#options;
    const facts = sink.due(batch[0]?.time ?? 0);
    if (facts === undefined) return;
    const digest = await sink.seal(this.#place(segmentSealEvent(this.#chain.frontier, facts)));
    this.#size = this.#chain.frontier.size;
    await this.sign();
    await this.#openSegment(segmentOpenEvent(this.#chain.frontier, digest));
  }

  async #openSegment(event: AuditEvent): Promise<void> {
    await this.#options.sink.open(this.#place(event), this.#options.now());
    this.#size = this.#chain.frontier.size;
  }

  /** A record of the writer itself, outside a batch. */
  #place(event: AuditEvent): SealedRecord {
    const encoded = this.encode(event);
    return this.#chain.add(encoded, this.#sealer.sealingOf(encoded).sealing, this.#size);
  }
}
