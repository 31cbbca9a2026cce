/**
 * What Supermetrics adds to the boundary: the team, secrets by name, a document that the state
 * holds packed.
 */
import { without } from "../../../provider/model/state";
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type SupermetricsSandbox } from "../../../provider/sandbox";
import { provider } from "../../../provider/vendors/supermetrics/runtime";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, openSandbox, TEAM } from "../../../harness/lifecycle-world";
import { providerConfig } from "../../../harness/in-process/config";
import { isPlainJson, plain, secret, UNKNOWN } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";

const inputs = {
  __provider: "text",
  teamId: TEAM,
  name: "A",
  configuration: { key: "Bearer ${secrets.k}", clientSecret: "in clear" },
  secrets: { k: "value-1" },
};

const { said } = isolate();
afterEach(closeWorlds);

async function open(): Promise<{
  vendor: SupermetricsSandbox;
  deploy: (values?: Record<string, unknown>) => DynamicProvider;
}> {
  const { supermetrics } = await openSandbox();
  return {
    vendor: supermetrics,
    deploy: (values = {}) =>
      provider(
        providerConfig("supermetrics", {
          apiKey: "api_1",
          baseUrl: supermetrics.url,
          teamId: TEAM,
          ...values,
        }),
      ),
  };
}

describe("the team", () => {
  const rest = without(inputs, "teamId");
  const teamOf = async (deployment: DynamicProvider, news: Record<string, unknown>) =>
    (await deployment.check({}, news)).inputs["teamId"];

  test("is the configured one where the program names none, or null", async () => {
    const { deploy } = await open();
    expect(await teamOf(deploy(), rest)).toBe(TEAM);
    expect(await teamOf(deploy(), { ...rest, teamId: null })).toBe(TEAM);
    process.env["SUPERMETRICS_TEAM_ID"] = "7";
    expect(await teamOf(deploy({ teamId: undefined }), rest)).toBe("7");
  });
  test("is the program's where it names one, also when that is not known yet", async () => {
    const { deploy } = await open();
    expect(await teamOf(deploy(), { ...rest, teamId: "8" })).toBe("8");
    expect(await teamOf(deploy(), { ...rest, teamId: UNKNOWN })).toBe(UNKNOWN);
  });
  test("is named as it was written: by the setting, or by the definition's property", async () => {
    const { deploy, vendor } = await open();
    const reasonOf = async (news: Record<string, unknown>, teamId: string): Promise<string> =>
      (await deploy({ teamId }).check({}, news)).failures.map(({ reason }) => reason).join();
    expect(await reasonOf(rest, "a team")).toMatch(/^supermetrics:teamId: /);
    expect(await reasonOf({ ...rest, teamId: "a team" }, TEAM)).toMatch(/^teamId: /);

    vendor.fault({ status: 403, times: Infinity });
    const failure = async (teamId: string): Promise<string> =>
      ((await failureOf(deploy().create({ ...inputs, teamId }))) as Error).message;
    expect(await failure(TEAM)).toContain(", and check supermetrics:teamId.");
    expect(await failure("8")).toContain(", and check teamId.");
  });
  test("that is set nowhere is an error, reported once, with three ways to set it", async () => {
    const { deploy } = await open();
    const deployment = deploy({ teamId: undefined });
    expect((await deployment.check({}, rest)).failures.map(({ reason }) => reason)).toEqual([
      "No Supermetrics team is configured. Give it with `pulumi config set supermetrics:teamId …`, in the environment variable SUPERMETRICS_TEAM_ID, or as teamId of the connector.",
    ]);
    expect((await deployment.check({}, { ...rest, teamId: null })).failures).toEqual([]);
  });
  test("another one replaces", async () => {
    const { deploy } = await open();
    expect(
      (await deploy().diff(`${TEAM}/T3S70`, inputs, { ...inputs, teamId: "8" })).replaces,
    ).toEqual(["teamId"]);
  });
});

