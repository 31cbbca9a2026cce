/**
 * What Databar's adapter adds to the lifecycle: the full replacement, and what is checked after it.
 */
import { type DatabarState } from "../../../../provider/vendors/databar/stage-types";
import { type DatabarInputs } from "../../../../provider/vendors/databar/types";
import { without } from "../../../../provider/model/state";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { type DatabarLimits } from "../../../../provider/sandbox/databar/settings";
import { failureOf } from "../../../../harness/errors";
import { closeWorlds, databarWorld } from "../../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "A",
  method: "post",
  url: "https://example.com/",
  type: "enrichment",
  headers: { H: "1" },
  parameters: { p: "" },
  body: { b: ["1", "2"] },
  rateLimit: 5,
  maxConcurrency: 2,
};
const fields = {
  name: "A",
  method: "post",
  url: "https://example.com/",
  type: "enrichment",
  body_template: null,
  rate_limit: 5,
  max_concurrency: 2,
};

afterEach(closeWorlds);

test("a created connector holds every field of the definition", async () => {
  const { vendor, deploy } = await databarWorld();
  await deploy().connectors.create(inputs);
  expect(vendor.connectors).toMatchObject([
    {
      ...fields,
      headers: [{ name: "H", value: "1" }],
      parameters: [{ name: "p", value: "" }],
      body: [
        { name: "b", value: "1" },
        { name: "b", value: "2" },
      ],
    },
  ]);
});

describe("each field", () => {
  const changes: [keyof DatabarInputs, Partial<DatabarInputs>, Record<string, unknown>][] = [
    ["name", { name: "B" }, { name: "B" }],
    ["method", { method: "get" }, { method: "get" }],
    ["url", { url: "https://example.com/2" }, { url: "https://example.com/2" }],
    ["type", { type: "exporter" }, { type: "exporter" }],
    ["headers", { headers: { H: "2" } }, { headers: [{ name: "H", value: "2" }] }],
    ["parameters", { parameters: { p: "1" } }, { parameters: [{ name: "p", value: "1" }] }],
    ["body", { body: { b: "1" } }, { body: [{ name: "b", value: "1" }] }],
    ["bodyTemplate", { bodyTemplate: "{{ b }}" }, { body_template: "{{ b }}" }],
    ["rateLimit", { rateLimit: 6 }, { rate_limit: 6 }],
    ["maxConcurrency", { maxConcurrency: 3 }, { max_concurrency: 3 }],
  ];
  test.each(changes)(
    "%s: its change is one PUT, and nothing else changes",
    async (_, change, stored) => {
      const { vendor, deploy, writes } = await databarWorld();
      const { id, state } = await deploy().connectors.create(inputs);
      const [before] = vendor.connectors;
      vendor.clearLog();
      await deploy().connectors.update(id, state, { ...inputs, ...change });
      expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
      expect(vendor.connectors).toEqual([{ ...before, ...stored }]);
    },
  );
  test.each(changes)(
    "%s: its drift shows, alone, and is repaired by the next update",
    async (name, change, stored) => {
      const { vendor, deploy } = await databarWorld();
      const { id, state } = await deploy().connectors.create(inputs);
      const [before] = vendor.connectors;
      vendor.change(id, stored);
      const { inputs: seen, state: drifted } = (await deploy().connectors.read(id, state))!;
      expect(seen).toEqual({ ...inputs, ...change });
      expect(drifted[name]).toEqual(change[name]);
      await deploy().connectors.update(id, drifted, inputs);
      expect(vendor.connectors).toEqual([before]);
    },
  );
});

test.each([
  ["lists in another order", { listOrder: "reversed" }],
  ["empty lists as null", { emptyLists: "null" }],
  ["empty lists left out", { emptyLists: "missing" }],
  ["numbers as text", { numbersAsText: true }],
  ["masked header values", { maskHeaderValues: true }],
  ["fields unheard of", { extraFields: { owner: "x" } }],
  ["limits that the program did not ask for", { limits: { rateLimit: 9, maxConcurrency: 9 } }],
  ["trimmed texts", { trimText: true }],
] as const)("%s are no drift, and no reason to write", async (_, normalize) => {
  const { vendor, deploy, writes } = await databarWorld({ normalize });
  const written: DatabarInputs = {
    ...without(inputs, "rateLimit", "maxConcurrency"),
    name: " A ",
    parameters: {},
  };
  const { id, state } = await deploy().connectors.create(written);
  const { inputs: seen, state: next } = (await deploy().connectors.read(id, state))!;
  expect(seen).toEqual(written);
  vendor.clearLog();
  await deploy().connectors.update(id, next, written);
  expect(writes()).toEqual([]);
});

test("a body that Databar makes from the template is no drift", async () => {
  const { deploy } = await databarWorld({ normalize: { bodyFromTemplate: true } });
  const written: DatabarInputs = { ...inputs, bodyTemplate: '{"x": "{{ other }}"}' };
  const { id, state } = await deploy().connectors.create(written);
  expect((await deploy().connectors.read(id, state))!.inputs).toEqual(written);
});

