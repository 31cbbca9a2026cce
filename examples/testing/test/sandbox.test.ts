/**
 * Deploys the program to the sandbox with the provider's own checks and calls, without the Pulumi
 * CLI.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { deployToSandbox, SandboxDeploymentError } from "pulumi-connectors/testing";
import { declareConnectors } from "../connectors";

// The hooks are for these tests only, also where one process runs several files.
describe("deployed to the sandbox", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  test("a deployment creates the connectors with their key", async () => {
    const config = { leadsKey: { value: "leads-key", secret: true } };
    const { outputs, warnings } = await deployToSandbox(sandbox, () => import("../index.js"), {
      project: "testing",
      stack: "prod",
      config,
    });

    const [score, company] = ["Lead score", "Company facts"].map((name) =>
      sandbox.databar.connectors.find((connector) => connector.name === name),
    );
    assert.deepEqual(
      score?.headers.find(({ name }) => name === "Authorization"),
      { name: "Authorization", value: "Bearer leads-key" },
    );
    const [report] = sandbox.supermetrics.connectors;
    assert.deepEqual(outputs, {
      enrichmentIds: { score: score.id, company: company?.id },
      reportIdentifier: report?.connector_identifier,
    });
    assert.deepEqual(warnings, []);
  });

  test("limits above the plan's are lowered, with a warning", async () => {
    sandbox.databar.settings.plan = { rateLimit: 100 };
    const { warnings } = await deployToSandbox(sandbox, () =>
      declareConnectors({ stack: "prod", leadsKey: "leads-key" }),
    );
    assert.match(warnings.join("\n"), /Lead score.*rateLimit/);
  });

  test("a key with a line break is rejected before any request", async () => {
    const deployment = deployToSandbox(sandbox, () =>
      declareConnectors({ stack: "dev", leadsKey: "leads-key\n" }),
    );
    await assert.rejects(deployment, (error) => {
      assert.ok(error instanceof SandboxDeploymentError);
      assert.deepEqual(
        error.failures.map(({ name }) => name),
        ["company", "score"],
      );
      assert.match(error.message, /headers\.Authorization/);
      assert.doesNotMatch(error.message, /leads-key/);
      return true;
    });
    assert.deepEqual(sandbox.databar.log, []);
  });

  test("a workspace without credits fails the deployment with Databar's message", async () => {
    const fault = sandbox.databar.fault({
      method: "POST",
      path: "/v1/connectors/",
      status: 406,
      body: { detail: "Not enough credits" },
      times: 2,
    });
    await assert.rejects(
      deployToSandbox(sandbox, () => declareConnectors({ stack: "dev", leadsKey: "leads-key" })),
      /Not enough credits/,
    );
    assert.equal(fault.met, 2);
    assert.deepEqual(sandbox.databar.connectors, []);
  });
});
