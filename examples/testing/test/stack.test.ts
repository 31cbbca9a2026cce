/**
 * Tests the lifecycle of a stack with the Pulumi CLI, the Automation API and state in a temporary
 * folder.
 */
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";

const skip = spawnSync("pulumi", ["version"]).status === 0 ? false : "no pulumi on PATH";

describe("a stack", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  let sandbox: Sandbox;
  let stack: Stack;

  before(async () => {
    sandbox = await startSandbox();
    const envVars = {
      PULUMI_HOME: folder,
      PULUMI_BACKEND_URL: pathToFileURL(folder).href,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // npm test has already checked the types.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    // Not an inline program: Pulumi looks for the provider in the folder of the program.
    stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", workDir: resolve(__dirname, "..") },
      { envVars },
    );
    await stack.setAllConfig({
      ...sandbox.stackConfig,
      "testing:leadsKey": { value: "leads-key", secret: true },
    });
  });

  after(async () => {
    await stack.workspace.removeStack("test", { force: true });
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  test("is created once, even after a lost answer", async () => {
    const fault = sandbox.databar.fault({ method: "POST", drop: "after" });
    const { summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { create: 4 });
    assert.equal(fault.met, 1);
    assert.deepEqual(sandbox.databar.connectors.map(({ name }) => name).sort(), [
      "Company facts (test)",
      "Lead score (test)",
    ]);
  });

  test("sends no requests without changes", async () => {
    sandbox.clearLogs();
    await stack.up();
    assert.deepEqual([...sandbox.databar.log, ...sandbox.supermetrics.log], []);
  });

  test("repairs a change made in the web app with one write", async () => {
    const { id, url } = sandbox.databar.connectors[0] ?? assert.fail("there is none");
    sandbox.databar.change(id, { url: "https://elsewhere.example.com" });
    await stack.up({ refresh: true });
    assert.equal(sandbox.databar.connectors[0]?.url, url);
    assert.deepEqual(
      sandbox.databar.log
        .filter(({ committed }) => committed)
        .map(({ method, path }) => `${method} ${path}`),
      [`PUT /v1/connectors/${id}`],
    );
  });

  test("removes everything on destroy", async () => {
    await stack.destroy();
    assert.deepEqual([...sandbox.databar.connectors, ...sandbox.supermetrics.connectors], []);
  });
});
