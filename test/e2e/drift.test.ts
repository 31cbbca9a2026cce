import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatabarSeed, type SupermetricsChange } from "pulumi-connectors/sandbox";
import { byName, callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, png, supermetrics } from "../../harness/e2e/program";
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

const HEADERS = { Accept: "application/json", "X-Tag": ["one", "two"] };
const NAME_VALUES = [
  { name: "Accept", value: "application/json" },
  { name: "X-Tag", value: "one" },
  { name: "X-Tag", value: "two" },
];

/**
 * For each field of a Databar connector: a change in the web app, and the keys that a refresh
 * reports.
 */
const DATABAR: Readonly<Record<string, readonly [change: DatabarSeed, keys: readonly string[]]>> = {
  name: [{ name: "renamed outside" }, ["name"]],
  type: [{ type: "exporter" }, ["type"]],
  method: [{ method: "put" }, ["method"]],
  url: [{ url: "https://elsewhere.example.com/" }, ["url"]],
  "header-changed": [
    { headers: [{ name: "Accept", value: "text/csv" }, ...NAME_VALUES.slice(1)] },
    ["headers.Accept"],
  ],
  "header-added": [{ headers: [...NAME_VALUES, { name: "Extra", value: "1" }] }, ["headers.Extra"]],
  "header-removed": [{ headers: NAME_VALUES.slice(1) }, ["headers.Accept"]],
  "header-list": [
    { headers: [...NAME_VALUES.slice(0, 2), { name: "X-Tag", value: "three" }] },
    ['headers["X-Tag"][1]'],
  ],
  parameters: [{ parameters: [{ name: "page", value: "2" }] }, ["parameters.page"]],
  body: [{ body: [{ name: "domain", value: "2" }] }, ["body.domain"]],
  bodyTemplate: [{ body_template: "{{ other }}" }, ["bodyTemplate"]],
  "unset-template": [{ body_template: "{{ other }}" }, ["bodyTemplate"]],
  rateLimit: [{ rate_limit: 600 }, ["rateLimit"]],
  maxConcurrency: [{ max_concurrency: 50 }, ["maxConcurrency"]],
};

function databarDefinition(name: string): Readonly<Record<string, unknown>> {
  const bodies =
    name === "bodyTemplate" ? { bodyTemplate: "{{ domain }}" } : { body: { domain: "1" } };
  return {
    name,
    method: "post",
    headers: HEADERS,
    parameters: { page: "1" },
    ...bodies,
    rateLimit: 60,
    maxConcurrency: 5,
  };
}

const CONFIGURATION = {
  version: 1,
  request: { url: "https://api.example.com", headers: [{ name: "Accept", value: "json" }] },
  token: "${secrets.token}",
  flag: false,
};

/** The same for Supermetrics. `leaf` changes one value of the stored configuration. */
const SUPERMETRICS: Readonly<
  Record<
    string,
    readonly [
      change: SupermetricsChange | ((stored: Record<string, unknown>) => SupermetricsChange),
      keys: readonly string[],
    ]
  >
> = {
  title: [{ name: "renamed outside" }, ["name"]],
  description: [{ description: "changed outside" }, ["description"]],
  emptied: [{ description: null }, ["description"]],
  "leaf-text": [
    (stored) => ({
      configuration_json: {
        ...stored,
        request: { ...(stored["request"] as object), url: "https://elsewhere.example.com" },
      },
    }),
    ["configuration.request.url"],
  ],
  "leaf-in-list": [
    (stored) => ({
      configuration_json: {
        ...stored,
        request: { ...(stored["request"] as object), headers: [{ name: "Accept", value: "csv" }] },
      },
    }),
    ["configuration.request.headers[0].value"],
  ],
  "leaf-number": [
    (stored) => ({ configuration_json: { ...stored, version: 2 } }),
    ["configuration.version"],
  ],
  "leaf-boolean": [
    (stored) => ({ configuration_json: { ...stored, flag: true } }),
    ["configuration.flag"],
  ],
  "leaf-removed": [
    (stored) => ({
      configuration_json: Object.fromEntries(
        Object.entries(stored).filter(([key]) => key !== "version"),
      ),
    }),
    ["configuration.version"],
  ],
  "list-longer": [
    (stored) => ({
      configuration_json: {
        ...stored,
        request: {
          url: "https://api.example.com",
          headers: [
            { name: "Accept", value: "json" },
            { name: "Extra", value: "1" },
          ],
        },
      },
    }),
    // What came in may be secret, and a list is secret as a whole.
    ["configuration.request.headers"],
  ],
  "secret-reference": [
    (stored) => ({ configuration_json: { ...stored, token: "in clear" } }),
    ["configuration.token"],
  ],
};

