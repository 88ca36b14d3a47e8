/** How a figure went over time: sampled once a second. */
export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Slope of a straight line through the second half of the samples, for each minute: the first half is warming up. */
  readonly perMinute: number;
}

export function trendOf(samples: readonly number[]): Trend {
  const settled = samples.slice(Math.floor(samples.length / 2));
  return {
    first: samples[0] ?? 0,
    last: samples.at(-1) ?? 0,
    most: Math.max(0, ...samples),
    perMinute: slopeOf(settled) * 60,
  };
}

/** Least squares over the index. */
export function slopeOf(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  let [above, below] = [0, 0];
  for (const [index, value] of samples.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
