/** A first-in first-out queue with a bound that takes batches from its front. */
export class BoundedQueue<T> {
  readonly #limit: number;
  #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length;
  }

  get oldest(): T | undefined {
    return this.#items[0];
  }

  /** False when the queue is full. */
  push(item: T): boolean {
    if (this.#items.length >= this.#limit) return false;
    this.#items.push(item);
    return true;
  }

  /** The first `count` items, or all. They leave the queue. */
  take(count: number): T[] {
    return this.#items.splice(0, count);
  }
}

/** Promises that are kept once a count has been reached. */
export class Milestones {
  #waiting: { readonly count: number; resolve(): void; reject(reason: Error): void }[] = [];

  /** True while somebody waits. */
  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when {@link reach} is told `count` or more. */
  at(count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ count, resolve, reject });
    });
  }

  reach(count: number): void {
    const kept = this.#waiting.filter((entry) => entry.count <= count);
    this.#waiting = this.#waiting.filter((entry) => entry.count > count);
    for (const entry of kept) entry.resolve();
  }

  fail(reason: Error): void {
    const broken = this.#waiting;
    this.#waiting = [];
    for (const entry of broken) entry.reject(reason);
  }
}
