/** Explicit providers: which one a resource uses, and that nothing else is reached. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type RunResult, type Stack } from "../../harness/engine/types";
import {
  DATABAR_KEY,
  engineLine,
  expectOk,
  sandboxConfig,
  SUPERMETRICS_KEY,
  TEAM,
} from "../../harness/e2e/world";
import { definitionProject } from "./definition-project";

jest.setTimeout(240_000);

/** What the explicit providers reach, and what everything else would reach: the environment. */
let own: Sandbox;
let other: Sandbox;
let folder: string;
let stack: Stack;
let env: Record<string, string>;

beforeAll(async () => {
  [own, other] = await Promise.all([startSandbox(), startSandbox()]);
  folder = definitionProject("");
  writeFileSync(join(folder, "connectors.yaml"), DEFINITIONS);
  stack = await selectEngine().stack({ workDir: folder, config: {} });
});
beforeEach(async () => {
  own.reset();
  other.reset();
  env = {
    DATABAR_API_KEY: "other-key-canary",
    DATABAR_BASE_URL: other.databar.url,
    SUPERMETRICS_API_KEY: "other-key-canary",
    SUPERMETRICS_BASE_URL: other.supermetrics.url,
    SUPERMETRICS_TEAM_ID: "1",
  };
  await stack.setConfig(addresses());
  await stack.removeConfig(Object.keys(sandboxConfig(own)));
});
afterAll(async () => {
  await stack.remove();
  await Promise.all([own.close(), other.close()]);
  deleteTempFolder(folder);
});

const DEFINITIONS = `connectors:
  scoring:
    type: DatabarConnector
    properties: { name: Scoring, method: get, url: https://api.example.com }
  awin:
    type: SupermetricsConnector
    properties: { name: Awin }
`;

/** Settings under names of their own, which no provider reads by itself. */
function addresses(): Record<string, string> {
  return {
    "shop:databar": own.databar.url,
    "shop:supermetrics": own.supermetrics.url,
    "shop:databarKey": DATABAR_KEY,
    "shop:supermetricsKey": SUPERMETRICS_KEY,
    "shop:team": TEAM,
  };
}

const PROVIDERS = `"use strict";
const pulumi = require("@pulumi/pulumi");
const { ConnectorDefinitions, DatabarConnector, DatabarFleet, DatabarProvider,
  SupermetricsConnector, SupermetricsFleet, SupermetricsProvider } = require("pulumi-connectors");
const config = new pulumi.Config();
const databar = new DatabarProvider("d", {
  apiKey: config.require("databarKey"), baseUrl: config.require("databar"),
  requestsPerSecond: 1000, backoffSeconds: 0.02,
});
const supermetrics = new SupermetricsProvider("s", {
  apiKey: config.require("supermetricsKey"), baseUrl: config.require("supermetrics"), teamId: config.require("team"),
  requestsPerSecond: 1000, backoffSeconds: 0.02,
});
const scoring = { name: "Scoring", method: "get", url: "https://api.example.com" };
const awin = { name: "Awin" };
const component = (name, opts) => new pulumi.ComponentResource("shop:index:Component", name, {}, opts);
`;

const run = (program: string): Promise<RunResult> => {
  writeFileSync(join(folder, "index.js"), PROVIDERS + program);
  return stack.up({ env });
};

/**
 * Expects that each vendor's connectors are in the explicit providers' workspace, and that nothing
 * reached another.
 */
async function expectOwn(result: RunResult, count = 1): Promise<void> {
  expectOk(result);
  expect(own.databar.connectors).toHaveLength(count);
  expect(own.supermetrics.connectorsOf(TEAM)).toHaveLength(count);
  expect([...other.databar.log, ...other.supermetrics.log]).toEqual([]);
  expectOk(await stack.destroy({ env }));
  expect([...own.databar.connectors, ...own.supermetrics.connectors]).toEqual([]);
  expect([...other.databar.log, ...other.supermetrics.log]).toEqual([]);
}

