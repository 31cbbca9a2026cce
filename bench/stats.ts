/** Several measurements of the same thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Two interleaved measurements, so that other load on the machine affects both. */
export interface Comparison {
  readonly value: Spread;
  readonly baseline: Spread;
  /** The ratio of the medians. */
  readonly ratio: number;
  /** The ratios of consecutive measurements. */
  readonly pairs: Spread;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function spread(values: readonly number[]): Spread {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
  };
}

export function compare(values: readonly number[], baselines: readonly number[]): Comparison {
  const pairs = values
    .slice(0, baselines.length)
    .map((value, run) => value / (baselines[run] ?? NaN));
  return {
    value: spread(values),
    baseline: spread(baselines),
    ratio: median(values) / median(baselines),
    pairs: spread(pairs),
  };
}

/** A measurement that takes longer than these seconds is not repeated. */
const LONGEST_REPEATED = 120;

/**
 * Runs all measurements in rounds: A B C, C B A, A B C. The order alternates, so that none is
 * always first. Long measurements are in the first round only.
 */
export async function interleave(
  runs: number,
  measures: readonly (() => Promise<number>)[],
): Promise<number[][]> {
  const found: number[][] = measures.map(() => []);
  const isLong = measures.map(() => false);
  for (let run = 0; run < runs; run++) {
    const order = measures.map((_, index) => index);
    if (run % 2 === 1) {
      order.reverse();
    }
    for (const index of order.filter((each) => !isLong[each])) {
      const taken = await seconds(async () => {
        found[index]?.push((await measures[index]?.()) ?? NaN);
      });
      isLong[index] = taken > LONGEST_REPEATED;
    }
  }
  return found;
}

/** The duration of `work` in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
