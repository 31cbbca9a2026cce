/** `npm run mutation -- [part ...]`: breaks the library on purpose, place by place, and counts what the unit tests notice. */
import { spawnSync } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const REPORT = join(__dirname, "report");

/** In percent; below it the command fails. */
const LEAST_SCORE = 85;

/** What only tests that wait can tell. */
const PACING = ["limiter", "slot-log", "pauses", "rate-limit"].map(
  (name) => `provider/http/${name}.ts`,
);

/** What is broken. The parts differ in the tests that they need: see jest.config.js. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  lifecycle: ["provider/lifecycle/**/*.ts"],
  vendors: ["provider/vendors/**/*.ts"],
  http: ["provider/http/**/*.ts", ...PACING.map((path) => `!${path}`)],
  pacing: PACING,
};

/** How many mutants ended how: `Killed`, `Timeout`, `Survived`, `NoCoverage`, `Ignored` and others. */
type Counts = Record<string, number>;

function main(names: readonly string[]): void {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new Error(
      `There is no part ${unknown.join(", ")}. The parts are ${Object.keys(PARTS).join(", ")}.`,
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
  if (scoreOf(total) < LEAST_SCORE) {
    throw new Error(`The score is below ${LEAST_SCORE} %.`);
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
      PARTS[part]!.join(","),
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

function noticed({ Killed = 0, Timeout = 0 }: Counts): number {
  return Killed + Timeout;
}

function judged(counts: Counts): number {
  const { Survived = 0, NoCoverage = 0 } = counts;
  return noticed(counts) + Survived + NoCoverage;
}

function scoreOf(counts: Counts): number {
  return (100 * noticed(counts)) / judged(counts);
}

function describe(counts: Counts): string {
  return `${scoreOf(counts).toFixed(1)} % (${noticed(counts)} of ${judged(counts)} mutants noticed, ${counts["Timeout"] ?? 0} of them by a time-out; ${counts["Ignored"] ?? 0} left out)`;
}

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  // npm is a script of the shell on Windows.
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