describe(`${engineLine}. Explicit providers`, () => {
  test.each([
    ["a list", "{ providers: [databar, supermetrics] }"],
    ["a list in the other order", "{ providers: [supermetrics, databar] }"],
    ["a map by vendor", "{ providers: { databar, supermetrics } }"],
    ["a map by other names", "{ providers: { one: databar, two: supermetrics } }"],
    ["both options", "{ provider: databar, providers: [supermetrics] }"],
  ])("of a component, as %s: each resource uses its vendor's, at any depth", async (_, opts) => {
    const result = await run(`
      const outer = component("outer", ${opts});
      const inner = component("inner", { parent: outer });
      const parent = new DatabarConnector("scoring", scoring, { parent: inner });
      new SupermetricsConnector("awin", awin, { parent });
      new DatabarFleet("many", { connectors: { a: { ...scoring, name: "A" } } }, { parent: outer });
      new SupermetricsFleet("more", { connectors: { a: { name: "A" } } }, { parent: outer });
    `);
    await expectOwn(result, 2);
  });

  test("of a component, and one that an inner component replaces: the nearest applies", async () => {
    await expectOwn(
      await run(`
        const wrong = [
          new DatabarProvider("wrong-d", { apiKey: "x", baseUrl: "https://databar.invalid" }),
          new SupermetricsProvider("wrong-s", { apiKey: "x", baseUrl: "https://supermetrics.invalid" }),
        ];
        const outer = component("outer", { providers: [wrong[0], supermetrics] });
        const parent = component("inner", { parent: outer, provider: databar });
        new DatabarConnector("scoring", scoring, { parent });
        new SupermetricsConnector("awin", awin, { parent });
        new SupermetricsConnector("explicit", { name: "B" }, { parent: component("c", { providers: wrong }), provider: supermetrics });
        new DatabarConnector("explicit", { ...scoring, name: "B" }, { parent: component("d", { providers: wrong }), provider: databar });
      `),
      2,
    );
  });

  test("of a component serve get", async () => {
    const { id } = own.databar.seed({ name: "Existing" });
    own.supermetrics.seed({ connector_identifier: "T3S70", name: "Existing too" });
    const result = expectOk(
      await run(`
        const parent = component("outer", { providers: [databar, supermetrics] });
        exports.names = [
          DatabarConnector.get("scoring", ${id}, { parent }).name,
          SupermetricsConnector.get("awin", "T3S70", { parent }).name,
        ];
      `),
    );
    expect(result.outputs["names"]?.value).toEqual(["Existing", "Existing too"]);
    expect([...other.databar.log, ...other.supermetrics.log]).toEqual([]);
    expectOk(await stack.destroy({ env }));
  });

  test.each(["resources", "fleet"])("of ConnectorDefinitions as %s: one per vendor", async (as) => {
    for (const opts of [
      "{ providers: [databar, supermetrics] }",
      "{ provider: databar, providers: [supermetrics] }",
      "{ parent: component('outer', { providers: [databar, supermetrics] }) }",
    ]) {
      await expectOwn(
        await run(
          `new ConnectorDefinitions("all", { path: "connectors.yaml", as: "${as}" }, ${opts});`,
        ),
      );
    }
  });

  test("of one vendor leave the other vendor's definitions with the stack's settings", async () => {
    await stack.setConfig({ ...addresses(), ...sandboxConfig(own) });
    await expectOwn(
      await run(
        `new ConnectorDefinitions("all", { path: "connectors.yaml" }, { provider: databar });`,
      ),
    );
  });

  test.each([
    [
      "a connector",
      `new SupermetricsConnector("awin", awin, { provider: databar });`,
      'SupermetricsConnector "awin" cannot use DatabarProvider "d"',
    ],
    [
      "a fleet",
      `new DatabarFleet("many", { connectors: {} }, { provider: supermetrics });`,
      'DatabarFleet "many" cannot use SupermetricsProvider "s"',
    ],
    [
      "get",
      `DatabarConnector.get("scoring", 42, { provider: supermetrics });`,
      'DatabarConnector "scoring" cannot use SupermetricsProvider "s"',
    ],
    [
      "a map by Pulumi's package",
      `new DatabarConnector("scoring", scoring, { parent: component("c", { providers: { "pulumi-nodejs": supermetrics } }) });`,
      'DatabarConnector "scoring" cannot use SupermetricsProvider "s"',
    ],
    [
      "several of one vendor",
      `new ConnectorDefinitions("all", { path: "connectors.yaml" }, { providers: [databar, new DatabarProvider("e")] });`,
      'DatabarProvider "d" and DatabarProvider "e" serve the same vendor.',
    ],
    [
      "a transformation",
      `new SupermetricsConnector("awin", awin, { transformations: [({ props, opts }) => ({ props, opts: { ...opts, provider: databar } })] });`,
      '[configuration] A resource of Supermetrics cannot use the explicit provider "d"',
    ],
  ])("of another vendor are refused by name: %s", async (_, program, says) => {
    const result = await run(program);
    expect(result.ok).toBe(false);
    expect(result.text).toContain(says);
    for (const sandbox of [own, other]) {
      expect([...sandbox.databar.log, ...sandbox.supermetrics.log]).toEqual([]);
    }
    const { resources } = await stack.exportState();
    expect(resources.filter(({ type }) => /dynamic/.test(type))).toEqual([]);
    expectOk(await stack.destroy({ env }));
  });

  test("never use the environment: neither key, address nor team", async () => {
    const outer =
      'const parent = component("outer", { providers: [new DatabarProvider("bare-d"), new SupermetricsProvider("bare-s")] });';
    const scoring = await run(`${outer}
      new DatabarConnector("scoring", scoring, { parent: component("inner", { parent }) });
    `);
    expect(scoring.ok).toBe(false);
    expect(scoring.text).toContain('The explicit provider "bare-d" has no Databar API key.');
    const awin = await run(`${outer}
      new SupermetricsConnector("awin", awin, { parent });
    `);
    expect(awin.ok).toBe(false);
    expect(awin.text).toContain('The explicit provider "bare-s" has no Supermetrics API key.');
    expect(awin.text).toContain('The explicit provider "bare-s" has no Supermetrics team.');
    expect([...other.databar.log, ...other.supermetrics.log]).toEqual([]);
    expectOk(await stack.destroy({ env }));
  });
});
