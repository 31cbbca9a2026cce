/**
 * Runs every project in examples/ unchanged: creates it, deploys it again without requests,
 * destroys it.
 */
import { readdirSync } from "node:fs";
import { startSandbox } from "pulumi-connectors/sandbox";
import { callCount } from "../../harness/e2e/calls";
import { engineLine, expectOk } from "../../harness/e2e/world";
import { isOnPath, selectEngine } from "../../harness/engine/select";
import { type RunResult } from "../../harness/engine/types";
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
import { operatorStack } from "../../harness/operator";

/** For three runs of a TypeScript program. */
const TIMEOUT = 240_000;

describe(`${engineLine}. The example`, () => {
  test("is in this list", () => {
    expect(exampleFolders()).toEqual(coveredFolders());
  });
  test(
    `${TESTED} passes its own tests${isOnPath("pulumi") ? "" : "; the stack tests are skipped without the Pulumi CLI"}`,
    async () => {
      const { stdout, declared } = await runOwnTests(true);
      expect(stdout).toContain(`\n# pass ${declared}\n`);
      expect(stdout).toContain("\n# fail 0\n");
      expect(stdout.includes("# SKIP no pulumi on PATH")).toBe(!isOnPath("pulumi"));
    },
    TIMEOUT,
  );

  test.each(Object.entries(EXAMPLES))(
    "%s is created, deploys again without requests, and is destroyed completely",
    async (_, example) => {
      const { steps, deployed, left = 0, previewed = false } = example;
      const sandbox = await startSandbox();
      const workDir = example.folder();
      const stack = await selectEngine().stack(stackOptions(example, workDir, sandbox));
      const seen: RunResult[] = [];
      const run = async (result: Promise<RunResult>): Promise<RunResult> => {
        seen.push(await result);
        return expectOk(await result);
      };
      try {
        if (previewed) {
          await run(stack.preview());
          expect(callCount(sandbox)).toBe(0);
        }

        const created = await run(stack.up());
        expect(countSteps(created)).toEqual(steps);
        expect(connectorCounts(sandbox)).toEqual(deployed);
        expect(Object.keys(created.outputs)).not.toEqual([]);
        expect(Object.values(created.outputs).filter(({ secret }) => secret)).toEqual([]);

        sandbox.clearLogs();
        const unchanged = await run(stack.up());
        expect(unchanged.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
        expect(callCount(sandbox)).toBe(steps.read ?? 0);

        await run(stack.destroy());
        expect(sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length).toBe(
          left,
        );
        const shown = `${seen.map(({ text }) => text).join("")}${await stack.rawState()}`;
        expect(shown).not.toContain("canary");
        expect(readdirSync(workDir).filter((name) => /pulumi/i.test(name))).toEqual([
          "Pulumi.yaml",
        ]);
      } finally {
        await stack.remove();
        await sandbox.close();
        removeFolder(workDir);
      }
    },
    TIMEOUT,
  );

  test(
    "operator deploys the project of its Stack object, with only its configuration and environment",
    async () => {
      const sandbox = await startSandbox();
      const { spec } = operatorStack();
      const options = operatorOptions(sandbox);
      const stack = await selectEngine().stack(options);
      try {
        const { text } = expectOk(await stack.up());
        const [hunter] = sandbox.databar.connectors;
        const [awin] = sandbox.supermetrics.connectors;
        expect(hunter?.parameters).toContainEqual({
          name: "api_key",
          value: "hunterApiKey-canary",
        });
        expect(
          sandbox.supermetrics.secrets(
            spec.config["supermetrics:teamId"]!,
            awin!.connector_identifier,
          ),
        ).toMatchObject([{ name: "token", value: "awinToken-canary" }]);
        expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual(
          [1, 1],
        );
        expect(`${text}${await stack.rawState()}`).not.toContain("canary");
      } finally {
        await stack.remove();
        await sandbox.close();
        removeFolder(options.workDir);
      }
    },
    TIMEOUT,
  );
});
