/** Several measurements of the same thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Two things measured in turn, so that whatever else the machine does meets both. */
export interface Comparison {
  readonly value: Spread;
  readonly baseline: Spread;
  /** Median over median. */
  readonly ratio: number;
  /** The ratios of the pairs, each taken one right after the other. */
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

/** Measures each in turn, so many rounds: A B C A B C. Every other round goes backwards, so that none is always first. */
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

/** Seconds that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
