/**
 * The commands that `pulumi-connectors sandbox` prints point a stack with the README's program at
 * it, and take it back.
 */
import { spawn } from "node:child_process";
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

test(`${engineLine}. A stack enters and leaves the sandbox with the printed commands`, async () => {
  const main = resolve(__dirname, "../../dist/cli/main.js");
  const sandbox = spawn(process.execPath, [main, "sandbox", "--port", "0"]);
  const folder = makeTempFolder("sandbox-walk");
  try {
    const [printed] = (await once(sandbox.stdout.setEncoding("utf8"), "data")) as [string];
    const commands = commandsIn(
      printed
        .split("\n")
        .filter((line) => /^ {2}(pulumi|export) /.test(line))
        .join("\n"),
    );
    writeFileSync(join(folder, "index.ts"), program);
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: connectors\nruntime: nodejs\nmain: index.ts\n",
    );
    writeFileSync(join(folder, "package.json"), '{ "name": "connectors", "private": true }\n');
    linkModules(folder);
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
        expect([run.exitCode, run.stderr]).toEqual([0, ""]);
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
    sandbox.kill("SIGINT");
    deleteTempFolder(folder);
  }
});
