import { type Comparison, type Spread } from "./stats";
import { type Bench } from "./world";

/** One line of the table. */
export interface Line {
  readonly id: string;
  readonly what: string;
  /** Number of connectors. */
  readonly n?: number;
  readonly unit: string;
  readonly value: Spread;
  /** The value to compare with, in the same unit. */
  readonly baseline?: Spread;
  readonly ratio?: number;
  readonly pairs?: Spread;
  readonly goal: string;
  /** The number of connectors that the goal applies to. Default: any. */
  readonly goalN?: number;
  /** Omitted if the line has no goal. */
  readonly met?: boolean;
}

/** Measurements that share deployments. */
export interface Row {
  /** The ids of the lines, which `--only` accepts. */
  readonly ids: readonly string[];
  /** Part of a short run only if `--only` names it. */
  readonly fullOnly?: boolean;
  /** @param wanted the ids to measure */
  readonly run: (bench: Bench, wanted: ReadonlySet<string>) => Promise<readonly Line[]>;
}

/** A value without variation. */
export function exactly(value: number): Spread {
  return { median: value, min: value, max: value, runs: 1 };
}

/** A line for a comparison whose ratio must not exceed `maxRatio`. */
export function compared(
  line: Pick<Line, "id" | "what" | "n" | "unit" | "goal" | "goalN">,
  { value, baseline, ratio, pairs }: Comparison,
  maxRatio: number,
): Line {
  return { ...line, value, baseline, ratio, pairs, met: ratio <= maxRatio };
}
