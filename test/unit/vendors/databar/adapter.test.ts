/** What Databar's adapter adds to the lifecycle: the full replacement, and what is checked after it. */
import { type Inputs, type State, without } from "../../../../provider/lifecycle/state";
import { PartialWrite } from "../../../../provider/lifecycle/partial";
import { failureOf } from "../../../support/errors";
import { closeWorlds, databarWorld } from "../../../support/worlds";

const inputs: Inputs = { name: "A", method: "post", url: "https://example.com/", type: "enrichment", headers: { H: "1" }, parameters: { p: "" }, body: { b: ["1", "2"] }, rateLimit: 5, maxConcurrency: 2 };
const fields = { name: "A", method: "post", url: "https://example.com/", type: "enrichment", body_template: null, rate_limit: 5, max_concurrency: 2 };

afterEach(closeWorlds);

test("a created connector holds every field of the definition", async () => {
  const { vendor, deploy } = await databarWorld();
  await deploy().connectors.create(inputs);
  expect(vendor.connectors).toMatchObject([{ ...fields, headers: [{ name: "H", value: "1" }], parameters: [{ name: "p", value: "" }], body: [{ name: "b", value: "1" }, { name: "b", value: "2" }] }]);
});

describe("each field", () => {
  const changes: [string, Inputs, Record<string, unknown>][] = [
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
  test.each(changes)("%s: its change is one PUT, and nothing else changes", async (_, change, stored) => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const [before] = vendor.connectors;
    vendor.clearLog();
    await deploy().connectors.update(id, state, { ...inputs, ...change });
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(vendor.connectors).toEqual([{ ...before, ...stored }]);
  });
  test.each(changes)("%s: its drift shows, alone, and is repaired by the next update", async (name, change, stored) => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const [before] = vendor.connectors;
    vendor.change(id, stored);
    const { inputs: seen, state: drifted } = (await deploy().connectors.read(id, state))!;
    expect(seen).toEqual({ ...inputs, ...change });
    expect(drifted[name]).toEqual(change[name]);
    await deploy().connectors.update(id, drifted, inputs);
    expect(vendor.connectors).toEqual([before]);
  });
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
  const written: Inputs = { ...without(inputs, "rateLimit", "maxConcurrency"), name: " A ", parameters: {} };
  const { id, state } = await deploy().connectors.create(written);
  const { inputs: seen, state: next } = (await deploy().connectors.read(id, state))!;
  expect(seen).toEqual(written);
  vendor.clearLog();
  await deploy().connectors.update(id, next, written);
  expect(writes()).toEqual([]);
});

test("a body that Databar makes from the template is no drift", async () => {
  const { deploy } = await databarWorld({ normalize: { bodyFromTemplate: true } });
  const written: Inputs = { ...inputs, bodyTemplate: '{"x": "{{ other }}"}' };
  const { id, state } = await deploy().connectors.create(written);
  expect((await deploy().connectors.read(id, state))!.inputs).toEqual(written);
});

test("behind a mask there may be another value: an adopted connector gets the definition's", async () => {
  const { vendor, deploy, writes } = await databarWorld({ normalize: { maskHeaderValues: true } });
  vendor.seed({ name: "A", method: "post", url: "https://example.com/", headers: [{ name: "Authorization", value: "Bearer theirs" }] });
  await deploy().connectors.create({ name: "A", method: "post", url: "https://example.com/", headers: { Authorization: "Bearer mine" } });
  expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
  expect(vendor.connectors).toMatchObject([{ headers: [{ name: "Authorization", value: "Bearer mine" }] }]);
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
    expect(await failureOf(deploy().connectors.create({ ...inputs, onConflict: "fail" }))).toMatchObject({ code: "conflict" });
  });
  test.each([{ name: null }, {}])("may hide a namesake when not even its name can be read (%j): nothing is created", async (item) => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed({ name: "A" });
    vendor.fault({ method: "GET", body: [{ id, ...item }] });
    expect((await failureOf(deploy().connectors.create(inputs)) as Error).message).toContain("it cannot be told whether one of this name exists");
    expect(writes()).toEqual([]);
  });
  test.each([{ name: "no id" }, 5])("is no list when it holds %j", async (item) => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "GET", body: [item] });
    expect(await failureOf(deploy().connectors.create(inputs))).toMatchObject({ code: "unexpected_response" });
  });
});

