/**
 * Runs the blocks of the README's GitOps section in an empty folder. A shell runs the commands,
 * the engine what begins with `pulumi`. Each walk ends with what the vendor then holds.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type RunResult, type Stack } from "../../harness/engine/types";
import { type CommandRun } from "../../harness/e2e/command";
import { linkCommand, linkModules } from "../../harness/e2e/modules";
import { DATABAR_KEY, engineLine, expectOk, sandboxConfig } from "../../harness/e2e/world";
import { blocksOf } from "../../harness/markdown";

jest.setTimeout(600_000);

const [walk = "", existing = ""] = readFileSync(resolve(__dirname, "../../README.md"), "utf8")
  .split("\n## GitOps")[1]!
  .split("\n## ")[0]!
  .split("\n### From an existing workspace");

/** The commands of shell blocks, with the documents that follow them. */
const commandsOf = (section: string): string[] =>
  blocksOf(section)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().match(/^.*<<'(\w+)'\n(?:.*\n)*?\1$|^.*$/gm) ?? []);

let sandbox: Sandbox;
let empty: string;
let folder: string;
let stack: Stack | undefined;
let environment: NodeJS.ProcessEnv;
let runs: Record<string, CommandRun>;
let deployments: RunResult[];

beforeEach(async () => {
  sandbox = await startSandbox();
  empty = makeTempFolder("gitops");
  folder = empty;
  linkCommand(empty);
  // What a person would do in the editor.
  const programs = join(empty, "bin");
  mkdirSync(programs);
  writeFileSync(
    join(programs, "vi"),
    '#!/bin/sh\nsed s/gpt-5/gpt-5-mini/ "$1" > "$1.new" && mv "$1.new" "$1"\n',
    { mode: 0o755 },
  );
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(DATABAR|SUPERMETRICS|NO_COLOR|FORCE_COLOR|PULUMI_STACK|GIT_)/.test(name),
  );
  environment = {
    ...Object.fromEntries(own),
    DATABAR_BASE_URL: sandbox.databar.url,
    PATH: `${programs}:${process.env.PATH ?? ""}`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com" },
    ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" },
    npm_config_offline: "true",
  };
  runs = {};
  deployments = [];
});
afterEach(async () => {
  await stack?.remove();
  stack = undefined;
  await sandbox.close();
  deleteTempFolder(empty);
});

