import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bodies, byName, callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, png, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  DATABAR_KEY,
  expectOk,
  ops,
  startWorld,
  SUPERMETRICS_KEY,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("a deployment creates both vendors' connectors with the fewest requests, and a second one sends none", async () => {
  const { sandbox, stack, program, folder } = await startWorld({
    sandbox: { supermetrics: { nextIdentifiers: ["T3S70"] } },
  });
  writeFileSync(join(folder, "awin.png"), png("one"));
  const configuration = {
    token: "${secrets.api_key}",
    literal: "$${secrets.api_key}",
    nested: { list: [1, "${secrets.client}"], empty: {} },
  };
  program(
    {
      scoring: databar({
        name: "My Scoring API",
        type: "exporter",
        method: "post",
        headers: {
          Authorization: "Bearer header-canary-0a1b",
          Accept: "application/json",
          "X-Tag": ["one", "two"],
        },
        parameters: { company_domain: "" },
        body: { domain: "" },
        bodyTemplate: '{"domain": "{{ domain }}"}',
        rateLimit: 60,
        maxConcurrency: 5,
      }),
      awin: supermetrics({
        description: "Clicks.",
        configuration,
        secrets: { api_key: "secret-canary-2c3d", client: { $secret: "secret-canary-4e5f" } },
        logo: "./awin.png",
      }),
    },
    {
      id: { $output: "scoring.id" },
      connectorId: { $output: "scoring.connectorId" },
      effectiveRateLimit: { $output: "scoring.effectiveRateLimit" },
      createdAt: { $output: "scoring.createdAt" },
      bodyTemplate: { $output: "scoring.bodyTemplate" },
      awinId: { $output: "awin.id" },
      team: { $output: "awin.teamId" },
      identifier: { $output: "awin.connectorIdentifier" },
      logoUrl: { $output: "awin.logoUrl" },
      placeholders: { $output: "awin.secretPlaceholders" },
      secrets: { $output: "awin.secrets" },
    },
  );

  const created = expectOk(await stack.up());
  expect(ops(created)).toEqual({ scoring: "create", awin: "create" });
  expect(created.diagnostics).toEqual([]);
  expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/", "POST /v1/connectors/"]);
  expect(calls(sandbox.supermetrics)).toEqual([
    "GET /connectors",
    "POST /connectors",
    "POST /connectors/T3S70/secrets",
    "POST /connectors/T3S70/secrets",
    "PUT /connectors/T3S70",
    "POST /connectors/T3S70/logo",
  ]);
  expect(bodies(sandbox.databar, "POST")).toEqual([
    {
      name: "My Scoring API",
      type: "exporter",
      method: "post",
      url: "https://api.example.com/v1/score",
      headers: [
        { name: "Accept", value: "application/json" },
        { name: "Authorization", value: "Bearer header-canary-0a1b" },
        { name: "X-Tag", value: "one" },
        { name: "X-Tag", value: "two" },
      ],
      parameters: [{ name: "company_domain", value: "" }],
      body: [{ name: "domain", value: "" }],
      body_template: '{"domain": "{{ domain }}"}',
      rate_limit: 60,
      max_concurrency: 5,
    },
  ]);

  const [connector] = sandbox.databar.connectors;
  const [awin] = sandbox.supermetrics.connectors;
  const placeholders = Object.fromEntries(
    sandbox.supermetrics.secrets(TEAM, "T3S70").map(({ name, placeholder }) => [name, placeholder]),
  );
  expect(
    sandbox.supermetrics.secrets(TEAM, "T3S70").map(({ name, value }) => [name, value]),
  ).toEqual([
    ["api_key", "secret-canary-2c3d"],
    ["client", "secret-canary-4e5f"],
  ]);
  expect(awin).toMatchObject({ name: "Awin", description: "Clicks." });
  expect(awin!.configuration.configuration_json).toEqual({
    token: placeholders["api_key"],
    literal: "${secrets.api_key}",
    nested: { list: [1, placeholders["client"]], empty: {} },
  });
  expect(sandbox.supermetrics.logo(TEAM, "T3S70")?.bytes).toEqual(png("one"));
  expect(created.outputs).toMatchObject({
    id: { value: String(connector!.id), secret: false },
    connectorId: { value: connector!.id, secret: false },
    effectiveRateLimit: { value: 60, secret: false },
    createdAt: { value: connector!.created_at, secret: false },
    bodyTemplate: { value: '{"domain": "{{ domain }}"}', secret: false },
    awinId: { value: `${TEAM}/T3S70`, secret: false },
    team: { value: TEAM, secret: false },
    identifier: { value: "T3S70", secret: false },
    logoUrl: { value: awin!.logo_url, secret: false },
    placeholders: { value: placeholders, secret: false },
    secrets: {
      value: { api_key: "secret-canary-2c3d", client: "secret-canary-4e5f" },
      secret: true,
    },
  });
  const canaries = /canary/;
  expect(await stack.rawState()).not.toMatch(canaries);
  expect(created.text).not.toMatch(canaries);
  for (const key of [DATABAR_KEY, SUPERMETRICS_KEY]) {
    expect(created.text).not.toContain(key);
  }
  expect(resource(await stack.exportState(), "scoring").inputs["headers"]).toEqual({
    Authorization: { secret: "Bearer header-canary-0a1b" },
    Accept: "application/json",
    "X-Tag": ["one", "two"],
  });

  sandbox.clearLogs();
  const again = expectOk(await stack.up());
  expect(ops(again)).toEqual({ scoring: "same", awin: "same" });
  expect(callCount(sandbox)).toBe(0);

  const refreshed = expectOk(await stack.refresh());
  expect(ops(refreshed)).toEqual({ scoring: "same", awin: "same" });
  expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
  expect(calls(sandbox.supermetrics)).toEqual(["GET /connectors", "GET /connectors/T3S70/secrets"]);

  sandbox.clearLogs();
  expectOk(await stack.destroy());
  expect(writes(sandbox.databar)).toEqual([`DELETE /v1/connectors/${connector!.id}`]);
  expect(writes(sandbox.supermetrics)).toEqual(["DELETE /connectors/T3S70"]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("after a lost answer, each connector exists exactly once and is in the state", async () => {
  const { sandbox, stack, program } = await startWorld();
  sandbox.databar.fault({
    method: "POST",
    drop: "after",
    when: ({ body }) => JSON.stringify(body).includes("Dropped"),
  });
  sandbox.databar.fault({
    method: "POST",
    status: 502,
    html: true,
    commit: true,
    when: ({ body }) => JSON.stringify(body).includes("Gateway"),
  });
  sandbox.supermetrics.fault({ method: "POST", path: /connectors$/, drop: "after" });
  sandbox.supermetrics.fault({ method: "POST", path: /secrets$/, drop: "after" });
  program({
    dropped: databar({ name: "Dropped" }),
    gateway: databar({ name: "Gateway", headers: { Accept: "json" } }),
    awin: supermetrics({ configuration: { token: "${secrets.token}" }, secrets: { token: "t1" } }),
  });

  expect(ops(expectOk(await stack.up()))).toEqual({
    dropped: "create",
    gateway: "create",
    awin: "create",
  });
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["Dropped", "Gateway"]);
  expect(writes(sandbox.databar)).toEqual(["POST /v1/connectors/", "POST /v1/connectors/"]);
  const [awin, ...others] = sandbox.supermetrics.connectors;
  expect(others).toEqual([]);
  expect(writes(sandbox.supermetrics).filter((call) => call === "POST /connectors")).toHaveLength(
    1,
  );
  const secrets = sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier);
  expect(secrets).toMatchObject([{ name: "token", value: "t1" }]);
  expect(awin!.configuration.configuration_json).toEqual({ token: secrets[0]!.placeholder });

  sandbox.clearLogs();
  const refreshed = expectOk(await stack.refresh());
  expect(ops(refreshed)).toEqual({ dropped: "same", gateway: "same", awin: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a limit lowered by the plan is an output and a warning, never a diff", async () => {
  const { sandbox, stack, program } = await startWorld({
    sandbox: { databar: { plan: { rateLimit: 30, maxConcurrency: 2 } } },
  });
  program(
    { scoring: databar({ rateLimit: 60, maxConcurrency: 2 }), unset: databar({ name: "Unset" }) },
    {
      effectiveRateLimit: { $output: "scoring.effectiveRateLimit" },
      rateLimit: { $output: "scoring.rateLimit" },
    },
  );
  const created = expectOk(await stack.up());
  expect(created.outputs).toMatchObject({
    effectiveRateLimit: { value: 30 },
    rateLimit: { value: 60 },
  });
  const warnings = created.diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ message }) => message);
  expect(warnings).toEqual([
    expect.stringContaining('"Scoring": rateLimit is 30, not 60: the workspace\'s plan lowers it'),
  ]);

  sandbox.clearLogs();
  sandbox.databar.settings.plan = { rateLimit: 10, maxConcurrency: 1 };
  const refreshed = expectOk(await stack.up({ refresh: true }));
  expect(refreshed.changes).toEqual({ same: 3 });
  expect(refreshed.outputs).toMatchObject({
    effectiveRateLimit: { value: 10 },
    rateLimit: { value: 60 },
  });
  expect(writes(sandbox.databar)).toEqual([]);
  expect(byName(sandbox.databar.connectors)).toMatchObject({
    Scoring: { rate_limit: 10 },
    Unset: { rate_limit: null },
  });
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
});
