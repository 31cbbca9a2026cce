/**
 * `npm run reliability -- [--factor N] [--seed N] [jest arguments]`: the reliability tests, with
 * more cases than `npm run test:all` runs.
 */
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runJest } from "./run-jest";
import { readRunCounts } from "../test/reliability/run-counts";

const USAGE = `Usage: npm run reliability -- [--factor N] [--seed N] [jest arguments]

Runs the tests of test/reliability with every boundary, fault and layout, and N times the generated cases of npm run test:all.
The package must have been built (npm ci or npm run build).

  --factor N   how many times the usual cases; default 20
  --seed N     where generation starts; a failure prints its seed
  -h, --help   print this
`;

const NUMBER = /^-?\d+$/;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      factor: { type: "string", default: "20" },
      seed: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    return void process.stdout.write(USAGE);
  }
  for (const [name, value] of Object.entries({ factor: values.factor, seed: values.seed })) {
    if (value !== undefined && !NUMBER.test(value)) {
      throw new Error(`--${name} must be a whole number, not ${value}.`);
    }
  }
  const file = join(tmpdir(), `pulumi-connectors-reliability-${process.pid}`);
  writeFileSync(file, "");
  await runJest("reliability", positionals, {
    RELIABILITY_COUNTS: file,
    RELIABILITY_FACTOR: values.factor,
    ...(values.seed !== undefined && { RELIABILITY_SEED: values.seed }),
  });
  const { cases, faults } = readRunCounts(file);
  rmSync(file);
  process.stdout.write(
    `\n${cases.toLocaleString("en")} generated cases, ${faults.toLocaleString("en")} requests met by a fault\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
});
