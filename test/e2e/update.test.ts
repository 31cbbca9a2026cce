import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bodies, byName, callCount, writes } from "../../harness/e2e/calls";
import { databar, png, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  expectOk,
  ops,
  type Program,
  startWorld,
  step,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("an update shows the changed keys and sends only what the vendor needs", async () => {
  const { sandbox, stack, program, folder } = await startWorld();
  const configuration = {
    version: 1,
    request: { url: "https://api.example.com", headers: [{ name: "Accept", value: "json" }] },
    token: "${secrets.token}",
  };
  const headers = { Accept: "application/json", Authorization: "Bearer header-canary" };
  writeFileSync(join(folder, "logo.png"), png("one"));
  const before = {
    header: databar({ name: "Header", headers, parameters: { page: "1" }, rateLimit: 60 }),
    untouched: databar({ name: "Untouched", headers }),
    rotated: supermetrics({
      name: "Rotated",
      configuration,
      secrets: { token: { $secret: "secret-canary-1" }, other: "secret-canary-2" },
    }),
    described: supermetrics({
      name: "Described",
      description: "One.",
      configuration,
      secrets: { token: "secret-canary-3" },
    }),
    configured: supermetrics({
      name: "Configured",
      configuration,
      secrets: { token: "secret-canary-4" },
    }),
    swapped: supermetrics({
      name: "Swapped",
      configuration,
      secrets: { token: "secret-canary-5" },
    }),
    depicted: supermetrics({ name: "Depicted", logo: "./logo.png" }),
  };
  program(before);
  expectOk(await stack.up());
  const ids = Object.fromEntries(
    sandbox.supermetrics.connectors.map(({ name, connector_identifier: id }) => [name, id]),
  );
  const stored = byName(sandbox.supermetrics.connectors);
  const header = byName(sandbox.databar.connectors)["Header"]!;

  writeFileSync(join(folder, "logo.png"), png("two"));
  program({
    ...before,
    header: databar({
      name: "Header",
      headers: { ...headers, Accept: "text/csv" },
      parameters: { page: "1" },
      rateLimit: 60,
    }),
    rotated: supermetrics({
      name: "Rotated",
      configuration,
      secrets: { token: { $secret: "secret-canary-6" }, other: "secret-canary-2" },
    }),
    described: supermetrics({
      name: "Described",
      configuration,
      secrets: { token: "secret-canary-3" },
    }),
    configured: supermetrics({
      name: "Configured",
      configuration: {
        ...configuration,
        request: { url: "https://api.example.com", headers: [{ name: "Accept", value: "csv" }] },
      },
      secrets: { token: "secret-canary-4" },
    }),
    swapped: supermetrics({
      name: "Swapped",
      configuration: { ...configuration, token: "${secrets.fresh}" },
      secrets: { fresh: "secret-canary-7" },
    }),
  });
  const expected = {
    header: ["headers.Accept"],
    untouched: [],
    rotated: ["secrets.token"],
    described: ["description"],
    configured: ["configuration.request.headers[0].value"],
    swapped: ["configuration.token", "secrets.fresh", "secrets.token"],
    depicted: ["logo.sha256"],
  };
  sandbox.clearLogs();
  const state = await stack.rawState();
  const planned = expectOk(await stack.preview());
  expect(
    Object.fromEntries(
      Object.keys(expected).map((name) => [name, Object.keys(step(planned, name).diff).sort()]),
    ),
  ).toEqual(expected);
  expect(planned.text).not.toContain("canary");
  expect(callCount(sandbox)).toBe(0);
  expect(await stack.rawState()).toBe(state);

  const updated = expectOk(await stack.up());
  expect(ops(updated)).toEqual({
    ...Object.fromEntries(Object.keys(expected).map((name) => [name, "update"])),
    untouched: "same",
  });
  expect(
    Object.fromEntries(
      Object.keys(expected).map((name) => [name, Object.keys(step(updated, name).diff).sort()]),
    ),
  ).toEqual(expected);
  expect(updated.text).not.toContain("canary");
  expect(bodies(sandbox.databar, "PUT")).toEqual([
    {
      name: "Header",
      type: "enrichment",
      method: "get",
      url: "https://api.example.com/v1/score",
      headers: [
        { name: "Accept", value: "text/csv" },
        { name: "Authorization", value: "Bearer header-canary" },
      ],
      parameters: [{ name: "page", value: "1" }],
      body: [],
      body_template: null,
      rate_limit: 60,
      max_concurrency: null,
    },
  ]);
  expect(writes(sandbox.databar)).toEqual([`PUT /v1/connectors/${header.id}`]);

  const secret = (name: string, of: string) =>
    sandbox.supermetrics.secrets(TEAM, ids[name]!).find((each) => each.name === of)!;
  const writesTo = (name: string): string[] =>
    writes(sandbox.supermetrics)
      .filter((call) => call.includes(ids[name]!))
      .map((call) => call.replace(`/connectors/${ids[name]!}`, "…"));
  expect(writesTo("Rotated")).toEqual([`PUT …/secrets/${secret("Rotated", "token").placeholder}`]);
  expect(secret("Rotated", "token").value).toBe("secret-canary-6");
  expect(writesTo("Described")).toEqual(["PUT …"]);
  expect(bodies(sandbox.supermetrics, "PUT", new RegExp(`${ids["Described"]!}$`))).toEqual([
    { connector: { name: "Described", description: "" } },
  ]);
  expect(writesTo("Configured")).toEqual(["PUT …"]);
  expect(bodies(sandbox.supermetrics, "PUT", new RegExp(`${ids["Configured"]!}$`))).toEqual([
    {
      configuration: {
        configuration_json: {
          version: 1,
          request: { url: "https://api.example.com", headers: [{ name: "Accept", value: "csv" }] },
          token: secret("Configured", "token").placeholder,
        },
      },
    },
  ]);
  const old = stored["Swapped"]!.configuration.configuration_json["token"] as string;
  expect(writesTo("Swapped")).toEqual(["POST …/secrets", "PUT …", `DELETE …/secrets/${old}`]);
  expect(sandbox.supermetrics.secrets(TEAM, ids["Swapped"]!).map(({ name }) => name)).toEqual([
    "fresh",
  ]);
  expect(
    byName(sandbox.supermetrics.connectors)["Swapped"]!.configuration.configuration_json,
  ).toMatchObject({ token: secret("Swapped", "fresh").placeholder });
  expect(writesTo("Depicted")).toEqual(["POST …/logo"]);
  expect(sandbox.supermetrics.logo(TEAM, ids["Depicted"]!)?.bytes).toEqual(png("two"));

  sandbox.clearLogs();
  const settled = expectOk(await stack.refresh());
  expect(new Set(Object.values(ops(settled)))).toEqual(new Set(["same"]));
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a failed update keeps the old state, a partial update records its progress; the next up does the rest", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (page: string, token: string) =>
    program({
      scoring: databar({ parameters: { page }, rateLimit: Number(page) }),
      awin: supermetrics({
        configuration: { page, token: "${secrets.token}" },
        secrets: { token },
      }),
    });
  declare("1", "secret-canary-1");
  expectOk(await stack.up());
  const [scoring] = sandbox.databar.connectors;
  const [awin] = sandbox.supermetrics.connectors;
  const before = await stack.exportState();

  declare("2", "secret-canary-2");
  // Both must start before one fails, because an engine starts no further operations after a
  // failure.
  const delay = 500;
  sandbox.databar.fault({
    method: "PUT",
    delay,
    status: 422,
    body: { detail: [{ loc: ["body", "rate_limit"], msg: "not on Sundays", type: "value_error" }] },
  });
  sandbox.supermetrics.fault({ method: "PUT", path: /connectors\/\w+$/, delay, status: 422 });
  const failed = await stack.up();
  expect(failed.ok).toBe(false);
  expect(failed.text).toContain("rateLimit: not on Sundays");
  expect(failed.text).not.toContain("canary");
  const after = await stack.exportState();
  expect(resource(after, "scoring")).toEqual(resource(before, "scoring"));
  expect(sandbox.databar.connectors).toEqual([scoring]);
  expect(resource(after, "awin").initErrors).toEqual([expect.stringContaining("[invalid]")]);
  expect(await stack.rawState()).not.toContain("canary");
  expect(sandbox.supermetrics.connectors[0]!.configuration).toEqual(awin!.configuration);

  sandbox.clearLogs();
  sandbox.clearFaults();
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "update", awin: "update" });
  expect(writes(sandbox.databar)).toEqual([`PUT /v1/connectors/${scoring!.id}`]);
  expect(writes(sandbox.supermetrics)).toEqual([`PUT /connectors/${awin!.connector_identifier}`]);
  expect(sandbox.databar.connectors).toMatchObject([
    { parameters: [{ name: "page", value: "2" }], rate_limit: 2 },
  ]);
  expect(sandbox.supermetrics.connectors).toMatchObject([
    { configuration: { configuration_json: { page: "2" } } },
  ]);
  expect(sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier)).toMatchObject([
    { value: "secret-canary-2" },
  ]);
  expect(resource(await stack.exportState(), "awin").initErrors).toEqual([]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a logo is its content: another path to it, as on another machine, is no change", async () => {
  const { sandbox, stack, program, folder } = await startWorld();
  writeFileSync(join(folder, "logo.png"), png("one"));
  const resources = (logo: string, description = ""): Program => ({
    single: supermetrics({ name: "Single", logo, description }),
    fleet: {
      type: "SupermetricsFleet",
      args: { connectors: { a: { name: "A", logo, description } } },
    },
  });
  program(resources(join(folder, "logo.png")));
  expectOk(await stack.up());
  expect(await stack.rawState()).not.toContain(folder);

  mkdirSync(join(folder, "images"));
  renameSync(join(folder, "logo.png"), join(folder, "images/awin.png"));
  program(resources("images/awin.png"));
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.preview()))).toEqual({ single: "same", fleet: "same" });
  expect(ops(expectOk(await stack.up()))).toEqual({ single: "same", fleet: "same" });
  expect(sandbox.supermetrics.log).toEqual([]);
  expect(ops(expectOk(await stack.refresh()))).toEqual({ single: "same", fleet: "same" });
  expect(ops(expectOk(await stack.preview()))).toEqual({ single: "same", fleet: "same" });

  writeFileSync(join(folder, "images/awin.png"), png("two"));
  expect(ops(expectOk(await stack.up()))).toEqual({ single: "update", fleet: "update" });
  expect(writes(sandbox.supermetrics).filter((call) => !call.endsWith("/logo"))).toEqual([]);
  for (const { connector_identifier: id } of sandbox.supermetrics.connectors) {
    expect(sandbox.supermetrics.logo(TEAM, id)?.bytes).toEqual(png("two"));
  }
  expectOk(await stack.destroy());
  expect(sandbox.supermetrics.connectors).toEqual([]);
});
