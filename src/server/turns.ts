/** Deadlines of calls are checked once a turn, and none is finer. */
export const turnMs = 100;
const sharesPerTurn = 10;
/** So many calls are looked at in one go: a process with few calls need not wake up for each share of them. */
const fewCalls = 16;

interface Attention<T> {
  /** Once a turn. `stoodMs`: for how long the process has stood still since the turn before, milliseconds. */
  readonly onTurn: (now: number, stoodMs: number) => void;
  /** Once a turn for each. */
  readonly onEach: (one: T, now: number) => void;
}

/**
 * One timer for all calls. Each is looked at once a turn; where there are many, in as many shares as the turn has ticks:
 * together they would hold up the sound of all for as long as it takes to look at all.
 */
export class Turns<T> {
  readonly #attention: Attention<T>;
  readonly #shares: readonly Set<T>[] = Array.from({ length: sharesPerTurn }, () => new Set<T>());
  #next = 0;
  #sharesPerTick = sharesPerTurn;
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
    this.#tickEvery(this.#fitting());
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tickEvery(shares: number): void {
    clearInterval(this.#timer);
    this.#sharesPerTick = shares;
    this.#timer = setInterval(() => this.#tick(performance.now()), this.#tickMs);
  }

  get #tickMs(): number {
    return (turnMs * this.#sharesPerTick) / sharesPerTurn;
  }

  /** Shares in one tick: one of them, or all. */
  #fitting(): number {
    const calls = this.#shares.reduce((sum, share) => sum + share.size, 0);
    return calls > fewCalls ? 1 : sharesPerTurn;
  }

  #tick(now: number): void {
    this.#stoodMs += Math.max(0, now - this.#tickedAt - this.#tickMs);
    this.#tickedAt = now;
    if (this.#next === 0) this.#begin(now);
    const end = this.#next + this.#sharesPerTick;
    for (let share = this.#next; share < end; share += 1)
      for (const one of this.#shares[share] ?? []) this.#attention.onEach(one, now);
    this.#next = end % sharesPerTurn;
  }

  #begin(now: number): void {
    this.#attention.onTurn(now, this.#stoodMs);
    this.#stoodMs = 0;
    const shares = this.#fitting();
    if (shares !== this.#sharesPerTick) this.#tickEvery(shares);
  }
}
