/**
 * R8 beyond deployments: no secret of a vendor's answer comes out of the commands, of a program in
 * a test, of the log file or of the sandbox's own log. The vendor repeats the key and everything
 * that it holds, in each form.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabarConnector, SupermetricsConnector } from "../../provider";
import { exportCommand } from "../../provider/cli/export";
import { planCommand, type PlanCommandOptions } from "../../provider/cli/plan";
import { without } from "../../provider/model/state";
import { type Sandbox } from "../../provider/sandbox";
import { deployToSandbox } from "../../provider/testing";
import { canary, formsOf } from "../../harness/canary";
import { folderOf, removeFolders } from "../../harness/definition-folder";
import { failureOf } from "../../harness/errors";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { echoing, KEY, program, Watch } from "./canaries";
import { type FaultRow } from "./fault-matrix";
import { closeWorlds, openSandbox } from "./open-sandbox";

const { said } = isolate();
const VENDORS = ["databar", "supermetrics"] as const;
const ROWS: readonly FaultRow[] = [400, 403, 404, 422, 500].map((status) => ({
  name: String(status),
  fault: { status },
}));
const cwd = process.cwd();
let watch: Watch;
let sandbox: Sandbox;

beforeEach(async () => {
  watch = new Watch();
  sandbox = await openSandbox({ databar: { keys: [KEY] }, supermetrics: { keys: [KEY] } });
});
afterEach(async () => {
  process.chdir(cwd);
  Reflect.deleteProperty(process.env, "PULUMI_CONNECTORS_LOG_FILE");
  await closeWorlds();
  removeFolders();
});

/** The vendors answer each request of a method with everything that they know. */
function echo(row: FaultRow, generations: readonly number[], method?: string): void {
  for (const vendor of VENDORS) {
    sandbox[vendor].fault(
      echoing(vendor, row, generations, { ...(method && { method }), times: Infinity }),
    );
  }
}

function expectNothingShown(...others: readonly string[]): void {
  watch.say(...said);
  expect(watch.shown([1, 2], others)).toEqual([]);
}

/** A project whose definitions hold the canaries of a generation; its key is in the environment. */
function project(generation: number): string {
  const { databar, supermetrics } = program(generation);
  const connectors = {
    d: { type: "DatabarConnector", properties: databar.args },
    s: { type: "SupermetricsConnector", properties: supermetrics.args },
  };
  const folder = folderOf({
    "Pulumi.yaml": "name: surfaces\nruntime: nodejs\n",
    "connectors/all.json": JSON.stringify({ connectors }),
  });
  Object.assign(process.env, {
    DATABAR_API_KEY: KEY,
    DATABAR_BASE_URL: sandbox.databar.url,
    SUPERMETRICS_API_KEY: KEY,
    SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
    SUPERMETRICS_TEAM_ID: TEAM,
  });
  process.chdir(folder);
  return folder;
}

/** What a command prints; a failure of it is part of that. */
async function printed(run: (output: NodeJS.WriteStream) => Promise<unknown>): Promise<string> {
  const texts: string[] = [];
  const output = { write: (text: string) => texts.push(text) } as unknown as NodeJS.WriteStream;
  await run(output).catch((error: unknown) => texts.push(String(error)));
  return texts.join("");
}

/** A text without what only a program marks secret: in a file, and for a vendor, it is plain. */
function withoutMarked(text: string): string {
  const marked = [1, 2].flatMap((generation) =>
    ["header", "query", "leaf"].map((place) => canary(place, generation)),
  );
  return marked.flatMap(formsOf).reduce((rest, form) => rest.replaceAll(form, ""), text);
}

const deploy = (generation: number): Promise<unknown> =>
  deployToSandbox(sandbox, () => {
    const { databar, supermetrics } = program(generation);
    new DatabarConnector("d", databar.args as never);
    new SupermetricsConnector("s", supermetrics.args as never);
  });

describe.each(["pretty", "json", "markdown"] as const)("R8 no secret in a plan: %s", (format) => {
  const planText = (options: Partial<PlanCommandOptions> = {}): Promise<string> =>
    printed((output) => planCommand([], { format, ...options }, output));

  test("of what the vendors hold, and of what would change", async () => {
    await deploy(1);
    project(2);
    const text = `${await planText()}${await planText({ all: true })}`;
    expect(text).toMatch(/Authorization.*clientSecret/s);
    watch.say(withoutMarked(text));
    expectNothingShown();
  });

  test.each(ROWS)("when the vendors answer $name", async (row) => {
    await deploy(1);
    project(2);
    echo(row, [1, 2]);
    const text = await planText();
    watch.say(text);
    expect(text + said.join("")).toContain(row.name === "500" ? "unavailable" : row.name);
    expectNothingShown();
  });
});

describe("R8 no secret in an export", () => {
  const run = async (vendor: (typeof VENDORS)[number], values?: string): Promise<string> => {
    const text = await printed((output) =>
      exportCommand(
        { vendor: [vendor], out: "exported", ...(values && { values }) },
        output,
        output,
      ),
    );
    watch.say(text);
    return text;
  };
  const files = (folder: string): string =>
    existsSync(join(folder, "exported"))
      ? readdirSync(join(folder, "exported"))
          .map((file) => readFileSync(join(folder, "exported", file), "utf8"))
          .join("\n")
      : "";

  test.each(VENDORS)("%s, of what it holds", async (vendor) => {
    await deploy(1);
    const folder = project(2);
    expect(await run(vendor, "values.json")).toContain("1 connector exported");
    expect(files(folder)).toContain("${config.");
    watch.say(withoutMarked(files(folder)));
    expectNothingShown();
  });

  test.each(ROWS)("when the vendors answer $name", async (row) => {
    await deploy(1);
    const folder = project(2);
    echo(row, [1]);
    for (const vendor of VENDORS) {
      await run(vendor);
    }
    expect(files(folder)).toBe("");
    expectNothingShown();
  });
});

describe("R8 no secret in a program's test", () => {
  test.each(ROWS)("when the vendors answer $name", async (row) => {
    echo(row, [1], "POST");
    const error = (await failureOf(deploy(1))) as Error;
    expect(error.message).toMatch(/^The deployment failed:/);
    watch.see(error);
    watch.say(error.message, error);
    expectNothingShown();
  });
});

test("R8 no secret in the log file", async () => {
  const file = join(folderOf({}), "log.jsonl");
  process.env["PULUMI_CONNECTORS_LOG_FILE"] = file;
  for (const row of ROWS) {
    sandbox.clearFaults();
    echo(row, [1], "POST");
    await failureOf(deploy(1));
  }
  const log = readFileSync(file, "utf8");
  expect(log).toContain("[redacted]");
  watch.say(log);
  expectNothingShown();
});

test("R8 no key in the sandbox's log of requests", async () => {
  await deploy(1);
  await fetch(`${sandbox.databar.url}/v1/connectors/?apikey=${encodeURIComponent(KEY)}`, {
    headers: { "x-apikey": KEY, "x-other": KEY, authorization: `Bearer ${KEY}` },
  });
  const log = [...sandbox.databar.log, ...sandbox.supermetrics.log].map((entry) =>
    without(entry, "body"),
  );
  expect(log.length).toBeGreaterThan(3);
  expect(JSON.stringify(log)).not.toContain(KEY);
  expect(JSON.stringify(log)).not.toContain(encodeURIComponent(KEY));
});
