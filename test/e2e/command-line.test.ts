/** The commands in a shell: streams, exit codes, help, colors, interrupts. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type CommandRun, runCommand } from "../../harness/e2e/command";

jest.setTimeout(120_000);

/** Tests that need a shell, its stubs, or a file of a device, which Windows lacks. */
const onUnix = (name: string, work: () => Promise<void>): void => {
  if (process.platform !== "win32") {
    test(name, work);
  }
};

let folder: string;
beforeEach(() => {
  folder = makeTempFolder("shell");
  mkdirSync(join(folder, "connectors"));
});
afterEach(() => deleteTempFolder(folder));

const write = (text: string): void => writeFileSync(join(folder, "connectors/a.yaml"), text);
const definition = (url: string, more = ""): string =>
  `connectors:\n  a:\n    type: DatabarConnector\n    properties: {name: a, method: get, url: ${url}${more}}\n`;

const COMMANDS = [
  ...["validate", "plan", "request", "new", "export", "set-values", "sandbox", "completion"],
];
test("--help lists the commands, in 80 columns", async () => {
  const { exitCode, stdout } = await runCommand(["--help"], folder);
  const listed = stdout.slice(stdout.indexOf("Commands:")).match(/(?<=^ {2})[\w-]+/gm);
  expect([exitCode, listed]).toEqual([0, [...COMMANDS, "help"]]);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});
test.each(COMMANDS)(
  "%s --help has examples, documents exit codes other than 0 and 1, and fits 80 columns",
  async (command) => {
    const { exitCode, stdout, stderr } = await runCommand([command, "--help"], folder);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Examples:\n  $ pulumi-connectors ${command}`);
    if (command !== "sandbox") {
      expect(stdout).toContain("Exit code: 0 ");
    }
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
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
    expect(run.stderr).toContain("error: No Databar API key is configured for this command");
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

test.each([
  [
    ["new", "late", "--vendor", "databar", "--from-curl", "-"],
    "curl https://api.example.com/v1",
    "Wrote connectors/late.yaml",
  ],
  [["plan", "--config-file", "-"], "[]", "standard input is not a map of keys and values"],
  [["plan", "--state", "-"], "[]", "standard input is not the state of a stack"],
  [["set-values"], "[]", "standard input is not a file of values"],
])("%j waits for a pipe that is written late", async (args, input, said) => {
  write(definition("https://example.com/"));
  const run = await runCommand(args, folder, { DATABAR_API_KEY: "k" }, () => delay(1_500, input));
  expect(run.stdout + run.stderr).toContain(said);
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

describe("set-values", () => {
  const PULUMI = `#!/bin/sh\necho "$@" >> $CALLS\ncat > "$VALUES/$(echo "$*" | sed 's/.* -- //')"\n`;
  const setValues = (input: string, ...args: readonly string[]): Promise<CommandRun> => {
    mkdirSync(join(folder, "bin"), { recursive: true });
    mkdirSync(join(folder, "values"), { recursive: true });
    writeFileSync(join(folder, "bin/pulumi"), PULUMI, { mode: 0o755 });
    const environment = {
      ...{ CALLS: join(folder, "calls"), VALUES: join(folder, "values") },
      PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
    };
    return runCommand(["set-values", ...args], folder, environment, input);
  };
  onUnix("gives each value to Pulumi through standard input, byte by byte", async () => {
    const values = { "shop:a": "canary $(x) 'é'", "shop:b": "two\nlines\n" };
    const file = Object.entries(values).map(([key, value]) => [key, { value, secret: true }]);
    const run = await setValues(JSON.stringify(Object.fromEntries(file)), "--stack", "dev");
    expect(run).toEqual({
      exitCode: 0,
      stdout: "2 secrets set. Delete the file now.\n",
      stderr: "",
    });
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe(
      "config set --secret --non-interactive --stack dev -- shop:a\nconfig set --secret --non-interactive --raw --stack dev -- shop:b\n",
    );
    for (const [key, value] of Object.entries(values)) {
      expect(readFileSync(join(folder, "values", key), "utf8")).toBe(value);
    }
  });
  test.each([
    ["no JSON", "canary", "standard input is not a file of values."],
    ["a key without a value", '{"a": {"secret": true}}', "a has no value."],
  ])("refuses %s, and shows nothing of it", async (_, input, message) => {
    const run = await setValues(input);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain("canary");
  });
});

