/** The native provider over gRPC, with messages made by Pulumi's own library. */
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { type PluginClient, PluginFailure, type Values } from "../../../harness/plugin/client";
import { failureOf } from "../../../harness/errors";
import { packageVersion } from "../../../provider/version";
import {
  closePlugins,
  KEY,
  pluginWorld,
  secret,
  settings,
  startPlugin,
  UNKNOWN,
} from "./plugin-world";

afterEach(closePlugins);

const SCORING = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" };

/** Checks, which must succeed, and returns the inputs. */
async function checkedInputs(plugin: PluginClient, args: Values, olds?: Values): Promise<Values> {
  const { inputs, failures } = await plugin.check(args, olds);
  expect(failures).toEqual([]);
  return inputs;
}

async function refusalOf(work: Promise<unknown>): Promise<PluginFailure> {
  const failure = await failureOf(work);
  expect(failure).toBeInstanceOf(PluginFailure);
  return failure as PluginFailure;
}

describe("the package", () => {
  test("understands secrets, has the package's version, and a schema of its name", async () => {
    const plugin = await startPlugin("databar");
    const handshake = await plugin.handshake();
    expect(handshake.getAcceptSecrets()).toBe(true);
    expect(handshake.getAcceptResources()).toBe(false);
    expect(await plugin.version()).toBe(packageVersion());
    expect(JSON.parse(await plugin.schema())).toMatchObject({
      name: "databar",
      version: packageVersion(),
    });
  });
  test("has no schema of another form: the message says what to do", async () => {
    const plugin = await startPlugin("databar");
    expect((await refusalOf(plugin.schema(1))).message).toMatch(/version 1 .* same time/);
  });
  test.each([
    ["invoke", new rpc.InvokeRequest()],
    ["construct", new rpc.ConstructRequest()],
    ["getMapping", new rpc.GetMappingRequest()],
    ["parameterize", new rpc.ParameterizeRequest()],
  ] as const)("answers UNIMPLEMENTED to %s, which it does not serve", async (method, request) => {
    const plugin = await startPlugin("databar");
    expect((await refusalOf(plugin.call(method, request))).code).toBe(12);
  });
  test("refuses an engine without a handshake, and calls before a configuration", async () => {
    const plugin = await startPlugin("databar");
    expect((await refusalOf(plugin.configureOnly({}))).message).toMatch(/CLI is too old.* 3\.216/);
    await plugin.handshake();
    expect((await refusalOf(plugin.check(SCORING))).message).toMatch(/before it was configured/);
  });
  test("refuses resources that it does not have, with the one that is meant", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const { message } = await refusalOf(plugin.check(SCORING, {}, "databar:index:Conector"));
    expect(message).toMatch(/Did you mean databar:index:Connector\?/);
    expect(sandbox.databar.log).toEqual([]);
  });
  test("ends a cancelled call of nothing", async () => {
    const plugin = await startPlugin("databar");
    await expect(plugin.cancel()).resolves.toBeUndefined();
    await plugin.call("cancel", new Empty());
  });
});

