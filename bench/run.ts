/**
 * `npm run bench`: measures the figures of docs/scale.md, prints them as a table, and draws the
 * chart.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chart } from "./chart";
import { type Line, type Row } from "./row";
import { rows } from "./rows";
import { machineLine, table } from "./table";
import { type Bench, openBench } from "./world";

const ROOT = resolve(__dirname, "..");

const USAGE = `Usage: npm run bench -- [--full] [--only ROW]... [--engine local|pulumi] [--n N] [--runs K] [--chart]

Measures against the sandbox and prints a Markdown table. Writes the figures to bench/results.json.

  --full         use the sizes of the goals; takes more than an hour on the Pulumi CLI. Default: a short run
  --only ROW     measure this row only; can be repeated. One of: ${rows.flatMap(({ ids }) => ids).join(", ")}
  --engine NAME  default: the environment variable CONNECTORS_ENGINE, then the CLI if it is on PATH, else local
  --n N          number of connectors in every row
  --runs K       number of runs of every measurement
  --chart        draw docs/performance.svg even after a short run
  -h, --help     print this
`;

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      engine: { type: "string" },
      n: { type: "string" },
      runs: { type: "string" },
      chart: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    return void process.stdout.write(USAGE);
  }
  const wanted = wantedIds(values.only, values.full);
  const settings = {
    engine: values.engine ?? process.env.CONNECTORS_ENGINE,
    full: values.full,
    n: whole("n", values.n),
    runs: whole("runs", values.runs),
  };
  const bench = await openBench(settings);
  try {
    const lines = await measureAll(bench, rows, wanted);
    report(bench, lines, values.full || values.chart);
  } finally {
    bench.sandbox.close();
  }
}

function wantedIds(only: readonly string[] | undefined, full: boolean): ReadonlySet<string> {
  const known = rows.flatMap(({ ids }) => ids);
  const unknown = only?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new Error(`Unknown row "${unknown}".`);
  }
  return new Set(
    only ?? rows.filter(({ fullOnly }) => full || !fullOnly).flatMap(({ ids }) => ids),
  );
}

function whole(name: string, value: string | undefined): number | undefined {
  if (value !== undefined && !/^[1-9]\d*$/.test(value)) {
    throw new Error(`--${name} must be a whole number above 0, not ${value}.`);
  }
  return value === undefined ? undefined : Number(value);
}

/** A row that fails does not take the figures of the others with it. */
async function measureAll(
  bench: Bench,
  all: readonly Row[],
  wanted: ReadonlySet<string>,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const row of all) {
    const ids = row.ids.filter((id) => wanted.has(id));
    if (ids.length === 0) {
      continue;
    }
    bench.say(`${ids.join(", ")} …`);
    try {
      lines.push(...(await row.run(bench, new Set(ids))));
      store(bench, lines);
    } catch (error) {
      process.exitCode = 1;
      bench.say(
        `${ids.join(", ")} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  return lines;
}

function report(bench: Bench, lines: readonly Line[], draws: boolean): void {
  const machine = machineLine(engineName(bench), bench.kindOfRun);
  store(bench, lines);
  process.stdout.write(`${machine}\n\n${table(lines)}\n`);
  const drawn = draws ? chart(bench.points, machine.split("; ")[0] ?? "") : undefined;
  if (drawn !== undefined) {
    writeFileSync(join(ROOT, "docs/performance.svg"), drawn);
  }
}

/** Called after each row, so that an interrupted run keeps its results. */
function store(bench: Bench, lines: readonly Line[]): void {
  const machine = machineLine(engineName(bench), bench.kindOfRun);
  writeFileSync(
    join(ROOT, "bench/results.json"),
    `${JSON.stringify({ machine, lines, points: bench.points }, undefined, 2)}\n`,
  );
}

function engineName({ engine }: Bench): string {
  if (engine.name === "local") {
    return "local engine of this repository";
  }
  return `Pulumi CLI ${spawnSync("pulumi", ["version"], { encoding: "utf8" }).stdout.trim().replace(/^v/, "")} with a file backend`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
});
