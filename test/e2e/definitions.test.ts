/** `ConnectorDefinitions`: what a user sees, and what the vendors receive. */
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { type FieldTable } from "../../provider/model/field";
import { databarFields } from "../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../provider/vendors/supermetrics/fields";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Config, type RunResult, type Stack } from "../../harness/engine/types";
import { byName } from "../../harness/e2e/calls";
import { definitionProject } from "./definition-project";
import { resource } from "../../harness/e2e/program";
import { engineLine, expectOk, ops, sandboxConfig, step } from "../../harness/e2e/world";

jest.setTimeout(240_000);

const PROGRAM = `const { ConnectorDefinitions, DatabarProvider } = require("pulumi-connectors");
const providers = { emea: new DatabarProvider("emea", {}) };
const definitions = new ConnectorDefinitions("connectors", { path: "connectors", providers });
exports.ids = definitions.ids;
`;

interface Project {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly write: (path: string, text: string) => void;
  readonly folder: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function project(
  files: Readonly<Record<string, string>>,
  config: Config = {},
  program = PROGRAM,
): Promise<Project> {
  const sandbox = await startSandbox();
  const folder = definitionProject(program);
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) {
    write(path, text);
  }
  const stack = await selectEngine().stack({
    workDir: folder,
    config: { ...sandboxConfig(sandbox), ...config },
  });
  closers.push(async () => {
    await stack.remove();
    await sandbox.close();
    deleteTempFolder(folder);
  });
  return { sandbox, stack, write, folder };
}

const yaml = (...connectors: readonly string[]): string => `connectors:\n${connectors.join("")}`;
const scoring = (url = "https://api.example.com/", more = ""): string =>
  `  scoring:\n    type: DatabarConnector\n    properties:\n      name: Scoring\n      method: get\n      url: ${url}\n${more}`;
/** The names of a vendor's properties, without those. */
const without = ({ fields }: FieldTable, ...names: readonly string[]): string[] =>
  fields.map(({ name }) => name).filter((name) => !names.includes(name));
const orders = `  orders:
    type: SupermetricsConnector
    properties:
      name: Orders
      configuration: {key: "Bearer \${secrets.token}", literal: "$\${x}", label: "\${config.label}"}
      secrets: {token: "\${config.token}"}
`;

