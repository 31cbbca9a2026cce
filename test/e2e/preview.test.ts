import { callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, expectOk, ops, startWorld } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("a preview writes nothing, and values can be unknown at any depth", async () => {
  const { sandbox, stack, program } = await startWorld();
  sandbox.databar.seed({ id: 17, name: "To be adopted" });
  const source = databar({ name: "Source", rateLimit: 17 });
  const limit = { $output: "source.effectiveRateLimit" };
  const created = { $output: "source.createdAt" };
  program({
    source,
    header: databar({
      name: "Header",
      headers: {
        Accept: "json",
        "X-Created": { $wrap: { before: "at ", value: created } },
        "X-Tag": ["one", created],
      },
    }),
    limited: databar({ name: "Limited", rateLimit: limit }),
    named: databar({ name: { $wrap: { before: "Created ", value: created } } }),
    adopting: databar({ name: "Adopting", connectorId: limit }),
    awin: supermetrics({
      name: "Awin",
      description: created,
      configuration: { nested: { list: [1, created], limit }, token: "${secrets.token}" },
      secrets: { token: { $secret: created } },
    }),
    reading: { type: "DatabarConnector", get: { $output: "source.connectorId" } },
  });
  const before = await stack.rawState();
  const planned = expectOk(await stack.preview());
  expect(ops(planned)).toEqual({
    source: "create",
    header: "create",
    limited: "create",
    named: "create",
    adopting: "create",
    awin: "create",
    reading: "read",
  });
  expect(callCount(sandbox)).toBe(0);
  expect(await stack.rawState()).toBe(before);
  expect(planned.diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);

  expect(expectOk(await stack.up()).changes).toMatchObject({ create: 7 });
  const at = sandbox.databar.connectors.find(({ name }) => name === "Source")!.created_at!;
  const header = sandbox.databar.connectors.find(({ name }) => name === "Header")!;
  expect(header.headers).toEqual(
    expect.arrayContaining([
      { name: "X-Created", value: `at ${at}` },
      { name: "X-Tag", value: "one" },
      { name: "X-Tag", value: at },
    ]),
  );
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual([
    "Adopting",
    `Created ${at}`,
    "Header",
    "Limited",
    "Source",
  ]);
  expect(sandbox.databar.connectors.find(({ name }) => name === "Limited")).toMatchObject({
    rate_limit: 17,
  });
  expect(sandbox.databar.connectors.find(({ name }) => name === "Adopting")).toMatchObject({
    id: 17,
  });
  const [awin] = sandbox.supermetrics.connectors;
  expect(awin).toMatchObject({
    description: at,
    configuration: { configuration_json: { nested: { list: [1, at], limit: 17 } } },
  });

  // A change of a dependency makes all dependent values unknown again.
  program({
    source: databar({ name: "Source", rateLimit: 18 }),
    limited: databar({ name: "Limited", rateLimit: limit }),
    adopting: databar({ name: "Adopting", connectorId: 17 }),
    awin: supermetrics({
      name: "Awin",
      configuration: { nested: { limit }, token: "${secrets.token}" },
      secrets: { token: { $secret: created } },
    }),
  });
  sandbox.clearLogs();
  const state = await stack.rawState();
  const changed = expectOk(await stack.preview());
  expect(ops(changed)).toMatchObject({
    source: "update",
    limited: "update",
    adopting: "same",
    awin: "update",
    header: "delete",
    named: "delete",
  });
  expect(callCount(sandbox)).toBe(0);
  expect(await stack.rawState()).toBe(state);

  expectOk(await stack.destroy());
  expect(writes(sandbox.databar).every((call) => call.startsWith("DELETE"))).toBe(true);
  expect(calls(sandbox.supermetrics)).toEqual([`DELETE /connectors/${awin!.connector_identifier}`]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});
