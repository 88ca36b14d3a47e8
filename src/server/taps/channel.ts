import type { KindClearance } from '../../policy/clearance.ts';
import type { HeardCall, TapLine } from './line.ts';
import { bounds } from './limits.ts';

/** Whoever takes the lines of a channel. Nothing here waits or throws. */
export interface Listener {
  readonly wantsInterim: boolean;
  /** True where a line that it has missed is of use to it when it comes back. */
  readonly returns: boolean;
  take(line: TapLine): void;
  /** No more lines of this call will come. */
  callEnded(call: HeardCall): void;
}

/** All that read with one clearance: a line is made once for all of them, and kept a while for one that comes back. */
export class Channel {
  readonly clearance: KindClearance;
  readonly #listeners = new Set<Listener>();
  #kept: TapLine[] = [];
  #keptCharacters = 0;
  /** Every line with a higher number is kept. */
  #keptAfter: number;
  #keepUntil = 0;

  /** `number` is that of the newest line before the channel. */
  constructor(clearance: KindClearance, number: number) {
    this.clearance = clearance;
    this.#keptAfter = number;
  }

  get wantsInterim(): boolean {
    return [...this.#listeners].some((listener) => listener.wantsInterim);
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** `now` is wall-clock milliseconds. */
  delete(listener: Listener, now: number): void {
    if (this.#listeners.delete(listener) && listener.returns) this.#keepUntil = now + bounds.keptMs;
  }

  /** True when nobody reads and nobody is expected back. */
  isIdle(now: number): boolean {
    return this.#listeners.size === 0 && now > this.#keepUntil;
  }

  hand(line: TapLine, now: number): void {
    this.#keep(line, now);
    for (const listener of this.#listeners) listener.take(line);
  }

  callEnded(call: HeardCall): void {
    for (const listener of this.#listeners) listener.callEnded(call);
  }

  /** Lines after this number, and whether all of them are still here. */
  since(number: number): { readonly lines: readonly TapLine[]; readonly complete: boolean } {
    return { lines: this.#kept.filter((line) => line.number > number), complete: number >= this.#keptAfter };
  }

  /** A call that has ended and of which lines are kept. */
  remembered(ref: string): HeardCall | undefined {
    return this.#kept.find(({ call }) => call.ref === ref)?.call;
  }

  #keep(line: TapLine, now: number): void {
    const expected = now <= this.#keepUntil || [...this.#listeners].some((listener) => listener.returns);
    if (!expected) return this.#forgetAll(line.number);
    this.#kept.push(line);
    this.#keptCharacters += line.json.length;
    while (this.#kept.length > bounds.keptLines || this.#keptCharacters > bounds.keptCharacters) this.#forget();
  }

  #forget(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    this.#keptAfter = oldest.number;
    this.#keptCharacters -= oldest.json.length;
  }

  #forgetAll(number: number): void {
    this.#kept = [];
    this.#keptCharacters = 0;
    this.#keptAfter = number;
  }
}