describe(`${engineLine}. Definition files`, () => {
  test("become connectors with resolved references; secret configuration stays secret", async () => {
    const { sandbox, stack, folder } = await project(
      {
        "connectors/a.yaml": yaml(
          scoring(
            "https://api.example.com/",
            '      headers: {Authorization: "Bearer ${config.key}", "X-Label": "${config.label}", "X-Host": "${config.db.hosts[0]}"}\n      rateLimit: ${config.limit}\n',
          ),
        ),
        "connectors/deep/b.yaml": yaml(orders),
      },
      {
        "shop:hunterApiKey": { secret: "canary-hunter" },
        "shop:awinToken": { secret: "canary-awin" },
        "shop:key": { secret: "canary-key" },
        "shop:token": { secret: "canary-token" },
        "shop:label": "blue",
        "shop:limit": "7",
        // A program sees what `pulumi config set --path` nests as JSON text, too.
        "shop:db": { secret: '{"hosts": ["canary-host"]}' },
      },
    );
    cpSync(
      resolve(__dirname, "../../examples/definitions/connectors"),
      join(folder, "connectors/example"),
      { recursive: true },
    );
    const preview = expectOk(await stack.preview());
    expect(ops(preview)).toMatchObject({
      scoring: "create",
      orders: "create",
      "hunter-email-finder": "create",
      awin: "create",
    });
    expect(sandbox.databar.log.length + sandbox.supermetrics.log.length).toBe(0);
    const created = expectOk(await stack.up());
    const { Scoring, "Hunter: e-mail finder": hunter } = byName(sandbox.databar.connectors);
    expect(Scoring).toMatchObject({
      rate_limit: 7,
      headers: [
        { name: "Authorization", value: "Bearer canary-key" },
        { name: "X-Host", value: "canary-host" },
        { name: "X-Label", value: "blue" },
      ],
    });
    expect(hunter).toMatchObject({
      rate_limit: 60,
      parameters: expect.arrayContaining([{ name: "api_key", value: "canary-hunter" }]) as unknown,
    });
    const { Orders: connector, Awin } = byName(sandbox.supermetrics.connectors);
    expect(JSON.stringify(Awin!.configuration.configuration_json)).toMatch(/"Bearer sec_\w+"/);
    const [secret] = sandbox.supermetrics.secrets("936506", connector!.connector_identifier);
    expect(secret).toMatchObject({ name: "token", value: "canary-token" });
    expect(connector!.configuration.configuration_json).toEqual({
      key: `Bearer ${secret!.placeholder}`,
      literal: "${x}",
      label: "blue",
    });
    expect(created.outputs).toMatchObject({
      ids: {
        value: {
          scoring: String(Scoring!.id),
          orders: `936506/${connector!.connector_identifier}`,
        },
        secret: false,
      },
    });
    const headers = resource(await stack.exportState(), "scoring").inputs["headers"] as Record<
      string,
      unknown
    >;
    expect(headers["X-Label"]).toBe("blue");
    expect(`${preview.text}${created.text}${await stack.rawState()}`).not.toContain("canary");
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toMatchObject({
      scoring: "same",
      orders: "same",
      "hunter-email-finder": "same",
      awin: "same",
    });
    expect(sandbox.databar.log.length + sandbox.supermetrics.log.length).toBe(0);
  });

  test.each(["resources", "fleet"])(
    "as %s: a property that is null is one that is not written",
    async (as) => {
      const nulls = (names: readonly string[]): string =>
        names.map((name) => `      ${name}: null\n`).join("");
      const { sandbox, stack } = await project(
        {
          "connectors/a.yaml": yaml(
            scoring(undefined, nulls(without(databarFields, "name", "method", "url"))),
            `  awin:\n    type: SupermetricsConnector\n    properties:\n      name: Awin\n${nulls(without(supermetricsFields, "name"))}`,
          ),
        },
        {},
        PROGRAM.replace("providers });", `providers, as: "${as}" });`),
      );
      expectOk(await stack.up());
      const { Scoring } = byName(sandbox.databar.connectors);
      expect(Scoring).toMatchObject({ type: "enrichment", headers: [], body_template: null });
      const { Awin } = byName(sandbox.supermetrics.connectors);
      expect(Awin).toMatchObject({
        description: null,
        logo_url: expect.stringMatching(/Default\.png$/),
      });
      const calls = sandbox.databar.log.length + sandbox.supermetrics.log.length;
      expectOk(await stack.up());
      expect(sandbox.databar.log.length + sandbox.supermetrics.log.length).toBe(calls);
    },
  );

  test("can move to another file, or from the program into the folder, without changes", async () => {
    const inProgram = `const { DatabarConnector } = require("pulumi-connectors");\nnew DatabarConnector("scoring", { name: "Scoring", method: "get", url: "https://api.example.com/" });\n`;
    const { sandbox, stack, write, folder } = await project({}, {}, inProgram);
    expectOk(await stack.up());
    write("index.js", PROGRAM);
    write("connectors/a.yaml", yaml(scoring()));
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toMatchObject({ scoring: "same" });
    renameSync(join(folder, "connectors/a.yaml"), join(folder, "connectors/z.json"));
    write(
      "connectors/z.json",
      JSON.stringify({
        connectors: {
          renamed: {
            type: "DatabarConnector",
            properties: { name: "Scoring", method: "get", url: "https://api.example.com/" },
            options: { aliases: ["scoring"] },
          },
        },
      }),
    );
    expect(ops(expectOk(await stack.up()))).toMatchObject({ renamed: "same" });
    expect(sandbox.databar.log).toEqual([]);
    expect(sandbox.databar.connectors).toHaveLength(1);
  });

  test("support options and an overlay for the stack; removing a definition deletes its connector", async () => {
    const { sandbox, stack, write } = await project(
      {
        "connectors/a.yaml": yaml(
          scoring(),
          "  other:\n    type: DatabarConnector\n    properties: {name: Other, method: get, url: https://example.com/}\n    options: {dependsOn: [scoring], ignoreChanges: [rateLimit], provider: emea}\n",
        ),
        "connectors/a.nowhere.yaml": "connectors: {scoring: null}\n",
        "logos/a.txt": "",
      },
      {},
    );
    write(
      `connectors/a.${stack.name}.yaml`,
      "connectors: {scoring: {properties: {rateLimit: 9}, options: {protect: true}}}\n",
    );
    expectOk(await stack.up());
    expect(sandbox.databar.connectors.map(({ name, rate_limit }) => [name, rate_limit])).toEqual([
      ["Scoring", 9],
      ["Other", null],
    ]);
    const state = await stack.exportState();
    expect(resource(state, "scoring")).toMatchObject({ protect: true });
    expect(resource(state, "other").dependencies).toEqual([resource(state, "scoring").urn]);
    expect(resource(state, "other").provider).toContain("::emea::");
    write("connectors/a.yaml", yaml(scoring()));
    const removed = expectOk(await stack.up());
    expect(step(removed, "other").op).toBe("delete");
    expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["Scoring"]);
  });

  test("can become fleets and single resources again without a write; deleting all of a fleet is refused", async () => {
    const as = (how: string): string =>
      `const { ConnectorDefinitions } = require("pulumi-connectors");\nexports.ids = new ConnectorDefinitions("connectors", { path: "./connectors", as: "${how}" }).ids;\n`;
    const numbered = Array.from({ length: 11 }, (_, index) =>
      scoring().replace("  scoring:", `  n${index}:`).replace("name: Scoring", `name: N${index}`),
    ).join("");
    const { sandbox, stack, write, folder } = await project(
      {
        "connectors/a.yaml": yaml(
          orders,
          scoring("https://api.example.com/", "    options: {ignoreChanges: [rateLimit]}\n"),
        ),
        "connectors/b.yaml": yaml(numbered),
      },
      { "shop:token": { secret: "canary-token" }, "shop:label": "blue" },
      as("resources"),
    );
    const first = expectOk(await stack.up());
    sandbox.clearLogs();
    write("index.js", as("fleet"));
    const fleet = expectOk(await stack.up());
    expect(step(fleet, "connectors-databar").op).toBe("create");
    expect([
      fleet.outputs["ids"]!.value,
      sandbox.databar.log.filter(({ method }) => method !== "GET"),
    ]).toEqual([first.outputs["ids"]!.value, []]);
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toMatchObject({
      "connectors-databar": "same",
      "connectors-supermetrics": "same",
    });
    expect(sandbox.databar.log.length + sandbox.supermetrics.log.length).toBe(0);

    rmSync(join(folder, "connectors/b.yaml"));
    write("connectors/a.yaml", yaml(orders));
    const refused = await stack.up();
    expect([
      refused.ok,
      refused.text.includes("12 of 12 connectors left the fleet, and would be deleted: "),
    ]).toEqual([false, true]);
    write(
      "connectors/a.yaml",
      yaml(
        orders,
        scoring("https://api.example.com/", "    options: {protect: true, dependsOn: [orders]}\n"),
      ),
    );
    const unfit = await stack.up();
    expect(unfit.text).toContain(
      "connectors/a.yaml:8:3: a fleet is one resource, so protect cannot apply to one of its connectors. Remove it; the program can protect the whole fleet.",
    );
    expect(unfit.text).toContain("so dependsOn cannot apply to one of its connectors. Remove it.");

    write("connectors/a.yaml", yaml(orders, scoring()));
    write("connectors/b.yaml", yaml(numbered));
    write("index.js", as("resources"));
    sandbox.clearLogs();
    const again = expectOk(await stack.up());
    expect([
      again.outputs["ids"]!.value,
      sandbox.databar.log.filter(({ method }) => method !== "GET"),
    ]).toEqual([first.outputs["ids"]!.value, []]);
    expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
      12, 1,
    ]);
  });

  test("can be split into shards, one per stack: a connector that moves to another shard is neither created nor deleted", async () => {
    const sharded = `const { Config } = require("@pulumi/pulumi");
const { ConnectorDefinitions } = require("pulumi-connectors");
const config = new Config();
const shard = { index: config.requireNumber("shard"), of: config.requireNumber("shards") };
const options = { retainOnDelete: config.getBoolean("moving") };
exports.ids = new ConnectorDefinitions("connectors", { path: "connectors", environment: "prod", shard }, options).ids;
exports.fleetIds = new ConnectorDefinitions("many", { path: "many", as: "fleet", shard }, options).ids;
`;
    const numbered = (letter: string): string =>
      yaml(
        ...Array.from({ length: 6 }, (_, index) =>
          scoring()
            .replace("  scoring:", `  ${letter}${index}:`)
            .replace("name: Scoring", `name: ${letter}${index}`),
        ),
      );
    const { sandbox, stack, folder } = await project(
      {
        "connectors/a.yaml": numbered("a"),
        "connectors/a.prod.yaml": "connectors: {a1: {properties: {rateLimit: 9}}}\n",
        "many/b.yaml": numbered("b"),
      },
      { "shop:shard": "0", "shop:shards": "1", "shop:moving": "true" },
      sharded,
    );
    const idsIn = ({ outputs }: RunResult): Record<string, string> => ({
      ...(outputs["ids"]!.value as object),
      ...(outputs["fleetIds"]!.value as object),
    });
    const all = idsIn(expectOk(await stack.up()));
    const atVendor = JSON.stringify(sandbox.databar.connectors);
    sandbox.clearLogs();

    // Two stacks from one, the new one first.
    const second = await selectEngine().stack({
      workDir: folder,
      config: { ...sandboxConfig(sandbox), "shop:shard": "1", "shop:shards": "2" },
    });
    closers.push(() => second.remove());
    const arrived = idsIn(expectOk(await second.up()));
    await stack.setConfig({ "shop:shards": "2" });
    const stayed = idsIn(expectOk(await stack.up()));
    expect([Object.keys(arrived).length, Object.keys(stayed).length]).toEqual([8, 4]);
    expect({ ...arrived, ...stayed }).toEqual(all);
    expect(sandbox.databar.log.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(JSON.stringify(sandbox.databar.connectors)).toBe(atVendor);
  });

  test("with faults stop the deployment before anything is registered, with every fault and its place", async () => {
    const { sandbox, stack } = await project({
      // A program that throws ends late where the SDK does not look after TypeScript.
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n",
      "connectors/a.yaml": yaml(
        scoring(
          "nowhere",
          '      headers: {A: "${config.missing}", B: "${env.NOWHERE_SET}"}\n    options: {provider: apac, dependsOn: [nobody]}\n',
        ),
      ),
      "connectors/b.yaml": "connectors:\n\tx: 1\n",
      "connectors/c.yaml": yaml(scoring()),
    });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    for (const line of [
      "7 errors in the connector definitions:",
      "connectors/a.yaml:7:12: url: must be a complete http or https URL. Example: https://api.example.com/v1/score.",
      "connectors/a.yaml:8:20: headers.A: the stack does not set shop:missing. Run pulumi config set missing … (with --secret for a secret).",
      "connectors/a.yaml:8:44: headers.B: the environment variable NOWHERE_SET is not set. Set it where the deployment runs.",
      "connectors/a.yaml:9:25: the program passes no provider of this name. Known: emea.",
      "connectors/a.yaml:9:43: no connector of this name is defined. Write the name of a definition.",
      "connectors/b.yaml:2:1: this line is indented with a tab, which YAML does not allow. Indent with spaces in the whole file.",
      "connectors/c.yaml:2:3: another connector of this name is defined in connectors/a.yaml:2. Rename one of them: the name is the resource's in the stack.",
    ]) {
      expect(failed.text).toContain(line);
    }
    expect(failed.text).not.toMatch(/\bat .*\.js:\d+/);
    expect(sandbox.databar.log).toEqual([]);
    expect(
      (await stack.exportState()).resources.filter(({ type }) => type.includes("Connector")),
    ).toEqual([]);
  });
});