describe("the configuration", () => {
  test("keeps what it is given, and makes the key a secret", async () => {
    const plugin = await startPlugin("databar");
    const { inputs, failures } = await plugin.checkConfig({ apiKey: KEY, requestsPerSecond: "5" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ apiKey: secret(KEY), requestsPerSecond: "5" });
  });
  test.each([
    [{ apiKye: KEY }, /databar:apiKye is not a setting.*Did you mean databar:apiKey\?/],
    [{ teamId: "1" }, /databar:teamId is not a setting of Databar\. Settings: apiKey, /],
    [{ requestsPerSecond: "many" }, /databar:requestsPerSecond must be a number above 0\./],
    [{ requestsPerSecond: [1] }, /databar:requestsPerSecond must be a number\./],
    [{ previewLookups: "maybe" }, /databar:previewLookups must be true or false\./],
    [{ baseUrl: "api.databar.ai" }, /databar:baseUrl is not a URL/],
    [{ version: "9.0.0" }, /made for version 9\.0\.0 .*pulumi package add/],
  ])("refuses %j, and shows no value", async (config, reason) => {
    const plugin = await startPlugin("databar");
    const { failures } = await plugin.checkConfig(config);
    expect(failures).toEqual([{ property: "", reason: expect.stringMatching(reason) as unknown }]);
    expect(JSON.stringify(failures)).not.toContain(KEY);
  });
  test("names every fault at once", async () => {
    const plugin = await startPlugin("databar");
    const { failures } = await plugin.checkConfig({ apiKye: KEY, previewLookup: true });
    expect(failures).toHaveLength(2);
  });
  test("lets values pass that are not known yet, and what SDKs and engine add", async () => {
    const plugin = await startPlugin("supermetrics");
    const config = { apiKey: UNKNOWN, teamId: UNKNOWN, version: packageVersion(), __defaults: [] };
    expect((await plugin.checkConfig(config, "emea")).failures).toEqual([]);
  });
  test("of an explicit provider without a key says where it comes from", async () => {
    const plugin = await startPlugin("databar");
    const { failures } = await plugin.checkConfig({}, "emea");
    expect(failures[0]?.reason).toMatch(/explicit provider "emea" has no Databar API key/);
  });
  test("never replaces the provider, wherever it leads", async () => {
    const plugin = await startPlugin("databar");
    const olds = { apiKey: "one", baseUrl: "https://one.example.com" };
    const news = { apiKey: "two", baseUrl: "https://two.example.com" };
    expect(await plugin.diffConfig(olds, news)).toEqual({
      changes: "some",
      replaces: [],
      detail: { apiKey: "update", baseUrl: "update" },
    });
    expect((await plugin.diffConfig(olds, olds)).changes).toBe("none");
  });
  test("reads the environment for the default provider, never for an explicit one", async () => {
    const { sandbox } = await pluginWorld("databar");
    const { apiKey, ...rest } = settings(sandbox, "databar");
    expect(apiKey).toBeDefined();
    const explicit = await (await startPlugin("databar")).configure(rest, "emea");
    expect((await explicit.check(SCORING)).failures[0]?.reason).toMatch(/provider "emea" has no/);
    const standard = await (await startPlugin("databar")).configure(rest);
    expect((await standard.check(SCORING)).failures[0]?.reason).toMatch(/DATABAR_API_KEY/);
  });
});

describe("a Databar connector", () => {
  test("lives from create to delete, with the vendor's id as an output", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const first = await deploy();
    const stored = await first.create(await checkedInputs(first, { ...SCORING, rateLimit: 60 }));
    expect(stored.outputs).toMatchObject({
      connectorId: Number(stored.id),
      effectiveRateLimit: 60,
    });

    const second = await deploy();
    const same = await checkedInputs(second, { ...SCORING, rateLimit: 60 }, stored.inputs);
    expect(await second.diff(stored, same)).toEqual({ changes: "none", replaces: [], detail: {} });
    const other = await checkedInputs(
      second,
      { ...SCORING, headers: { Accept: "text/plain", "X-Odd.Name": "1" } },
      stored.inputs,
    );
    expect(await second.diff(stored, other)).toEqual({
      changes: "some",
      replaces: [],
      detail: { rateLimit: "delete", headers: "add" },
    });
    const updated = await second.update(stored, other);
    expect(sandbox.databar.connectors).toMatchObject([
      { id: Number(stored.id), headers: [{ name: "Accept" }, { name: "X-Odd.Name" }] },
    ]);

    const third = await deploy();
    const { headers } = updated.inputs as { headers: Values };
    const edited = { ...updated.inputs, headers: { ...headers, "X-Odd.Name": "2" } };
    expect((await third.diff(updated, edited)).detail).toEqual({
      'headers["X-Odd.Name"]': "update",
    });
    expect(await third.read(updated)).toMatchObject({ id: stored.id, inputs: updated.inputs });
    await third.delete(updated);
    expect(sandbox.databar.connectors).toEqual([]);
    const gone = await deploy();
    expect(await gone.read(updated)).toBeUndefined();
  });
  test("is replaced where its id is another one, and says at which property", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const stored = await plugin.create(await checkedInputs(plugin, SCORING));
    const { id } = sandbox.databar.seed({ name: "Other" });
    const news = await checkedInputs(plugin, { ...SCORING, connectorId: id }, stored.inputs);
    expect(await plugin.diff(stored, news)).toEqual({
      changes: "some",
      replaces: ["connectorId"],
      detail: { connectorId: "add-replace" },
    });
  });
  test("reports every fault of its definition without a property, and sends nothing", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const { failures } = await plugin.check({ name: "", metod: "get", url: secret("no url") });
    expect(failures.length).toBeGreaterThanOrEqual(3);
    expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
    expect(JSON.stringify(failures)).toMatch(/Did you mean method\?/);
    expect(sandbox.databar.log).toEqual([]);
  });
  test("says in one message what the vendor refuses, without the key", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, SCORING);
    sandbox.databar.fault({ method: "POST", status: 422, body: { detail: `no ${KEY}` } });
    const { message, recorded } = await refusalOf(plugin.create(inputs));
    expect(message).toMatch(/^\[invalid\] Databar rejected connector "Scoring" \(create\)/);
    expect(message).not.toContain(KEY);
    expect(recorded).toBeUndefined();
  });
});

