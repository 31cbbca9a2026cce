/**
 * Which calls Supermetrics gets, in which order, and what becomes of answers that get lost on the
 * way.
 */
import {
  type Supermetrics,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { type FaultOptions, type SupermetricsSandbox } from "../../../../provider/sandbox";
import { unfinishedMarker } from "../../../../provider/vendors/supermetrics/unfinished";
import { failureOf } from "../../../../harness/errors";
import { logoOf, PNG, removeLogos } from "../../../../harness/logos";
import {
  closeWorlds,
  type Deployment,
  supermetricsWorld,
  TEAM,
} from "../../../../harness/lifecycle-world";

const definition: SupermetricsInputs = {
  teamId: TEAM,
  name: "A",
  description: "d",
  configuration: { key: "Bearer ${secrets.k}" },
  secrets: { k: "value-1" },
};

afterEach(closeWorlds);
afterAll(removeLogos);

/** `METHOD /rest` of each request, the connector's own path and placeholders taken out. */
const calls = (vendor: SupermetricsSandbox): string[] =>
  vendor.log.map(
    ({ method, path }) =>
      `${method} ${path.replace(/^.*\/connectors(\/[A-Z0-9]{5})?/, (_, one: string | undefined) => (one === undefined ? "connectors" : "one")).replace(/sec_\w+/, "secret")}`,
  );

async function created(
  inputs: SupermetricsInputs = definition,
  settings?: Parameters<typeof supermetricsWorld>[0],
): Promise<{
  vendor: SupermetricsSandbox;
  deploy: () => Deployment<Supermetrics>;
  id: string;
  key: string;
  state: SupermetricsState;
}> {
  const { vendor, deploy } = await supermetricsWorld(settings);
  const { id, state } = await deploy().connectors.create(inputs);
  vendor.clearLog();
  return { vendor, deploy, id, key: id.split("/")[1]!, state };
}

describe("create", () => {
  test("is the form, the secrets, one PUT with what the form could not carry, the logo", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    const { state } = await deploy().connectors.create({
      ...definition,
      logo: logoOf("a.png", PNG),
    });
    expect(calls(vendor)).toEqual([
      "GET connectors",
      "POST connectors",
      "POST one/secrets",
      "PUT one",
      "POST one/logo",
    ]);
    const [connector] = vendor.connectors;
    const [secret] = vendor.secrets(TEAM, connector!.connector_identifier);
    expect(secret).toMatchObject({ name: "k", value: "value-1" });
    expect(connector).toMatchObject({
      name: "A",
      description: "d",
      configuration: { configuration_json: { key: `Bearer ${secret!.placeholder}` } },
    });
    expect(vendor.logo(TEAM, connector!.connector_identifier)).toEqual({
      bytes: PNG,
      mediaType: "image/png",
    });
    expect(state).toMatchObject({
      secretPlaceholders: { k: secret!.placeholder },
      logoUrl: connector!.logo_url,
      createdAt: connector!.created_at,
    });
    expect(state).not.toHaveProperty("configuration");
  });
  test("of a name and a description is one POST, form-encoded, the name under title", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    await deploy().connectors.create({ teamId: TEAM, name: "A & B", description: "d" });
    expect(calls(vendor)).toEqual(["GET connectors", "POST connectors"]);
    expect(vendor.log[1]).toMatchObject({
      body: { title: "A & B", description: "d" },
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  });
  test("leaves an unset description out", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    await deploy().connectors.create({ teamId: TEAM, name: "A" });
    expect(vendor.log[1]!.body).toEqual({ title: "A" });
  });
  test("marks a connector that needs more calls as not ready until the PUT", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    await deploy().connectors.create(definition);
    expect(vendor.log[1]!.body).toEqual({ title: "A", description: unfinishedMarker(definition) });
    expect(unfinishedMarker(definition)).toMatch(
      /^Being created by Pulumi \(pulumi-connectors [0-9a-f]{12}\); not ready for use\.$/,
    );
    expect(vendor.log.find(({ method }) => method === "PUT")!.body).toMatchObject({
      connector: { name: "A", description: "d" },
      configuration: {},
    });
  });
  test.each<Partial<SupermetricsInputs>>([
    { teamId: "1" },
    { name: "B" },
    { description: "e" },
    { duplicateOf: "X" },
  ])("the mark of %j is another one", (change) =>
    expect(unfinishedMarker({ ...definition, ...change })).not.toBe(unfinishedMarker(definition)),
  );

  describe("from a copy", () => {
    test("names the source, and makes the copy what the definition says", async () => {
      const { vendor, deploy } = await supermetricsWorld({ duplicateCopiesSecrets: true });
      vendor.seed({
        connector_identifier: "SRC42",
        name: "Source",
        description: "theirs",
        configuration_json: { theirs: 1 },
        secrets: { k: "old" },
      });
      const { id } = await deploy().connectors.create({ ...definition, duplicateOf: "SRC42" });
      expect(vendor.log[1]!.body).toMatchObject({ connector_identifier: "SRC42" });
      expect(calls(vendor)).toEqual([
        "GET connectors",
        "POST connectors",
        "GET one/secrets",
        "PUT one/secrets/secret",
        "PUT one",
      ]);
      expect(vendor.secrets(TEAM, id.split("/")[1]!)).toMatchObject([
        { name: "k", value: "value-1" },
      ]);
      expect(vendor.connectors[1]).toMatchObject({ name: "A", description: "d" });
    });
    test("keeps the copied configuration where the definition has none", async () => {
      const { vendor, deploy } = await supermetricsWorld();
      vendor.seed({ connector_identifier: "SRC42", configuration_json: { theirs: 1 } });
      await deploy().connectors.create({
        teamId: TEAM,
        name: "A",
        description: "d",
        duplicateOf: "SRC42",
      });
      expect(vendor.connectors[1]).toMatchObject({
        configuration: { configuration_json: { theirs: 1 } },
      });
    });
    test("is marked as not ready until the PUT that gives it its description", async () => {
      const { vendor, deploy } = await supermetricsWorld();
      vendor.seed({ connector_identifier: "SRC42" });
      const copy: SupermetricsInputs = { teamId: TEAM, name: "A", duplicateOf: "SRC42" };
      await deploy().connectors.create(copy);
      expect(vendor.log.map(({ method, body }) => [method, body])).toEqual([
        ["GET", undefined],
        [
          "POST",
          { title: "A", description: unfinishedMarker(copy), connector_identifier: "SRC42" },
        ],
        ["PUT", { connector: { name: "A", description: "" } }],
      ]);
    });
    test("does not keep the source's description: an unset one is empty", async () => {
      const { vendor, deploy } = await supermetricsWorld();
      vendor.seed({ connector_identifier: "SRC42", description: "theirs" });
      await deploy().connectors.create({ teamId: TEAM, name: "A", duplicateOf: "SRC42" });
      expect(vendor.connectors[1]!.description).toBe("");
    });
  });

  test("waits for a new connector that the vendor does not know everywhere yet", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({ method: "POST", path: /secrets$/, status: 404 });
    await deploy().connectors.create(definition);
    expect(calls(vendor)).toEqual([
      "GET connectors",
      "POST connectors",
      "POST one/secrets",
      "POST one/secrets",
      "PUT one",
    ]);
  });
});

