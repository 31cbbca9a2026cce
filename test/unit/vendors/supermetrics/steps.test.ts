/**
 * Updates of several calls: what each step leaves behind when a later one fails, and which calls
 * are not made.
 */
import {
  type Supermetrics,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { type FaultOptions, type SupermetricsSandbox } from "../../../../provider/sandbox";
import { unfinishedMarker } from "../../../../provider/vendors/supermetrics/unfinished";
import { connectorErrorOf, failureOf } from "../../../../harness/errors";
import { logoOf, PNG, removeLogos } from "../../../../harness/logos";
import {
  closeWorlds,
  type Deployment,
  supermetricsWorld,
  TEAM,
} from "../../../../harness/lifecycle-world";

const bare: SupermetricsInputs = { teamId: TEAM, name: "A" };
const before: SupermetricsInputs = {
  ...bare,
  description: "d",
  configuration: { key: "Bearer ${secrets.k}" },
  secrets: { k: "value-1" },
  logo: logoOf("a.png", PNG),
};
const after: SupermetricsInputs = {
  ...before,
  name: "B",
  description: "e",
  configuration: { key: "Basic ${secrets.k}" },
  logo: logoOf("b.png", Buffer.concat([PNG, PNG])),
};

afterEach(closeWorlds);
afterAll(removeLogos);

interface Created {
  readonly vendor: SupermetricsSandbox;
  readonly deploy: () => Deployment<Supermetrics>;
  readonly id: string;
  readonly state: SupermetricsState;
}

async function created(inputs: SupermetricsInputs = before): Promise<Created> {
  const { vendor, deploy } = await supermetricsWorld();
  const { id, state } = await deploy().connectors.create(inputs);
  vendor.clearLog();
  return { vendor, deploy, id, state };
}

/** `METHOD what` of each request, since the last time that this was asked. */
function calls(vendor: SupermetricsSandbox): string[] {
  const said = vendor.log.map(
    ({ method, path }) =>
      `${method} ${/(secrets|logo)/.exec(path)?.[0] ?? (path.endsWith("/connectors") ? "connectors" : "one")}`,
  );
  vendor.clearLog();
  return said;
}

const refused: FaultOptions = {
  status: 422,
  body: { error: { code: "UNPROCESSABLE_ENTITY", message: "no" } },
};

describe("an update that stops at its logo", () => {
  async function stopped(): Promise<Created & { readonly failure: PartialWrite }> {
    const world = await created();
    world.vendor.fault({ method: "POST", path: /logo$/, ...refused });
    const failure = await failureOf(world.deploy().connectors.update(world.id, world.state, after));
    if (!(failure instanceof PartialWrite)) {
      throw failure;
    }
    world.vendor.clearLog();
    return { ...world, failure };
  }
  test("names the property", async () =>
    expect((await stopped()).failure.message).toContain("Fix logo in the definition"));
  test("is finished by the logo alone", async () => {
    const { vendor, deploy, id, failure } = await stopped();
    await deploy().connectors.update(id, failure.state, after);
    expect(calls(vendor)).toEqual(["POST logo"]);
    expect(vendor.connectors).toMatchObject([{ name: "B", description: "e" }]);
  });
  test("is taken back by the connector alone", async () => {
    const { vendor, deploy, id, failure } = await stopped();
    await deploy().connectors.update(id, failure.state, before);
    expect(calls(vendor)).toEqual(["GET one", "PUT one"]);
    expect(vendor.connectors).toMatchObject([
      {
        name: "A",
        description: "d",
        configuration: { configuration_json: { key: expect.stringMatching(/^Bearer sec_/) } },
      },
    ]);
  });
  test("leaves what it did not write as it was", async () => {
    const { vendor, deploy, id, state } = await created();
    vendor.fault({ method: "POST", path: /logo$/, ...refused });
    const failure = await failureOf(
      deploy().connectors.update(id, state, { ...after, name: "A", description: "d" }),
    );
    const { name, description, logo } = (failure as PartialWrite).state as SupermetricsState;
    expect({ name, description, logo }).toEqual({
      name: "A",
      description: "d",
      logo: logoOf("a.png", PNG),
    });
  });
});

describe("calls that nothing needs", () => {
  test("a configuration that names no secret is sent without a look at the secrets", async () => {
    const { vendor, deploy, id, state } = await created({ ...bare, configuration: { a: 1 } });
    await deploy().connectors.update(id, state, { ...bare, configuration: { a: 2 } });
    expect(calls(vendor)).toEqual(["GET one", "PUT one"]);
  });
  test("a secret that is refused is not looked for again", async () => {
    const { vendor, deploy, id, state } = await created(bare);
    vendor.fault({ method: "POST", path: /secrets$/, ...refused });
    await failureOf(deploy().connectors.update(id, state, { ...bare, secrets: { k: "value-1" } }));
    expect(calls(vendor)).toEqual(["GET secrets", "POST secrets"]);
  });
  test.each<[string, SupermetricsInputs, string[]]>([
    ["a name", bare, ["GET connectors"]],
    ["a configuration", { ...bare, configuration: { a: 1 } }, ["GET connectors"]],
    [
      "a secret",
      { ...bare, configuration: { a: "${secrets.k}" }, secrets: { k: "value-1" } },
      ["GET connectors", "GET secrets"],
    ],
  ])("a refresh of %s reads what it compares", async (_, inputs, expected) => {
    const { vendor, deploy, id, state } = await created(inputs);
    expect((await deploy().connectors.read(id, state))!.inputs).toEqual(inputs);
    expect(calls(vendor)).toEqual(expected);
  });
});

describe("an adopted connector", () => {
  test("gets its secrets and its logo, which cannot be read", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({
      connector_identifier: "AAAAA",
      name: "A",
      description: "d",
      configuration_json: { key: "Bearer sec_old" },
      secrets: { k: "theirs" },
    });
    await deploy().connectors.create({ ...before, connectorIdentifier: "AAAAA" });
    expect(vendor.secrets(TEAM, "AAAAA")).toMatchObject([{ name: "k", value: "value-1" }]);
    expect(vendor.logo(TEAM, "AAAAA")!.bytes).toEqual(PNG);
  });
});

