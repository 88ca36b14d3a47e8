/**
 * Seeds that every run plays again: each found something once, or stands for a day. A run that finds something prints its
 * seed; it is added here. `FUZZ_SEED` plays one seed alone, `FUZZ_RUNS` plays longer.
 */
const kept = [1, 42, 20_261_123];

export const seeds: readonly number[] =
  process.env['FUZZ_SEED'] === undefined ? [...kept, Date.now() % 2_147_483_647] : [Number(process.env['FUZZ_SEED'])];

/** `few` in the suite, more where somebody has the time. */
export function runs(few: number): number {
  return Number(process.env['FUZZ_RUNS'] ?? few);
}
