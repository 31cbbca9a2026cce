/** Sources of settings, and messages for missing or invalid ones. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, type RunResult } from "../../harness/engine/types";
import {
  DATABAR_KEY,
  type Declared,
  engineLine,
  expectOk,
  type Program,
  sandboxConfig,
  startWorld,
  SUPERMETRICS_KEY,
  TEAM,
  type World,
} from "../../harness/e2e/world";

const DATABAR: Declared = {
  type: "DatabarConnector",
  args: { name: "Scoring", method: "get", url: "https://api.example.com" },
};
const SUPERMETRICS: Declared = { type: "SupermetricsConnector", args: { name: "Awin" } };
const BOTH: Program = { scoring: DATABAR, awin: SUPERMETRICS };
const SECRET_LOOKING = "canary-in-the-wrong-setting";

// Each test runs many engine operations, which can take seconds on a busy machine.
jest.setTimeout(180_000);

let world: World;
let initial: Config;

beforeAll(async () => {
  world = await startWorld();
  const { databar, supermetrics } = world.sandbox;
  databar.settings.keys = [DATABAR_KEY];
  supermetrics.settings.keys = [SUPERMETRICS_KEY];
  initial = sandboxConfig(world.sandbox);
});
beforeEach(async () => {
  world.sandbox.reset();
  await world.stack.setConfig(initial);
});
afterAll(() => world.close());

function without(...settings: string[]): Promise<void> {
  return world.stack.removeConfig(settings);
}

/** The message of a preview that fails without a request. */
async function refused(program: Program): Promise<RunResult> {
  world.program(program);
  const result = await world.stack.preview();
  expect(result.ok).toBe(false);
  expect([...world.sandbox.databar.log, ...world.sandbox.supermetrics.log]).toEqual([]);
  return result;
}

function times(result: RunResult, text: string): number {
  return result.diagnostics.filter(({ message }) => message.includes(text)).length;
}

/** Expects that a log has all requests, and the summary at the end of the deployment. */
function expectLogged(file: string): void {
  const text = readFileSync(file, "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as {
          event: string;
          vendor: string;
          method: string;
          path: string;
          requests: number;
        },
    );
  for (const [vendor, { log }] of [
    ["Databar", world.sandbox.databar],
    ["Supermetrics", world.sandbox.supermetrics],
  ] as const) {
    const own = lines.filter((line) => line.vendor === vendor);
    expect(
      own.filter(({ event }) => event === "request").map(({ method, path }) => [method, path]),
    ).toEqual(log.map(({ method, path }) => [method, path]));
    expect(own.at(-1)).toMatchObject({ event: "summary", requests: log.length });
  }
  expect(text).not.toMatch(new RegExp(`${DATABAR_KEY}|${SUPERMETRICS_KEY}`));
}

