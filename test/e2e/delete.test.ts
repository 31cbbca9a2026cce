import { callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, expectOk, ops, startWorld } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("a removed connector is deleted, one that does not exist counts as deleted, and one in use is a clear error", async () => {
  const { sandbox, stack, program } = await startWorld();
  const kept = databar({ name: "Kept" });
  program({
    kept,
    left: supermetrics({ name: "Left" }),
    gone: supermetrics({ name: "Gone" }),
    goneToo: databar({ name: "Gone too" }),
  });
  expectOk(await stack.up());
  const databarId = (name: string) =>
    sandbox.databar.connectors.find((each) => each.name === name)!.id;
  const [left, gone] = ["Left", "Gone"].map(
    (name) =>
      sandbox.supermetrics.connectors.find((each) => each.name === name)!.connector_identifier,
  );
  const goneToo = databarId("Gone too");
  sandbox.supermetrics.remove(gone!);
  sandbox.databar.remove(goneToo);

  program({ kept });
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({
    kept: "same",
    left: "delete",
    gone: "delete",
    goneToo: "delete",
  });
  expect(calls(sandbox.databar)).toEqual([
    "GET /v1/connectors/",
    `GET /v1/connectors/${goneToo}`,
    `DELETE /v1/connectors/${goneToo}`,
  ]);
  expect([...writes(sandbox.supermetrics)].sort()).toEqual(
    [`DELETE /connectors/${gone!}`, `DELETE /connectors/${left!}`].sort(),
  );
  expect([
    sandbox.databar.connectors.map(({ name }) => name),
    sandbox.supermetrics.connectors,
  ]).toEqual([["Kept"], []]);

  const id = databarId("Kept");
  sandbox.databar.inUse(id, `Connector ${id} is used by 2 tables`);
  const refused = await stack.destroy();
  expect(refused.ok).toBe(false);
  expect(refused.text).toContain(
    `[conflict] Databar refused to delete connector "Kept" (id ${id}): Connector ${id} is used by 2 tables [HTTP 409]`,
  );
  expect(refused.text).not.toMatch(/\bat .*\.js:\d+/);
  expect(resource(await stack.exportState(), "kept").id).toBe(String(id));

  sandbox.databar.inUse(id, null);
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
  sandbox.clearLogs();
  expectOk(await stack.destroy());
  expect(callCount(sandbox)).toBe(0);
});
