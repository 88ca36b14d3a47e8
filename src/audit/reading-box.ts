import { join } from 'node:path';
import { makeDirectoryDurably, readIfPresent, replaceFile, unlinkIfPresent, type FileLayer } from './durable.ts';
import type { AuditEvent } from './event.ts';
import { isObject, parseObject, type JsonObject } from './json.ts';
import { systemRandom } from './seal.ts';

export interface ReadingBoxOptions {
  readonly files: FileLayer;
  /** The folder of the sealed requests. */
  readonly directory: string;
  /** ms UTC. */
  readonly now: () => number;
}

/** A note that is older when it is found is not taken, ms. */
const freshness = 60_000;
/** The writer looks four times a second; a stopped one never does. ms. */
const patience = 5_000;
const pollTime = 50;
/** Bytes of a note: an event without anything encrypted. */
const maxBytes = 8_192;

/**
 * Readings that somebody without the key tells of, as plain files beside the sealed requests. Nothing proves who wrote
 * one: whoever may write in this folder could do worse to the log.
 */
export class ReadingBox {
  readonly #options: ReadingBoxOptions;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(options: ReadingBoxOptions) {
    this.#options = options;
  }

  /** Tells the writer. Resolves when it is on record, to undefined where it was not taken. */
  async tell(event: AuditEvent): Promise<{ readonly size: number } | undefined> {
    const { files, directory, now } = this.#options;
    const id = systemRandom(Buffer.alloc(8)).toString('hex');
    const [told, taken] = [join(directory, `${id}.reading`), join(directory, `${id}.recorded`)];
    await makeDirectoryDurably(files, directory);
    await replaceFile(files, told, Buffer.from(JSON.stringify({ at: now(), event })));
    for (let waited = 0; waited < patience; waited += pollTime) {
      const answer = await this.#take(taken);
      if (answer !== undefined) return typeof answer['size'] === 'number' ? { size: answer['size'] } : undefined;
      await new Promise((resolve) => setTimeout(resolve, pollTime));
    }
    await unlinkIfPresent(files, told);
    return undefined;
  }

  /** Looks every `every` ms until {@link stop} for readings, and hands each to `record`. */
  serve(every: number, record: (event: JsonObject) => Promise<{ readonly size: number }>): void {
    this.#timer = setInterval(() => void this.#attend(record), every).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #attend(record: (event: JsonObject) => Promise<{ readonly size: number }>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const name of await this.#options.files.list(this.#options.directory)) {
        const id = /^([0-9a-f]{16})\.reading$/.exec(name)?.[1];
        if (id !== undefined) await this.#serveOne(id, record);
      }
    } catch {
      // A box that cannot be read takes nothing; whoever waits for an answer shows nothing.
    } finally {
      this.#busy = false;
    }
  }

  async #serveOne(id: string, record: (event: JsonObject) => Promise<{ readonly size: number }>): Promise<void> {
    const { files, directory, now } = this.#options;
    const note = await this.#take(join(directory, `${id}.reading`));
    const event = note?.['event'];
    if (!isObject(event) || typeof note?.['at'] !== 'number' || Math.abs(now() - note['at']) > freshness) return;
    const answer = await record(event).catch(() => ({}));
    await replaceFile(files, join(directory, `${id}.recorded`), Buffer.from(JSON.stringify(answer)));
  }

  async #take(path: string): Promise<JsonObject | undefined> {
    const { files } = this.#options;
    const size = (await files.facts(path))?.size ?? 0;
    const content = size > maxBytes ? undefined : await readIfPresent(files, path);
    await unlinkIfPresent(files, path);
    return content === undefined ? undefined : parseObject(content.toString('utf8'));
  }
}