describe("update", () => {
  test("of the name sends name and description, an unset one as an empty text, and not the configuration", async () => {
    const { vendor, deploy, id, state } = await created({
      teamId: TEAM,
      name: "A",
      configuration: { a: 1 },
    });
    await deploy().connectors.update(id, state, {
      teamId: TEAM,
      name: "B",
      configuration: { a: 1 },
    });
    expect(vendor.log.map(({ method, body }) => [method, body])).toEqual([
      ["PUT", { connector: { name: "B", description: "" } }],
    ]);
  });
  test("of the configuration looks it up, sends it as a whole, and nothing else", async () => {
    const { vendor, deploy, id, state, key } = await created();
    await deploy().connectors.update(id, state, {
      ...definition,
      configuration: { key: "Basic ${secrets.k}", literal: "$${x}" },
    });
    const { placeholder } = vendor.secrets(TEAM, key)[0]!;
    expect(vendor.log.map(({ method, body }) => [method, body])).toEqual([
      ["GET", undefined],
      [
        "PUT",
        { configuration: { configuration_json: { key: `Basic ${placeholder}`, literal: "${x}" } } },
      ],
    ]);
  });
  test("of a secret's value is one call, and the configuration stays", async () => {
    const { vendor, deploy, id, state, key } = await created();
    const { state: next } = await deploy().connectors.update(id, state, {
      ...definition,
      secrets: { k: "value-2" },
    });
    expect(calls(vendor)).toEqual(["PUT one/secrets/secret"]);
    expect(vendor.secrets(TEAM, key)).toMatchObject([{ value: "value-2" }]);
    expect(next).toEqual({ ...state, secrets: { k: "value-2" } });
  });
  test("that renames a secret creates the new one, sends the configuration, then deletes the old one", async () => {
    const { vendor, deploy, id, state, key } = await created();
    const { state: next } = await deploy().connectors.update(id, state, {
      ...definition,
      configuration: { key: "Bearer ${secrets.l}" },
      secrets: { l: "value-1" },
    });
    expect(calls(vendor)).toEqual([
      "POST one/secrets",
      "GET one",
      "PUT one",
      "DELETE one/secrets/secret",
    ]);
    expect(vendor.secrets(TEAM, key).map(({ name }) => name)).toEqual(["l"]);
    expect(Object.keys(next["secretPlaceholders"] as object)).toEqual(["l"]);
  });
  test("leaves secrets alone that it did not write", async () => {
    const { vendor, deploy, id, state, key } = await created();
    vendor.changeSecret(key, "foreign", "x");
    await deploy().connectors.update(id, state, { ...definition, secrets: { k: "value-2" } });
    expect(vendor.secrets(TEAM, key).map(({ name }) => name)).toEqual(["k", "foreign"]);
  });
  test("of the logo's content uploads it, of its path alone does not", async () => {
    const inputs = { teamId: TEAM, name: "A", logo: logoOf("a.png", PNG) };
    const { vendor, deploy, id, state } = await created(inputs);
    const moved = await deploy().connectors.update(id, state, {
      ...inputs,
      logo: logoOf("b.png", PNG),
    });
    expect(calls(vendor)).toEqual([]);
    const { state: next } = await deploy().connectors.update(id, moved.state, {
      ...inputs,
      logo: logoOf("b.png", Buffer.concat([PNG, PNG])),
    });
    expect(calls(vendor)).toEqual(["POST one/logo"]);
    expect(vendor.log[0]!.body).toEqual({
      logo: { fileName: "b.png", mediaType: "image/png", size: 18 },
    });
    expect(next["logoUrl"]).toBe(vendor.connectors[0]!.logo_url);
  });
  test("takes the outputs back that it made old", async () => {
    const { deploy, id, state } = await created();
    const read = (await deploy().connectors.read(id, state))!.state;
    expect(read).toMatchObject({ updatedAt: expect.any(String), configurationVersion: "1.0.0" });
    const { state: next } = await deploy().connectors.update(id, read, {
      ...definition,
      name: "B",
    });
    expect(next).not.toHaveProperty("updatedAt");
    expect(next).not.toHaveProperty("configurationVersion");
  });
  test("an emptied map of secrets stays in the state as it was written", async () => {
    const { vendor, deploy, id, state, key } = await created();
    const { state: next } = await deploy().connectors.update(id, state, {
      ...definition,
      configuration: { key: "x" },
      secrets: {},
    });
    expect(next["secrets"]).toEqual({});
    expect(vendor.secrets(TEAM, key)).toEqual([]);
  });
  test("a secret may be called like an inherited property", async () => {
    const { vendor, deploy, id, state, key } = await created({
      ...definition,
      configuration: { key: "${secrets.constructor}" },
      secrets: { ["constructor"]: "value-1" },
    });
    expect(vendor.connectors[0]!.configuration.configuration_json).toEqual({
      key: vendor.secrets(TEAM, key)[0]!.placeholder,
    });
    await deploy().connectors.update(id, state, {
      ...definition,
      configuration: { key: "x" },
      secrets: {},
    });
    expect(vendor.secrets(TEAM, key)).toEqual([]);
  });
});

