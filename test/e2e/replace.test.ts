import { byName, calls, writes } from "../../harness/e2e/calls";
import { databar, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, expectOk, ops, startWorld, step, TEAM } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

const OTHER_TEAM = "9223372036854775807";

it("another team, another adopted connector and replaceOnChanges replace: create first, then delete", async () => {
  const { sandbox, stack, program } = await startWorld({
    sandbox: { supermetrics: { teams: [TEAM, OTHER_TEAM] } },
  });
  const [first, second] = [1, 2].map((n) => sandbox.databar.seed({ name: `Seeded ${n}` }).id);
  const [source, target] = ["SRC01", "SRC02"].map(
    (connector_identifier) =>
      sandbox.supermetrics.seed({ connector_identifier, name: connector_identifier })
        .connector_identifier,
  );
  const declare = (teamId: string, connectorId: number, connectorIdentifier: string, url: string) =>
    program({
      moved: supermetrics({ name: "Moved", teamId, configuration: { a: 1 } }),
      adopted: databar({ name: "Adopted", connectorId }),
      adoptedToo: supermetrics({ name: "Adopted too", connectorIdentifier }),
      replaced: databar({ name: "Replaced", url }, { replaceOnChanges: ["url"] }),
    });
  declare(TEAM, first!, source!, "https://one.example.com/");
  expect(ops(expectOk(await stack.up()))).toEqual({
    moved: "create",
    adopted: "create",
    adoptedToo: "create",
    replaced: "create",
  });
  const moved = sandbox.supermetrics.connectorsOf(TEAM).find(({ name }) => name === "Moved")!;
  const replaced = byName(sandbox.databar.connectors)["Replaced"]!;
  expect(byName(sandbox.databar.connectors)).toMatchObject({
    Adopted: { id: first },
    "Seeded 2": { id: second },
  });

  declare(OTHER_TEAM, second!, target!, "https://two.example.com/");
  sandbox.clearLogs();
  const planned = expectOk(await stack.preview());
  const reasons = (name: string) =>
    planned.steps.find((each) => each.name === name && each.op === "replace");
  expect(reasons("moved")).toMatchObject({
    replaceKeys: ["teamId"],
    diff: { teamId: expect.stringMatching(/^update/) },
  });
  expect(reasons("adopted")).toMatchObject({
    replaceKeys: ["connectorId"],
    diff: { connectorId: expect.stringMatching(/^update/) },
  });
  expect(reasons("adoptedToo")).toMatchObject({
    replaceKeys: ["connectorIdentifier"],
    diff: { connectorIdentifier: expect.stringMatching(/^update/) },
  });
  expect(reasons("replaced")).toMatchObject({
    replaceKeys: ["url"],
    diff: { url: expect.stringMatching(/^update/) },
  });
  expect([...calls(sandbox.databar), ...calls(sandbox.supermetrics)]).toEqual([]);

  const done = expectOk(await stack.up());
  expect(done.changes).toMatchObject({ replace: 4 });
  for (const name of ["moved", "adopted", "adoptedToo", "replaced"]) {
    const steps = done.steps.filter((each) => each.name === name).map(({ op }) => op);
    expect([name, steps.indexOf("create-replacement") < steps.indexOf("delete-replaced")]).toEqual([
      name,
      true,
    ]);
  }
  const databarWrites = writes(sandbox.databar);
  expect([...databarWrites].sort()).toEqual(
    [
      `PUT /v1/connectors/${second!}`,
      "POST /v1/connectors/",
      `DELETE /v1/connectors/${first!}`,
      `DELETE /v1/connectors/${replaced.id}`,
    ].sort(),
  );
  expect(databarWrites.indexOf("POST /v1/connectors/")).toBeLessThan(
    databarWrites.indexOf(`DELETE /v1/connectors/${replaced.id}`),
  );
  expect(byName(sandbox.databar.connectors)).toMatchObject({
    Adopted: { id: second },
    Replaced: { url: "https://two.example.com/" },
  });
  expect(sandbox.databar.connectors).toHaveLength(2);
  expect(sandbox.supermetrics.connectorsOf(TEAM)).toMatchObject([
    { connector_identifier: target, name: "Adopted too" },
  ]);
  expect(sandbox.supermetrics.connectorsOf(OTHER_TEAM)).toMatchObject([
    { name: "Moved", configuration: { configuration_json: { a: 1 } } },
  ]);
  expect(writes(sandbox.supermetrics)).toContain(
    `DELETE /connectors/${moved.connector_identifier}`,
  );

  sandbox.clearLogs();
  const refreshed = expectOk(await stack.refresh());
  expect(ops(refreshed)).toEqual({
    moved: "same",
    adopted: "same",
    adoptedToo: "same",
    replaced: "same",
  });
  expect(step(refreshed, "moved").id).toMatch(new RegExp(`^${OTHER_TEAM}/`));
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});
