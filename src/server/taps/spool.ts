import { makeDirectoryDurably, type FileLayer } from '../../audit/durable.ts';
import type { KeyProvider } from '../../audit/key-provider.ts';
import type { WebhookTap } from '../config.ts';
import { bounds } from './limits.ts';
import { queueKey } from './queue-key.ts';
import { DiskQueue } from './queue.ts';
import type { Batch, StoredLine } from './segment.ts';

export interface SpoolOptions {
  readonly files: FileLayer;
  /** Bound to every stored line. */
  readonly name: string;
  readonly queue: WebhookTap['queue'];
  /** Holds the key under which the key of the queue is kept. */
  readonly keys: () => Promise<KeyProvider>;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly onDropped: (lines: number) => void;
  readonly onFault: (fault: unknown) => void;
  /** There may be lines to deliver. */
  readonly onStored: () => void;
}

/**
 * The queue of a webhook for whoever must not wait: lines are taken at once and stored behind. A disk that fails is tried
 * again; what comes meanwhile waits in memory, up to a bound.
 */
export class Spool {
  readonly #options: SpoolOptions;
  /** Index of the newest line of each call, infinite while it is not stored. */
  readonly #newest = new Map<string, number>();
  #unstored: StoredLine[] = [];
  #queue: DiskQueue | undefined;
  #storing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #started = false;
  #closed = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Opens what is on the disk. Until then lines wait in memory: another spool may have it open. */
  start(): void {
    this.#started = true;
    this.#storing ??= this.#store();
  }

  /** Lines that wait, in memory and on the disk. */
  get waiting(): number {
    return this.#unstored.length + (this.#queue?.waiting ?? 0);
  }

  put(line: StoredLine): void {
    this.#unstored.push(line);
    this.#newest.set(line.call, Number.POSITIVE_INFINITY);
    if (this.#unstored.length > bounds.unstoredLines) {
      this.#unstored.shift();
      this.#options.onDropped(1);
    }
    if (this.#started && this.#retry === undefined) this.start();
  }

  /** The oldest lines on the disk; undefined when there are none, or no disk. */
  async read(): Promise<Batch | undefined> {
    return this.#try((queue) => queue.read());
  }

  async acknowledge(batch: Batch): Promise<void> {
    await this.#try((queue) => queue.acknowledge(batch));
  }

  /** True when no line of this call waits. */
  isDelivered(call: string): boolean {
    const newest = this.#newest.get(call) ?? -1;
    if (newest >= (this.#queue?.oldest ?? 0)) return false;
    this.#newest.delete(call);
    return true;
  }

  /** Resolves when all that was taken is on the disk, or the disk has failed. */
  async stored(): Promise<void> {
    await this.#storing;
  }

  /** Closes it; with `forget` nothing of it stays. */
  async close(forget: boolean): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#storing;
    if (forget) await this.#try((queue) => queue.clear());
    if (this.#unstored.length > 0) this.#options.onDropped(this.#unstored.length);
    await this.#try((queue) => queue.close());
  }

  async #store(): Promise<void> {
    try {
      const queue = (this.#queue ??= await this.#open());
      while (this.#unstored.length > 0) await this.#storeSome(queue);
    } catch (fault) {
      await this.#fail(fault);
    } finally {
      this.#storing = undefined;
    }
  }

  async #storeSome(queue: DiskQueue): Promise<void> {
    const lines = this.#unstored.splice(0, bounds.batchLines);
    try {
      const last = await queue.append(lines);
      for (const [position, { call }] of lines.entries())
        if (!this.#unstored.some((line) => line.call === call))
          this.#newest.set(call, last - lines.length + 1 + position);
    } catch (fault) {
      this.#unstored.unshift(...lines);
      throw fault;
    }
    this.#options.onStored();
  }

  async #open(): Promise<DiskQueue> {
    const { files, name, queue, keys, now, onDropped, onStored } = this.#options;
    await makeDirectoryDurably(files, queue.directory);
    const key = await queueKey(files, queue.directory, name, await keys());
    const onFault = (fault: unknown): void => void this.#fail(fault);
    const opened = await DiskQueue.open({ ...queue, files, key, name, now, onDropped, onFault });
    onStored();
    return opened;
  }

  async #try<Value>(work: (queue: DiskQueue) => Promise<Value>): Promise<Value | undefined> {
    if (this.#queue === undefined) return undefined;
    try {
      return await work(this.#queue);
    } catch (fault) {
      await this.#fail(fault);
      return undefined;
    }
  }

  async #fail(fault: unknown): Promise<void> {
    this.#options.onFault(fault);
    const queue = this.#queue;
    this.#queue = undefined;
    await queue?.close().catch(() => undefined); // It failed; what was written is read again by the next one.
    if (this.#closed) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.start();
    }, bounds.reopenMs).unref();
  }
}