describe("outputs", () => {
  const outputs = (state: State): State => Object.fromEntries(["effectiveRateLimit", "effectiveMaxConcurrency", "createdAt"].map((name) => [name, state[name]!]));
  test("come from the vendor on create, update and read", async () => {
    const { vendor, deploy } = await databarWorld({ plan: { rateLimit: 3 } });
    const { id, state } = await deploy().connectors.create(inputs);
    const createdAt = vendor.connectors[0]!.created_at!;
    expect(outputs(state)).toEqual({ effectiveRateLimit: 3, effectiveMaxConcurrency: 2, createdAt });
    vendor.settings.plan = { rateLimit: 2, maxConcurrency: 1 };
    expect(outputs((await deploy().connectors.read(id, state))!.state)).toEqual({ effectiveRateLimit: 2, effectiveMaxConcurrency: 1, createdAt });
    expect(outputs((await deploy().connectors.update(id, state, { ...inputs, name: "B" })).state)).toEqual({ effectiveRateLimit: 2, effectiveMaxConcurrency: 1, createdAt });
  });
  test("when it was created is kept where a later answer leaves it out", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { created_at: null });
    expect((await deploy().connectors.read(id, state))!.state["createdAt"]).toBe(state["createdAt"]);
  });
});

describe("after a PUT", () => {
  test("a type that stayed as it was fails, and the state knows the type that is there", async () => {
    const { vendor, deploy } = await databarWorld({ normalize: { typeIsFixed: true } });
    const { id, state } = await deploy().connectors.create(inputs);
    const error = await failureOf(deploy().connectors.update(id, state, { ...inputs, name: "B", type: "exporter" }));
    expect(error).toBeInstanceOf(PartialWrite);
    expect((error as PartialWrite).message).toBe(
      `[unexpected_response] Databar connector "B" (id ${id}) kept its type: Databar did not change it. Delete the connector and create it again, for example with pulumi up --replace`,
    );
    expect((error as PartialWrite).state).toMatchObject({ name: "B", type: "enrichment" });
    expect(vendor.connectors[0]).toMatchObject({ name: "B", type: "enrichment" });
  });
  test("another value that was stored differently is a warning", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors, warnings } = deploy();
    const answer = { ...vendor.connectors[0]!, name: "B", url: "https://elsewhere.example.com/", headers: [] };
    vendor.fault({ method: "PUT", body: answer });
    await connectors.update(id, state, { ...inputs, name: "B" });
    expect(warnings).toEqual([`Databar connector "B" (id ${id}): Databar stored another value than the definition's for url, headers.H. The next refresh will show it.`]);
  });
});

describe("after a PUT whose outcome is unknown", () => {
  const cases: [string, Inputs, Inputs, Record<string, unknown>][] = [
    ["a name", inputs, { ...inputs, name: "B" }, { name: "A" }],
    ["a url", inputs, { ...inputs, url: "https://example.com/2" }, { url: "https://example.com/" }],
    ["a masked header", inputs, { ...inputs, headers: { H: "2" } }, { headers: [{ name: "H", value: "1" }] }],
    ["a limit that was set", without(inputs, "rateLimit"), inputs, { rate_limit: null }],
    ["a limit that was taken away", inputs, without(inputs, "rateLimit"), { rate_limit: 5 }],
    ["a limit that was raised", inputs, { ...inputs, rateLimit: 9 }, { rate_limit: 5 }],
    ["a limit that was lowered", inputs, { ...inputs, rateLimit: 3 }, { rate_limit: 5 }],
  ];
  test.each(cases)("%s: the old definition is written again, also after a refresh", async (_, before, after, stored) => {
    for (const refresh of [false, true]) {
      const { vendor, deploy } = await databarWorld({ normalize: { maskHeaderValues: true } });
      const { id, state } = await deploy().connectors.create(before);
      const fault = vendor.fault({ method: "PUT", status: 500, commit: true, times: Infinity });
      const error = await failureOf(deploy().connectors.update(id, state, after));
      fault.remove();
      if (!(error instanceof PartialWrite)) throw error;
      const seen = refresh ? (await deploy().connectors.read(id, error.state))!.state : error.state;
      await deploy().connectors.update(id, seen, before);
      expect(vendor.connectors).toMatchObject([stored]);
    }
  });
  test.each(cases)("%s: where it had none, the new definition is written, also after a refresh", async (_, before, after) => {
    for (const refresh of [false, true]) {
      const { vendor, deploy } = await databarWorld({ normalize: { maskHeaderValues: true } });
      const { id, state } = await deploy().connectors.create(before);
      const fault = vendor.fault({ method: "PUT", status: 500, times: Infinity });
      const error = await failureOf(deploy().connectors.update(id, state, after));
      fault.remove();
      if (!(error instanceof PartialWrite)) throw error;
      const seen = refresh ? (await deploy().connectors.read(id, error.state))!.state : error.state;
      await deploy().connectors.update(id, seen, after);
      const { vendor: other, deploy: elsewhere } = await databarWorld();
      await elsewhere().connectors.create(after);
      expect(without({ ...vendor.connectors[0] }, "created_at")).toEqual(without({ ...other.connectors[0] }, "created_at"));
    }
  });
});
