/** Supermetrics' calls: what answers must hold, and what refusals say. */
import { SupermetricsApi } from "../../../../provider/vendors/supermetrics/api";
import { type CallContext } from "../../../../provider/lifecycle/adapter";
import { type SupermetricsSandbox } from "../../../../provider/sandbox";
import { connectorErrorOf } from "../../../../harness/errors";
import {
  closeWorlds,
  openClient,
  openSandbox,
  supermetricsWorld,
  TEAM,
} from "../../../../harness/lifecycle-world";

const context: CallContext = { verb: "read", name: "A", sensitive: [] };
const ref = { scope: TEAM, key: "T3S70" };

afterEach(closeWorlds);

async function open(): Promise<{ vendor: SupermetricsSandbox; api: SupermetricsApi }> {
  const { supermetrics } = await openSandbox();
  return {
    vendor: supermetrics,
    api: new SupermetricsApi(
      openClient({
        vendor: "Supermetrics",
        origin: supermetrics.url,
        credential: ["authorization", "Bearer api_1"],
      }),
    ),
  };
}

describe("an answer of another shape", () => {
  test.each<[string, unknown, (api: SupermetricsApi) => Promise<unknown>, string]>([
    [
      "connector",
      { name: "A" },
      (api) => api.get(ref, context),
      "a connector with an identifier was expected",
    ],
    [
      "connector",
      [],
      (api) => api.get(ref, context),
      "a connector with an identifier was expected",
    ],
    [
      "connector",
      { connector_identifier: "OTHER" },
      (api) => api.get(ref, context),
      "connector OTHER instead of T3S70",
    ],
    [
      "created connector",
      {},
      (api) => api.create(TEAM, { title: "A" }, context),
      "a connector with an identifier was expected",
    ],
    [
      "list",
      { connectors: {} },
      (api) => api.list(TEAM, false),
      "a list of connectors was expected",
    ],
    ["list", [], (api) => api.list(TEAM, false), "a list of connectors was expected"],
    [
      "list's connector",
      { count: 1, connectors: [{}] },
      (api) => api.list(TEAM, false),
      "a connector with an identifier was expected",
    ],
    [
      "list of secrets",
      { secrets: [{}] },
      (api) => api.listSecrets(ref, context),
      "a list of secrets was expected",
    ],
    [
      "list of secrets",
      {},
      (api) => api.createSecret(ref, "k", "v", context),
      "a list of secrets was expected",
    ],
  ])("is no %s: %j", async (_, body, call, problem) => {
    const { vendor, api } = await open();
    vendor.fault({ body, status: 200 });
    const error = await connectorErrorOf(call(api));
    expect(error).toMatchObject({
      code: "unexpected_response",
      vendor: "Supermetrics",
      statusCode: 200,
    });
    expect(error.message).toContain(`: ${problem} [HTTP 200, application/json].`);
    expect(error.message).toMatch(/^\[unexpected_response\] Supermetrics answered a request to /);
  });
});

describe("a list", () => {
  const item = { connector_identifier: "AAAAA", name: "A" };
  test.each<[string, unknown, boolean]>([
    ["its count is what it carries", { count: 1, connectors: [item] }, true],
    ["it has no count", { connectors: [item] }, true],
    ["its count is larger", { count: 2, connectors: [item] }, false],
    [
      "it is as long as a list can be",
      {
        count: 1000,
        connectors: Array.from({ length: 1000 }, (_, index) => ({
          connector_identifier: `A${index}`,
        })),
      },
      false,
    ],
    [
      "it is one shorter than that",
      {
        count: 999,
        connectors: Array.from({ length: 999 }, (_, index) => ({
          connector_identifier: `A${index}`,
        })),
      },
      true,
    ],
  ])("when %s (complete: see the last column)", async (_, body, complete) => {
    const { vendor, api } = await open();
    vendor.fault({ body, status: 200 });
    expect((await api.list(TEAM, false)).complete).toBe(complete);
  });
  test("carries configurations only when they are asked for", async () => {
    const { vendor, api } = await open();
    vendor.seed({ connector_identifier: "AAAAA", configuration_json: { a: 1 } });
    expect((await api.list(TEAM, true)).items[0]!.configuration).toEqual({ a: 1 });
    expect((await api.list(TEAM, false)).items[0]!.configuration).toBeUndefined();
    expect(vendor.log.map(({ query }) => query)).toEqual([
      { include_configs: "true" },
      { include_configs: "false" },
    ]);
  });
});

