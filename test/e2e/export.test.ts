/**
 * Exports an existing workspace to definition files, adopts it without a write, and changes it with
 * an edit.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { declaredByGitops } from "./declared";
import { definitionProject } from "./definition-project";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Config, type Stack } from "../../harness/engine/types";
import { readLeaves } from "../../provider/model/document";
import { type JsonObject } from "../../provider/json";
import { bodyOf } from "../../provider/vendors/databar/patch";
import { resolve } from "../../provider/vendors/supermetrics/placeholders";
import { runCommand, type CommandRun } from "../../harness/e2e/command";
import {
  engineLine,
  expectOk,
  sandboxConfig,
  SUPERMETRICS_KEY,
  DATABAR_KEY,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(300_000);

const PROGRAM =
  'const { ConnectorDefinitions } = require("pulumi-connectors");\nnew ConnectorDefinitions("connectors", { path: "./connectors" });\n';

let sandbox: Sandbox;
let folder: string;
const stacks: Stack[] = [];

beforeEach(async () => {
  sandbox = await startSandbox();
  folder = definitionProject(PROGRAM);
});
afterEach(async () => {
  for (const stack of stacks.splice(0)) {
    await stack.remove();
  }
  await sandbox.close();
  deleteTempFolder(folder);
});

/** Runs a command of the package in the project's folder, like a user. */
function command(...args: readonly string[]): Promise<CommandRun> {
  const environment = {
    DATABAR_API_KEY: DATABAR_KEY,
    DATABAR_BASE_URL: sandbox.databar.url,
    SUPERMETRICS_API_KEY: SUPERMETRICS_KEY,
    SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
    SUPERMETRICS_TEAM_ID: TEAM,
  };
  return runCommand(args, folder, environment);
}

async function open(workDir: string, config: Config): Promise<Stack> {
  const stack = await selectEngine().stack({
    workDir,
    config: { ...sandboxConfig(sandbox), ...config },
  });
  stacks.push(stack);
  return stack;
}

/** The connectors of a deployment of examples/gitops. */
async function seedGitops(): Promise<void> {
  const { databar, supermetrics } = sandbox;
  const declared = await declaredByGitops();
  expect(declared).toHaveLength(16);
  for (const { type, inputs } of declared) {
    if (type.endsWith("DatabarConnector")) {
      databar.seed(bodyOf(inputs));
    } else {
      const {
        name,
        description = "",
        secrets = {},
        configuration = {},
      } = inputs as {
        name: string;
        description?: string;
        secrets?: Record<string, string>;
        configuration?: JsonObject;
      };
      const { connector_identifier: key } = supermetrics.seed({ name, description, secrets });
      const placeholders = Object.fromEntries(
        supermetrics.secrets(TEAM, key).map((secret) => [secret.name, secret.placeholder]),
      );
      supermetrics.change(key, {
        configuration_json: readLeaves(configuration, (leaf) => resolve(leaf, placeholders)),
      });
    }
  }
}

/** Realistic content that tools often corrupt. */
function seedUnusual(): void {
  const { databar, supermetrics } = sandbox;
  const base = { method: "post", url: "https://api.example.com/v1" } as const;
  databar.seed({ ...base, name: "Ünïcødé 日本語 🤷" });
  databar.seed({
    ...base,
    name: "Templates",
    body_template:
      '{\n  "a": "{{ a }}",\n\n  "b": [{% for x in xs %}\n    {{ x }}{% endfor %}]  \n}\n',
  });
  databar.seed({ ...base, name: "Long template", body_template: `{{ x }}${"y".repeat(2041)}` });
  databar.seed({
    ...base,
    name: "Literals ${config.x} $${y}",
    headers: [{ name: "A", value: "${env.HOME} ${secrets.x} $${" }],
    parameters: [{ name: "${p}", value: "" }],
  });
  databar.seed({
    ...base,
    name: "Twice",
    headers: [
      { name: "Accept", value: "a" },
      { name: "Accept", value: "b" },
      { name: "X-Api-Key", value: "k-1234567" },
      { name: "X-Api-Key", value: "k-7654321" },
    ],
  });
  databar.seed({
    ...base,
    name: "Twice",
    url: "https://user:p%40ss@api.example.com/?token=a%2Fb&x=1",
  });
  databar.seed({
    ...base,
    name: "yes",
    parameters: [
      { name: "no", value: "null" },
      { name: "1", value: "0x1F" },
      { name: "~", value: "- a: b # c" },
    ],
    rate_limit: 7,
    max_concurrency: 3,
    type: "exporter",
  });
  supermetrics.seed({
    name: "Odd: 'quotes' \"here\"",
    description: "Two\nlines\n",
    configuration_json: {
      "": [],
      "a b": { "${x}": "${config.x} $${y}" },
      numbers: [0, -1.5, 1e300, 2 ** 60, { $number: "12345678901234567890" }],
      empty: {},
      none: null,
      list: [[], {}],
    },
    secrets: { k: "v" },
  });
  supermetrics.seed({ name: "Bare", description: "", configuration_json: {} });
}

