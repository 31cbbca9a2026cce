/** Duration and peak memory of the process `pulumi-connectors plan`, one definition per file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../../harness/e2e/command";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { startSandbox, type Sandbox } from "../../provider/sandbox";
import { type Definition, definitions } from "../definitions";
import { watchProcesses } from "../processes";
import { exactly, type Row } from "../row";
import { seconds, spread } from "../stats";

const MAX_SECONDS = 10;
const MAX_MEGABYTES = 250;

/** The size of the goal. */
const LARGEST = 6_000;

export const plan: Row = {
  ids: ["plan"],
  async run(bench) {
    const n = bench.size(LARGEST, LARGEST);
    const folder = makeTempFolder("bench");
    const sandbox = await startSandbox();
    try {
      seed(folder, sandbox, n);
      const times: number[] = [];
      let peak = 0;
      for (let run = bench.runs(5, 3); run > 0; run--) {
        const watched = watchProcesses(20);
        times.push(await seconds(() => planOnce(folder, sandbox, n)));
        const own = watched.stop().filter(({ command }) => command.includes("cli/main.js"));
        peak = Math.max(peak, ...own.map((each) => each.peak / 1024 / 1024));
      }
      const time = spread(times);
      const what = "`plan` as a process, one definition per file, every connector compared";
      return [
        {
          ...{ id: "plan", what, n, unit: "s", value: time },
          ...{ goal: `below ${MAX_SECONDS} s`, met: time.median < MAX_SECONDS },
        },
        {
          ...{ id: "plan", what: `${what}: peak memory (RSS)`, n, unit: "MB" },
          ...{ value: exactly(Math.round(peak)), goal: `below ${MAX_MEGABYTES} MB` },
          ...{ goalN: LARGEST, met: peak < MAX_MEGABYTES },
        },
      ];
    } finally {
      await sandbox.close();
      deleteTempFolder(folder);
    }
  },
};

/** Half of the connectors exist as they are defined; of the others, one header differs. */
function seed(folder: string, { databar }: Sandbox, n: number): void {
  mkdirSync(join(folder, "connectors"));
  Object.entries(definitions("databar", n)).forEach(([name, definition], index) => {
    const { headers, parameters, body, rateLimit, maxConcurrency, ...rest } = definition;
    const Accept = index % 2 === 0 ? "application/json" : "text/csv";
    databar.seed({
      ...rest,
      headers: pairs({ ...(headers as Definition), Accept }),
      parameters: pairs(parameters as Definition),
      body: pairs(body as Definition),
      rate_limit: rateLimit as number,
      max_concurrency: maxConcurrency as number,
    });
    const properties = {
      ...definition,
      headers: { ...(headers as Definition), Authorization: "Bearer ${config.key}" },
    };
    const document = { connectors: { [name]: { type: "DatabarConnector", properties } } };
    writeFileSync(join(folder, "connectors", `${name}.yaml`), stringify(document));
  });
}

function pairs(values: Definition): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

async function planOnce(folder: string, { databar }: Sandbox, n: number): Promise<void> {
  const { exitCode, stdout, stderr } = await runCommand(["plan"], folder, {
    DATABAR_API_KEY: "any",
    DATABAR_BASE_URL: databar.url,
  });
  if (exitCode !== 3 || !stdout.includes(`${Math.floor(n / 2)} to update`)) {
    throw new Error(`${stdout.slice(-2_000)}${stderr}`);
  }
}