describe("a secret", () => {
  test("that was deleted outside is created again, and the configuration gets its new placeholder", async () => {
    const { vendor, deploy, id, state, key } = await created();
    vendor.removeSecret(key, "k");
    await deploy().connectors.update(id, state, { ...definition, secrets: { k: "value-2" } });
    expect(calls(vendor)).toEqual([
      "PUT one/secrets/secret",
      "POST one/secrets",
      "GET one",
      "PUT one",
    ]);
    const [secret] = vendor.secrets(TEAM, key);
    expect(secret).toMatchObject({ name: "k", value: "value-2" });
    expect(vendor.connectors[0]!.configuration.configuration_json).toEqual({
      key: `Bearer ${secret!.placeholder}`,
    });
  });
  test("that is there already is found by its name and set", async () => {
    const { vendor, deploy, id, state, key } = await created({ teamId: TEAM, name: "A" });
    vendor.changeSecret(key, "k", "theirs");
    await deploy().connectors.update(id, state, {
      teamId: TEAM,
      name: "A",
      secrets: { k: "mine" },
    });
    expect(vendor.secrets(TEAM, key)).toMatchObject([{ name: "k", value: "mine" }]);
  });
  test("that appeared since the last refresh is found when its creation is refused, and set", async () => {
    const { vendor, deploy, id, state, key } = await created();
    vendor.changeSecret(key, "l", "theirs");
    await deploy().connectors.update(id, state, {
      ...definition,
      secrets: { k: "value-1", l: "mine" },
    });
    expect(calls(vendor)).toEqual([
      "POST one/secrets",
      "GET one/secrets",
      "PUT one/secrets/secret",
    ]);
    expect(vendor.secrets(TEAM, key)).toMatchObject([
      { name: "k", value: "value-1" },
      { name: "l", value: "mine" },
    ]);
  });
  test.each<[string, FaultOptions]>([
    ["a broken connection", { drop: "after" }],
    ["a 500", { status: 500, commit: true }],
    ["a page", { html: true, status: 200, commit: true }],
  ])("whose creation's answer got lost (%s) is not created twice", async (_, fault) => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({ method: "POST", path: /secrets$/, ...fault });
    const { id } = await deploy().connectors.create(definition);
    expect(vendor.secrets(TEAM, id.split("/")[1]!)).toMatchObject([
      { name: "k", value: "value-1" },
    ]);
  });
  test("whose creation's answer got lost before it happened fails the write, which the next one finishes", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({ method: "POST", path: /secrets$/, drop: "before" });
    const error = await failureOf(deploy().connectors.create(definition));
    if (!(error instanceof PartialWrite)) {
      throw error;
    }
    expect(error.cause.code).toBe("network");
    await deploy().connectors.update(error.connectorId, error.state, definition);
    expect(vendor.secrets(TEAM, error.connectorId.split("/")[1]!)).toMatchObject([{ name: "k" }]);
  });
  test("that is not in the list after its creation fails the write", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({
      method: "POST",
      path: /secrets$/,
      status: 201,
      body: { count: 0, secrets: [] },
    });
    const error = await failureOf(deploy().connectors.create(definition));
    expect((error as PartialWrite).cause.message).toBe(
      '[unexpected_response] Supermetrics did not list the secret k of connector "A" after it was created. Run pulumi up again',
    );
  });
  test("that is refused names its property, and not its value", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({
      method: "POST",
      path: /secrets$/,
      status: 422,
      body: {
        meta: {},
        error: { code: "UNPROCESSABLE_ENTITY", message: "no", description: "value-1 is too weak" },
      },
    });
    const { message } = (await failureOf(
      deploy().connectors.create({
        ...definition,
        configuration: { a: "${secrets.odd key}" },
        secrets: { "odd key": "value-1" },
      }),
    )) as PartialWrite;
    expect(message).toContain('secrets["odd key"]: no [redacted] is too weak');
    expect(message).toContain('Fix secrets["odd key"] in the definition.');
  });
});

test("every request stays below the team's path, percent-encoded, without a slash at its end", async () => {
  const { vendor, id, deploy, state } = await created();
  await deploy().connectors.read(id, state);
  await deploy().connectors.delete(id, state);
  expect(
    vendor.log
      .map(({ path }) => path)
      .every(
        (path) =>
          path.startsWith(`/v1/teams/${TEAM}/connector_builder/connectors`) && !path.endsWith("/"),
      ),
  ).toBe(true);
  expect(vendor.log[0]!.query).toEqual({ include_configs: "true" });
});
