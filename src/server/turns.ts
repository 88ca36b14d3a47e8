/** Deadlines of calls are checked once a turn, and none is finer. */
export const turnMs = 100;
const ticksPerTurn = 10;
const tickMs = turnMs / ticksPerTurn;

interface Attention<T> {
  /** Once a turn. `stoodMs`: for how long the process has stood still since the turn before, milliseconds. */
  readonly onTurn: (now: number, stoodMs: number) => void;
  /** Once a turn for each. */
  readonly onEach: (one: T, now: number) => void;
}

/**
 * One timer for all calls. Each is looked at once a turn, but in as many shares as the turn has ticks: together they would
 * hold up the sound of all for as long as it takes to look at all.
 */
export class Turns<T> {
  readonly #attention: Attention<T>;
  readonly #shares: readonly Set<T>[] = Array.from({ length: ticksPerTurn }, () => new Set<T>());
  #next = 0;
  #tickedAt = performance.now();
  #stoodMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(attention: Attention<T>) {
    this.#attention = attention;
  }

  /** Among those of the share that is smallest now. */
  add(one: T): void {
    this.#shares.reduce((least, share) => (share.size < least.size ? share : least)).add(one);
  }

  delete(one: T): void {
    for (const share of this.#shares) share.delete(one);
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(performance.now()), tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(now: number): void {
    this.#stoodMs += Math.max(0, now - this.#tickedAt - tickMs);
    this.#tickedAt = now;
    if (this.#next === 0) {
      this.#attention.onTurn(now, this.#stoodMs);
      this.#stoodMs = 0;
    }
    for (const one of this.#shares[this.#next] ?? []) this.#attention.onEach(one, now);
    this.#next = (this.#next + 1) % ticksPerTurn;
  }
}
