import { cpus } from "node:os";
import { type Line } from "./row";
import { type Spread } from "./stats";

const HEAD = ["row", "what", "N", "measured", "against", "ratio", "goal", "met"];

/** The environment of the figures, without details that identify the machine. */
export function machineLine(engine: string, run: string): string {
  return `${cpus().length} CPUs, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${engine}; ${run}. Median (minimum to maximum) of the runs.`;
}

/** A Markdown table for docs/scale.md. */
export function table(lines: readonly Line[]): string {
  return [HEAD, HEAD.map(() => "---"), ...lines.map(cells)]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

function cells({
  id,
  what,
  n,
  unit,
  value,
  baseline,
  ratio,
  pairs,
  goal,
  goalN,
  met,
}: Line): string[] {
  const range = pairs && pairs.runs > 1 ? ` (${number(pairs.min)} to ${number(pairs.max)})` : "";
  return [
    id,
    what,
    n === undefined ? "" : n.toLocaleString("en"),
    shown(value, unit),
    baseline ? shown(baseline, unit) : "",
    ratio === undefined ? "" : `${number(ratio)}${range}`,
    goal,
    verdict(met, n, goalN),
  ];
}

function verdict(met: boolean | undefined, n: number | undefined, goalN = 0): string {
  if (met === undefined) {
    return "";
  }
  if ((n ?? 0) < goalN) {
    return `(at ${goalN.toLocaleString("en")})`;
  }
  return met ? "yes" : "**no**";
}

function shown({ median, min, max, runs }: Spread, unit: string): string {
  return `${number(median)} ${unit}${runs > 1 ? ` (${number(min)} to ${number(max)})` : ""}`.replace(
    " %",
    "%",
  );
}

/** Three significant digits; whole numbers unchanged. */
export function number(value: number): string {
  if (Number.isNaN(value)) {
    return "?";
  }
  if (Number.isInteger(value) || Math.abs(value) >= 1000) {
    return Math.round(value).toLocaleString("en");
  }
  return String(Number(value.toPrecision(3)));
}
