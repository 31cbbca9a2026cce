/**
 * `npm run e2e -- --engine pulumi|local [jest arguments]`: runs the end-to-end scenarios on one
 * engine.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describeEngine } from "../harness/engine/select";
import { runJest } from "./run-jest";

const ROOT = resolve(__dirname, "..");

const USAGE = `Usage: npm run e2e -- [--engine pulumi|local] [jest arguments]

Runs the end-to-end scenarios against the sandbox.

  --engine pulumi   on the Pulumi CLI, which must be on PATH
  --engine local    on the local engine of this repository
                    default: the environment variable CONNECTORS_ENGINE, then the CLI if it is on PATH, else local
  -h, --help        print this

Everything else goes to jest, for example a file: npm run e2e -- --engine local test/e2e/secrets.test.ts
`;

interface Arguments {
  readonly help: boolean;
  readonly engine: string | undefined;
  readonly jest: readonly string[];
}

function main(args: readonly string[]): void {
  const { help, engine, jest } = parse(args);
  if (help) {
    return void process.stdout.write(USAGE);
  }
  try {
    if (engine === "") {
      throw new Error("--engine needs a value.");
    }
    process.stdout.write(`${describeEngine(engine)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (build() !== 0) {
    return void (process.exitCode = 1);
  }
  void runJest("e2e", jest, engine === undefined ? {} : { CONNECTORS_ENGINE: engine });
}

function parse(args: readonly string[]): Arguments {
  const jest: string[] = [];
  let engine = process.env.CONNECTORS_ENGINE || undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--engine") {
      engine = args[++at] ?? "";
    } else if (arg.startsWith("--engine=")) {
      engine = arg.slice("--engine=".length);
    } else {
      jest.push(arg);
    }
  }
  return { help: jest.some((arg) => arg === "--help" || arg === "-h"), engine, jest };
}

/** Builds the package, which the programs of the scenarios import, unless it is built. */
function build(): number {
  if (existsSync(join(ROOT, "dist/index.js"))) {
    return 0;
  }
  process.stdout.write("Building the package\n");
  return (
    spawnSync("npm", ["run", "-s", "build"], {
      cwd: ROOT,
      stdio: "inherit",
      shell: process.platform === "win32",
    }).status ?? 1
  );
}

main(process.argv.slice(2));
