/**
 * Wall time, CPU time and peak memory of `pulumi-connectors` commands as processes, for a folder with
 * one connector per file.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../../harness/e2e/command";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { startSandbox, type Sandbox } from "../../provider/sandbox";
import { type Definition, definitions } from "../definitions";
import { watchProcesses } from "../processes";
import { exactly, type Line, type Row } from "../row";
import { type VendorName } from "../sandbox-process";
import { seconds, spread } from "../stats";
import { type Bench } from "../world";

/** A limit of a command for a number of connectors. */
interface Goal {
  readonly n: number;
  readonly seconds?: number;
  readonly megabytes?: number;
}

interface Measured {
  readonly id: string;
  readonly what: string;
  readonly args: readonly string[];
  /** Half of the definitions are of each vendor; otherwise all are of Databar. */
  readonly isMixed?: boolean;
  readonly exitCode?: number;
  /** What the output holds. */
  readonly prints: (n: number) => string;
  readonly goals?: readonly Goal[];
}

const COMMANDS: readonly Measured[] = [
  {
    ...{ id: "validate", what: "`validate`, half of the connectors of each vendor" },
    ...{ args: ["validate"], isMixed: true },
    prints: (n) => (n === 1 ? "1 connector checked" : `${n} connectors checked`),
    goals: [
      { n: 1, seconds: 0.4 },
      { n: 1_000, seconds: 1.2 },
    ],
  },
  {
    ...{ id: "plan", what: "`plan`, every connector compared, half of them differ" },
    ...{ args: ["plan"], exitCode: 3 },
    prints: (n) => `${Math.floor(n / 2)} to update`,
    goals: [{ n: 6_000, seconds: 10, megabytes: 250 }],
  },
  {
    ...{ id: "export", what: "`export` of all connectors to an empty folder" },
    args: ["export", "--vendor", "databar", "--out", "exported", "--values", "values.json"],
    prints: (n) => `${n} connectors exported`,
  },
  {
    ...{ id: "request", what: "`request` of one of the connectors" },
    args: ["request", "c00000", "--set", "domain=acme.com", "--set", "company_domain=acme.com"],
    prints: () => "POST https://api.example.com/v1/score/0",
  },
];

const SIZES = [1, 1_000, 6_000];

const TYPES: Readonly<Record<VendorName, string>> = {
  databar: "DatabarConnector",
  supermetrics: "SupermetricsConnector",
};

export const commands: Row = {
  ids: COMMANDS.map(({ id }) => id),
  async run(bench, wanted) {
    const lines: Line[] = [];
    for (const command of COMMANDS.filter(({ id }) => wanted.has(id))) {
      const sizes = SIZES.filter((n) => n > 1 || command.goals?.some((goal) => goal.n === n));
      for (const n of new Set(sizes.map((size) => bench.size(size, size)))) {
        lines.push(...(await measure(bench, command, n)));
      }
    }
    return lines;
  },
};

async function measure(bench: Bench, command: Measured, n: number): Promise<readonly Line[]> {
  const { id, what, isMixed = false, goals = [] } = command;
  const folder = makeTempFolder("bench");
  const sandbox = await startSandbox();
  try {
    writeProject(folder, sandbox, n, isMixed);
    const walls: number[] = [];
    const cpus: number[] = [];
    let peak = 0;
    for (let run = bench.runs(5, 3); run > 0; run--) {
      const watched = watchProcesses(20);
      walls.push(await seconds(() => runOnce(command, folder, sandbox, n)));
      const own = watched.stop().filter((each) => each.command.includes("cli/main.js"));
      cpus.push(own.reduce((sum, { cpu }) => sum + cpu, 0));
      peak = Math.max(peak, ...own.map((each) => each.peak / 1e6));
    }
    const goal = goals.find((each) => each.n === n);
    const [wall, cpu, memory] = [spread(walls), spread(cpus), Math.round(peak)];
    return [
      { id, what, n, unit: "s", value: wall, ...verdict(goal?.seconds, wall.median, "s") },
      { id, what: "the same: CPU time", n, unit: "s", value: cpu, goal: "" },
      {
        ...{ id, what: "the same: peak memory (RSS)", n, unit: "MB", value: exactly(memory) },
        ...verdict(goal?.megabytes, memory, "MB"),
      },
    ];
  } finally {
    await sandbox.close();
    deleteTempFolder(folder);
  }
}

function verdict(
  limit: number | undefined,
  value: number,
  unit: string,
): Pick<Line, "goal" | "met"> {
  return limit === undefined
    ? { goal: "" }
    : { goal: `at most ${limit} ${unit}`, met: value <= limit };
}

async function runOnce(
  { args, exitCode = 0, prints }: Measured,
  folder: string,
  { databar }: Sandbox,
  n: number,
): Promise<void> {
  rmSync(join(folder, "exported"), { recursive: true, force: true });
  rmSync(join(folder, "values.json"), { force: true });
  const run = await runCommand(args, folder, {
    DATABAR_API_KEY: "any",
    DATABAR_BASE_URL: databar.url,
  });
  if (run.exitCode !== exitCode || !run.stdout.includes(prints(n))) {
    throw new Error(`${run.stdout.slice(-2_000)}${run.stderr}`);
  }
}

/** Of the connectors at Databar, half are as they are defined; of the others, one header differs. */
function writeProject(folder: string, { databar }: Sandbox, n: number, isMixed: boolean): void {
  mkdirSync(join(folder, "connectors"));
  const half = Math.floor(n / 2);
  Object.entries(definitions("databar", isMixed ? n - half : n)).forEach(
    ([name, definition], index) => {
      seed(databar, definition, index % 2 === 0 ? "application/json" : "text/csv");
      write(folder, "databar", name, definition);
    },
  );
  for (const [name, definition] of Object.entries(
    isMixed ? definitions("supermetrics", half) : {},
  )) {
    write(folder, "supermetrics", `s-${name}`, definition);
  }
}

function seed(
  databar: Sandbox["databar"],
  { headers, parameters, body, rateLimit, maxConcurrency, ...rest }: Definition,
  Accept: string,
): void {
  databar.seed({
    ...rest,
    headers: pairs({ ...(headers as Definition), Accept }),
    parameters: pairs(parameters as Definition),
    body: pairs(body as Definition),
    rate_limit: rateLimit as number,
    max_concurrency: maxConcurrency as number,
  });
}

function pairs(values: Definition): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** With references in place of credentials, as in files that are committed to git. */
function write(
  folder: string,
  vendor: VendorName,
  name: string,
  { headers, secrets, ...rest }: Definition,
): void {
  const properties = {
    ...rest,
    ...(headers !== undefined && {
      headers: { ...headers, Authorization: "Bearer ${config.key}" },
    }),
    ...(secrets !== undefined && { secrets: { api_key: "${config.key}" } }),
  };
  const document = { connectors: { [name]: { type: TYPES[vendor], properties } } };
  writeFileSync(join(folder, "connectors", `${name}.yaml`), stringify(document));
}
