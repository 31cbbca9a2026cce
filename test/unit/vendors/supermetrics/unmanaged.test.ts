/** Rule 4: what the program does not manage goes out as the vendor holds it. */
import { type Supermetrics } from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsState } from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { type JsonObject } from "../../../../provider/json";
import { without } from "../../../../provider/model/state";
import { type SupermetricsSandbox } from "../../../../provider/sandbox";
import { type PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { failureOf } from "../../../../harness/errors";
import {
  closeWorlds,
  type Deployment,
  supermetricsWorld,
  TEAM,
} from "../../../../harness/lifecycle-world";

const definition: SupermetricsInputs = {
  teamId: TEAM,
  name: "A",
  configuration: { key: "Bearer ${secrets.a}", list: [{ id: "x" }], part: { one: 1, two: 2 } },
  secrets: { a: "mine" },
};

afterEach(closeWorlds);

interface Created {
  readonly vendor: SupermetricsSandbox;
  readonly deploy: () => Deployment<Supermetrics>;
  readonly id: string;
  readonly key: string;
  readonly state: SupermetricsState;
  readonly requests: () => string[];
}

async function created(args: SupermetricsInputs = definition): Promise<Created> {
  const { vendor, deploy, requests } = await supermetricsWorld();
  const { id, state } = await deploy().connectors.create(args);
  vendor.clearLog();
  return { vendor, deploy, id, key: id.split("/")[1]!, state, requests };
}

const documentOf = (vendor: SupermetricsSandbox): JsonObject =>
  vendor.connectors[0]!.configuration.configuration_json as JsonObject;

const withConfiguration = (configuration: JsonObject): SupermetricsInputs => ({
  ...definition,
  configuration: { ...definition.configuration, ...configuration },
});

describe("keys that somebody added to the configuration", () => {
  test("stay when the definition changes others, at any depth", async () => {
    const { vendor, deploy, id, key, state, requests } = await created();
    vendor.addToConfiguration(key, { theirs: { deep: [1] }, part: { three: 3 } });
    await deploy().connectors.update(id, state, withConfiguration({ more: 1 }));
    expect(documentOf(vendor)).toEqual({
      key: "Bearer " + vendor.secrets(TEAM, key)[0]!.placeholder,
      list: [{ id: "x" }],
      part: { one: 1, two: 2, three: 3 },
      theirs: { deep: [1] },
      more: 1,
    });
    const path = `/v1/teams/${TEAM}/connector_builder/connectors/${key}`;
    expect(requests()).toEqual([`GET ${path}`, `PUT ${path}`]);
  });
  test("stay with every digit of a number that JavaScript would round", async () => {
    const { vendor, deploy, id, key, state } = await created();
    const theirs = { $number: "12345678901234567890" };
    vendor.addToConfiguration(key, { theirs });
    await deploy().connectors.update(id, state, withConfiguration({ more: 1 }));
    expect(documentOf(vendor)).toMatchObject({ theirs, more: 1 });
  });
  test("stay after a refresh, which does not show them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.addToConfiguration(key, { theirs: 1, part: { three: 3 } });
    const read = (await deploy().connectors.read(id, state))!;
    expect(read.inputs).toEqual(definition);
    await deploy().connectors.update(id, read.state, withConfiguration({ more: 1 }));
    expect(documentOf(vendor)).toMatchObject({ theirs: 1, part: { three: 3 }, more: 1 });
  });
  test("stay when the definition takes the connector over, by id or by name", async () => {
    for (const how of [{ connectorIdentifier: "T3S70" }, { onConflict: "adopt" as const }]) {
      const { vendor, deploy } = await supermetricsWorld();
      vendor.seed({
        connector_identifier: "T3S70",
        name: "A",
        configuration_json: { ours: 1, theirs: { deep: 1 } },
      });
      await deploy().connectors.create({
        teamId: TEAM,
        name: "A",
        configuration: { ours: 2 },
        ...how,
      });
      expect(documentOf(vendor)).toEqual({ ours: 2, theirs: { deep: 1 } });
    }
  });
  test("stay in the items of a list that the definition does not change", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.addToConfiguration(key, { list: [{ id: "x", theirs: 1 }] });
    await deploy().connectors.update(id, state, withConfiguration({ more: 1 }));
    expect(documentOf(vendor)["list"]).toEqual([{ id: "x", theirs: 1 }]);
  });
  test("go with the list that the definition changes, and a warning names them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.addToConfiguration(key, { list: [{ id: "x", theirs: "value-canary" }] });
    const { connectors, warnings } = deploy();
    await connectors.update(id, state, withConfiguration({ list: [{ id: "y" }] }));
    expect(documentOf(vendor)["list"]).toEqual([{ id: "y" }]);
    expect(warnings).toEqual([expect.stringContaining("configuration.list[0].theirs") as string]);
    expect(warnings.join()).not.toContain("canary");
  });
});

