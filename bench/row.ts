import { type Comparison, type Spread } from "./stats";
import { type Bench } from "./world";

/** One line of the table. */
export interface Line {
  readonly id: string;
  readonly what: string;
  /** How many connectors. */
  readonly n?: number;
  readonly unit: string;
  readonly value: Spread;
  /** What it is compared with, in the same unit. */
  readonly baseline?: Spread;
  readonly ratio?: number;
  readonly pairs?: Spread;
  readonly goal: string;
  /** The number of connectors that the goal speaks of; fewer say nothing about it. Default: any number. */
  readonly goalN?: number;
  /** Left out where the line has no goal of its own. */
  readonly met?: boolean;
}

/** Measurements that are taken together, because they need the same deployments. */
export interface Row {
  /** What `--only` may name, and what the lines are called. */
  readonly ids: readonly string[];
  /** Not part of a short run unless it is named. */
  readonly fullOnly?: boolean;
  /** @param wanted those of the ids that are asked for. */
  readonly run: (bench: Bench, wanted: ReadonlySet<string>) => Promise<readonly Line[]>;
}

/** A number that does not vary. */
export function exactly(value: number): Spread {
  return { median: value, min: value, max: value, runs: 1 };
}

/** A line about a comparison whose ratio must not exceed a bound. */
export function compared(
  line: Pick<Line, "id" | "what" | "n" | "unit" | "goal" | "goalN">,
  { value, baseline, ratio, pairs }: Comparison,
  most: number,
): Line {
  return { ...line, value, baseline, ratio, pairs, met: ratio <= most };
}
