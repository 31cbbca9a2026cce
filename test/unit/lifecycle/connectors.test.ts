/** The verbs of a connector's life, by the lifecycle rules of the design. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type SupermetricsInputs } from "../../../provider/vendors/supermetrics/types";
import { PartialWrite } from "../../../provider/lifecycle/partial-write";
import { connectorErrorOf, failureOf } from "../../../harness/errors";
import {
  closeWorlds,
  databarWorld,
  supermetricsWorld,
  TEAM,
} from "../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
  headers: { A: "1" },
};
const definition: SupermetricsInputs = {
  teamId: TEAM,
  name: "A",
  configuration: { token: "${secrets.k}", n: 1 },
  secrets: { k: "value-1" },
};

afterEach(closeWorlds);

describe("create", () => {
  test("answers the id and the state, with the mark of its resource", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    expect(id).toBe(String(vendor.connectors[0]!.id));
    expect(state).toEqual({
      ...inputs,
      createdAt: vendor.connectors[0]!.created_at,
      claim: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
  });
  test("a stop after the first call is a partial write with what was reached, and an update does the rest", async () => {
    const { vendor, deploy, writes } = await supermetricsWorld();
    vendor.fault({ method: "PUT", status: 500, times: 3 });
    const error = await failureOf(deploy().connectors.create(definition));
    if (!(error instanceof PartialWrite)) {
      throw error;
    }
    const [connector] = vendor.connectors;
    expect(error.connectorId).toBe(`${TEAM}/${connector!.connector_identifier}`);
    expect(error.cause).toMatchObject({ code: "unavailable", statusCode: 500 });
    expect(error.state).toMatchObject({ secrets: { k: "value-1" }, claim: expect.any(String) });
    expect(error.state).not.toHaveProperty("configurationDigest");
    vendor.clearLog();
    await deploy().connectors.update(error.connectorId, error.state, definition);
    expect(
      writes().map(({ method, path }) => `${method} ${path.replace(/.*connectors/, "")}`),
    ).toEqual([`PUT /${connector!.connector_identifier}`]);
    expect(vendor.connectors[0]!.description).toBe("");
  });
  test("a refused first call is a plain error: there is nothing to record", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "POST", status: 422 });
    expect(await failureOf(deploy().connectors.create(inputs))).not.toBeInstanceOf(PartialWrite);
  });
  test("an adopted connector whose update fails is a partial write: it is this resource's from now on", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed({ name: "Other" });
    vendor.fault({ method: "PUT", status: 422 });
    const error = await failureOf(deploy().connectors.create({ ...inputs, connectorId: id }));
    expect(error).toBeInstanceOf(PartialWrite);
    expect(error).toMatchObject({
      connectorId: String(id),
      state: { name: "Other", connectorId: id, claim: expect.any(String) },
    });
  });
  test("a connector that is deleted while it is being adopted fails", async () => {
    const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
    vendor.seed({ connector_identifier: "AAAAA", name: "A" });
    vendor.fault({ method: "GET", path: /AAAAA$/, when: () => vendor.remove("AAAAA") && false });
    const error = await connectorErrorOf(
      deploy().connectors.create({ ...definition, onConflict: "adopt" }),
    );
    expect(error.message).toBe(
      '[not_found] Supermetrics connector "A" (id AAAAA) was deleted while it was being adopted. Run pulumi up again',
    );
  });
});

describe("a limit that the plan lowers", () => {
  test("is an output and a warning, once per write", async () => {
    const { deploy } = await databarWorld({ plan: { rateLimit: 10, maxConcurrency: 5 } });
    const { connectors, warnings } = deploy();
    const { state } = await connectors.create({ ...inputs, rateLimit: 60, maxConcurrency: 5 });
    expect(state).toMatchObject({
      rateLimit: 60,
      effectiveRateLimit: 10,
      maxConcurrency: 5,
      effectiveMaxConcurrency: 5,
    });
    expect(warnings).toEqual([
      'Databar connector "Scoring": rateLimit is 10, not 60: the workspace\'s plan lowers it. Lower rateLimit in the definition, or ask Databar for a larger plan.',
    ]);
  });
  test("is no drift", async () => {
    const { deploy } = await databarWorld({ plan: { rateLimit: 10 } });
    const { id, state } = await deploy().connectors.create({ ...inputs, rateLimit: 60 });
    expect((await deploy().connectors.read(id, state))!.inputs).toEqual({
      ...inputs,
      rateLimit: 60,
    });
  });
});

describe("a plan that rises", () => {
  const limited = { ...inputs, rateLimit: 60 };

  test.each([
    ["as far as it was asked for", 100, 60],
    ["not that far", 30, 30],
  ])("%s, which the vendor applies by itself, is said once by a refresh", async (_, plan, now) => {
    const { vendor, deploy } = await databarWorld({
      plan: { rateLimit: 10 },
      limitsFollowPlan: true,
    });
    const first = deploy().connectors;
    const made = [await first.create(limited), await first.create({ ...limited, name: "B" })];
    vendor.settings.plan = { rateLimit: plan };
    vendor.clearLog();
    const { connectors, warnings } = deploy();
    const read = [];
    for (const { id, state } of made) {
      read.push((await connectors.read(id, state))!);
    }
    expect(read.map(({ state }) => state.effectiveRateLimit)).toEqual([now, now]);
    expect(warnings).toEqual([
      `Databar's plan grants more than before: rateLimit of connector "Scoring" is ${now} now, not 10. Other connectors may have more, too.`,
    ]);
    expect(vendor.log.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/connectors/",
    ]);

    const again = deploy();
    await again.connectors.read(made[0]!.id, read[0]!.state);
    expect(again.warnings).toEqual([]);
  });

  test("for connectors that are written only is said by a refresh when another one has more, until it is asked for again", async () => {
    const { vendor, deploy, requests } = await databarWorld({ plan: { rateLimit: 10 } });
    const { id, state } = await deploy().connectors.create(limited);
    vendor.settings.plan = { rateLimit: 100 };
    await deploy().connectors.create({ ...limited, name: "B", rateLimit: 80 });
    vendor.clearLog();
    const { connectors, warnings } = deploy();
    const read = (await connectors.read(id, state))!;
    await connectors.read(id, read.state);
    expect(warnings).toEqual([
      'Databar connector "Scoring": rateLimit is 10, not 60, but another connector of the workspace has 80: the plan may have risen since. ' +
        "What a plan grants may reach a connector only when it is written again. To ask for more now, change rateLimit in the definition, for example to 80, and run pulumi up. The same may hold for other connectors: compare rateLimit with their outputs.",
    ]);
    expect(requests()).toEqual(["GET /v1/connectors/"]);

    const next = await deploy().connectors.update(id, read.state, { ...limited, rateLimit: 80 });
    expect(vendor.connectors).toMatchObject([{ rate_limit: 80 }, { rate_limit: 80 }]);
    const later = deploy();
    await later.connectors.read(id, next.state);
    expect(later.warnings).toEqual([]);
  });

  test("is not said while all have what the plan grants", async () => {
    const { deploy } = await databarWorld({ plan: { rateLimit: 10 } });
    const { connectors } = deploy();
    const { id, state } = await connectors.create(limited);
    await connectors.create({ ...limited, name: "B" });
    const later = deploy();
    await later.connectors.read(id, state);
    expect(later.warnings).toEqual([]);
  });
});

describe("update", () => {
  test("no difference, no call", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    expect(await deploy().connectors.update(id, state, { ...inputs, onConflict: "adopt" })).toEqual(
      { id, state: { ...state, onConflict: "adopt" } },
    );
    expect(requests()).toEqual([]);
  });
  test("one changed header is one PUT, and keeps the mark and the outputs", async () => {
    const { vendor, deploy, requests } = await databarWorld({ plan: { rateLimit: 10 } });
    const { id, state } = await deploy().connectors.create({ ...inputs, rateLimit: 60 });
    vendor.clearLog();
    const updated = await deploy().connectors.update(id, state, {
      ...inputs,
      rateLimit: 60,
      headers: { A: "2" },
    });
    expect(requests()).toEqual(["GET /v1/connectors/", `PUT /v1/connectors/${id}`]);
    expect(updated.state).toEqual({ ...state, headers: { A: "2" } });
  });
  test("that is refused leaves the old state: a plain error", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.fault({ method: "PUT", status: 422 });
    expect(
      await failureOf(deploy().connectors.update(id, state, { ...inputs, name: "B" })),
    ).not.toBeInstanceOf(PartialWrite);
  });
  test("that stops half-way is a partial write with what was reached", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    const { id, state } = await deploy().connectors.create(definition);
    vendor.fault({ method: "PUT", path: /connectors\/[^/]+$/, status: 422 });
    const error = await failureOf(
      deploy().connectors.update(id, state, {
        ...definition,
        name: "B",
        secrets: { k: "value-2" },
      }),
    );
    expect(error).toBeInstanceOf(PartialWrite);
    expect(error).toMatchObject({
      connectorId: id,
      state: { name: "A", secrets: { k: "value-2" }, claim: state["claim"] },
    });
  });
  test("of a connector that is gone says so", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.remove(id);
    expect(
      (await connectorErrorOf(deploy().connectors.update(id, state, { ...inputs, name: "B" })))
        .message,
    ).toBe(
      `[not_found] Databar could not update connector "B" (id ${id}): not found [HTTP 404]. Run pulumi refresh, then pulumi up: a connector deleted outside is created again.`,
    );
  });
  test("claims the connector, so that no new namesake adopts it", async () => {
    const { deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors } = deploy();
    await connectors.update(id, state, inputs);
    expect((await connectors.create(inputs)).id).not.toBe(id);
  });
});

describe("an id that is none", () => {
  test.each(["abc", "0", "-1", "1.5", "", "1/2", "12345678901234567890"])(
    "%j: Databar names the form",
    async (id) => {
      const { deploy, requests } = await databarWorld();
      expect((await connectorErrorOf(deploy().connectors.read(id, {}))).message).toBe(
        "[invalid] A Databar connector id is a positive whole number, for example 42",
      );
      expect(requests()).toEqual([]);
    },
  );
  test.each([
    "a b",
    "936506/",
    "/T3S70",
    "x/T3S70",
    "936506/T3S70/",
    "",
    `936506/${"x".repeat(101)}`,
    "12345678901234567890/T3S70",
  ])("%j: Supermetrics names the form", async (id) => {
    const { deploy, requests } = await supermetricsWorld();
    expect((await connectorErrorOf(deploy().connectors.read(id, {}))).message).toBe(
      "[invalid] A Supermetrics connector id is teamId/connectorIdentifier, for example 936506/T3S70",
    );
    expect(requests()).toEqual([]);
  });
});

describe("a connector that was deleted in this deployment", () => {
  const inputs: DatabarInputs = {
    name: "Scoring",
    method: "get",
    url: "https://api.example.com/v1/score",
  };
  test("is no namesake any more: an identical resource gets a connector of its own", async () => {
    const { vendor, deploy } = await databarWorld();
    const first = deploy().connectors;
    const { id, state } = await first.create(inputs);
    const { connectors } = deploy();
    await connectors.create({ ...inputs, name: "Other" });
    await connectors.delete(id, state);
    const again = await connectors.create(inputs);
    expect(again.id).not.toBe(id);
    expect(vendor.connectors.map(({ id: each }) => String(each))).toContain(again.id);
  });
});

describe("a resource that is being replaced without a comparison", () => {
  const inputs: DatabarInputs = {
    name: "Scoring",
    method: "get",
    url: "https://api.example.com/v1/score",
  };
  test("does not adopt the connector that it is about to delete", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors } = deploy();
    connectors.claims.expected.add("Scoring");
    const replacement = await connectors.create(inputs);
    await connectors.delete(id, state);
    expect(vendor.connectors.map(({ id: each }) => String(each))).toEqual([replacement.id]);
  });
});

describe("a list with a connector that cannot be read", () => {
  test("fails no other connector", async () => {
    const { vendor, deploy } = await databarWorld();
    const stranger = {
      id: 900,
      name: "Stranger",
      type: null,
      method: "get",
      url: "https://x.example.com",
    };
    vendor.fault({
      method: "GET",
      path: "/v1/connectors/",
      body: [stranger],
      status: 200,
      times: Infinity,
    });
    const { id } = await deploy().connectors.create({
      name: "Scoring",
      method: "get",
      url: "https://api.example.com",
    });
    expect(vendor.connectors.map(({ id: each }) => String(each))).toEqual([id]);
  });
});
