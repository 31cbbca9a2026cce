/** Shells complete commands, options, values, stacks and names of definitions. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { runCommand } from "../../harness/e2e/command";

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => {
  folder = makeTempFolder("completion");
  mkdirSync(join(folder, "connectors"));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const connector = "{type: DatabarConnector, properties: {name: x}}";
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  write("Pulumi.prod.yaml", "config: {}\n");
  write("connectors/a.yaml", `connectors: {scoring: ${connector}, "second try": ${connector}}\n`);
  write("connectors/a.dev.yaml", "connectors: {}\n");
  mkdirSync(join(folder, "bin"));
  const main = resolve(__dirname, "../../dist/cli/main.js");
  write("bin/pulumi-connectors", `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(join(folder, "bin/pulumi-connectors"), 0o755);
});
afterAll(() => deleteTempFolder(folder));

/** What `completion --complete` prints, without descriptions. */
async function complete(...words: readonly string[]): Promise<string[]> {
  const run = await runCommand(["completion", "--complete", "--", ...words], folder);
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  return run.stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.slice(0, line.indexOf("\t")));
}

test.each<[string, readonly string[], readonly string[]]>([
  ["commands", ["s"], ["set-values", "sandbox"]],
  ["options of all", ["--v"], ["--version"]],
  ["commands to help with", ["help", "pl"], ["plan"]],
  ["long options", ["plan", "--f"], ["--format", "--fail-on-unmanaged"]],
  ["values", ["plan", "--format", ""], ["pretty", "json", "markdown"]],
  ["values of a short option", ["request", "-f", "c"], ["curl"]],
  ["values after =", ["plan", "--format=m"], ["--format=markdown"]],
  ["values after =, as bash splits them", ["plan", "--format", "=", "m"], ["markdown"]],
  ["all values after =, as bash splits them", ["validate", "--format", "="], FORMATS()],
  ["stacks, with a file or an overlay", ["validate", "--environment", ""], ["prod", "dev"]],
  ["stacks to set values in", ["set-values", "--stack", "p"], ["prod"]],
  ["definitions", ["request", ""], ["scoring", "second try"]],
  ["definitions after options", ["request", "--set", "a=b", "--send", "sc"], ["scoring"]],
  ["shells", ["completion", ""], ["bash", "zsh", "fish"]],
  ["nothing but files: paths", ["validate", ""], []],
  ["nothing but files: the value of an option", ["request", "scoring", "--row", ""], []],
  ["nothing but files: an unknown command", ["deploy", ""], []],
])("completes %s", async (_, words, candidates) =>
  expect(await complete(...words)).toEqual(candidates),
);

function FORMATS(): string[] {
  return ["pretty", "json", "github", "sarif"];
}

test("every command has its options: the candidates come from the commands themselves", async () => {
  for (const command of (await complete("")).filter((name) => name !== "help")) {
    const { stdout } = await runCommand([command, "--help"], folder);
    const listed = stdout.slice(0, stdout.indexOf("Examples:"));
    const options = [...listed.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    expect(options).toContain("--help");
    expect(await complete(command, "-")).toEqual(options);
  }
});

test("a folder without definitions, or with faulty ones, is no failure", async () => {
  const run = await runCommand(
    ["completion", "--complete", "--", "request", ""],
    join(folder, "bin"),
  );
  expect(run).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each([[[]], [["tcsh"]], [["bash", "zsh"]]])("%j names no shell", async (args) => {
  const run = await runCommand(["completion", ...args], folder);
  expect(run).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "error: name one shell: bash, zsh, fish.\n",
  });
});

/** How each shell is asked, without a terminal, what it completes a line to. */
const ASK: Readonly<Record<string, (words: readonly string[]) => string>> = {
  bash: (words) => `source <(pulumi-connectors completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_pulumi_connectors pulumi-connectors
printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `compdef() { : }
eval "$(pulumi-connectors completion zsh)"
_describe() { print -l -- "\${(@P)2}" }
_files() { print files }
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
_pulumi_connectors`,
  fish: (words) => `pulumi-connectors completion fish | source
complete -C '${words.join(" ")}'`,
};

const isThere = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0;

const SHELLS = Object.keys(ASK);

test.each(SHELLS)("%s has a script; it is tried below if the shell is installed", async (shell) => {
  const { exitCode, stdout } = await runCommand(["completion", shell], folder);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^#.*completion --complete -- /s)]);
});

describe.each(SHELLS.filter(isThere))("%s", (shell) => {
  const ask = (...words: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(
      shell,
      ["-c", ASK[shell]!(["pulumi-connectors", ...words])],
      {
        cwd: folder,
        env: { ...process.env, PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}` },
        encoding: "utf8",
      },
    );
    expect(stderr).toBe("");
    return stdout;
  };
  test("takes the script, and completes a command, an option's value and a definition", () => {
    expect(ask("sand")).toMatch(/^sandbox(?:$|:serve|\tserve)/m);
    expect(ask("plan", "--format", "j")).toMatch(/^json(?::|\t)?$/m);
    expect(ask("request", "scor")).toMatch(/^scoring(?:$|:Databar|\tDatabar)/m);
  });
  test("completes a name with a space", () =>
    expect(ask("request", "sec")).toMatch(/^second(?:\\ | )try(?:$|:Databar|\tDatabar)/m));
  test("completes files elsewhere", () => {
    const completed = ask("validate", "con");
    expect(completed.trim()).toBe({ bash: "", zsh: "files", fish: "connectors/" }[shell]);
  });
});
