/** Secrets that somebody deletes, or deletes and creates again, outside. */
import {
  type Supermetrics,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { type SupermetricsSandbox } from "../../../../provider/sandbox";
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
  configuration: { key: "Bearer ${secrets.a}" },
  secrets: { a: "mine" },
};
const grown: SupermetricsInputs = {
  ...definition,
  configuration: { key: "Bearer ${secrets.a}", more: "${secrets.b}" },
  secrets: { a: "mine", b: "more" },
};

afterEach(closeWorlds);

async function created(): Promise<{
  vendor: SupermetricsSandbox;
  deploy: () => Deployment<Supermetrics>;
  id: string;
  key: string;
  state: SupermetricsState;
}> {
  const { vendor, deploy } = await supermetricsWorld();
  const { id, state } = await deploy().connectors.create(definition);
  vendor.clearLog();
  return { vendor, deploy, id, key: id.split("/")[1]!, state };
}

const writes = (vendor: SupermetricsSandbox): string[] =>
  vendor.log
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.includes("/secrets") ? "secret" : "connector"}`);

/** The configuration that the vendor holds, its placeholders replaced by the values behind them. */
function effective(vendor: SupermetricsSandbox, key: string): unknown {
  const text = JSON.stringify(vendor.connectors[0]!.configuration.configuration_json);
  return JSON.parse(
    vendor
      .secrets(TEAM, key)
      .reduce((result, { placeholder, value }) => result.replaceAll(placeholder, value), text),
  );
}

describe("without a refresh, when another secret is added", () => {
  test("a secret that is gone is created again before the configuration that names it is sent", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    const { state: next } = await deploy().connectors.update(id, state, grown);
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine", more: "more" });
    expect(next["secrets"]).toEqual(grown["secrets"]);
    expect(Object.keys(next["secretPlaceholders"] as object).sort()).toEqual(["a", "b"]);
  });
  test("a secret that was created again gets its value", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    vendor.changeSecret(key, "a", "theirs");
    await deploy().connectors.update(id, state, grown);
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine", more: "more" });
  });
  test("the configuration that names the secret gets its new placeholder, even if it did not change itself", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    await deploy().connectors.update(id, state, {
      ...definition,
      secrets: { a: "mine", b: "unused" },
    });
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine" });
  });
});

test("a reference is never sent as text: where no secret stands behind it the update fails", async () => {
  const { vendor, deploy, id, state } = await created();
  const before = vendor.connectors[0]!.configuration.configuration_json;
  const error = await failureOf(
    deploy().connectors.update(
      id,
      { ...state, name: "B" },
      { ...definition, configuration: { key: "${secrets.other}" } },
    ),
  );
  expect(error).toMatchObject({ code: "unexpected_response" });
  expect((error as Error).message).toContain("does not list the secrets other");
  expect(vendor.connectors[0]!.configuration.configuration_json).toEqual(before);
});

describe("after a refresh, a secret that was deleted and created again", () => {
  test("is drift, however often it is read, and is set", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    vendor.changeSecret(key, "a", "theirs");
    let seen = state;
    for (let count = 0; count < 2; count++) {
      const read = (await deploy().connectors.read(id, seen))!;
      expect(read.inputs["secrets"]).toEqual({});
      seen = read.state;
    }
    const { state: next } = await deploy().connectors.update(id, seen, definition);
    expect(writes(vendor)).toEqual(["PUT secret", "PUT connector"]);
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine" });
    expect((await deploy().connectors.read(id, next))!.inputs).toEqual(definition);
    vendor.clearLog();
    await deploy().connectors.update(
      id,
      (await deploy().connectors.read(id, next))!.state,
      definition,
    );
    expect(writes(vendor)).toEqual([]);
  });
  test("is created again, and the configuration gets its new placeholder, when it was only deleted", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    const { state: seen } = (await deploy().connectors.read(id, state))!;
    await deploy().connectors.update(id, seen, definition);
    expect(writes(vendor)).toEqual(["POST secret", "PUT connector"]);
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine" });
  });
  test("is deleted when it leaves the definition", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    vendor.changeSecret(key, "a", "theirs");
    const { state: seen } = (await deploy().connectors.read(id, state))!;
    await deploy().connectors.update(id, seen, {
      ...definition,
      configuration: { key: "x" },
      secrets: {},
    });
    expect(vendor.secrets(TEAM, key)).toEqual([]);
  });
  test("does not count as set when the update stops before", async () => {
    const { vendor, deploy, id, key, state } = await created();
    vendor.removeSecret(key, "a");
    vendor.changeSecret(key, "a", "theirs");
    vendor.fault({ method: "PUT", path: /secrets/, status: 422 });
    const error = await failureOf(deploy().connectors.update(id, state, grown));
    if (!(error instanceof PartialWrite)) {
      throw error;
    }
    await deploy().connectors.update(id, error.state, grown);
    expect(effective(vendor, key)).toEqual({ key: "Bearer mine", more: "more" });
  });
});
