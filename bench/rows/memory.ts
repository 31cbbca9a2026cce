/**
 * The memory of the provider process for connectors with large configurations. Runs without an
 * engine: its state would reach 60 MB and is written after each of thousands of resources, which
 * does not affect the provider's memory.
 */
import { fork } from "node:child_process";
import { join } from "node:path";
import { providerText } from "../../provider/pulumi/program/provider-text";
import { type MemoryAnswer, type MemoryTask } from "../memory-driver";
import { canSeeProcesses } from "../processes";
import { exactly, type Line, type Row } from "../row";
import { compare, interleave } from "../stats";
import { type Bench, mocked, unlimited } from "../world";

const MAX_MEGABYTES = 250;

/** The size of the goal. */
const LARGEST = 2_000;

const TEXT = providerText("supermetrics");

export const memory: Row = {
  ids: ["memory"],
  async run(bench) {
    if (!canSeeProcesses) {
      throw new Error("The memory of another process is read from /proc, which this system lacks.");
    }
    const largest = bench.size(LARGEST, 100);
    const lines: Line[] = [];
    for (const kind of ["single", "fleet"] as const) {
      for (const n of [4, 2, 1].map((part) => Math.max(1, Math.round(largest / part)))) {
        lines.push(await measure(bench, kind, n));
      }
    }
    return lines;
  },
};

/** The baseline is the SDK's process with the same messages and a provider that does nothing. */
async function measure(bench: Bench, kind: MemoryTask["kind"], n: number): Promise<Line> {
  const of = kind === "fleet" ? "a fleet" : "single resources";
  const line = {
    id: "memory",
    what: `peak memory (RSS) of the provider process that creates ${of} with 30 kB configurations, against one that does nothing`,
    n,
    unit: "MB",
    goal: `below ${MAX_MEGABYTES} MB`,
    goalN: LARGEST,
  };
  const measures = [TEXT, mocked(TEXT)].map(
    (text) => () => megabytes(bench, { kind, n, text, config: unlimited(bench.sandbox) }),
  );
  try {
    const [ours = [], idle = []] = await interleave(
      kind === "fleet" ? 1 : bench.runs(3, 1),
      measures,
    );
    const { value, baseline, ratio } = compare(ours, idle);
    bench.say(`  ${of}, N = ${n}: ${value.median} MB, ${baseline.median} MB when nothing is done`);
    return { ...line, value, baseline, ratio, met: value.median < MAX_MEGABYTES };
  } catch (error) {
    // A process that runs out of memory is also a result.
    const reason = error instanceof Error ? error.message : String(error);
    bench.say(`  ${of}, N = ${n}: ${reason}`);
    return { ...line, what: `${line.what}: failed (${reason})`, value: exactly(NaN), met: false };
  }
}

async function megabytes(bench: Bench, task: MemoryTask): Promise<number> {
  return Math.round(((await peaksOf(bench, task))["create"] ?? NaN) / 1e6);
}

/** The peak memory of the provider of each deployment, in bytes. */
export async function peaksOf(
  bench: Bench,
  task: MemoryTask,
): Promise<Readonly<Record<string, number>>> {
  await bench.sandbox.reset();
  // The driver keeps the messages of the largest fleet.
  const execArgv = [...process.execArgv, "--max-old-space-size=8192"];
  const child = fork(join(__dirname, "../memory-driver.ts"), { execArgv });
  child.send(task);
  const answer = await new Promise<MemoryAnswer>((resolve) => {
    child.once("message", (message) => resolve(message as MemoryAnswer));
    child.once("exit", (code, signal) =>
      resolve({ failed: `the driver of the provider ended with ${signal ?? code}` }),
    );
  });
  if ("failed" in answer) {
    throw new Error(answer.failed.split("\n")[0]?.slice(0, 100));
  }
  return answer.peaks;
}