describe("secrets", () => {
  test("stay secret in inputs at the places where the program has them, items of lists too", async () => {
    const { deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const headers = {
      "X-A": ["open", secret("hidden-1")],
      "X-B": secret("hidden-2"),
      "X-C": "open",
    };
    const inputs = await checkedInputs(plugin, { ...SCORING, headers });
    expect(inputs["headers"]).toEqual(headers);
    const stored = await plugin.create(inputs);
    const read = await (await deploy()).read(stored);
    expect(read?.inputs["headers"]).toEqual(headers);
  });
  test("make each output secret as a whole that holds one, in the answer of every verb", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const headers = { "X-A": ["open", secret("hidden-1")], "X-B": secret("hidden-2") };
    const inputs = await checkedInputs(plugin, { ...SCORING, headers });
    const wider = { ...inputs, headers: { ...headers, "X-C": UNKNOWN } };
    const stored = await plugin.create(inputs);
    const answers = {
      "create in preview": await plugin.create(wider, { preview: true }),
      create: stored,
      "update in preview": await plugin.update(stored, wider, { preview: true }),
      update: await plugin.update(stored, { ...inputs, rateLimit: 5 }),
      read: await (await deploy()).read(stored),
    };
    const whole = { "X-A": ["open", "hidden-1"], "X-B": "hidden-2" };
    const previewed = secret({ ...whole, "X-C": UNKNOWN });
    expect(Object.entries(answers).map(([verb, each]) => [verb, each?.outputs["headers"]])).toEqual(
      [
        ["create in preview", previewed],
        ["create", secret(whole)],
        ["update in preview", previewed],
        ["update", secret(whole)],
        ["read", secret(whole)],
      ],
    );
    expect(stored.outputs["url"]).toBe(SCORING.url);

    const { id } = sandbox.databar.seed({
      headers: [{ name: "Authorization", value: "Bearer hidden-3" }],
    });
    const imported = await (await deploy()).import(String(id));
    expect(imported?.outputs["headers"]).toEqual(secret({ Authorization: "Bearer hidden-3" }));
  });
  test("of a list that changed outside make the whole list secret", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const headers = { "X-A": ["open", secret("hidden-1")] };
    const stored = await plugin.create(await checkedInputs(plugin, { ...SCORING, headers }));
    sandbox.databar.change(Number(stored.id), {
      headers: [
        { name: "X-A", value: "hidden-1" },
        { name: "X-A", value: "added" },
      ],
    });
    const read = await (await deploy()).read(stored);
    expect(read?.inputs["headers"]).toEqual({ "X-A": secret(["hidden-1", "added"]) });
  });
  test("are marked where a name says credential, even if the program did not", async () => {
    const { deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, { ...SCORING, headers: { "x-api-key": "abc-1" } });
    expect(inputs["headers"]).toEqual({ "x-api-key": secret("abc-1") });
  });
  test("are no difference: what becomes secret is not sent again", async () => {
    const { deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const stored = await plugin.create(await checkedInputs(plugin, SCORING));
    const news = await checkedInputs(
      plugin,
      { ...SCORING, name: secret("Scoring") },
      stored.inputs,
    );
    expect((await plugin.diff(stored, news)).changes).toBe("none");
  });
});

