/** What a run of the reliability tests did, counted across jest's processes: each adds lines to a file. */
import { appendFileSync, readFileSync } from "node:fs";
import { type Sandbox } from "../../provider/sandbox";

/** Where to; unset in `npm run test:all`, which counts nothing. */
const FILE = process.env["RELIABILITY_COUNTS"];

/** What is counted. */
export interface RunCounts {
  /** Generated cases of properties. */
  cases: number;
  /** Requests that a sandbox met with a fault. */
  faults: number;
}

export function count(what: keyof RunCounts, number: number): void {
  if (FILE !== undefined && FILE !== "" && number > 0) {
    appendFileSync(FILE, `${what} ${number}\n`);
  }
}

/** Counts the requests that a sandbox has met with a fault. */
export function countFaults({
  databar,
  supermetrics,
}: Pick<Sandbox, "databar" | "supermetrics">): void {
  count("faults", databar.faultsMet + supermetrics.faultsMet);
}

/** The sums of a file. */
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
