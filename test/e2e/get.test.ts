import { calls, writes } from "../../harness/e2e/calls";
import { closeWorlds, expectOk, ops, startWorld, TEAM } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("get reads all properties of an existing connector, and never writes or deletes it", async () => {
  const { sandbox, stack, program } = await startWorld();
  const { id } = sandbox.databar.seed({
    name: "Existing",
    headers: [
      { name: "Authorization", value: "Bearer header-canary" },
      { name: "Accept", value: "json" },
    ],
    rate_limit: 7,
  });
  const awin = sandbox.supermetrics.seed({
    connector_identifier: "T3S70",
    name: "Existing too",
    configuration_json: { a: 1 },
    secrets: { token: "secret-canary" },
  });
  const outputs = {
    url: { $output: "scoring.url" },
    headers: { $output: "scoring.headers" },
    limit: { $output: "scoring.effectiveRateLimit" },
    connectorId: { $output: "scoring.connectorId" },
    name: { $output: "awin.name" },
    configuration: { $output: "awin.configuration" },
    team: { $output: "awin.teamId" },
    identifier: { $output: "awin.connectorIdentifier" },
  };
  program(
    {
      scoring: { type: "DatabarConnector", get: id },
      awin: { type: "SupermetricsConnector", get: "T3S70" },
    },
    outputs,
  );
  const read = expectOk(await stack.up());
  expect(ops(read)).toEqual({ scoring: "read", awin: "read" });
  expect(read.outputs).toMatchObject({
    url: { value: "https://api.example.com/v1/score" },
    headers: { value: { Authorization: "Bearer header-canary", Accept: "json" }, secret: true },
    limit: { value: 7 },
    connectorId: { value: id },
    name: { value: "Existing too" },
    configuration: { value: { a: 1 } },
    team: { value: TEAM },
    identifier: { value: "T3S70" },
  });
  expect(read.text).not.toContain("canary");
  expect(await stack.rawState()).not.toContain("canary");

  sandbox.databar.change(id, { url: "https://changed.example.com/" });
  const again = expectOk(await stack.up());
  // Nothing says which of the values that are read by id are secret: all are, where the field can
  // be.
  expect(again.outputs["url"]).toEqual({ value: "https://changed.example.com/", secret: true });
  expectOk(await stack.destroy());
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expect(sandbox.databar.connectors).toMatchObject([{ id }]);
  expect(sandbox.supermetrics.connectors).toEqual([awin]);
});

it("get of a connector that does not exist fails the deployment", async () => {
  const { sandbox, stack, program } = await startWorld();
  program({ scoring: { type: "DatabarConnector", get: 4711 } });
  const missing = await stack.up();
  expect(missing.ok).toBe(false);
  expect(missing.text).toContain(
    "[not_found] Databar has no connector 4711. Correct the id, or remove the call of get",
  );
  program({ awin: { type: "SupermetricsConnector", get: `${TEAM}/NOSUCH` } });
  const missingToo = await stack.up();
  expect(missingToo.ok).toBe(false);
  expect(missingToo.text).toContain("[not_found] Supermetrics has no connector");
  expect([calls(sandbox.databar), calls(sandbox.supermetrics)]).toEqual([
    ["GET /v1/connectors/4711"],
    ["GET /connectors/NOSUCH"],
  ]);
});
