/**
 * Every project below examples/ deploys, once, on the local engine. The rest of its life is in
 * test/e2e/examples.test.ts.
 */
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { LocalEngine } from "../../harness/engine/local/engine";
import { type RunResult, type StackOptions } from "../../harness/engine/types";
import {
  connectorCounts,
  countSteps,
  coveredFolders,
  exampleFolders,
  EXAMPLES,
  operatorOptions,
  removeFolder,
  runOwnTests,
  stackOptions,
  TESTED,
} from "../../harness/examples";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

async function up(options: StackOptions): Promise<RunResult> {
  const stack = await new LocalEngine().stack(options);
  try {
    return await stack.up();
  } finally {
    await stack.remove();
    removeFolder(options.workDir);
  }
}

test("every example is covered", () => expect(exampleFolders()).toEqual(coveredFolders()));

test.each(Object.entries(EXAMPLES))("%s deploys", async (_, example) => {
  const result = await up(stackOptions(example, example.folder(), sandbox));
  expect({ ok: result.ok, text: result.text }).toEqual({ ok: true, text: result.text });
  expect(countSteps(result)).toEqual(example.steps);
  expect(connectorCounts(sandbox)).toEqual(example.deployed);
});

test("definitions deploys, as operator describes it", async () => {
  const { ok, text } = await up(operatorOptions(sandbox));
  expect({ ok, text }).toEqual({ ok: true, text });
  expect(connectorCounts(sandbox)).toEqual({ databar: 1, supermetrics: 1 });
});

test(`${TESTED} passes its own tests, but for those that need the Pulumi CLI`, async () => {
  const { stdout, declared } = await runOwnTests(false);
  expect(stdout).toContain(`\n# pass ${declared}\n`);
  expect(stdout).toContain("\n# fail 0\n");
});