test("without a team nothing is asked or created, also of the resources after the one whose check said so", async () => {
  const { vendor, deploy } = await open();
  const deployment = deploy({ teamId: undefined });
  const teamless = without(inputs, "teamId");
  await deployment.check({}, teamless);
  expect((await deployment.check({}, teamless)).failures).toEqual([]);
  expect(((await failureOf(deployment.create(teamless))) as Error).message).toMatch(
    /^\[configuration\] No Supermetrics team is configured\. Give it with/,
  );
  expect(vendor.log).toEqual([]);
});

describe("secrets", () => {
  test("are in envelopes one by one, as are clear-text values of a document", async () => {
    const { deploy } = await open();
    const { inputs: checked } = await deploy().check({}, inputs);
    expect(checked).toMatchObject({
      secrets: { k: secret("value-1") },
      configuration: { key: "Bearer ${secrets.k}", clientSecret: secret("in clear") },
    });
  });
  test("are in envelopes in the state, and so is the document, packed or not", async () => {
    const { deploy } = await open();
    const { outs } = await deploy().create(inputs);
    expect(isPlainJson(outs)).toBe(true);
    expect(outs).toMatchObject({
      secrets: { k: secret("value-1") },
      configuration: { key: "Bearer ${secrets.k}", clientSecret: secret("in clear") },
      configurationSource: secret(expect.any(String)),
      secretPlaceholders: { k: expect.stringMatching(/^sec_/) },
    });
  });
  test("are in envelopes after a read", async () => {
    const { deploy } = await open();
    const { id, outs } = await deploy().create(inputs);
    const read = await deploy().read(id, plain(outs));
    expect(read.inputs).toMatchObject({
      secrets: { k: secret("value-1") },
      configuration: { clientSecret: secret("in clear") },
    });
    expect(read.props).toMatchObject({
      secrets: { k: secret("value-1") },
      configurationSource: secret(expect.any(String)),
    });
  });
  test("that nothing references are a warning", async () => {
    const { deploy } = await open();
    await deploy().check({}, { ...inputs, secrets: { k: "value-1", spare: "value-2" } });
    expect(said).toEqual([
      'warning: SupermetricsConnector "A": secrets.spare: is never referenced by the configuration. Write ${secrets.spare} where it belongs, or remove it.\n',
    ]);
  });
});

describe("diff of a connector whose identifier was written down", () => {
  test("compares the document with the state's digest", async () => {
    const { deploy } = await open();
    const { id, outs } = await deploy().create(inputs);
    const news = { ...inputs, connectorIdentifier: id.split("/")[1] };
    expect(await deploy().diff(id, plain(outs), news)).toMatchObject({ changes: false });
    expect(
      await deploy().diff(id, plain(outs), { ...news, configuration: { key: "x" } }),
    ).not.toHaveProperty("changes");
    expect(
      await deploy().diff(id, plain(outs), { ...news, configuration: { key: UNKNOWN } }),
    ).not.toHaveProperty("changes");
  });
});

test("a create that stopped half-way is recorded, and the next update does the rest", async () => {
  const { vendor, deploy } = await open();
  vendor.fault({ method: "PUT", status: 422 });
  const error = (await failureOf(deploy().create(inputs))) as Error & {
    id: string;
    properties: Record<string, unknown>;
  };
  expect(error.id).toBe(`${TEAM}/${vendor.connectors[0]!.connector_identifier}`);
  expect(error.properties).toMatchObject({ __provider: "text", secrets: { k: secret("value-1") } });
  expect(error.message).toContain(
    "What was done so far is recorded; the next pulumi up does the rest.",
  );
  const { outs } = await deploy().update(error.id, plain(error.properties), inputs);
  expect(plain(outs)).toMatchObject({ name: "A", configurationDigest: expect.any(String) });
  expect(vendor.connectors).toHaveLength(1);
});

test("an id that names no team belongs to the configured one", async () => {
  const { vendor, deploy } = await open();
  vendor.seed({ connector_identifier: "T3S70", name: "A" });
  expect((await deploy().read("T3S70", {})).id).toBe(`${TEAM}/T3S70`);
  expect(
    ((await failureOf(deploy({ teamId: undefined }).read("T3S70", {}))) as Error).message,
  ).toContain("A Supermetrics connector id is teamId/connectorIdentifier");
});