test("behind a mask there may be another value: an adopted connector gets the definition's", async () => {
  const { vendor, deploy, writes } = await databarWorld({ normalize: { maskHeaderValues: true } });
  vendor.seed({
    name: "A",
    method: "post",
    url: "https://example.com/",
    headers: [{ name: "Authorization", value: "Bearer theirs" }],
  });
  await deploy().connectors.create({
    name: "A",
    method: "post",
    url: "https://example.com/",
    headers: { Authorization: "Bearer mine" },
  });
  expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
  expect(vendor.connectors).toMatchObject([
    { headers: [{ name: "Authorization", value: "Bearer mine" }] },
  ]);
});

describe("an adopted connector whose limits are lower", () => {
  const seeded = {
    name: "A",
    method: "post",
    url: "https://example.com/",
    headers: [{ name: "H", value: "1" }],
    parameters: [{ name: "p", value: "" }],
    body: [
      { name: "b", value: "1" },
      { name: "b", value: "2" },
    ],
  } as const;
  const open = async (
    plan: DatabarLimits,
    limits = { rate_limit: 3, max_concurrency: 2 } as {
      rate_limit: number | null;
      max_concurrency: number | null;
    },
  ): Promise<Awaited<ReturnType<typeof databarWorld>>> => {
    const world = await databarWorld({ plan });
    world.vendor.seed({
      ...structuredClone(seeded),
      headers: [...seeded.headers],
      parameters: [...seeded.parameters],
      body: [...seeded.body],
      ...limits,
    });
    return world;
  };
  test("gets those of the definition by one PUT", async () => {
    const { vendor, deploy, writes } = await open({});
    const { connectors, warnings } = deploy();
    const { state } = await connectors.create({ ...inputs, onConflict: "adopt" });
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(vendor.connectors).toMatchObject([{ rate_limit: 5, max_concurrency: 2 }]);
    expect(state).toMatchObject({ rateLimit: 5, effectiveRateLimit: 5 });
    expect(warnings).toHaveLength(1);
  });
  test.each([
    { rate_limit: 5, max_concurrency: 1 },
    { rate_limit: null, max_concurrency: 2 },
    { rate_limit: 5, max_concurrency: null },
  ])("gets the one that differs: %j", async (limits) => {
    const { vendor, deploy, writes } = await open({}, limits);
    await deploy().connectors.create({ ...inputs, onConflict: "adopt" });
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(vendor.connectors).toMatchObject([{ rate_limit: 5, max_concurrency: 2 }]);
  });
  test("keeps what the plan lowers, says so, and is left alone from then on", async () => {
    const { vendor, deploy, writes } = await open({ rateLimit: 3 });
    const { connectors, warnings } = deploy();
    const { id, state } = await connectors.create(inputs);
    expect(warnings.at(-1)).toContain("rateLimit is 3, not 5: the workspace's plan lowers it");
    expect(state).toMatchObject({ rateLimit: 5, effectiveRateLimit: 3 });
    vendor.clearLog();
    await deploy().connectors.update(
      id,
      (await deploy().connectors.read(id, state))!.state,
      inputs,
    );
    await deploy().connectors.update(id, state, inputs);
    expect(writes()).toEqual([]);
  });
  test("keeps limits that the definition does not name", async () => {
    const { vendor, deploy, writes } = await open({});
    await deploy().connectors.create(without(inputs, "rateLimit", "maxConcurrency"));
    expect(writes()).toEqual([]);
    expect(vendor.connectors).toMatchObject([{ rate_limit: 3, max_concurrency: 2 }]);
  });
});

describe("a list with a connector in it that cannot be read", () => {
  const broken = { id: 7, name: "Broken", type: null };
  test("still lists the others", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.fault({ method: "GET", body: [broken, vendor.connectors[0]] });
    expect((await deploy().connectors.read(id, state))!.inputs).toEqual(inputs);
  });
  test("asks for that one itself", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    vendor.fault({ method: "GET", body: [{ ...broken, id: Number(id) }] });
    expect((await deploy().connectors.read(id, state))!.inputs).toEqual(inputs);
    expect(requests()).toEqual(["GET /v1/connectors/", `GET /v1/connectors/${id}`]);
  });
  test("counts it as a namesake by the name that it has", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed({ name: "A" });
    vendor.fault({ method: "GET", body: [{ id, name: "A", type: null }] });
    expect(
      await failureOf(deploy().connectors.create({ ...inputs, onConflict: "fail" })),
    ).toMatchObject({ code: "conflict" });
  });
  test.each([{ name: null }, {}])(
    "may hide a namesake when not even its name can be read (%j): nothing is created",
    async (item) => {
      const { vendor, deploy, writes } = await databarWorld();
      const { id } = vendor.seed({ name: "A" });
      vendor.fault({ method: "GET", body: [{ id, ...item }] });
      expect(((await failureOf(deploy().connectors.create(inputs))) as Error).message).toContain(
        "it is not known whether one of this name exists",
      );
      expect(writes()).toEqual([]);
    },
  );
  test.each([{ name: "no id" }, 5])("is no list when it holds %j", async (item) => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "GET", body: [item] });
    expect(await failureOf(deploy().connectors.create(inputs))).toMatchObject({
      code: "unexpected_response",
    });
  });
});