describe("a preview", () => {
  const seed = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" } as const;

  test("of a create sends no write, and knows the inputs", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, SCORING);
    const { id, outputs } = await plugin.create(inputs, { preview: true });
    expect(id).toBe("");
    expect(outputs).toMatchObject({ ...SCORING, connectorId: UNKNOWN, createdAt: UNKNOWN });
    expect(sandbox.databar.log.map(({ method }) => method)).toEqual(["GET"]);
    expect(sandbox.databar.connectors).toEqual([]);
  });
  test("says which connector is adopted, and knows its id", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const existing = sandbox.databar.seed(seed);
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, SCORING);
    const { id, outputs } = await plugin.create(inputs, { preview: true });
    expect(id).toBe(String(existing.id));
    expect(outputs).toMatchObject({ connectorId: existing.id, createdAt: existing.created_at });
    expect(plugin.said.join("\n")).toMatch(/Adopting the existing Databar connector "Scoring"/);
  });
  test("fails where the deployment refuses, in the same words", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    sandbox.databar.seed({ ...seed, url: "https://other.example.com" });
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, SCORING);
    const foreseen = await refusalOf(plugin.create(inputs, { preview: true }));
    const actual = await refusalOf((await deploy()).create(inputs));
    expect(foreseen.message).toMatch(/^\[conflict\] .*connectorId:/s);
    expect(foreseen.message).toBe(actual.message);
  });
  test("asks for the list once, for any number of connectors", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    await Promise.all(
      ["A", "B", "C"].map(async (name) =>
        plugin.create(await checkedInputs(plugin, { ...SCORING, name }), { preview: true }),
      ),
    );
    expect(sandbox.databar.log).toHaveLength(1);
  });
  test("does not look where a value is not known, or the settings forbid it", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const plugin = await deploy();
    const unknown = await checkedInputs(plugin, { ...SCORING, url: UNKNOWN });
    expect((await plugin.create(unknown, { preview: true })).outputs).toMatchObject({
      url: UNKNOWN,
    });
    const blind = await deploy({ previewLookups: "false" });
    await blind.create(await checkedInputs(blind, SCORING), { preview: true });
    expect(sandbox.databar.log).toEqual([]);
  });
  test("warns where the vendor cannot be reached, and goes on", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    sandbox.databar.fault({ status: 503, times: Infinity });
    const plugin = await deploy();
    const inputs = await checkedInputs(plugin, SCORING);
    await plugin.create(inputs, { preview: true });
    expect(plugin.said.join("\n")).toMatch(/does not show which Databar connectors are adopted/);
  });
  test("of an update keeps what does not change, and makes no call", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const first = await deploy();
    const stored = await first.create(await checkedInputs(first, { ...SCORING, rateLimit: 60 }));
    sandbox.databar.clearLog();
    const second = await deploy();
    const news = await checkedInputs(
      second,
      { ...SCORING, name: "Other", rateLimit: 60 },
      stored.inputs,
    );
    const { outputs } = await second.update(stored, news, { preview: true });
    const { createdAt, connectorId } = stored.outputs;
    expect(outputs).toMatchObject({
      name: "Other",
      createdAt,
      connectorId,
      effectiveRateLimit: 60,
    });
    expect(sandbox.databar.log).toEqual([]);
  });
});

