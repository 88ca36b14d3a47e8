import { join } from 'node:path';
import { makeDirectoryDurably, readIfPresent, replaceFile, unlinkIfPresent, type FileLayer } from './durable.ts';
import { parseObject, type JsonObject } from './json.ts';
import { AuditFault } from './log.ts';
import { Nonces, seal, systemRandom, unseal } from './seal.ts';

export interface SpoolOptions {
  readonly files: FileLayer;
  readonly directory: string;
  /** The log's own key: who has it may ask, and nobody else can read what was asked. */
  readonly key: Buffer;
  /** ms UTC. */
  readonly now: () => number;
}

/** A request that is older when it is found is not carried out: a copy of it may have been put back. ms. */
const freshness = 60_000;
const pollTime = 50;

/**
 * Requests and answers as sealed files beside the log: how a command reaches the one process that may write. No port,
 * no socket; works over a shared volume.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #nonces = new Nonces(systemRandom);
  readonly #seen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Asks the writer and resolves to its answer; rejects with its fault, or with `AUDIT_LOCKED` when it does not answer. */
  async ask(request: JsonObject, patience: number): Promise<unknown> {
    const { files, directory, now } = this.#options;
    const id = systemRandom(Buffer.alloc(8)).toString('hex');
    await makeDirectoryDurably(files, directory);
    await this.#put(id, 'request', { ...request, at: now() });
    for (let waited = 0; waited < patience; waited += pollTime) {
      const answer = await this.#take(id, 'answer');
      if (answer !== undefined) return resultOf(answer);
      await new Promise((resolve) => setTimeout(resolve, pollTime));
    }
    await unlinkIfPresent(files, this.#path(id, 'request'));
    throw new AuditFault('AUDIT_LOCKED', 'Another process writes this log and did not answer: is it running?', 75);
  }

  /** Looks for requests every `every` ms until {@link stop}. */
  serve(every: number, handle: (request: JsonObject) => Promise<unknown>): void {
    this.#timer = setInterval(() => void this.#attend(handle), every);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #attend(handle: (request: JsonObject) => Promise<unknown>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const name of await this.#options.files.list(this.#options.directory)) {
        const id = /^([0-9a-f]{16})\.request$/.exec(name)?.[1];
        if (id !== undefined) await this.#serveOne(id, handle);
      }
    } catch {
      // A spool that cannot be read serves nobody; the log itself says when its disk fails.
    } finally {
      this.#busy = false;
    }
  }

  async #serveOne(id: string, handle: (request: JsonObject) => Promise<unknown>): Promise<void> {
    const request = await this.#take(id, 'request');
    const age = typeof request?.['at'] === 'number' ? this.#options.now() - request['at'] : Number.POSITIVE_INFINITY;
    if (request === undefined || this.#seen.has(id) || Math.abs(age) > freshness) return;
    this.#seen.add(id);
    const answer = await handle(request).then(
      (value) => ({ value }),
      (error: unknown) => ({ fault: faultOf(error) }),
    );
    await this.#put(id, 'answer', answer);
  }

  async #put(id: string, what: 'request' | 'answer', content: JsonObject): Promise<void> {
    const sealed = seal(this.#options.key, this.#nonces.next(), JSON.stringify(content), `${what} ${id}`);
    await replaceFile(this.#options.files, this.#path(id, what), Buffer.from(sealed));
  }

  /** Reads and removes; undefined where there is nothing that this log's key sealed. */
  async #take(id: string, what: 'request' | 'answer'): Promise<JsonObject | undefined> {
    const { files, key } = this.#options;
    const content = await readIfPresent(files, this.#path(id, what));
    if (content === undefined) return undefined;
    await unlinkIfPresent(files, this.#path(id, what));
    const plain = unseal(key, content.toString('latin1'), `${what} ${id}`);
    return plain === undefined ? undefined : parseObject(plain.toString('utf8'));
  }

  #path(id: string, what: 'request' | 'answer'): string {
    return join(this.#options.directory, `${id}.${what}`);
  }
}

function faultOf(error: unknown): JsonObject {
  if (error instanceof AuditFault) return { code: error.code, message: error.message, exitCode: error.exitCode };
  return { code: 'AUDIT_FAILED', message: 'The process that writes the log could not do it', exitCode: 70 };
}

function resultOf({ value, fault }: JsonObject): unknown {
  if (typeof fault !== 'object' || fault === null) return value;
  const { code, message, exitCode }: { code?: unknown; message?: unknown; exitCode?: unknown } = fault;
  throw new AuditFault(String(code), String(message), typeof exitCode === 'number' ? exitCode : 70);
}