it("an outside change of any field is reported as exactly that key, and the next up repairs it", async () => {
  const { sandbox, stack, program, folder } = await startWorld();
  writeFileSync(join(folder, "logo.png"), png("one"));
  const resources: Program = {
    ...Object.fromEntries(
      Object.keys(DATABAR).map((name) => [name, databar(databarDefinition(name))]),
    ),
    ...Object.fromEntries(
      Object.keys(SUPERMETRICS).map((name) => [
        name,
        supermetrics({
          name,
          description: "One.",
          configuration: CONFIGURATION,
          secrets: { token: "secret-canary" },
        }),
      ]),
    ),
    "secret-removed": supermetrics({
      name: "secret-removed",
      configuration: CONFIGURATION,
      secrets: { token: "secret-canary" },
    }),
    logo: supermetrics({ name: "logo", logo: "./logo.png" }),
    untouched: databar({ name: "untouched", headers: HEADERS }),
  };
  program(resources);
  expectOk(await stack.up());
  const databarIds = Object.fromEntries(
    sandbox.databar.connectors.map(({ name, id }) => [name, id]),
  );
  const supermetricsIds = Object.fromEntries(
    sandbox.supermetrics.connectors.map(({ name, connector_identifier: id }) => [name, id]),
  );
  const stored = byName(sandbox.supermetrics.connectors);
  const before = { databar: byName(sandbox.databar.connectors), supermetrics: stored };
  sandbox.clearLogs();

  for (const [name, [change]] of Object.entries(DATABAR)) {
    sandbox.databar.change(databarIds[name]!, change);
  }
  for (const [name, [change]] of Object.entries(SUPERMETRICS)) {
    sandbox.supermetrics.change(
      supermetricsIds[name]!,
      typeof change === "function"
        ? change(stored[name]!.configuration.configuration_json)
        : change,
    );
  }
  sandbox.supermetrics.removeSecret(supermetricsIds["secret-removed"]!, "token");
  sandbox.supermetrics.change(supermetricsIds["logo"]!, {
    logo_url: "https://assets.supermetrics.com/images/other.png",
  });
  const expected: Record<string, readonly string[]> = {
    ...Object.fromEntries(
      [...Object.entries(DATABAR), ...Object.entries(SUPERMETRICS)].map(([name, [, keys]]) => [
        name,
        keys,
      ]),
    ),
    "secret-removed": ["secrets.token"],
    logo: ["logo.sha256"],
    untouched: [],
  };
  const names = Object.keys(resources);

  const refreshed = expectOk(await stack.refresh());
  expect(
    Object.fromEntries(
      names.map((name) => [name, Object.keys(step(refreshed, name).diff).filter(isInput)]),
    ),
  ).toEqual(expected);
  expect(ops(refreshed)).toEqual(
    Object.fromEntries(names.map((name) => [name, name === "untouched" ? "same" : "update"])),
  );
  expect(refreshed.text).not.toContain("canary");
  expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
  expect(calls(sandbox.supermetrics).filter((call) => !call.endsWith("/secrets"))).toEqual([
    "GET /connectors",
  ]);

  const planned = expectOk(await stack.preview());
  expect(
    Object.fromEntries(names.map((name) => [name, Object.keys(step(planned, name).diff)])),
  ).toEqual(expected);
  for (const name of names) {
    const inverted = Object.entries(step(refreshed, name).diff)
      .filter(([key]) => isInput(key))
      .map(([key, kind]) => [key, INVERSE[kind]]);
    expect([name, step(planned, name).diff]).toEqual([name, Object.fromEntries(inverted)]);
  }
  expect(planned.text).not.toContain("canary");

  const repaired = expectOk(await stack.up());
  expect(ops(repaired)).toEqual(ops(refreshed));
  const after = {
    databar: byName(sandbox.databar.connectors),
    supermetrics: byName(sandbox.supermetrics.connectors),
  };
  expect(after.databar).toEqual(before.databar);
  for (const name of Object.keys(SUPERMETRICS)) {
    expect(after.supermetrics[name]).toMatchObject({
      description: "One.",
      configuration: {
        configuration_json: before.supermetrics[name]!.configuration.configuration_json,
      },
    });
  }
  const [secret] = sandbox.supermetrics.secrets(TEAM, supermetricsIds["secret-removed"]!);
  expect(secret).toMatchObject({ name: "token", value: "secret-canary" });
  expect(after.supermetrics["secret-removed"]!.configuration.configuration_json).toMatchObject({
    token: secret!.placeholder,
  });
  expect(after.supermetrics["logo"]!.logo_url).toBe(before.supermetrics["logo"]!.logo_url);

  sandbox.clearLogs();
  const settled = expectOk(await stack.refresh());
  expect(new Set(Object.values(ops(settled)))).toEqual(new Set(["same"]));
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  sandbox.clearLogs();
  expect(new Set(Object.values(ops(expectOk(await stack.preview()))))).toEqual(new Set(["same"]));
  expect(callCount(sandbox)).toBe(0);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a value that the vendor only formats differently is not drift", async () => {
  const { sandbox, stack, program } = await startWorld({
    sandbox: {
      databar: {
        normalize: {
          listOrder: "reversed",
          emptyLists: "null",
          trimText: true,
          limits: { rateLimit: 100, maxConcurrency: 10 },
          extraFields: { plan: "team", updated_by: 7 },
          numbersAsText: true,
          bodyFromTemplate: true,
        },
      },
      supermetrics: {
        updatedAtMovesOn: "read",
        versionCountsUp: true,
        normalize: {
          emptyObjectsAsLists: true,
          sortKeys: true,
          configurationDefaults: { retries: 3, nested: { added: true } },
          extraFields: { owner: "someone" },
          wrapData: true,
          trimNames: true,
          emptyDescriptionAsNull: true,
          secretsInConfiguration: true,
        },
      },
    },
  });
  program({
    full: databar({
      name: " Full ",
      method: "post",
      headers: { Accept: "json", Authorization: "Bearer header-canary", "X-Tag": ["one", "two"] },
      parameters: {},
      body: { domain: "" },
      bodyTemplate: "{{ domain }} {{ other }}",
      rateLimit: 60,
    }),
    bare: databar({ name: "Bare" }),
    awin: supermetrics({
      name: " Awin ",
      description: "",
      configuration: { z: {}, a: 1.5, nested: { list: [], empty: {} }, token: "${secrets.token}" },
      secrets: { token: "t" },
    }),
    unmanaged: supermetrics({ name: "Unmanaged" }),
  });
  expectOk(await stack.up());
  sandbox.clearLogs();
  const same = { full: "same", bare: "same", awin: "same", unmanaged: "same" };
  expect(ops(expectOk(await stack.refresh()))).toEqual(same);
  Object.assign(sandbox.databar.settings.normalize, {
    emptyLists: "missing",
    listOrder: "sorted",
    maskHeaderValues: true,
  });
  const [awin] = sandbox.supermetrics.connectors;
  sandbox.supermetrics.changeSecret(awin!.connector_identifier, "of_the_hub", "not ours");
  expect(ops(expectOk(await stack.refresh()))).toEqual(same);
  expect(ops(expectOk(await stack.up()))).toEqual(same);
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a connector deleted outside is reported as deleted, and the next up creates it again", async () => {
  const { sandbox, stack, program } = await startWorld();
  program({
    scoring: databar(),
    awin: supermetrics({ configuration: { token: "${secrets.token}" }, secrets: { token: "t" } }),
  });
  expectOk(await stack.up());
  const [scoring] = sandbox.databar.connectors;
  const [awin] = sandbox.supermetrics.connectors;
  sandbox.databar.remove(scoring!.id);
  sandbox.supermetrics.remove(awin!.connector_identifier);

  expect(ops(expectOk(await stack.refresh()))).toEqual({ scoring: "delete", awin: "delete" });
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "create", awin: "create" });
  expect(sandbox.databar.connectors).toMatchObject([{ name: "Scoring" }]);
  expect(sandbox.supermetrics.connectors).toMatchObject([{ name: "Awin" }]);
  expect(sandbox.databar.connectors[0]!.id).not.toBe(scoring!.id);
  expect(
    sandbox.supermetrics.secrets(TEAM, sandbox.supermetrics.connectors[0]!.connector_identifier),
  ).toMatchObject([{ value: "t" }]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

const INVERSE: Readonly<Record<string, string>> = {
  add: "delete",
  delete: "add",
  update: "update",
};

/** Outputs that change with an input. A refresh can report them, but they are not drift. */
function isInput(key: string): boolean {
  return (
    ![
      "effectiveRateLimit",
      "effectiveMaxConcurrency",
      "updatedAt",
      "configurationDigest",
      "logoUrl",
    ].includes(key) && !key.startsWith("secretPlaceholders")
  );
}
