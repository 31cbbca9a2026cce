/** Counts of a reliability run across Jest's processes, each of which appends lines to a file. */
import { appendFileSync, readFileSync } from "node:fs";
import { type Sandbox } from "../../provider/sandbox";

/** The path of the file; unset in `npm run test:all`, which does not count. */
const FILE = process.env["RELIABILITY_COUNTS"];

/** The counts of a run. */
export interface RunCounts {
  /** Generated cases of properties. */
  cases: number;
  /** Requests that faults have affected. */
  faults: number;
}

export function count(what: keyof RunCounts, number: number): void {
  if (FILE !== undefined && FILE !== "" && number > 0) {
    appendFileSync(FILE, `${what} ${number}\n`);
  }
}

/** Adds the number of requests that faults have affected. */
export function countFaults({
  databar,
  supermetrics,
}: Pick<Sandbox, "databar" | "supermetrics">): void {
  count("faults", databar.faultsMet + supermetrics.faultsMet);
}

/** Sums the counts of a file. */
export function readRunCounts(file: string): RunCounts {
  const counts: RunCounts = { cases: 0, faults: 0 };
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [what, number] = line.split(" ");
    if (what === "cases" || what === "faults") {
      counts[what] += Number(number);
    }
  }
  return counts;
}
