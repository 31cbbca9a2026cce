import { type Style } from "../../provider/cli/terminal/style";

/** The result of a step of the demo. */
export interface Outcome {
  readonly title: string;
  /** In words, for example `1 changed, 15 unchanged`. */
  readonly result: string;
  /** Number of requests that the vendors received. */
  readonly calls: number;
}

/** Widths of the title and of the result. */
const COLUMNS = [47, 23] as const;

/** A row per step: the step, its result, and the number of API calls. */
export function summary(outcomes: readonly Outcome[], style: Style): string {
  const row = (number: string, title: string, result: string, calls: string): string =>
    `${number.padStart(2)}  ${title.padEnd(COLUMNS[0])}${result.padEnd(COLUMNS[1])}${calls.padStart(6)}`;
  const rows = outcomes.map(({ title, result, calls }, index) =>
    row(String(index + 1), title, result, String(calls)).replace(/\d+ failed/, (text) =>
      style("red", text),
    ),
  );
  return [style("bold", row("", "Step", "Connectors", "Calls")), ...rows]
    .map((line) => `${line}\n`)
    .join("");
}
