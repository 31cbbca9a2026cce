/** Tests the lifecycle of a project's two connectors with the sandbox. */
import assert from "node:assert/strict";
import { startSandbox } from "pulumi-connectors/sandbox";
import { expectOk, sandboxConfig, TEAM } from "../../harness/e2e/world";
import { selectEngine } from "../../harness/engine/select";
import { type Stack } from "../../harness/engine/types";

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/**
 * Rejects with the first unmet expectation.
 *
 * @param fleet names of the connectors that the project has besides, in a fleet.
 */
export async function deploy(
  folder: string,
  engine: string,
  fleet: readonly string[] = [],
): Promise<void> {
  const sandbox = await startSandbox();
  const config = {
    ...sandboxConfig(sandbox),
    "consumer:scoringKey": { secret: "scoring-key" },
    "consumer:awinKey": { secret: "awin-key" },
  };
  const stack = await selectEngine(engine).stack({ workDir: folder, config });
  try {
    for (const step of [creates, changesNothing, repairs, deletes]) {
      await step(stack, sandbox, fleet).catch((error: unknown) => stopped(step.name, error));
    }
  } finally {
    await stack.remove();
    await sandbox.close();
  }
}

function stopped(step: string, error: unknown): never {
  throw new Error(`${step}: ${error instanceof Error ? error.message : String(error)}`);
}

async function creates(
  stack: Stack,
  { databar, supermetrics }: Sandbox,
  fleet: readonly string[],
): Promise<void> {
  const { outputs, changes } = expectOk(await stack.up());
  const [awin, ...others] = supermetrics.connectorsOf(TEAM);
  assert.deepEqual(
    [databar.connectors.map(({ name }) => name).sort(), others],
    [[...fleet, "Scoring"].sort(), []],
  );
  const scoring = scoringOf(databar);
  assert.deepEqual(scoring?.headers, [
    { name: "Accept", value: "application/json" },
    { name: "Authorization", value: "Bearer scoring-key" },
  ]);
  for (const { parameters } of databar.connectors) {
    assert.deepEqual(
      parameters,
      ["a", "b"].map((value) => ({ name: "tag", value })),
    );
  }
  assert.deepEqual(
    [scoring.rate_limit, awin?.description],
    [60, "Clicks and commissions per publisher."],
  );
  assert.deepEqual(
    supermetrics
      .secrets(TEAM, awin?.connector_identifier ?? "")
      .map(({ name, value }) => ({ name, value })),
    [{ name: "api_key", value: "awin-key" }],
  );
  assert.deepEqual(
    [outputs["scoringId"]?.value, outputs["awinIdentifier"]?.value],
    [scoring.id, awin?.connector_identifier],
  );
  assert.deepEqual(writes(databar), ["POST", ...fleet.map(() => "POST")]);
  assert.equal(changes.update, undefined);
}

async function changesNothing(stack: Stack, sandbox: Sandbox): Promise<void> {
  sandbox.clearLogs();
  const { changes } = expectOk(await stack.up());
  assert.deepEqual(Object.keys(changes), ["same"]);
  assert.deepEqual([sandbox.databar.log, sandbox.supermetrics.log], [[], []]);
}

/** A refresh replaces the stored inputs; all SDK versions that the package supports do so. */
async function repairs(stack: Stack, { databar, supermetrics }: Sandbox): Promise<void> {
  const [awin] = supermetrics.connectorsOf(TEAM);
  databar.change(scoringOf(databar)?.id ?? 0, { url: "https://edited.example.com" });
  supermetrics.change(awin?.connector_identifier ?? "", { description: "Edited" });
  expectOk(await stack.refresh());
  const { changes } = expectOk(await stack.up());
  assert.equal(changes.update, 2);
  assert.deepEqual(
    [scoringOf(databar)?.url, supermetrics.connectorsOf(TEAM)[0]?.description],
    ["https://api.example.com/v1/score", "Clicks and commissions per publisher."],
  );
  assert.deepEqual(writes(databar), ["PUT"]);
}

async function deletes(stack: Stack, { databar, supermetrics }: Sandbox): Promise<void> {
  expectOk(await stack.destroy());
  assert.deepEqual([databar.connectors, supermetrics.connectors], [[], []]);
}

function scoringOf({
  connectors,
}: Sandbox["databar"]): Sandbox["databar"]["connectors"][number] | undefined {
  return connectors.find(({ name }) => name === "Scoring");
}

/** The methods of all requests that change something. */
function writes({ log }: Sandbox["databar"]): string[] {
  return log.filter(({ committed }) => committed).map(({ method }) => method);
}
