import { setImmediate as nextTurn } from 'node:timers/promises';
import { Chain } from './chain.ts';
import type { Checkpointer } from './checkpointer.ts';
import { diskFault } from './durable.ts';
import { encodeEvent, type EncodedEvent } from './encode.ts';
import type { AuditEvent } from './event.ts';
import type { Keyring } from './keyring.ts';
import type { AuditLimits } from './limits.ts';
import type { Lock } from './lock.ts';
import { AuditFault, type AuditLog } from './log.ts';
import { BoundedQueue, Milestones } from './queue.ts';
import type { Random } from './seal.ts';
import { Sealer } from './sealer.ts';
import { segmentOpenEvent, segmentSealEvent } from './segment.ts';
import type { SealedRecord, Sink } from './sink.ts';

export interface WriterOptions {
  readonly sink: Sink;
  readonly keyring: Keyring;
  readonly checkpointer: Checkpointer;
  readonly lock: Lock;
  readonly practice: string;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: Random;
  readonly limits: AuditLimits;
  readonly onFault: (fault: AuditFault) => void;
}

/** A record is sealed in some 15 microseconds: after this many the event loop gets its turn. */
const slice = 32;

/**
 * The one writer of a log. Events are taken at once and sealed, chained and made durable in batches: one loop, one
 * batch at a time, so that the order of `record` is the order on the disk. Any fault is final.
 */
export class LogWriter implements AuditLog {
  readonly #options: WriterOptions;
  readonly #chain: Chain;
  readonly #queue: BoundedQueue<EncodedEvent>;
  readonly #milestones = new Milestones();
  readonly #sealer: Sealer;
  readonly #start: number;
  #inFlight: readonly EncodedEvent[] = [];
  #taken = 0;
  #done = 0;
  #size: number;
  #watched: number;
  #fault: AuditFault | undefined;
  #closed: Promise<void> | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#queue = new BoundedQueue(options.limits.queue);
    this.#sealer = new Sealer(options.keyring, options.practice, options.random);
    this.#start = options.monotonic();
    this.#watched = this.#start;
    this.#size = options.sink.tail.frontier.size;
    options.checkpointer.onFailure((error) => this.#fail(error));
    this.#chain = new Chain(options.sink.tail, options.random(Buffer.alloc(8)).toString('hex'));
  }

  get waiting(): number {
    return this.#taken - this.#done;
  }

  get failed(): boolean {
    return this.#fault !== undefined;
  }

  get size(): number {
    return this.#size;
  }

  record(event: AuditEvent): boolean {
    if (this.#fault !== undefined || this.#closed !== undefined) return false;
    const encoded = this.#encode(event);
    if (encoded === undefined || !this.#queue.push(encoded)) return false;
    this.#taken += 1;
    this.#loop ??= this.#run();
    return true;
  }

  async settled(): Promise<{ readonly size: number }> {
    if (this.#done < this.#taken) {
      if (this.#fault !== undefined) throw this.#fault;
      await this.#milestones.at(this.#taken);
    }
    if (this.#fault !== undefined) throw this.#fault;
    return { size: this.#size };
  }

  lag(now: number): number {
    const oldest = this.#inFlight[0] ?? this.#queue.oldest;
    return oldest === undefined ? 0 : Math.max(0, now - this.#start - oldest.elapsed);
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  /** Opens the first segment, or the next one after a sealed one. Called once, before the first event. */
  async begin(first: AuditEvent | undefined): Promise<void> {
    const { tail } = this.#options.sink;
    if (tail.sealed) await this.#openSegment(first ?? segmentOpenEvent(this.#chain.frontier, tail.fileBefore));
  }

  /** Resolves when all is durable and signed: a log that was opened has a checkpoint over all it holds. */
  async ready(): Promise<void> {
    await this.settled();
    await this.#options.checkpointer.sign(this.#chain.frontier.copy());
  }

  #encode(event: AuditEvent): EncodedEvent | undefined {
    const { practice, now, monotonic } = this.#options;
    try {
      return encodeEvent(event, practice, Math.floor(now()), Math.floor(monotonic() - this.#start));
    } catch (error) {
      this.#options.onFault(new AuditFault('AUDIT_EVENT', error instanceof Error ? error.message : 'Not an event', 70));
      return undefined;
    }
  }

  async #run(): Promise<void> {
    try {
      // The events of one turn of the event loop share one commit.
      await nextTurn();
      while (this.#queue.length > 0) await this.#commit(this.#queue.take(this.#options.limits.batch));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#loop = undefined;
    }
  }

  async #commit(batch: readonly EncodedEvent[]): Promise<void> {
    this.#inFlight = batch;
    await this.#watch();
    await this.#rotateWhenDue(batch);
    await this.#options.sink.append(await this.#sealBatch(batch));
    this.#inFlight = [];
    this.#done += batch.length;
    this.#size = this.#chain.frontier.size;
    this.#milestones.reach(this.#done);
    this.#options.checkpointer.offer(
      this.#chain.frontier.copy(),
      batch.some((event) => event.kind === 'call.end'),
    );
  }

  async #sealBatch(batch: readonly EncodedEvent[]): Promise<SealedRecord[]> {
    const created = await this.#sealer.prepare(batch);
    const records: SealedRecord[] = [];
    for (const [at, { event, sealing }] of [
      ...created,
      ...batch.map((event) => this.#sealer.sealingOf(event)),
    ].entries()) {
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
    const { sink, checkpointer } = this.#options;
    const facts = sink.due(batch[0]?.time ?? 0);
    if (facts === undefined) return;
    const digest = await sink.seal(this.#place(segmentSealEvent(this.#chain.frontier, facts)));
    this.#size = this.#chain.frontier.size;
    await checkpointer.sign(this.#chain.frontier.copy());
    await this.#openSegment(segmentOpenEvent(this.#chain.frontier, digest));
  }

  async #openSegment(event: AuditEvent): Promise<void> {
    await this.#options.sink.open(this.#place(event), this.#options.now());
    this.#size = this.#chain.frontier.size;
  }

  /** A record of the writer itself, outside a batch. */
  #place(event: AuditEvent): SealedRecord {
    const { practice, now, monotonic } = this.#options;
    const encoded = encodeEvent(event, practice, Math.floor(now()), Math.floor(monotonic() - this.#start));
    return this.#chain.add(encoded, this.#sealer.sealingOf(encoded).sealing, this.#size);
  }

  /** From here on nothing is taken and nothing more is written: what the disk holds is found by opening anew. */
  #fail(error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = diskFault(error, 'Writing the audit log');
    this.#milestones.fail(this.#fault);
    this.#options.onFault(this.#fault);
  }

  async #finish(): Promise<void> {
    const { checkpointer, sink, lock } = this.#options;
    await this.#loop;
    try {
      if (this.#fault === undefined) await checkpointer.sign(this.#chain.frontier.copy());
    } catch (error) {
      this.#fail(error);
    }
    await sink.close().catch((error: unknown) => this.#fail(error));
    await lock.release();
  }
}
