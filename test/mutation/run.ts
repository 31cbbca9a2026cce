/**
 * `npm run mutation -- [part ...]`: mutates the library and counts the mutants that the unit tests
 * detect.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { PARTS } from "./parts";

const ROOT = resolve(__dirname, "../..");
const REPORT = join(__dirname, "report");

/** Minimum score in percent; the command fails below it. */
const MIN_SCORE = 85;

/** Mutants by status: `Killed`, `Timeout`, `Survived`, `NoCoverage`, `Ignored` and others. */
type Counts = Record<string, number>;

function main(names: readonly string[]): void {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new Error(
      `Unknown part: ${unknown.join(", ")}. The parts are ${Object.keys(PARTS).join(", ")}.`,
    );
  }
  run("npm", ["ci", "--prefix", __dirname]);
  const total: Counts = {};
  for (const part of names.length > 0 ? names : Object.keys(PARTS)) {
    mutate(part);
    const counts = countsOf(part);
    for (const [status, count] of Object.entries(counts)) {
      total[status] = (total[status] ?? 0) + count;
    }
    process.stdout.write(`${part}: ${describe(counts)}\n`);
  }
  process.stdout.write(`all: ${describe(total)}\nThe reports are in ${REPORT}.\n`);
  if (scoreOf(total) < MIN_SCORE) {
    throw new Error(`The score is below ${MIN_SCORE} %.`);
  }
}

function mutate(part: string): void {
  const stryker = join(__dirname, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const incremental = join("test/mutation/report", `${part}.incremental.json`);
  run(
    process.execPath,
    [
      stryker,
      "run",
      "test/mutation/stryker.config.json",
      "--mutate",
      PARTS[part]!.mutate.join(","),
      "--incrementalFile",
      incremental,
    ],
    { MUTATION_PART: part },
  );
  for (const extension of ["json", "html"]) {
    renameSync(join(REPORT, `mutation.${extension}`), join(REPORT, `${part}.${extension}`));
  }
}

function countsOf(part: string): Counts {
  const { files } = JSON.parse(readFileSync(join(REPORT, `${part}.json`), "utf8")) as {
    files: Record<string, { mutants: readonly { status: string }[] }>;
  };
  const counts: Counts = {};
  for (const { status } of Object.values(files).flatMap(({ mutants }) => mutants)) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function detected({ Killed = 0, Timeout = 0 }: Counts): number {
  return Killed + Timeout;
}

function valid(counts: Counts): number {
  const { Survived = 0, NoCoverage = 0 } = counts;
  return detected(counts) + Survived + NoCoverage;
}

function scoreOf(counts: Counts): number {
  return (100 * detected(counts)) / valid(counts);
}

function describe(counts: Counts): string {
  return `${scoreOf(counts).toFixed(1)} % (${detected(counts)} of ${valid(counts)} mutants detected, ${counts["Timeout"] ?? 0} of them by a timeout; ${counts["Ignored"] ?? 0} ignored)`;
}

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  // On Windows, npm is a shell script.
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    shell: command === "npm" && process.platform === "win32",
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args[0] ?? ""} failed.`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