describe("a create that stops half-way", () => {
  test("is recorded with its secrets marked, and finished by the next update", async () => {
    const { sandbox, deploy } = await pluginWorld("supermetrics");
    const first = await deploy();
    const inputs = await checkedInputs(first, {
      name: "Awin",
      description: secret("hidden-3"),
      configuration: { auth: "${secrets.key}" },
      secrets: { key: "hidden-4" },
    });
    sandbox.supermetrics.fault({ method: "PUT", status: 500, times: Infinity });
    const { recorded } = await refusalOf(first.create(inputs));
    sandbox.supermetrics.clearFaults();
    expect(recorded?.reasons[0]).toMatch(/the next pulumi up does the rest/);
    expect(sandbox.supermetrics.connectors).toHaveLength(1);
    const { id, properties } = recorded!;
    const second = await deploy();
    await second.update({ id, inputs, outputs: properties }, inputs);
    expect(sandbox.supermetrics.connectors).toHaveLength(1);
    const [connector] = sandbox.supermetrics.connectors;
    expect(JSON.stringify(connector)).toContain("hidden-3");
  });
});

describe("an import", () => {
  test("takes a connector over as it is, by reads alone, without the vendor's defaults", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const { id } = sandbox.databar.seed({
      name: "Scoring",
      method: "post",
      url: "https://api.example.com/v1/score",
      headers: [
        { name: "Accept", value: "text/plain" },
        { name: "Authorization", value: "Bearer hidden-5" },
      ],
    });
    const plugin = await deploy();
    const imported = await plugin.import(String(id));
    expect(imported).toMatchObject({
      id: String(id),
      outputs: { connectorId: id, claim: expect.any(String) as unknown },
    });
    expect(imported?.inputs).toMatchObject({
      name: "Scoring",
      headers: { Accept: "text/plain", Authorization: secret("Bearer hidden-5") },
    });
    expect(imported?.inputs).not.toHaveProperty("type");
    expect(imported?.inputs).not.toHaveProperty("connectorId");
    expect(sandbox.databar.log.map(({ method }) => method)).toEqual(["GET"]);

    const next = await deploy();
    const same = await checkedInputs(next, imported!.inputs, imported!.inputs);
    expect((await next.diff(imported!, same)).changes).toBe("none");
    expect((await next.read(imported!))?.inputs).toEqual(imported!.inputs);
    await next.delete(imported!);
    expect(sandbox.databar.connectors).toEqual([]);
  });
  test("of a Supermetrics connector leaves its secrets with the vendor", async () => {
    const { sandbox, deploy } = await pluginWorld("supermetrics");
    const { connector_identifier: id } = sandbox.supermetrics.seed({
      name: "Awin",
      secrets: { key: "hidden-6" },
    });
    const plugin = await deploy();
    const imported = await plugin.import(id);
    expect(imported).toMatchObject({
      outputs: { connectorIdentifier: id },
      inputs: { name: "Awin" },
    });
    expect(imported?.inputs).not.toHaveProperty("secrets");
    expect(sandbox.supermetrics.log.every(({ method }) => method === "GET")).toBe(true);
    const next = await deploy();
    const same = await checkedInputs(next, imported!.inputs, imported!.inputs);
    expect((await next.diff(imported!, same)).changes).toBe("none");
  });
  test("of one connector twice in a deployment is refused", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const { id } = sandbox.databar.seed();
    const plugin = await deploy();
    await plugin.import(String(id));
    const { message } = await refusalOf(plugin.import(String(id)));
    expect(message).toMatch(/^\[conflict\] .* managed by another resource .* Import it once/);
  });
  test.each([
    ["databar", "abc", /^\[invalid\] .* whole number, for example 42/],
    ["databar", "4711", /^\[not_found\] Databar has no connector 4711/],
    ["supermetrics", "no/such/id", /^\[invalid\]/],
  ] as const)("of %s %s is refused", async (vendor, id, reason) => {
    const { deploy } = await pluginWorld(vendor);
    expect((await refusalOf((await deploy()).import(id))).message).toMatch(reason);
  });
  test("of a fleet is refused, with what to do", async () => {
    const { deploy } = await pluginWorld("databar");
    const { message } = await refusalOf((await deploy()).import("42", "Fleet"));
    expect(message).toMatch(/cannot be imported.*connectorId/);
  });
});

