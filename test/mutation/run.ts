/** `npm run mutation -- [part ...]`: breaks the library on purpose, place by place, and counts what the unit tests notice. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** What is broken. The parts differ in the tests that they need: see jest.config.js. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  lifecycle: ["provider/lifecycle/**/*.ts"],
  vendors: ["provider/vendors/**/*.ts"],
  http: ["provider/http/**/*.ts", "!provider/http/{limiter,slot-log,pauses,rate-limit}.ts"],
  pacing: ["provider/http/{limiter,slot-log,pauses,rate-limit}.ts"],
};

function main(names: readonly string[]): void {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}. The parts are ${Object.keys(PARTS).join(", ")}.`);
  if (run("npm", ["ci", "--prefix", __dirname]) !== 0) throw new Error("Stryker could not be installed.");
  const failed = (names.length > 0 ? names : Object.keys(PARTS)).filter((part) => mutate(part) !== 0);
  if (failed.length > 0) throw new Error(`Too many mutants survived in ${failed.join(", ")}; see test/mutation/report/.`);
}

function mutate(part: string): number {
  const report = (extension: string): string => join("test/mutation/report", `${part}.${extension}`);
  const stryker = join(__dirname, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const args = ["run", "test/mutation/stryker.config.json", "--mutate", PARTS[part]!.join(","), "--incrementalFile", report("incremental.json")];
  return run(process.execPath, [stryker, ...args], { MUTATION_PART: part });
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  // npm is a script of the shell on Windows.
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", shell: command === "npm" && process.platform === "win32", env: { ...process.env, ...env } });
  return status ?? 1;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
