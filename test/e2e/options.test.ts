import { byName, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  DATABAR_KEY,
  expectOk,
  ops,
  startWorld,
  step,
  SUPERMETRICS_KEY,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("Pulumi's resource options work as on any resource", async () => {
  const { sandbox, stack, program } = await startWorld();
  const headers = { Accept: "json", "X-Version": "1" };
  const declare = (version: string, protect: boolean) =>
    program(
      {
        guarded: databar({ name: "Guarded" }, { protect }),
        ignoring: databar(
          {
            name: "Ignoring",
            headers: { ...headers, "X-Version": version },
            rateLimit: Number(version),
          },
          { ignoreChanges: ["headers.X-Version"] },
        ),
        retained: supermetrics({ name: "Retained" }, { retainOnDelete: true }),
        later: databar({ name: "Later" }, { dependsOn: ["retained", "guarded"] }),
        hidden: databar(
          { name: "Hidden", parameters: { page: "1" } },
          { additionalSecretOutputs: ["createdAt", "url"] },
        ),
        child: databar({ name: "Child" }, { parent: "hidden" }),
      },
      { hidden: { $output: "hidden.url" }, shown: { $output: "child.url" } },
    );
  declare("1", true);
  const created = expectOk(await stack.up());
  const state = await stack.exportState();
  expect(resource(state, "guarded").protect).toBe(true);
  expect(resource(state, "child").parent).toBe(resource(state, "hidden").urn);
  expect(resource(state, "later").dependencies).toEqual(
    expect.arrayContaining([resource(state, "retained").urn, resource(state, "guarded").urn]),
  );
  expect(created.outputs).toMatchObject({ hidden: { secret: true }, shown: { secret: false } });
  expect(resource(state, "hidden").outputs).toMatchObject({
    createdAt: { secret: expect.any(String) as string },
  });
  const posts = sandbox.databar.log
    .filter(({ method }) => method === "POST")
    .map(({ body }) => (body as { name: string }).name);
  expect(posts.indexOf("Later")).toBeGreaterThan(posts.indexOf("Guarded"));

  declare("2", true);
  sandbox.clearLogs();
  const updated = expectOk(await stack.up());
  expect(ops(updated)).toMatchObject({
    ignoring: "update",
    guarded: "same",
    hidden: "same",
    child: "same",
  });
  expect(Object.keys(step(updated, "ignoring").diff)).toEqual(["rateLimit"]);
  const { Ignoring, Guarded } = byName(sandbox.databar.connectors);
  expect(Ignoring).toMatchObject({
    rate_limit: 2,
    headers: expect.arrayContaining([{ name: "X-Version", value: "1" }]) as unknown,
  });
  expect(writes(sandbox.databar)).toEqual([`PUT /v1/connectors/${Ignoring!.id}`]);

  const refused = await stack.destroy();
  expect(refused.ok).toBe(false);
  expect(refused.text).toContain("protect");
  expect(byName(sandbox.databar.connectors)["Guarded"]).toEqual(Guarded);
  declare("2", false);
  expectOk(await stack.up());
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
  expect(sandbox.supermetrics.connectors).toMatchObject([{ name: "Retained" }]);
});

it("explicit providers use their own workspace or team, regardless of the stack configuration", async () => {
  const OTHER_TEAM = "42";
  const { sandbox, stack, program } = await startWorld({
    sandbox: {
      databar: { workspacePerKey: true, keys: [DATABAR_KEY, "emea-key-canary", "apac-key-canary"] },
      supermetrics: { teams: [TEAM, OTHER_TEAM], keys: [SUPERMETRICS_KEY, "other-key-canary"] },
    },
  });
  const scoring = { name: "Scoring", headers: { Accept: "json" } };
  program({
    emea: { type: "DatabarProvider", args: { apiKey: "emea-key-canary" } },
    apac: { type: "DatabarProvider", args: { apiKey: { $secret: "apac-key-canary" } } },
    other: {
      type: "SupermetricsProvider",
      args: { apiKey: "other-key-canary", teamId: OTHER_TEAM },
    },
    "scoring-default": databar(scoring),
    "scoring-emea": databar(scoring, { provider: "emea" }),
    "scoring-apac": databar(scoring, { provider: "apac" }),
    "awin-default": supermetrics({ configuration: { a: 1 } }),
    "awin-other": supermetrics({ configuration: { a: 1 } }, { provider: "other" }),
  });
  const created = expectOk(await stack.up());
  expect(created.text).not.toContain("canary");
  expect(await stack.rawState()).not.toContain("canary");
  for (const key of [DATABAR_KEY, "emea-key-canary", "apac-key-canary"]) {
    expect(sandbox.databar.connectorsOf(key)).toMatchObject([{ name: "Scoring" }]);
  }
  for (const team of [TEAM, OTHER_TEAM]) {
    expect(sandbox.supermetrics.connectorsOf(team)).toMatchObject([{ name: "Awin" }]);
  }
  expect(resource(await stack.exportState(), "awin-other").id).toMatch(
    new RegExp(`^${OTHER_TEAM}/`),
  );
  expect(
    sandbox.supermetrics.log
      .filter(({ path }) => path.includes(`/teams/${OTHER_TEAM}/`))
      .every(({ keyIndex }) => keyIndex === 1),
  ).toBe(true);

  sandbox.clearLogs();
  const [emea] = sandbox.databar.connectorsOf("emea-key-canary");
  sandbox.databar.change(emea!.id, { method: "put" });
  const refreshed = expectOk(await stack.refresh());
  expect(ops(refreshed)).toMatchObject({
    "scoring-default": "same",
    "scoring-emea": "update",
    "scoring-apac": "same",
    "awin-default": "same",
    "awin-other": "same",
  });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});