describe("a get", () => {
  test("reads a connector without managing it, and fails where there is none", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const { id } = sandbox.databar.seed({ name: "Scoring" });
    const plugin = await deploy();
    const read = await plugin.read({ id: String(id), inputs: {}, outputs: {} });
    expect(read?.outputs).toMatchObject({ connectorId: id });
    expect(read?.outputs).not.toHaveProperty("claim");
    const missing = plugin.read({ id: "4711", inputs: {}, outputs: {} });
    expect((await refusalOf(missing)).message).toMatch(/or remove the call of get/);
  });
});

describe("a logo", () => {
  test("is a path in the program, and a digest in the state", async () => {
    const { deploy } = await pluginWorld("supermetrics");
    const plugin = await deploy();
    const logo = "examples/gitops/logos/exchange-rates.png";
    const inputs = await checkedInputs(plugin, { name: "Awin", logo });
    expect(inputs["logo"]).toEqual({ path: logo, sha256: expect.any(String) as unknown });
    expect(await checkedInputs(plugin, { name: "Awin", logo: UNKNOWN })).toMatchObject({
      logo: UNKNOWN,
    });
    const { failures } = await plugin.check({ name: "Awin", logo: "no-such.png" });
    expect(failures[0]?.reason).toMatch(/logo: names a file that does not exist/);
  });
});

describe("a fleet", () => {
  const connectors = {
    a: { ...SCORING, name: "A" },
    b: { ...SCORING, name: "B", headers: { Authorization: "Bearer hidden-7" } },
  };

  test("lives from create to delete", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const type = "Fleet";
    const first = await deploy();
    const { inputs, failures } = await first.check({ connectors }, {}, type);
    expect(failures).toEqual([]);
    expect((await first.create(inputs, { preview: true, type })).outputs).toMatchObject({
      ids: UNKNOWN,
    });
    expect(sandbox.databar.connectors).toEqual([]);
    const stored = await first.create(inputs, { type });
    expect(Object.keys(stored.outputs["ids"] as object)).toEqual(["a", "b"]);
    expect(stored.inputs["connectors"]).toMatchObject({
      b: { headers: { Authorization: secret("Bearer hidden-7") } },
    });
    expect(stored.outputs["connectors"]).toMatchObject(
      secret({ b: { headers: { Authorization: "Bearer hidden-7" } } }),
    );

    const second = await deploy();
    const edited = { connectors: { ...connectors, a: { ...connectors.a, name: "A2" } } };
    const checked = await second.check(edited, stored.inputs, type);
    expect(await second.diff(stored, checked.inputs, type)).toEqual({
      changes: "some",
      replaces: [],
      detail: { "connectors.a.name": "update" },
    });
    const updated = await second.update(stored, checked.inputs, { type });
    expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["A2", "B"]);
    const third = await deploy();
    expect((await third.read(updated, type))?.inputs).toEqual(updated.inputs);
    expect((await third.diff(updated, updated.inputs, type)).changes).toBe("none");
    await third.delete(updated, type);
    expect(sandbox.databar.connectors).toEqual([]);
  });

  test("says in a preview what is adopted, and refuses what the deployment refuses", async () => {
    const { sandbox, deploy } = await pluginWorld("databar");
    const type = "Fleet";
    sandbox.databar.seed({ ...SCORING, name: "A", method: "get" });
    sandbox.databar.seed({ ...SCORING, name: "B", method: "put" });
    const plugin = await deploy();
    const only = await plugin.check({ connectors: { a: connectors.a } }, {}, type);
    await plugin.create(only.inputs, { preview: true, type });
    expect(plugin.said.join("\n")).toMatch(/Adopting the existing Databar connector "A"/);
    const both = await plugin.check({ connectors }, {}, type);
    const refused = await refusalOf(plugin.create(both.inputs, { preview: true, type }));
    expect(refused.message).toMatch(/1 of 2 connectors failed:\n {2}b: \[conflict\]/);
    expect(refused.message).not.toContain("hidden-7");
    expect(sandbox.databar.log.every(({ method }) => method === "GET")).toBe(true);
  });
});
