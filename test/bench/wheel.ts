/** Sends on a beat. `due` is the `performance.now()` at which it should have been called. */
export type Beat = (due: number) => void;

const turnMs = 1000;
const slotMs = 0.25;
const slots = turnMs / slotMs;

/**
 * One timer for the whole load: a wheel that turns once a second, in slots of 0.25 ms. It never skips a slot, so a
 * late driver still sends every frame, and its lateness can be read from `due`. Between two slots it yields to the
 * sockets, so that frames that have arrived are not timed against frames that are still being sent.
 */
export class Wheel {
  readonly #slots: Beat[][] = Array.from({ length: slots }, () => []);
  #startedAt = 0;
  #position = 0;
  #running = false;

  /** Calls `beat` every `everyMs` (a divisor of one second), at a point of the turn given by `phase` (0 to 1). */
  add(everyMs: number, phase: number, beat: Beat): void {
    const step = everyMs / slotMs;
    for (let slot = Math.floor(phase * step); slot < slots; slot += step) this.#slots[slot]?.push(beat);
  }

  start(): void {
    this.#running = true;
    this.#startedAt = performance.now();
    this.#position = 0;
    setImmediate(this.#turn);
  }

  stop(): void {
    this.#running = false;
  }

  readonly #turn = (): void => {
    if (!this.#running) return;
    const due = this.#startedAt + this.#position * slotMs;
    if (due > performance.now()) {
      setTimeout(this.#turn, 1);
      return;
    }
    for (const beat of this.#slots[this.#position % slots] ?? []) beat(due);
    this.#position++;
    setImmediate(this.#turn);
  };
}