describe("absence", () => {
  test("is a 404 in the API's own words, for get, secrets and deletes", async () => {
    const { api } = await open();
    expect(await api.get(ref, context)).toBeUndefined();
    expect(await api.listSecrets(ref, context)).toBeUndefined();
    await expect(api.remove(ref, context)).resolves.toBeUndefined();
    await expect(
      api.removeSecret(ref, { name: "k", placeholder: "sec_1" }, context),
    ).resolves.toBeUndefined();
  });
  test("is no gateway's page", async () => {
    const { vendor, api } = await open();
    vendor.fault({ html: true, status: 404, times: 4 });
    const attempts = [
      api.get(ref, context),
      api.listSecrets(ref, context),
      api.remove(ref, context),
      api.removeSecret(ref, { name: "k", placeholder: "sec_1" }, context),
    ];
    for (const error of await Promise.all(attempts.map(connectorErrorOf))) {
      expect(error).toMatchObject({ code: "unexpected_response", statusCode: 404 });
    }
  });
});

test.each([
  ["configuration", { configuration: { configuration_json: {} } }, "configuration: "],
  [
    "name and description",
    { connector: { name: "A", description: "" }, configuration: { configuration_json: {} } },
    "",
  ],
])(
  "a refusal of an update of %s says which property it concerns, where that is known",
  async (_, blocks, path) => {
    const { vendor, api } = await open();
    vendor.seed({ connector_identifier: "T3S70" });
    vendor.fault({ status: 422, body: { error: { code: "X", description: "It is not valid." } } });
    expect(
      (await connectorErrorOf(api.update(ref, blocks, { ...context, verb: "update" }))).message,
    ).toContain(`(update): ${path}It is not valid [HTTP 422, X]`);
  },
);

test("placeholders and identifiers are percent-encoded", async () => {
  const { vendor, api } = await open();
  await api.removeSecret(
    { scope: TEAM, key: "T3S70" },
    { name: "k", placeholder: "{{API/KEY}}" },
    context,
  );
  expect(vendor.log[0]!.path).toBe(
    `/v1/teams/${TEAM}/connector_builder/connectors/T3S70/secrets/%7B%7BAPI%2FKEY%7D%7D`,
  );
});

test("a managed configuration that does not come back is no drift, but a failure", async () => {
  const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
  const { id, state } = await deploy().connectors.create({
    teamId: TEAM,
    name: "A",
    configuration: { a: 1 },
  });
  vendor.fault({
    method: "GET",
    path: /connectors\/[^/]+$/,
    body: { connector_identifier: id.split("/")[1], name: "A" },
    status: 200,
  });
  const error = await connectorErrorOf(deploy().connectors.read(id, state));
  expect(error.message).toBe(
    `[unexpected_response] Supermetrics answered connector "A" (id ${id.split("/")[1]}) without a readable configuration, so drift cannot be detected. Run pulumi again later`,
  );
});

test("an update waits for no connector: a 404 is one", async () => {
  const { vendor, deploy, writes } = await supermetricsWorld();
  const { id, state } = await deploy().connectors.create({ teamId: TEAM, name: "A" });
  vendor.remove(id.split("/")[1]!);
  vendor.clearLog();
  expect(
    (await connectorErrorOf(deploy().connectors.update(id, state, { teamId: TEAM, name: "B" })))
      .code,
  ).toBe("not_found");
  expect(writes()).toHaveLength(1);
});