describe("the mark of a connector that is not ready", () => {
  test.each<[string, Partial<SupermetricsInputs>]>([
    ["a configuration", { configuration: { a: 1 } }],
    ["secrets", { secrets: { k: "value-1" } }],
    ["a logo", { logo: logoOf("a.png", PNG) }],
  ])("is there until %s is written", async (_, more) => {
    const { vendor, deploy } = await supermetricsWorld();
    const inputs = { ...bare, ...more };
    await deploy().connectors.create(inputs);
    expect(vendor.log.find(({ method }) => method === "POST")!.body).toEqual({
      title: "A",
      description: unfinishedMarker(inputs),
    });
    expect(vendor.connectors[0]!.description).toBe("");
  });
  test.each<Partial<SupermetricsInputs>>([
    { configuration: { other: "x" } },
    { secrets: { l: "value-1" } },
  ])("is another one for %j", (change) =>
    expect(unfinishedMarker({ ...before, ...change })).not.toBe(unfinishedMarker(before)),
  );
  test("is the same for other values, which could be guessed by it", () =>
    expect(unfinishedMarker({ ...before, configuration: { key: "x" } })).toBe(
      unfinishedMarker(before),
    ));
  test("of another connector's definition is not taken for one's own", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({
      connector_identifier: "AAAAA",
      name: "Other",
      description: unfinishedMarker(before),
    });
    await deploy().connectors.create(before);
    expect(vendor.connectors).toHaveLength(2);
  });
});

describe("a refusal names its property", () => {
  test.each<[string, FaultOptions, SupermetricsInputs, string]>([
    [
      "a secret's new value",
      { method: "PUT", path: /secrets/ },
      { ...before, secrets: { k: "value-2" } },
      "secrets.k",
    ],
    [
      "a logo",
      { method: "POST", path: /logo$/ },
      { ...before, logo: logoOf("b.png", Buffer.concat([PNG, PNG])) },
      "logo",
    ],
  ])("%s", async (_, where, inputs, path) => {
    const { vendor, deploy, id, state } = await created();
    vendor.fault({ ...where, ...refused });
    expect(
      (await connectorErrorOf(deploy().connectors.update(id, state, inputs))).message,
    ).toContain(`: ${path}: no [HTTP 422`);
  });
  test("a copy's source", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({
      method: "POST",
      status: 422,
      body: {
        error: {
          code: "UNPROCESSABLE_ENTITY",
          description: "The field 'connector_identifier' is not valid.",
        },
      },
    });
    expect(
      (await connectorErrorOf(deploy().connectors.create({ ...bare, duplicateOf: "SRC42" })))
        .message,
    ).toContain("Fix duplicateOf in the definition");
  });
});

test("secrets that Supermetrics does not list are named, and another run is worth it", async () => {
  const { deploy, id, state } = await created(bare);
  const error = await connectorErrorOf(
    deploy().connectors.update(id, state, {
      ...bare,
      configuration: { a: "${secrets.one} ${secrets.two} ${secrets.one}" },
    }),
  );
  expect(error).toMatchObject({ vendor: "Supermetrics", retryable: true });
  expect(error.message).toBe(
    '[unexpected_response] Supermetrics does not list the secrets one, two of connector "A", which its configuration names; the configuration was not sent. Run pulumi up again',
  );
});

test("of several secrets that a configuration names, one that was replaced outside is enough to send it again", async () => {
  const two: SupermetricsInputs = {
    ...bare,
    configuration: { a: "${secrets.a}", b: "${secrets.b}" },
    secrets: { a: "value-a", b: "value-b" },
  };
  const { vendor, deploy, id, state } = await created(two);
  const key = id.split("/")[1]!;
  vendor.removeSecret(key, "a");
  await deploy().connectors.update(id, state, {
    ...two,
    secrets: { a: "value-a2", b: "value-b", c: "value-c" },
  });
  const placeholders = Object.fromEntries(
    vendor.secrets(TEAM, key).map(({ name, placeholder }) => [name, placeholder]),
  );
  expect(vendor.connectors[0]!.configuration.configuration_json).toEqual({
    a: placeholders["a"],
    b: placeholders["b"],
  });
});