describe(`${engineLine}. Settings`, () => {
  test("of the stack take precedence over the environment, and a base URL can end in /v1", async () => {
    const { databar, supermetrics } = world.sandbox;
    await world.stack.setConfig({
      "databar:baseUrl": `${databar.url}/v1`,
      "supermetrics:baseUrl": `${supermetrics.url}/v1/`,
    });
    world.program(BOTH);
    const env = {
      ...{ DATABAR_API_KEY: "another-key", DATABAR_BASE_URL: "https://databar.invalid" },
      ...{
        SUPERMETRICS_API_KEY: "another-key",
        SUPERMETRICS_BASE_URL: "https://supermetrics.invalid",
        SUPERMETRICS_TEAM_ID: "1",
      },
    };
    expectOk(await world.stack.up({ env }));
    expect(databar.connectors.map(({ name }) => name)).toEqual(["Scoring"]);
    expect(supermetrics.connectorsOf(TEAM).map(({ name }) => name)).toEqual(["Awin"]);
    expectOk(await world.stack.destroy({ env }));
    expect([...databar.connectors, ...supermetrics.connectors]).toEqual([]);
  });

  test("from the environment are sufficient", async () => {
    const { databar, supermetrics } = world.sandbox;
    await without(...Object.keys(initial));
    world.program(BOTH);
    const env = {
      ...{ DATABAR_API_KEY: ` ${DATABAR_KEY}\n`, DATABAR_BASE_URL: `${databar.url}/v1` },
      ...{
        SUPERMETRICS_API_KEY: SUPERMETRICS_KEY,
        SUPERMETRICS_BASE_URL: supermetrics.url,
        SUPERMETRICS_TEAM_ID: TEAM,
      },
      PULUMI_CONNECTORS_LOG_FILE: join(world.folder, "log.jsonl"),
    };
    expectOk(await world.stack.up({ env }));
    expectLogged(env.PULUMI_CONNECTORS_LOG_FILE);
    expect(databar.connectors.map(({ name }) => name)).toEqual(["Scoring"]);
    expect(supermetrics.connectorsOf(TEAM).map(({ name }) => name)).toEqual(["Awin"]);
    expectOk(await world.stack.destroy({ env }));
    expect([...databar.connectors, ...supermetrics.connectors]).toEqual([]);
  });

  test("a missing Databar key is reported once, with both ways to set it", async () => {
    await without("databar:apiKey");
    const result = await refused({
      first: DATABAR,
      second: { ...DATABAR, args: { ...DATABAR.args, name: "Second" } },
      third: { ...DATABAR, args: { ...DATABAR.args, name: "Third" } },
    });
    expect(
      times(
        result,
        "No Databar API key is configured. Give it with `pulumi config set --secret databar:apiKey …`, or in the environment variable DATABAR_API_KEY.",
      ),
    ).toBe(1);
    expect(times(result, "No Databar API key")).toBe(1);
  });

  test("a missing Supermetrics key and team are reported together, with all ways to set them", async () => {
    await without("supermetrics:apiKey", "supermetrics:teamId");
    const result = await refused({
      first: SUPERMETRICS,
      second: { ...SUPERMETRICS, args: { name: "Second" } },
    });
    expect(
      times(
        result,
        "No Supermetrics API key is configured. Give it with `pulumi config set --secret supermetrics:apiKey …`, or in the environment variable SUPERMETRICS_API_KEY.",
      ),
    ).toBe(1);
    expect(
      times(
        result,
        "No Supermetrics team is configured. Give it with `pulumi config set supermetrics:teamId …`, in the environment variable SUPERMETRICS_TEAM_ID, or as teamId of the connector.",
      ),
    ).toBe(1);
  });

  test.each<[string, Program, Config, string]>([
    [
      "plain http to another machine",
      { scoring: DATABAR },
      { "databar:baseUrl": `http://${SECRET_LOOKING}.example.com` },
      "[configuration] databar:baseUrl would send the credential over plain http. Write the origin of the Databar API, for example https://api.databar.ai",
    ],
    [
      "a key as the base URL",
      { awin: SUPERMETRICS },
      { "supermetrics:baseUrl": SECRET_LOOKING },
      "[configuration] supermetrics:baseUrl is not a URL. Write the origin of the Supermetrics API, for example https://api.supermetrics.com",
    ],
    [
      "a rate that is not a number",
      { awin: SUPERMETRICS },
      { "supermetrics:requestsPerSecond": SECRET_LOOKING },
      "[configuration] supermetrics:requestsPerSecond must be a number above 0",
    ],
  ])("%s is refused before any call", async (_, program, config, says) => {
    await world.stack.setConfig(config);
    const result = await refused(program);
    expect(times(result, says)).toBe(1);
    expect(result.text).not.toContain(SECRET_LOOKING);
  });

  test("of an explicit provider replace the stack's", async () => {
    const { databar, supermetrics } = world.sandbox;
    await world.stack.setConfig({
      "databar:apiKey": "wrong-key",
      "databar:baseUrl": "https://databar.invalid",
      "supermetrics:apiKey": "wrong-key",
      "supermetrics:baseUrl": "https://supermetrics.invalid",
      "supermetrics:teamId": "1",
    });
    world.program({
      first: {
        type: "DatabarProvider",
        args: { apiKey: DATABAR_KEY, baseUrl: databar.url, requestsPerSecond: 50 },
      },
      second: {
        type: "SupermetricsProvider",
        args: { apiKey: SUPERMETRICS_KEY, baseUrl: supermetrics.url, teamId: TEAM },
      },
      scoring: { ...DATABAR, options: { provider: "first" } },
      awin: { ...SUPERMETRICS, options: { provider: "second" } },
    });
    const result = expectOk(await world.stack.up());
    expect(databar.connectors).toHaveLength(1);
    expect(supermetrics.connectorsOf(TEAM)).toHaveLength(1);
    expect(`${result.text}${await world.stack.rawState()}`).not.toMatch(
      new RegExp(`${DATABAR_KEY}|${SUPERMETRICS_KEY}`),
    );
    expectOk(await world.stack.destroy());
    expect([...databar.connectors, ...supermetrics.connectors]).toEqual([]);
  });

  test("that changed are used by a refresh only with --run-program, as its message explains", async () => {
    const { databar } = world.sandbox;
    const other = (name: string): Declared => ({ ...DATABAR, args: { ...DATABAR.args, name } });
    world.program({ scoring: DATABAR, second: other("Second"), third: other("Third") });
    expectOk(await world.stack.up());
    const state = await world.stack.exportState();

    databar.settings.keys = ["rotated-key"];
    await world.stack.setConfig({ "databar:apiKey": { secret: "rotated-key" } });
    const failed = await world.stack.refresh();
    expect(failed.ok).toBe(false);
    expect(
      times(failed, "After a change of the settings, add --run-program to use the current ones."),
    ).toBe(1);
    // The other resources refer to that message in one line.
    expect(times(failed, "The same error as for another resource")).toBeGreaterThan(0);
    expect(await world.stack.exportState()).toEqual(state);

    const refreshed = expectOk(await world.stack.refresh({ runProgram: true }));
    expect(refreshed.changes).toEqual({ same: 4 });
    expectOk(await world.stack.destroy({ runProgram: true }));
    expect(databar.connectors).toEqual([]);
    databar.settings.keys = [DATABAR_KEY];
  });
});
