/**
 * The commands that `pulumi-connectors sandbox` prints point a stack with the README's program at
 * it, and take it back.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commandsIn } from "../../harness/commands";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type Config } from "../../harness/engine/types";
import { runCommand } from "../../harness/e2e/command";
import { linkModules } from "../../harness/e2e/modules";
import { engineLine, expectOk } from "../../harness/e2e/world";
import { freePorts } from "../../harness/free-ports";
import { blocksOfSection } from "../../harness/markdown";
import { read } from "../../harness/sources";

jest.setTimeout(240_000);

const section = blocksOfSection(read("README.md"), "In your own project");
const program = section.find(({ language }) => language === "ts")!.text;
/** The keys that the program needs besides the vendors' settings; any value does. */
const programKeys = section
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => commandsIn(text))
  .flatMap((command) => /^pulumi config set --secret (\w+)$/.exec(command)?.[1] ?? []);

/** Settings by the `pulumi config set` commands of a text. */
function configOf(commands: readonly string[]): Config {
  const set = commands.flatMap((command) => {
    const [, secret, key = "", value = ""] =
      /^pulumi config set (--secret )?(\S+) (\S+)$/.exec(command) ?? [];
    return key === "" ? [] : [[key, secret ? { secret: value } : value] as const];
  });
  return Object.fromEntries(set);
}

/** A sandbox of the command line. */
class CliSandbox {
  private constructor(
    private readonly child: ChildProcess,
    readonly printed: string,
  ) {}

  /** @throws Error with what the command prints when it cannot listen. */
  static async start(...args: string[]): Promise<CliSandbox> {
    const main = resolve(__dirname, "../../dist/cli/main.js");
    const child = spawn(process.execPath, [main, "sandbox", ...args]);
    const [printed] = (await Promise.race([
      once(child.stdout.setEncoding("utf8"), "data"),
      once(child.stderr.setEncoding("utf8"), "data").then(([text]) => {
        throw new Error(String(text));
      }),
    ])) as [string];
    return new CliSandbox(child, printed);
  }

  /** What `--json` prints. */
  get settings(): Readonly<Record<string, string>> {
    return JSON.parse(this.printed) as Record<string, string>;
  }

  async databarConnectors(): Promise<unknown> {
    const { databar, apiKey = "" } = this.settings;
    const headers = { "x-apikey": apiKey };
    return (await fetch(`${databar}/v1/connectors/`, { headers })).json();
  }

  /** Ends the command. Can be called more than once. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGINT");
      await ended;
    }
  }
}

/** A folder with a program of the README's section. */
function projectFolder(text: string): string {
  const folder = makeTempFolder("sandbox-walk");
  writeFileSync(join(folder, "index.ts"), text);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: connectors\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(join(folder, "package.json"), '{ "name": "connectors", "private": true }\n');
  linkModules(folder);
  return folder;
}

test(`${engineLine}. A stack enters and leaves the sandbox with the printed commands`, async () => {
  const sandbox = await CliSandbox.start("--port", "0");
  const folder = projectFolder(program);
  try {
    const commands = commandsIn(
      sandbox.printed
        .split("\n")
        .filter((line) => /^ {2}(pulumi|export) /.test(line))
        .join("\n"),
    );
    expect(programKeys).toEqual(["scoringKey", "awinKey"]);
    const own = Object.fromEntries(programKeys.map((key) => [key, { secret: "any-value" }]));
    const settings = configOf(commands);
    const stack = await selectEngine().stack({ workDir: folder, config: { ...own, ...settings } });
    try {
      expectOk(await stack.up());
      const environment = Object.fromEntries(
        commands.flatMap((command) => {
          const [, name = "", value = ""] = /^export (\w+)=(\S+)$/.exec(command) ?? [];
          return name === "" ? [] : [[name, value] as const];
        }),
      );
      for (const vendor of ["databar", "supermetrics"]) {
        const run = await runCommand(["export", "--vendor", vendor], folder, environment);
        expect(run.exitCode).toBe(0);
        expect(run.stderr).toMatch(/^\w+: asking http:\/\/127\.0\.0\.1:\d+ \(no stack\)\n$/);
      }
      const exported = readdirSync(join(folder, "connectors"));
      expect(exported).toEqual(expect.arrayContaining(["awin.yaml", "my-scoring-api.yaml"]));
      expect(commands.slice(-2)).toEqual([
        "pulumi destroy",
        `pulumi config rm-all ${Object.keys(settings).join(" ")}`,
      ]);
      expectOk(await stack.destroy());
      await stack.removeConfig(commands.at(-1)!.split(" ").slice(3));
      const without = await stack.preview();
      expect(without.ok).toBe(false);
      expect(without.text).toMatch(/No (Databar|Supermetrics) API key is configured/);
    } finally {
      await stack.remove();
    }
  } finally {
    await sandbox.stop();
    deleteTempFolder(folder);
  }
});

test(`${engineLine}. A sandbox that was restarted on the same port is another workspace: nothing is forgotten or written`, async () => {
  const port = String(await freePorts(2));
  const first = await CliSandbox.start("--json", "--port", port);
  const folder = projectFolder(`
    const { DatabarConnector } = require("pulumi-connectors");
    new DatabarConnector("one", { name: "One", method: "get", url: "https://api.example.com/v1" });
  `);
  const configFor = ({ settings: { databar = "", apiKey = "" } }: CliSandbox): Config => ({
    "databar:baseUrl": databar,
    "databar:apiKey": { secret: apiKey },
  });
  const stack = await selectEngine().stack({ workDir: folder, config: configFor(first) });
  const held = async (): Promise<unknown> =>
    (await stack.exportState()).resources
      .filter(({ type }) => type.includes("dynamic"))
      .map(({ id, outputs }) => [id, outputs["name"]]);
  const sandboxes = [first];
  try {
    expectOk(await stack.up());
    const before = await held();
    expect(before).toEqual([[expect.anything(), "One"]]);
    await first.stop();
    const second = await CliSandbox.start("--json", "--port", port);
    sandboxes.push(second);

    const forgetful = await stack.refresh();
    expect([forgetful.ok, forgetful.text]).toEqual([false, expect.stringContaining("[forbidden]")]);
    await stack.setConfig(configFor(second));
    for (const run of [await stack.refresh({ runProgram: true }), await stack.up()]) {
      expect([run.ok, run.text]).toEqual([false, expect.stringContaining("[conflict]")]);
      expect(run.text).toContain("Nothing was written or deleted.");
    }
    expect(await held()).toEqual(before);
    expect(await second.databarConnectors()).toEqual([]);
  } finally {
    await stack.remove();
    await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
    deleteTempFolder(folder);
  }
});