it(`${engineLine}. All connectors of examples/gitops, and unusual ones, are exported and adopted without a write, and stay unchanged`, async () => {
  await seedGitops();
  seedUnusual();
  const before = structuredClone([sandbox.databar.connectors, sandbox.supermetrics.connectors]);
  const count = sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length;

  sandbox.clearLogs();
  for (const vendor of ["databar", "supermetrics"]) {
    const run = await command("export", "--vendor", vendor, "--values", `${vendor}.values.json`);
    const { url } = sandbox[vendor as "databar" | "supermetrics"];
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringMatching(`: asking ${url} `)]);
    expect(run.stdout).not.toContain("canary");
  }
  expect(
    [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(({ method }) => method !== "GET"),
  ).toEqual([]);
  const files = readdirSync(join(folder, "connectors")).sort();
  const texts = files.map((file) => readFileSync(join(folder, "connectors", file), "utf8"));
  for (const secret of ["canary", "k-1234567", "p%40ss", "a%2Fb"]) {
    expect(texts.join("")).not.toContain(secret);
  }
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(
    "/databar.values.json\n/supermetrics.values.json\n",
  );
  if (process.platform !== "win32") {
    expect(statSync(join(folder, "databar.values.json")).mode & 0o777).toBe(0o600);
  }

  expect(texts.join("")).toContain(
    "# Numbers that JavaScript would round stand as text: configuration.numbers[2], configuration.numbers[3], configuration.numbers[4].\n",
  );

  const again = await command("export", "--vendor", "databar");
  expect(again.stdout).toContain("0 connectors exported to connectors, 16 already defined there.");
  expect(readdirSync(join(folder, "connectors")).sort()).toEqual(files);
  await command("export", "--vendor", "databar", "--overwrite");
  expect(files.map((file) => readFileSync(join(folder, "connectors", file), "utf8"))).toEqual(
    texts,
  );

  const checked = await command("validate", "--format", "json");
  expect(
    (JSON.parse(checked.stdout) as { diagnostics: { severity: string }[] }).diagnostics.filter(
      ({ severity }) => severity === "error",
    ),
  ).toEqual([]);
  const plan = await command("plan", "--format", "json", "--config-file", "databar.values.json");
  expect([plan.exitCode, (JSON.parse(plan.stdout) as { summary: unknown }).summary]).toEqual([
    0,
    {
      ...{ fail: 0, create: 0, update: 0, rename: 0, delete: 0, retain: 0 },
      ...{ unchanged: count, unmanaged: 0 },
    },
  ]);

  const values = ["databar", "supermetrics"].flatMap((vendor) =>
    Object.entries(
      JSON.parse(readFileSync(join(folder, `${vendor}.values.json`), "utf8")) as Record<
        string,
        { value: string }
      >,
    ),
  );
  const stack = await open(
    folder,
    Object.fromEntries(values.map(([key, { value }]) => [key, { secret: value }])),
  );
  sandbox.clearLogs();
  const taken = expectOk(await stack.up());
  expect(taken.changes["create"]).toBe(count + 2);
  expect(
    [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(({ method }) => method !== "GET"),
  ).toEqual([]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
  const preview = expectOk(await stack.preview());
  expect(preview.steps.filter(({ op }) => op !== "same")).toEqual([]);

  // An edit of another part leaves the numbers as they are.
  const [file, text] = files
    .map((each, index) => [join(folder, "connectors", each), texts[index]!] as const)
    .find(([, each]) => each.includes('"12345678901234567890"'))!;
  writeFileSync(file, text.replace('"empty": {}', '"empty": { "new": 1 }'));
  expect(expectOk(await stack.up()).changes).toMatchObject({ update: 1 });
  expect(
    sandbox.supermetrics.connectors.find(({ configuration }) =>
      Object.hasOwn(configuration.configuration_json, "numbers"),
    )!.configuration.configuration_json,
  ).toMatchObject({
    numbers: [0, -1.5, 1e300, 2 ** 60, { $number: "12345678901234567890" }],
    empty: { new: 1 },
  });
});

it("what a definition cannot express is omitted and reported, and nothing else is lost", async () => {
  sandbox.databar.seed({ name: "", method: "get", url: "https://example.com/" });
  sandbox.databar.seed({
    name: "Fine",
    method: "get",
    url: "https://example.com/",
    parameters: [{ name: "p", value: "" }],
  });
  const odd = sandbox.databar.seed({ name: "Odd" });
  sandbox.databar.change(odd.id, { headers: "none" as never });
  const run = await command("export", "--vendor", "databar");
  expect(run.exitCode).toBe(1);
  expect(run.stderr.replace(/^Databar: asking .*\n/, "")).toBe(
    'warning: connector-1 is not exported, because no definition can express it: name: is required. Example: name: "My Scoring API".\nwarning: not exported: [unexpected_response] Databar answered a request to read connector "Odd" (id 3) with something else than its API documents: connector 3 with headers that are not a list [HTTP 200, application/json]. Check the base URL and any proxy in between; if both are right, run pulumi up again later.\n',
  );
  expect(run.stdout).toBe("1 connector exported to connectors.\n");
  expect(readdirSync(join(folder, "connectors"))).toEqual(["fine.yaml"]);
});

it("an unreadable folder, an incomplete list or a missing key: nothing is written", async () => {
  sandbox.databar.seed({ name: "Fine" });
  mkdirSync(join(folder, "connectors"));
  writeFileSync(join(folder, "connectors/a.yaml"), "a:\n\tb: 1\n");
  const unreadable = await command("export", "--vendor", "databar");
  expect([unreadable.exitCode, unreadable.stdout]).toEqual([1, ""]);
  expect(unreadable.stderr).toContain("error: connectors holds definitions that cannot be read");
  const refused = await runCommand(
    ["export", "--vendor", "databar", "--out", "elsewhere"],
    folder,
    { DATABAR_BASE_URL: sandbox.databar.url, DATABAR_API_KEY: "" },
  );
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("error: No Databar API key is configured for this command");
  sandbox.databar.fault({ status: 403, body: { detail: "no" } });
  const forbidden = await command("export", "--vendor", "databar", "--out", "elsewhere");
  expect(forbidden.exitCode).toBe(1);
  expect(forbidden.stderr).toContain("error: [forbidden] Databar refused to list connectors");
  expect(readdirSync(folder)).not.toContain("elsewhere");
});

it.each([
  ["asterisks", true],
  ["asterisks between the ends", "partly"],
  ["an asterisk for each character", "length"],
] as const)(
  "a value that the vendor masks as %s is never exported as the value, nor written over the secret",
  async (_, maskHeaderValues) => {
    const key = "Bearer sk-12345678-canary";
    const { id } = sandbox.databar.seed({
      name: "Scoring",
      method: "get",
      url: "https://api.example.com/",
      headers: [
        { name: "Authorization", value: key },
        { name: "X-Account", value: "account-canary" },
      ],
    });
    sandbox.databar.settings.normalize = { maskHeaderValues };
    const exported = await command("export", "--vendor", "databar", "--values", "values.json");
    expect(exported.exitCode).toBe(1);
    expect(exported.stderr).toMatch(
      /Databar masks 2 values, which are not exported\. Set these yourself before the next pulumi up:\s+pulumi config set --secret scoringAuthorization\s+pulumi config set --secret scoringXAccount/,
    );
    const text = readFileSync(join(folder, "connectors", "scoring.yaml"), "utf8");
    expect(text).not.toContain("***");
    expect(readdirSync(folder)).not.toContain("values.json");

    const hidden = /^\s+Authorization: (.*)\$\{config\./m.exec(text)![1]!.replace(/^"/, "");
    const config = {
      scoringAuthorization: { secret: key.slice(hidden.length) },
      scoringXAccount: { secret: "account-canary" },
    };
    const stack = await open(folder, {});
    expect((await stack.up()).ok).toBe(false);
    await stack.setConfig(config);
    expectOk(await stack.up());
    expectOk(await stack.refresh());
    sandbox.clearLogs();
    expectOk(await stack.up());
    expect(sandbox.databar.log).toEqual([]);
    expect(sandbox.databar.connectors.find((each) => each.id === id)!.headers).toEqual([
      { name: "Authorization", value: key },
      { name: "X-Account", value: "account-canary" },
    ]);
  },
);

it("a value that is a mask is refused by validate, plan and a deployment, and nothing is written", async () => {
  const mask = "********";
  const connector = (type: string, id: string, properties: object): object => ({
    connectors: { [id]: { type, properties: { name: id, ...properties } } },
  });
  mkdirSync(join(folder, "connectors"));
  for (const [name, content] of Object.entries({
    "databar.json": connector("DatabarConnector", "d", {
      method: "get",
      url: `https://api.example.com/?api_key=${mask}`,
      headers: { Authorization: `Bearer ${mask}`, "X-Account": mask },
    }),
    "supermetrics.json": connector("SupermetricsConnector", "s", {
      configuration: { oauth: { clientSecret: mask }, label: mask },
      secrets: { key: mask },
    }),
  })) {
    writeFileSync(join(folder, "connectors", name), JSON.stringify(content));
  }
  const places = [
    "configuration.oauth.clientSecret",
    "headers.Authorization",
    "headers.X-Account",
    "secrets.key",
    "url",
  ];
  const validated = await command("validate", "--format", "json");
  const found = (
    JSON.parse(validated.stdout) as { diagnostics: { rule: string; path: string }[] }
  ).diagnostics.filter(({ rule }) => rule === "secret/mask");
  expect([
    validated.exitCode,
    found.map(({ path }) => path.replace(/^connectors\.\w\.properties\./, "")).sort(),
  ]).toEqual([1, places]);
  const planned = await command("plan");
  expect(planned.exitCode).toBe(1);
  expect(planned.stdout + planned.stderr).toContain("is a mask");

  const stack = await open(folder, {});
  sandbox.clearLogs();
  const run = await stack.up();
  expect(run.ok).toBe(false);
  for (const place of places) {
    expect(run.text).toContain(`${place}: is a mask, not a value`);
  }
  expect([...sandbox.databar.log, ...sandbox.supermetrics.log]).toEqual([]);
});
