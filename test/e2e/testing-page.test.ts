/** The tests that docs/testing.md shows run as written, on the program that the README shows. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
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
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  return stdout;
}

/** Each test by a word that only it contains; the second needs the CLI. */
const TESTS = ["deployToSandbox", ...(isOnPath("pulumi") ? ["LocalWorkspace"] : [])];

test.each(TESTS)("the test with %s passes", async (word) => {
  expect(await run(shown(word))).toMatch(/^# pass 1$/m);
});
