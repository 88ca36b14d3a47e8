/** The two clocks of a process. */
export interface Clocks {
  /** ms UTC. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

/** Two clocks that differ by more than this do not agree, ms. */
const tolerance = 300_000;
/** A log that was silent for longer before this run says nothing about today, ms. */
const longestSilence = 35 * 86_400_000;

/**
 * Says why the wall clock cannot be believed, or undefined when it agrees with two others: with the monotonic clock
 * since the log was opened, and with the newest record that was there before. Purging by a clock that is years ahead
 * would destroy what must be kept.
 */
export function clockWitness({ now, monotonic }: Clocks, newestRecord: number): () => string | undefined {
  const wallStart = now();
  const start = monotonic();
  return () => {
    if (newestRecord > 0 && wallStart - newestRecord > longestSilence) {
      const days = Math.floor((wallStart - newestRecord) / 86_400_000);
      return `at the start of this run the clock was ${days} days ahead of the newest record`;
    }
    const step = now() - wallStart - (monotonic() - start);
    if (Math.abs(step) <= tolerance) return undefined;
    return `the clock was set by ${Math.round(step / 1000)} seconds since the log was opened`;
  };
}
