/** The tests that docs/testing.md shows run as written, on the program that the README shows. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { transpileModule } from "typescript";
import { isOnPath } from "../../harness/engine/select";
import { linkModules } from "../../harness/e2e/modules";
import { folderOf, removeFolders } from "../../harness/definition-folder";
import { blocksOf } from "../../harness/markdown";
import { read } from "../../harness/sources";

jest.setTimeout(180_000);
afterEach(removeFolders);

const program = blocksOf(read("README.md")).find(({ language }) => language === "ts")!.text;

function shown(marker: string): string {
  const blocks = blocksOf(read("docs/testing.md"));
  return blocks.find(({ language, text }) => language === "typescript" && text.includes(marker))!
    .text;
}

/** Runs a test file beside the program, with the command that the page gives. */
async function run(test: string): Promise<string> {
  const folder = folderOf({
    "index.ts": program,
    "test/program.test.ts": test,
    "Pulumi.yaml": "name: connectors\nruntime: nodejs\nmain: index.ts\n",
    "package.json": '{ "name": "connectors", "private": true }\n',
  });
  linkModules(folder);
  const args = ["--import", "tsx", "--test", "--test-reporter", "tap", "test/program.test.ts"];
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const options = { cwd: folder, env };
  // A test that fails ends the command with an error, and its report says why.
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  return stdout;
}

test("the test with deployToSandbox passes", async () => {
  expect(await run(shown("creates scoring with its key"))).toMatch(/^# pass 1$/m);
});

test(
  isOnPath("pulumi")
    ? "the test of a stack passes"
    : "the test of a stack compiles (it needs the Pulumi CLI, which is not on PATH)",
  async () => {
    const text = shown("LocalWorkspace");
    if (isOnPath("pulumi")) {
      expect(await run(text)).toMatch(/^# pass 1$/m);
    } else {
      expect(transpileModule(text, { reportDiagnostics: true }).diagnostics).toEqual([]);
    }
  },
);

test("the snippets pass together, and a failing deployment reads as shown", async () => {
  const failure = blocksOf(read("docs/testing.md")).find(({ text }) =>
    text.startsWith("The deployment failed:"),
  )!.text;
  const result = await run(`
import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabarConnector } from "pulumi-connectors";
import { startSandbox } from "pulumi-connectors/sandbox";
import { deployToSandbox } from "pulumi-connectors/testing";

const REGIONS = ["amer", "emea"];
const scoringArgs = (name: string) => ({ name, method: "get", url: "https://api.example.com" }) as const;
const program = () => void new DatabarConnector("scoring", scoringArgs("scoring"));
const invalid = () => {
  const { name, ...rest } = scoringArgs("lookup");
  new DatabarConnector("lookup", { nam: name, ...rest } as never);
  new DatabarConnector("scoring", { ...scoringArgs("scoring"), method: "delete" as never });
};

test("the page's snippets", async () => {
  const sandbox = await startSandbox();
  try {
    ${shown("sandbox.databar.fault(")}
    ${shown("({ committed }) => committed")}
    await assert.rejects(deployToSandbox(sandbox, invalid), { message: ${JSON.stringify(failure.trim())} });
    ${shown("of REGIONS")}
    assert.deepEqual(sandbox.databar.connectors.map(({ name }) => name).sort(), REGIONS);
  } finally {
    await sandbox.close();
  }
});
`);
  expect(result).toMatch(/^# pass 1$/m);
});