describe("keys that the definition removes", () => {
  test("go, and what is below them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.addToConfiguration(key, { part: { three: 3 }, theirs: 1 });
    const { connectors, warnings } = deploy();
    const configuration = without(definition.configuration!, "part") as JsonObject;
    await connectors.update(id, state, { ...definition, configuration });
    expect(Object.keys(documentOf(vendor)).sort()).toEqual(["key", "list", "theirs"]);
    expect(warnings).toEqual([expect.stringContaining("configuration.part.three") as string]);
  });
  test("go when an update with an unknown outcome had written them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.addToConfiguration(key, { theirs: 1 });
    const fault = vendor.fault({ method: "PUT", status: 500, commit: true, times: Infinity });
    const failure = await failureOf(
      deploy().connectors.update(id, state, withConfiguration({ more: 1 })),
    );
    fault.remove();
    expect(documentOf(vendor)).toMatchObject({ more: 1, theirs: 1 });
    const recorded = (failure as PartialWrite).state as SupermetricsState;
    await deploy().connectors.update(id, recorded, definition);
    expect(Object.keys(documentOf(vendor)).sort()).toEqual(["key", "list", "part", "theirs"]);
  });
});

describe("drift that the definition accepts", () => {
  const plain: SupermetricsInputs = {
    teamId: TEAM,
    name: "A",
    configuration: { a: 1, b: 2, list: [{ id: "x" }] },
  };
  const withPlain = (configuration: JsonObject): SupermetricsInputs => ({
    ...plain,
    configuration,
  });
  /** Changes the document outside, refreshes, and writes what was read into the definition. */
  async function accepted(
    configuration_json: JsonObject,
  ): Promise<Created & { args: SupermetricsInputs }> {
    const world = await created(plain);
    const { vendor, deploy, id, key } = world;
    vendor.change(key, { configuration_json });
    const read = (await deploy().connectors.read(id, world.state))!;
    const args = withPlain(read.inputs.configuration!);
    return { ...world, state: read.state, args };
  }

  test("of a key that is gone: somebody who adds it again adds a key of theirs", async () => {
    const { vendor, deploy, id, key, state, args } = await accepted({ a: 1, list: [{ id: "x" }] });
    expect(args.configuration).toEqual({ a: 1, list: [{ id: "x" }] });
    vendor.addToConfiguration(key, { b: 5 });
    const { inputs, state: next } = (await deploy().connectors.read(id, state))!;
    expect(inputs).toEqual(args);
    await deploy().connectors.update(id, next, withPlain({ ...args.configuration, a: 2 }));
    expect(documentOf(vendor)).toEqual({ a: 2, b: 5, list: [{ id: "x" }] });
  });
  test("of a key that became an object: what somebody adds below it is theirs", async () => {
    const { vendor, deploy, id, key, state, args } = await accepted({
      a: { deep: 1 },
      b: 2,
      list: [{ id: "x" }],
    });
    vendor.addToConfiguration(key, { a: { theirs: 1 } });
    const { inputs, state: next } = (await deploy().connectors.read(id, state))!;
    expect(inputs).toEqual(args);
    await deploy().connectors.update(id, next, withPlain({ ...args.configuration, b: 3 }));
    expect(documentOf(vendor)).toMatchObject({ a: { deep: 1, theirs: 1 }, b: 3 });
  });
  test("of a list: what somebody adds to its items stays", async () => {
    const list: JsonObject[] = [{ id: "x", theirs: 1 }, { id: "y" }];
    const { vendor, deploy, id, key, state, args } = await accepted({ a: 1, b: 2, list });
    expect(args.configuration).toEqual({ a: 1, b: 2, list: [{ id: "x" }, { id: "y" }] });
    const longer = [list[0]!, { id: "y", theirs: 2 }];
    vendor.change(key, { configuration_json: { a: 1, b: 2, list: longer } });
    const { inputs, state: next } = (await deploy().connectors.read(id, state))!;
    expect(inputs).toEqual(args);
    const { connectors, warnings } = deploy();
    await connectors.update(id, next, withPlain({ ...args.configuration, b: 3 }));
    expect([documentOf(vendor), warnings]).toEqual([{ a: 1, b: 3, list: longer }, []]);
  });
  test("of a value: an update of another property leaves the document alone, and knows it by its keys", async () => {
    const { vendor, deploy, id, key, state, requests } = await created(plain);
    vendor.change(key, { configuration_json: { a: 1 } });
    const read = (await deploy().connectors.read(id, state))!;
    vendor.clearLog();
    const args = { ...withPlain({ a: 1 }), description: "d" };
    const { state: next } = await deploy().connectors.update(id, read.state, args);
    expect(requests()).toEqual([`PUT /v1/teams/${TEAM}/connector_builder/connectors/${key}`]);
    vendor.addToConfiguration(key, { b: 5 });
    expect((await deploy().connectors.read(id, next))!.inputs).toEqual(args);
  });
  test("that it reverts instead is written again, with what is theirs left alone", async () => {
    const { vendor, deploy, id, state } = await accepted({
      a: 1,
      list: [{ id: "changed", theirs: 1 }],
    });
    await deploy().connectors.update(id, state, plain);
    expect(documentOf(vendor)).toEqual({ a: 1, b: 2, list: [{ id: "x", theirs: 1 }] });
  });
});

