/** The commands in a shell: streams, exit codes, help, colors, interrupts. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSandbox } from "pulumi-connectors/sandbox";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type CommandRun, runCommand } from "../../harness/e2e/command";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = makeTempFolder("shell");
  mkdirSync(join(folder, "connectors"));
});
afterEach(() => deleteTempFolder(folder));

const write = (text: string): void => writeFileSync(join(folder, "connectors/a.yaml"), text);
const definition = (url: string, more = ""): string =>
  `connectors:\n  a:\n    type: DatabarConnector\n    properties: {name: a, method: get, url: ${url}${more}}\n`;

test.each(["validate", "plan", "request", "new", "export", "sandbox"])(
  "%s --help has examples, and documents exit codes other than 0 and 1",
  async (command) => {
    const { exitCode, stdout, stderr } = await runCommand([command, "--help"], folder);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Examples:\n  $ pulumi-connectors ${command}`);
    if (command !== "sandbox") {
      expect(stdout).toContain("Exit code: 0 ");
    }
    for (const line of stdout.split("\n")) {
      expect(line.length).toBeLessThanOrEqual(120);
    }
  },
);

describe("validate", () => {
  test.each<[string, string, readonly string[], number, RegExp]>([
    [
      "no diagnostics",
      definition("https://example.com/"),
      [],
      0,
      /^No problems\. 1 connector checked\.\n$/,
    ],
    [
      "a fault",
      definition("nowhere"),
      [],
      1,
      /connectors\/a\.yaml:4:45 {2}error {2}property\/url\n/,
    ],
    ["a warning", definition("http://example.com/"), [], 0, /1 warning\. 1 connector checked\.\n$/],
    [
      "a warning, strict",
      definition("http://example.com/"),
      ["--strict"],
      1,
      /warning {2}databar\/insecure-url/,
    ],
    ["no diagnostics, quiet", definition("https://example.com/"), ["--quiet"], 0, /^$/],
    ["an error, as SARIF", definition("nowhere"), ["-f", "sarif"], 1, /"ruleId": "property\/url"/],
  ])("%s", async (_, text, args, exitCode, output) => {
    write(text);
    const run = await runCommand(["validate", ...args], folder);
    expect([run.exitCode, run.stderr]).toEqual([exitCode, ""]);
    expect(run.stdout).toMatch(output);
  });
  test.each<[string, readonly string[], string]>([
    [
      "an unknown format",
      ["--format", "xml"],
      "error: option '-f, --format <format>' argument 'xml' is invalid. Allowed choices are pretty, json, github, sarif.",
    ],
    ["an unknown option", ["--stric"], "error: unknown option '--stric'\n(Did you mean --strict?)"],
  ])("%s is wrong usage", async (_, args, message) => {
    write(definition("https://example.com/"));
    const run = await runCommand(["validate", ...args], folder);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain(message);
  });
  test("reports file paths relative to the root of the checkout, from any folder", async () => {
    write(definition("nowhere"));
    mkdirSync(join(folder, ".git"));
    const formats = await Promise.all(
      ["github", "sarif", "json"].map((format) =>
        runCommand(["validate", ".", "--format", format], join(folder, "connectors")),
      ),
    );
    expect(formats.map(({ stdout }) => /connectors\/a\.yaml/.test(stdout))).toEqual([
      true,
      true,
      false,
    ]);
  });
  test("without a folder of definitions is a usage error", async () => {
    const run = await runCommand(["validate"], join(folder, "connectors"));
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([
      2,
      "",
      "error: there is no folder connectors here. Name the files or folders that hold the definitions.\n",
    ]);
  });
  test("needs no network and no credentials", async () => {
    write(definition("https://example.com/"));
    expect(
      (
        await runCommand(["validate"], folder, {
          HTTPS_PROXY: "http://127.0.0.1:1",
          DATABAR_BASE_URL: "http://127.0.0.1:1",
        })
      ).exitCode,
    ).toBe(0);
  });
  test("uses colors only if requested", async () => {
    write(definition("nowhere"));
    expect((await runCommand(["validate"], folder)).stdout).not.toContain("\u001b[");
    expect((await runCommand(["validate"], folder, { FORCE_COLOR: "1" })).stdout).toContain(
      "\u001b[31merror\u001b[39m",
    );
    expect(
      (await runCommand(["validate"], folder, { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout,
    ).not.toContain("\u001b[");
  });
});

describe("plan", () => {
  test("with errors in the definitions sends no request, and prints the errors to standard error", async () => {
    const sandbox = await startSandbox();
    try {
      write(definition("nowhere", ", headers: {Authorization: canary-secret}"));
      const run = await runCommand(["plan"], folder, {
        DATABAR_API_KEY: "k",
        DATABAR_BASE_URL: sandbox.databar.url,
      });
      expect([run.exitCode, run.stdout]).toEqual([1, ""]);
      expect(run.stderr).toMatch(
        /connectors\/a\.yaml:4:45 {2}error {2}property\/url\n[\s\S]*error: 1 error in the definitions\. Run `pulumi-connectors validate` to see all diagnostics\.\n$/,
      );
      expect(run.stderr).not.toContain("canary");
      expect(sandbox.databar.log).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
  test("without a key explains how to configure it", async () => {
    write(definition("https://example.com/"));
    const run = await runCommand(["plan"], folder);
    expect([run.exitCode, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain("error: No Databar API key is configured.");
  });
  test("and export reject an unreadable stack file", async () => {
    write(definition("https://example.com/"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n\tkey: x\n");
    for (const args of [["plan"], ["export", "--vendor", "databar"]]) {
      const run = await runCommand(args, folder, {
        DATABAR_API_KEY: "k",
        DATABAR_BASE_URL: "http://127.0.0.1:1",
      });
      expect([run.exitCode, run.stdout, run.stderr]).toEqual([
        1,
        "",
        "error: Pulumi.prod.yaml:2:1: this line is indented with a tab, which YAML does not allow. Indent with spaces in the whole file.\n",
      ]);
    }
  });
  test("reports changes, and, if requested, unmanaged connectors, in its exit code", async () => {
    const sandbox = await startSandbox();
    try {
      const environment = { DATABAR_API_KEY: "k", DATABAR_BASE_URL: sandbox.databar.url };
      write(definition("https://example.com/"));
      sandbox.databar.seed({ name: "a", method: "get", url: "https://example.com/" });
      const logged = await runCommand(["plan"], folder, {
        ...environment,
        PULUMI_CONNECTORS_LOG: "debug",
      });
      expect(logged.exitCode).toBe(0);
      expect(logged.stderr).toMatch(
        /^Databar: asking http:\/\/\S+ \(no stack\)\n\d\d:\d\d:\d\d\.\d{3} Databar GET \/v1\/connectors\/ 200 \d+ ms \(list.*\)\nDatabar: 1 request in 0 s\.\n$/,
      );
      sandbox.databar.seed({ name: "b" });
      expect(
        (await runCommand(["plan", "--vendor", "databar"], folder, environment)).exitCode,
      ).toBe(0);
      expect(
        (await runCommand(["plan", "--fail-on-unmanaged"], folder, environment)).exitCode,
      ).toBe(3);
      write(definition("https://example.com/", ", connectorId: 99"));
      expect((await runCommand(["plan"], folder, environment)).exitCode).toBe(1);
      expect(sandbox.databar.log.filter(({ method }) => method !== "GET")).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
});

describe("plan takes the stack that pulumi would take", () => {
  const CONFIG = (url: string): string =>
    `config:\n  databar:baseUrl: ${url}\n  shop:path: from-the-stack\n`;
  const project = (stacks: Readonly<Record<string, string>>): void => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    for (const [stack, url] of Object.entries(stacks)) {
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), CONFIG(url));
    }
    write(definition("'https://example.com/${config.path}'"));
  };
  const plan = (
    environment: Readonly<Record<string, string>> = {},
    ...args: readonly string[]
  ): Promise<CommandRun> =>
    runCommand(["plan", ...args], folder, { DATABAR_API_KEY: "canary-key", ...environment });
  /** As `pulumi stack select` writes it. */
  const select = (stack: string): Record<string, string> => {
    const home = join(folder, "home");
    const digest = createHash("sha1").update(join(folder, "Pulumi.yaml")).digest("hex");
    mkdirSync(join(home, "workspaces"), { recursive: true });
    writeFileSync(
      join(home, "workspaces", `shop-${digest}-workspace.json`),
      JSON.stringify({ stack }),
    );
    return { PULUMI_HOME: home };
  };

  test("the only one, the selected one, that of PULUMI_STACK; and says the address that it asks", async () => {
    const sandbox = await startSandbox();
    const { url } = sandbox.databar;
    const nowhere = "http://127.0.0.1:1";
    try {
      project({ dev: url });
      const runs = [await plan({ PULUMI_HOME: join(folder, "none") })];
      project({ dev: url, prod: nowhere });
      runs.push(
        await plan(select("organization/shop/dev")),
        await plan({ ...select("prod"), PULUMI_STACK: "dev" }),
        await plan(select("prod"), "--environment", "dev"),
      );
      for (const run of runs) {
        expect([run.exitCode, run.stderr]).toEqual([3, `Databar: asking ${url} (stack dev)\n`]);
        expect(run.stdout).toContain('url: "https://example.com/from-the-stack"');
      }
      expect((await plan(select("dev"), "--quiet")).stderr).toBe("");
    } finally {
      await sandbox.close();
    }
  });
  test("with several and none selected sends no key", async () => {
    project({ dev: "http://127.0.0.1:1", prod: "http://127.0.0.1:1" });
    const run = await plan({ PULUMI_HOME: join(folder, "none") });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([
      2,
      "",
      "error: no stack is selected, and there are several: dev, prod. Name one with --environment, or select it with `pulumi stack select`.\n",
    ]);
  });
  test("a refusal is a document of the format that was asked for", async () => {
    project({ dev: "http://127.0.0.1:1" });
    write(definition("nowhere", ", headers: {Authorization: canary-secret}"));
    const json = await plan({}, "--format", "json");
    expect([json.exitCode, JSON.parse(json.stdout)]).toEqual([
      1,
      {
        schemaVersion: 1,
        error: {
          message:
            "1 error in the definitions. Run `pulumi-connectors validate` to see all diagnostics.",
          diagnostics: [
            expect.objectContaining({ file: "connectors/a.yaml", rule: "property/url", line: 4 }),
          ],
        },
      },
    ]);
    const markdown = await plan({}, "--format", "markdown");
    expect(markdown.exitCode).toBe(1);
    expect(markdown.stdout).toMatch(
      /^<!-- pulumi-connectors plan -->\n### Connectors: no plan\n\n```text\n1 error in the definitions[\s\S]*connectors\/a\.yaml:4:45: url: /,
    );
    write(definition("https://example.com/"));
    const unreachable = await plan(
      { DATABAR_OPERATION_TIMEOUT_SECONDS: "1" },
      ...["--format", "markdown"],
    );
    expect(unreachable.stdout).toMatch(/no plan\n\n```text\n\[network\] Could not list connectors/);
    for (const { stdout, stderr } of [json, markdown, unreachable]) {
      expect(stdout + stderr).not.toContain("canary");
    }
  });
  test("values can come from a pipe", async () => {
    const sandbox = await startSandbox();
    try {
      project({ dev: sandbox.databar.url });
      const run = await runCommand(
        ["plan", "--config-file", "-"],
        folder,
        { DATABAR_API_KEY: "k" },
        '{"shop:path": {"value": "piped", "secret": false}}',
      );
      expect(run.stdout).toContain('url: "https://example.com/piped"');
    } finally {
      await sandbox.close();
    }
  });
});

describe("plan --base and --state refuse", () => {
  test.each<[string, readonly string[], string, number]>([
    ["a folder without git", ["--base", "main"], "this folder is in none", 1],
    ["both", ["--base", "main", "--state", "s.json"], "cannot be used with option", 2],
    ["a file that is no state", ["--state", "connectors/a.yaml"], "is not the state of a stack", 1],
    ["a missing file", ["--state", "none.json"], "none.json cannot be read (ENOENT)", 2],
    ["a part of the stack", ["connectors/a.yaml", "--state", "s.json"], "is a file", 2],
  ])("%s", async (_, args, message, exitCode) => {
    write(definition("https://example.com/"));
    const run = await runCommand(["plan", ...args], folder, { DATABAR_API_KEY: "k" });
    expect([run.exitCode, run.stdout]).toEqual([exitCode, ""]);
    expect(run.stderr).toContain(message);
  });
  test("a revision that git does not have", async () => {
    write(definition("https://example.com/"));
    spawnSync("git", ["init", "-q"], { cwd: folder });
    const run = await runCommand(["plan", "--base", "origin/none"], folder);
    expect(run.stderr).toBe(
      "error: --base: git knows no revision origin/none. Fetch it first: `git fetch origin none`.\n",
    );
  });
});

test("an interrupted export leaves no partial file", async () => {
  const sandbox = await startSandbox();
  try {
    for (let index = 0; index < 50; index++) {
      sandbox.supermetrics.seed({
        name: `C${index}`,
        configuration_json: { text: "x".repeat(10_000) },
      });
    }
    sandbox.supermetrics.fault({ method: "GET", path: /secrets$/, delay: 3_000, times: Infinity });
    const environment = {
      ...process.env,
      SUPERMETRICS_API_KEY: "k",
      SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
      SUPERMETRICS_TEAM_ID: "936506",
    };
    const child = spawn(
      process.execPath,
      [resolve(__dirname, "../../dist/cli/main.js"), "export", "--vendor", "supermetrics"],
      { cwd: folder, env: environment },
    );
    const ended = new Promise((done) => child.on("close", (code, signal) => done(signal ?? code)));
    while (!sandbox.supermetrics.log.some(({ path }) => path.endsWith("/secrets"))) {
      await new Promise((done) => setTimeout(done, 20));
    }
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    expect(readdirSync(join(folder, "connectors"))).toEqual([]);
  } finally {
    await sandbox.close();
  }
});