/** Runs a command as the README writes it; what a person would type is given. */
async function run(command: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  const words = command.replace(/\s+#.*$/, "").split(" ");
  switch (words.slice(0, 3).join(" ")) {
    case "npm install":
      linkModules(folder);
      linkCommand(folder);
      return;
    case "export DATABAR_API_KEY=…":
      environment["DATABAR_API_KEY"] = DATABAR_KEY;
      return;
    case "pulumi stack init": {
      const config = Object.entries(sandboxConfig(sandbox)).filter(
        ([key]) => key.startsWith("databar:") && key !== "databar:apiKey",
      );
      stack = await selectEngine().stack({ workDir: folder, config: Object.fromEntries(config) });
      return;
    }
    case "pulumi config set": {
      const key = words.at(-1)!;
      await stack!.setConfig({
        [key.includes(":") ? key : `connectors:${key}`]: { secret: secrets[key]! },
      });
      return;
    }
    case "npx pulumi-connectors set-values": {
      // Runs the engine's own command, which the local engine does not have.
      const file = join(folder, "connectors.values.json");
      const values = JSON.parse(readFileSync(file, "utf8")) as Record<string, { value: string }>;
      await stack!.setConfig(
        Object.fromEntries(
          Object.entries(values).map(([key, { value }]) => [key, { secret: value }]),
        ),
      );
      await shell(command.split(" && ")[1]!);
      return;
    }
    case "pulumi up":
      deployments.push(expectOk(await stack!.up()));
      return;
    default:
      runs[command.split(/ --from-curl| <<|=|\n/)[0]!] = await shell(command);
      if (command.endsWith("&& cd connectors")) {
        folder = join(folder, "connectors");
      }
  }
}

function shell(command: string): Promise<CommandRun> {
  return new Promise((done) => {
    execFile(
      "bash",
      ["-c", command],
      { cwd: folder, env: environment },
      (error, stdout, stderr) => {
        done({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const writes = (): string[] =>
  sandbox.databar.log
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`)
    .sort();

it(`${engineLine}. The README's GitOps walk works as written, from a new project to a merged pull request`, async () => {
  const secrets = {
    "databar:apiKey": DATABAR_KEY,
    githubUsersAuthorization: "canary-github",
    stripeCustomerAuthorization: "canary-stripe",
    openaiAuthorization: "canary-openai",
    hunterApiKey: "canary-hunter",
  };
  const idOf = (name: string): number =>
    sandbox.databar.connectors.find((each) => each.name === name)!.id;
  let ids: readonly number[] = [];
  for (const command of commandsOf(walk)) {
    await run(command, secrets);
    if (command === "pulumi up" && deployments.length === 1) {
      expect(writes()).toEqual(Array.from({ length: 4 }, () => "POST /v1/connectors/"));
      ids = [idOf("Openai"), idOf("Google Public DNS: MX records")];
      sandbox.clearLogs();
    }
  }
  const [openai, dns] = ids;
  const failed = Object.entries(runs).filter(([, { exitCode }]) => exitCode !== 0);
  expect(failed.map(([command, { exitCode }]) => [command, exitCode])).toEqual([
    ["npx pulumi-connectors plan --base main", 3],
    ["npx pulumi-connectors plan --base main --format markdown", 3],
  ]);
  expect(runs["npx pulumi-connectors request openai --set input"]!.stdout).toBe(
    `POST https://api.openai.com/v1/responses
Content-Type: application/json
Authorization: Bearer \${config.openaiAuthorization}

{"model":"gpt-5","input":"Is \\"Acme\\" a bank?"}
`,
  );
  const hook = runs['git add . && git commit -m "Four connectors"']!;
  expect(hook.stdout + hook.stderr).toContain("No problems. 4 connectors checked.");
  expect(runs["npx pulumi-connectors plan --base main"]!.stdout).toBe(`Databar
  + hunter      create  DatabarConnector, connectors/hunter.yaml:3
      name: "Hunter"
      method: "get"
      url: "https://api.hunter.io/v2/domain-search"
      parameters.domain: ""
      parameters.api_key: [secret]
  ~ openai      update (id ${openai})  DatabarConnector, connectors/openai.yaml:3
      body.model: "gpt-5" → "gpt-5-mini"
  - google-dns  delete (id ${dns})  DatabarConnector, connectors/google-dns.yaml:3
  = 2 unchanged

Not compared: 3 encrypted values of 3 connectors. To compare:
  pulumi config --json --show-secrets |
    npx pulumi-connectors plan --base main --config-file -

1 to create, 1 to update, 1 to delete, 2 unchanged.
`);
  expect(runs["npx pulumi-connectors plan --base main --format markdown"]!.stdout).toContain(
    "### Connectors: 1 to create, 1 to update, 1 to delete, 2 unchanged.",
  );
  expect(deployments[1]!.changes).toMatchObject({ create: 1, update: 1, delete: 1 });
  expect(writes()).toEqual([
    `DELETE /v1/connectors/${dns}`,
    "POST /v1/connectors/",
    `PUT /v1/connectors/${openai}`,
  ]);
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual([
    ...["Github users", "Hunter", "Openai", "Stripe customer"],
  ]);
  expect(sandbox.databar.connectors.find(({ id }) => id === openai)).toMatchObject({
    body: expect.arrayContaining([{ name: "model", value: "gpt-5-mini" }]) as unknown,
  });
  expectNoSecrets();
});

it(`${engineLine}. The README's way from an existing workspace works as written, without a write`, async () => {
  const { databar } = sandbox;
  databar.seed({
    name: "Scoring",
    method: "post",
    url: "https://api.example.com/v1/score",
    headers: [{ name: "Authorization", value: "Bearer canary-123" }],
  });
  databar.seed({ name: "Orders", method: "get", url: "https://api.example.com/orders" });
  const before = structuredClone(databar.connectors);
  for (const command of [...commandsOf(walk).slice(0, 2), ...commandsOf(existing)]) {
    await run(command, { "databar:apiKey": DATABAR_KEY });
  }
  expect(Object.values(runs).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(runs["npx pulumi-connectors plan"]!.stdout).toBe(`Databar
  = orders   adopt, unchanged (id 2): nothing is written
      DatabarConnector, connectors/orders.yaml:3
  = scoring  adopt, unchanged (id 1): nothing is written
      DatabarConnector, connectors/scoring.yaml:3

Not compared: 1 encrypted value of 1 connector. To compare:
  pulumi config --json --show-secrets |
    npx pulumi-connectors plan --config-file -

2 unchanged.
`);
  expect(deployments).toHaveLength(1);
  expect(writes()).toEqual([]);
  expect(databar.connectors).toEqual(before);
  expect(existsSync(join(folder, "connectors.values.json"))).toBe(false);
  expectNoSecrets();
});

/** Neither in the definitions nor in anything that was printed. */
function expectNoSecrets(): void {
  const definitions = readdirSync(join(folder, "connectors")).map((name) =>
    readFileSync(join(folder, "connectors", name), "utf8"),
  );
  const printed = [
    ...Object.values(runs).flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...deployments.map(({ text }) => text),
  ];
  expect([...definitions, ...printed].join("")).not.toContain("canary");
}
