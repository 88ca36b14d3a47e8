import { digestOf } from '../digest.ts';

/** Longer than any call: Retell's own limit is two hours. */
const rememberedMs = 2 * 3_600_000;
/** Many more than one process hands over in that time; beyond it the oldest is forgotten. */
const rememberedCalls = 10_000;

/**
 * Calls that a human has, by what their carrier calls them: a carrier that lost its socket dials in again, and the AI must not have
 * the call a second time. Kept as digests, for this process and for those beside it.
 */
export class HandedOverCalls {
  readonly #calls = new Map<string, number>();
  readonly #tell: (call: string) => void;

  /** `tell` is called with what the other processes have to {@link learn}. */
  constructor(tell: (call: string) => void) {
    this.#tell = tell;
  }

  /** A human has this call of this route. Without an id nobody can come again for it. */
  add(route: string, id: string): void {
    if (id === '') return;
    const call = keyOf(route, id);
    this.learn(call);
    this.#tell(call);
  }

  learn(call: string): void {
    const now = performance.now();
    this.#calls.delete(call);
    this.#calls.set(call, now);
    for (const [oldest, since] of this.#calls) {
      if (since >= now - rememberedMs && this.#calls.size <= rememberedCalls) return;
      this.#calls.delete(oldest);
    }
  }

  has(route: string, id: string): boolean {
    const since = this.#calls.get(keyOf(route, id));
    return since !== undefined && since >= performance.now() - rememberedMs;
  }
}

function keyOf(route: string, id: string): string {
  return digestOf(`${route}/${id}`).toString('base64');
}
