import { Random } from './random.ts';

const resamples = 1_000;

/** A share with its 95 % bootstrap interval over calls, each in per cent. */
export interface Interval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** `values` holds, for each call, how much of the numerator and of the denominator it brings. */
export function interval(values: readonly (readonly [number, number])[], seed = 1): Interval {
  const random = new Random(seed);
  const share = (list: readonly (readonly [number, number])[]): number => {
    let above = 0;
    let below = 0;
    for (const [top, bottom] of list) {
      above += top;
      below += bottom;
    }
    return below === 0 ? 0 : (100 * above) / below;
  };
  if (values.length === 0) return { share: 0, low: 0, high: 0 };
  const shares = Array.from({ length: resamples }, () => share(values.map(() => random.pick(values)))).sort(
    (a, b) => a - b,
  );
  const at = (quantile: number): number => shares[Math.min(resamples - 1, Math.floor(quantile * resamples))] ?? 0;
  return { share: share(values), low: at(0.025), high: at(0.975) };
}

export function percentile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0;
}

export const format = ({ share, low, high }: Interval): string =>
  `${share.toFixed(1)} % (${low.toFixed(1)}-${high.toFixed(1)})`;