describe("outputs", () => {
  const outputs = ({
    effectiveRateLimit,
    effectiveMaxConcurrency,
    createdAt,
  }: DatabarState): DatabarState => ({ effectiveRateLimit, effectiveMaxConcurrency, createdAt });
  test("come from the vendor on create, update and read", async () => {
    const { vendor, deploy } = await databarWorld({ plan: { rateLimit: 3 } });
    const { id, state } = await deploy().connectors.create(inputs);
    const createdAt = vendor.connectors[0]!.created_at!;
    expect(outputs(state)).toEqual({
      effectiveRateLimit: 3,
      effectiveMaxConcurrency: 2,
      createdAt,
    });
    vendor.settings.plan = { rateLimit: 2, maxConcurrency: 1 };
    expect(outputs((await deploy().connectors.read(id, state))!.state)).toEqual({
      effectiveRateLimit: 2,
      effectiveMaxConcurrency: 1,
      createdAt,
    });
    expect(
      outputs((await deploy().connectors.update(id, state, { ...inputs, name: "B" })).state),
    ).toEqual({ effectiveRateLimit: 2, effectiveMaxConcurrency: 1, createdAt });
  });
  test("limits are kept where a later answer leaves them out, and go where it says that there are none", async () => {
    const { vendor, deploy } = await databarWorld({ plan: { rateLimit: 3 } });
    const { id, state } = await deploy().connectors.create(inputs);
    const rest = without({ ...vendor.connectors[0] }, "rate_limit", "max_concurrency");
    vendor.fault({ method: "GET", body: [rest] });
    const { inputs: seen, state: next } = (await deploy().connectors.read(id, state))!;
    expect(seen).toEqual(inputs);
    expect(outputs(next)).toEqual(outputs(state));
    vendor.fault({ method: "GET", body: [{ ...rest, rate_limit: null, max_concurrency: null }] });
    const { inputs: bare, state: unlimited } = (await deploy().connectors.read(id, state))!;
    expect(bare).not.toHaveProperty("rateLimit");
    expect(unlimited).not.toHaveProperty("effectiveRateLimit");
  });
  test("limits that the answer to a create leaves out are not known", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({
      method: "POST",
      status: 201,
      body: { ...without(fields, "rate_limit", "max_concurrency"), id: 7 },
    });
    const { state } = await deploy().connectors.create(inputs);
    expect(state).toMatchObject({ rateLimit: 5, maxConcurrency: 2 });
    expect(state).not.toHaveProperty("effectiveRateLimit");
  });
  test("when it was created is kept where a later answer leaves it out", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { created_at: null });
    expect((await deploy().connectors.read(id, state))!.state["createdAt"]).toBe(
      state["createdAt"],
    );
  });
});

test("a created connector of which another value was stored is a warning", async () => {
  const { vendor, deploy } = await databarWorld();
  const { connectors, warnings } = deploy();
  vendor.fault({
    method: "POST",
    status: 201,
    body: {
      ...fields,
      id: 7,
      type: "simple",
      rate_limit: 9,
      headers: [{ name: "H", value: "other" }],
      parameters: [{ name: "p", value: "" }],
      body: [
        { name: "b", value: "1" },
        { name: "b", value: "2" },
      ],
    },
  });
  await connectors.create(inputs);
  expect(warnings).toEqual([
    'Databar connector "A" (id 7): Databar stored another value than the definition\'s for type, headers.H, rateLimit. The next refresh will show it.',
  ]);
});

describe("after a PUT", () => {
  test("a type that stayed as it was fails, and the state knows the type that is there", async () => {
    const { vendor, deploy } = await databarWorld({ normalize: { typeIsFixed: true } });
    const { id, state } = await deploy().connectors.create(inputs);
    const error = await failureOf(
      deploy().connectors.update(id, state, { ...inputs, name: "B", type: "exporter" }),
    );
    expect(error).toBeInstanceOf(PartialWrite);
    expect((error as PartialWrite).message).toBe(
      `[unexpected_response] Databar connector "B" (id ${id}) kept its type: Databar did not change it. To replace the connector, write onConflict: "create" and run pulumi up --replace`,
    );
    expect((error as PartialWrite).state).toMatchObject({ name: "B", type: "enrichment" });
    expect(vendor.connectors[0]).toMatchObject({ name: "B", type: "enrichment" });
  });
  test("another value that was stored differently is a warning", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors, warnings } = deploy();
    const answer = {
      ...vendor.connectors[0]!,
      name: "B",
      url: "https://elsewhere.example.com/",
      headers: [],
    };
    vendor.fault({ method: "PUT", body: answer });
    await connectors.update(id, state, { ...inputs, name: "B" });
    expect(warnings).toEqual([
      `Databar connector "B" (id ${id}): Databar stored another value than the definition's for url, headers.H. The next refresh will show it.`,
    ]);
  });
});
