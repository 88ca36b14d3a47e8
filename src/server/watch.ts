import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Config, Environment, Fault } from './config.ts';
import { loadConfig } from './config/load.ts';

export interface WatchHandlers {
  /** A sound configuration that differs from the one before, or that was asked for. */
  onLoaded(config: Config): void | Promise<void>;
  /** The files have faults; the configuration before stays in force. Called once for each broken state. */
  onRejected(faults: readonly Fault[]): void | Promise<void>;
}

/** Watches `config`, whose file may change from now on, until `close()`. */
export function watchConfig(config: Config, environment: Environment, handlers: WatchHandlers): ConfigWatch {
  return new ConfigWatch(config, environment, handlers);
}

/** An editor or a ConfigMap swap makes several events of one change; a copied file may still be growing. */
const settleMs = 150;
/** Network file systems send no events, and a folder that was replaced sends none any more. */
const pollMs = 30_000;
/** The link that Kubernetes swaps to replace all files of a ConfigMap or Secret at once. */
const configMapLink = '..data';

/**
 * Watches the configuration and every file that it names. The folders are watched, not the files: an editor, a package
 * or Kubernetes replaces a file by renaming, after which a watch on the old file is deaf. It does not keep the process
 * alive.
 */
export class ConfigWatch {
  readonly #file: string;
  readonly #environment: Environment;
  readonly #handlers: WatchHandlers;
  readonly #folders = new Map<string, FSWatcher>();
  readonly #poll: NodeJS.Timeout;
  #names: ReadonlySet<string> = new Set();
  #fingerprint: string;
  #settling: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(config: Config, environment: Environment, handlers: WatchHandlers) {
    this.#file = config.file;
    this.#environment = environment;
    this.#handlers = handlers;
    this.#fingerprint = config.fingerprint;
    this.#follow(config.files);
    this.#poll = setInterval(() => void this.#check(false), pollMs).unref();
  }

  /** Reads everything again and reports it, changed or not: what SIGHUP asks for. Rejects only if a handler does. */
  reload(): Promise<void> {
    return this.#check(true);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  /** One check at a time, in the order in which they were asked for. */
  #check(asked: boolean): Promise<void> {
    const check = this.#working.then(() => this.#load(asked));
    this.#working = check.catch(() => undefined);
    return check;
  }

  async #load(asked: boolean): Promise<void> {
    if (this.#closed) return;
    const result = await loadConfig(this.#file, this.#environment);
    const { files, fingerprint } = 'config' in result ? result.config : result;
    this.#follow(files);
    if (!asked && fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    if ('config' in result) await this.#handlers.onLoaded(result.config);
    else await this.#handlers.onRejected(result.faults);
  }

  /** Watches the folders of these files and no others. A folder that cannot be watched is left to the poll. */
  #follow(files: readonly string[]): void {
    if (this.#closed) return;
    this.#names = new Set([...files.map((file) => basename(file)), configMapLink]);
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const folder of this.#folders.keys()) if (!wanted.has(folder)) this.#forget(folder);
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#watch(folder);
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#settle(name));
      watcher.on('error', () => this.#forget(folder));
      this.#folders.set(folder, watcher);
    } catch {
      this.#forget(folder);
    }
  }

  #forget(folder: string): void {
    this.#folders.get(folder)?.close();
    this.#folders.delete(folder);
  }

  /** Waits until the files rest. Other files of these folders may change all day; some platforms do not say which. */
  #settle(name: string | null): void {
    if (this.#closed || (name !== null && !this.#names.has(name))) return;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#check(false), settleMs).unref();
  }
}