test("a create replaces the vendor's own first configuration as a whole", async () => {
  const { vendor, requests } = await created();
  expect(Object.keys(documentOf(vendor))).toEqual(["key", "list", "part"]);
  expect(requests()).toEqual([]);
});

test("so does the first configuration of a connector that nobody has configured", async () => {
  const { vendor, deploy, id, state } = await created({ teamId: TEAM, name: "A" });
  await deploy().connectors.update(id, state, definition);
  expect(Object.keys(documentOf(vendor))).toEqual(["key", "list", "part"]);
});

describe("secrets", () => {
  test("stay when the definition no longer has the property, whatever becomes of the configuration", async () => {
    const { vendor, deploy, id, key, state, requests } = await created();
    const { connectors, warnings } = deploy();
    const { state: next } = await connectors.update(
      id,
      state,
      without(definition, "secrets", "configuration"),
    );
    expect(vendor.secrets(TEAM, key)).toMatchObject([{ name: "a", value: "mine" }]);
    expect([requests(), warnings]).toEqual([[], []]);
    expect(next).not.toHaveProperty("secrets");
    expect(next).not.toHaveProperty("secretPlaceholders");
  });
  test("that leave the map stay while a configuration that is not managed names them, with a warning", async () => {
    const { vendor, deploy, id, key, state } = await created({
      ...definition,
      secrets: { a: "mine", unused: "x" },
    });
    const { connectors, warnings } = deploy();
    const rest = without(definition, "configuration");
    const { state: next } = await connectors.update(id, state, { ...rest, secrets: {} });
    expect(vendor.secrets(TEAM, key).map(({ name }) => name)).toEqual(["a"]);
    expect(warnings).toEqual([expect.stringMatching(/secret a stays.*configuration/) as string]);
    expect(next["secrets"]).toEqual({});
    vendor.clearLog();
    await deploy().connectors.update(id, next, { ...rest, secrets: {} });
    expect(vendor.log).toEqual([]);
  });
  test("that leave the map stay while a key that somebody added names them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    const { placeholder } = vendor.secrets(TEAM, key)[0]!;
    vendor.addToConfiguration(key, { theirs: `Basic ${placeholder}` });
    const { connectors, warnings } = deploy();
    await connectors.update(id, state, {
      ...definition,
      configuration: { other: 1 },
      secrets: {},
    });
    expect(documentOf(vendor)).toEqual({ other: 1, theirs: `Basic ${placeholder}` });
    expect(vendor.secrets(TEAM, key)).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });
  test("that leave the map go when the configuration no longer names them", async () => {
    const { vendor, deploy, id, key, state } = await created();
    await deploy().connectors.update(id, state, {
      ...definition,
      configuration: { other: 1 },
      secrets: {},
    });
    expect(vendor.secrets(TEAM, key)).toEqual([]);
  });
});