describe("export", () => {
  const withVendors = async (work: (sandbox: Sandbox, run: Exporting) => Promise<void>) => {
    const sandbox = await startSandbox();
    try {
      await work(sandbox, (...args) =>
        runCommand(["export", ...args], folder, {
          ...{ DATABAR_API_KEY: "k", SUPERMETRICS_API_KEY: "k", SUPERMETRICS_TEAM_ID: "936506" },
          DATABAR_BASE_URL: sandbox.databar.url,
          SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
        }),
      );
    } finally {
      await sandbox.close();
    }
  };
  type Exporting = (...args: readonly string[]) => Promise<CommandRun>;
  const both = ["--vendor", "databar", "--vendor", "supermetrics", "--quiet"];

  test("writes the workspaces of both vendors in one run, without a common name or key", () =>
    withVendors(async ({ databar, supermetrics }, run) => {
      const headers = [{ name: "Authorization", value: "Bearer canary-1" }];
      databar.seed({ name: "Hub", method: "get", url: "https://example.com/", headers });
      supermetrics.seed({
        connector_identifier: "HUB01",
        name: "Hub",
        configuration_json: { Authorization: "Bearer canary-2" },
      });
      expect(await run(...both, "--values", "values.json")).toMatchObject({ exitCode: 0 });
      expect(readdirSync(join(folder, "connectors")).sort()).toEqual([
        "hub-hub01.configuration.json",
        "hub-hub01.yaml",
        "hub.yaml",
      ]);
      const values = JSON.parse(readFileSync(join(folder, "values.json"), "utf8")) as object;
      expect(Object.keys(values)).toHaveLength(2);
      expect((await runCommand(["validate"], folder)).exitCode).toBe(0);
    }));
  test("says which defined connectors are gone, or have another name", () =>
    withVendors(async ({ databar }, run) => {
      for (const name of ["a", "b", "c"]) {
        databar.seed({ name, method: "get", url: "https://example.com/" });
      }
      expect((await run("--vendor", "databar")).exitCode).toBe(0);
      databar.change(2, { name: "new b" });
      databar.remove(3);
      const again = await run("--vendor", "databar", "--quiet");
      expect([again.exitCode, again.stderr]).toEqual([
        0,
        'warning: b (connectors/b.yaml:3) defines the connector 2 as "b"; at Databar it is "new b" now. Correct name, or export it again with --overwrite.\nwarning: c (connectors/c.yaml:3) names the connector 3, which Databar does not have. Delete the definition, or remove connectorId to create the connector again.\n',
      ]);
    }));
  // A limit on the size of files stands for a full disk.
  onUnix(
    "a file that cannot be written is named, and how far the command got; a second run finishes",
    () =>
      withVendors(async ({ databar, supermetrics }, run) => {
        databar.seed({ name: "first", method: "get", url: "https://example.com/" });
        const text = "x".repeat(100_000);
        supermetrics.seed({
          connector_identifier: "S0001",
          name: "second",
          configuration_json: { text },
        });
        const main = resolve(__dirname, "../../dist/cli/main.js");
        const limited = 'ulimit -f 40; exec "$0" "$@"';
        const child = spawn("sh", ["-c", limited, process.execPath, main, "export", ...both], {
          cwd: folder,
          env: {
            ...process.env,
            ...{ DATABAR_API_KEY: "k", SUPERMETRICS_API_KEY: "k", SUPERMETRICS_TEAM_ID: "936506" },
            DATABAR_BASE_URL: databar.url,
            SUPERMETRICS_BASE_URL: supermetrics.url,
          },
        });
        let stderr = "";
        child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
        expect(await new Promise((done) => child.on("close", done))).toBe(1);
        expect(stderr).toBe(
          "error: connectors/second.configuration.json cannot be written (the file would be too large, EFBIG). 1 of 2 connectors is written; run the command again to write the rest.\n",
        );
        expect(readdirSync(join(folder, "connectors"))).toEqual(["first.yaml"]);
        expect(await run(...both)).toMatchObject({ exitCode: 0, stderr: "" });
        expect(readdirSync(join(folder, "connectors")).sort()).toEqual([
          "first.yaml",
          "second.configuration.json",
          "second.yaml",
        ]);
      }),
  );
  test("text with control and direction characters is escaped, and means the same", () =>
    withVendors(async ({ databar, supermetrics }, run) => {
      const evil = "a\u202eb\u0085c\u2066\u200fd\ufeff";
      const parameters = [{ name: evil, value: `${evil}\n${evil}` }];
      databar.seed({ name: evil, method: "get", url: "https://example.com/", parameters });
      supermetrics.seed({
        connector_identifier: "S0001",
        name: evil,
        configuration_json: { [evil]: evil },
      });
      expect((await run(...both)).exitCode).toBe(0);
      for (const file of readdirSync(join(folder, "connectors"))) {
        expect(readFileSync(join(folder, "connectors", file), "utf8")).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
        );
      }
      const plan = await runCommand(["plan", "--quiet"], folder, {
        ...{ DATABAR_API_KEY: "k", SUPERMETRICS_API_KEY: "k", SUPERMETRICS_TEAM_ID: "936506" },
        DATABAR_BASE_URL: databar.url,
        SUPERMETRICS_BASE_URL: supermetrics.url,
      });
      expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining("2 unchanged.")]);
    }));
});

describe("a standard output that", () => {
  const shell = (command: string): Promise<CommandRun> =>
    new Promise((done) => {
      const main = resolve(__dirname, "../../dist/cli/main.js");
      const child = spawn("bash", ["-c", command, process.execPath, main], { cwd: folder });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      child.on("close", (exitCode) => done({ exitCode, stdout, stderr }));
    });
  const VALIDATE = '"$0" "$1" validate --format json';
  const many = (): void => {
    const all = Array.from({ length: 3_000 }, (_, index) => `  a${index}: {type: None}\n`);
    write(`connectors:\n${all.join("")}`);
  };
  onUnix("is full ends the command with one line", async () => {
    many();
    const run = await shell(`${VALIDATE} > /dev/full`);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/^error: .*ENOSPC.*\n$/)]);
  });
  onUnix("is closed from the start ends it with its exit code", async () => {
    write(definition("https://example.com/"));
    expect(await shell('"$0" "$1" validate >&-')).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await shell('"$0" "$1" --help >&-')).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    write(definition("nowhere"));
    expect(await shell('"$0" "$1" validate >&-')).toEqual({ exitCode: 1, stdout: "", stderr: "" });
  });
  onUnix("closes ends it without a word", async () => {
    many();
    const run = await shell(`${VALIDATE} | head -n 1`);
    expect(run).toEqual({ exitCode: 0, stdout: "{\n", stderr: "" });
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
