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
  const pairs = values.map((value, run) => value / (baselines[run] ?? NaN));
  return {
    value: spread(values),
    baseline: spread(baselines),
    ratio: median(values) / median(baselines),
    pairs: spread(pairs),
  };
}

/**
 * Runs all measurements in rounds: A B C, C B A, A B C. The order alternates, so that none is
 * always first.
 */
export async function interleave(
  runs: number,
  measures: readonly (() => Promise<number>)[],
): Promise<number[][]> {
  const found: number[][] = measures.map(() => []);
  for (let run = 0; run < runs; run++) {
    const order = measures.map((_, index) => index);
    if (run % 2 === 1) {
      order.reverse();
    }
    for (const index of order) {
      found[index]?.push((await measures[index]?.()) ?? NaN);
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
