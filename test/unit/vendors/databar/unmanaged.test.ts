/** Rule 4: what the program does not manage goes out as the vendor holds it. */
import { type DatabarInputs } from "../../../../provider/vendors/databar/types";
import { without } from "../../../../provider/model/state";
import { closeWorlds, databarWorld } from "../../../../harness/lifecycle-world";

const there = { name: "A", method: "get", url: "https://example.com/" };
const inputs: DatabarInputs = { ...there, method: "get" };
const renamed = { ...inputs, name: "B" };

afterEach(closeWorlds);

describe("limits that the definition does not set", () => {
  test("stay as somebody set them when something else changes, without a refresh", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { rate_limit: 30, max_concurrency: 3 });
    vendor.clearLog();
    const { state: next } = await deploy().connectors.update(id, state, renamed);
    expect(vendor.connectors).toMatchObject([{ name: "B", rate_limit: 30, max_concurrency: 3 }]);
    expect(requests()).toEqual(["GET /v1/connectors/", `PUT /v1/connectors/${id}`]);
    expect(next).toMatchObject({ effectiveRateLimit: 30, effectiveMaxConcurrency: 3 });
    expect(next).not.toHaveProperty("rateLimit");
  });
  test("stay after a refresh, which shows them in the outputs", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { rate_limit: 30 });
    const read = (await deploy().connectors.read(id, state))!;
    expect(read.inputs).not.toHaveProperty("rateLimit");
    expect(read.state).toMatchObject({ effectiveRateLimit: 30 });
    await deploy().connectors.update(id, read.state, renamed);
    expect(vendor.connectors).toMatchObject([{ name: "B", rate_limit: 30 }]);
  });
  test("that are none stay none", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    await deploy().connectors.update(id, state, renamed);
    expect(vendor.connectors).toMatchObject([{ name: "B", rate_limit: null }]);
  });
  test("stay while the other one is set", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create({ ...inputs, rateLimit: 5 });
    vendor.change(id, { max_concurrency: 3 });
    await deploy().connectors.update(id, state, { ...inputs, rateLimit: 6 });
    expect(vendor.connectors).toMatchObject([{ rate_limit: 6, max_concurrency: 3 }]);
  });
  test("cost one list however many connectors change", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { connectors } = deploy();
    const made = [];
    for (const name of ["A", "B", "C"]) {
      made.push(await connectors.create({ ...inputs, name }));
    }
    vendor.clearLog();
    const next = deploy();
    await Promise.all(
      made.map(({ id, state }) =>
        next.connectors.update(id, state, { ...renamed, name: `${state.name}2` }),
      ),
    );
    expect(requests().filter((line) => line.startsWith("GET"))).toEqual(["GET /v1/connectors/"]);
  });
});

describe("limits that the definition sets", () => {
  test("are all sent, after the look-up of the connector", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const limits = { rateLimit: 5, maxConcurrency: 2 };
    const { id, state } = await deploy().connectors.create({ ...inputs, ...limits });
    vendor.clearLog();
    await deploy().connectors.update(id, state, { ...renamed, ...limits });
    expect(requests()).toEqual(["GET /v1/connectors/", `PUT /v1/connectors/${id}`]);
    expect(vendor.connectors).toMatchObject([{ rate_limit: 5, max_concurrency: 2 }]);
  });
  test("are reset when the definition removes them", async () => {
    const { vendor, deploy } = await databarWorld();
    const limits = { rateLimit: 5, maxConcurrency: 2 };
    const { id, state } = await deploy().connectors.create({ ...inputs, ...limits });
    const { state: next } = await deploy().connectors.update(id, state, inputs);
    expect(vendor.connectors).toMatchObject([{ rate_limit: null, max_concurrency: null }]);
    vendor.change(id, { rate_limit: 30 });
    await deploy().connectors.update(id, next, renamed);
    expect(vendor.connectors).toMatchObject([{ rate_limit: 30, max_concurrency: null }]);
  });
});

describe("adoption", () => {
  test("by likeness leaves limits that the definition does not set, and writes nothing", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    vendor.seed({ ...there, rate_limit: 30, max_concurrency: 3 });
    const { id, state } = await deploy().connectors.create(inputs);
    expect(writes()).toEqual([]);
    await deploy().connectors.update(id, state, renamed);
    expect(vendor.connectors).toMatchObject([{ name: "B", rate_limit: 30, max_concurrency: 3 }]);
  });
  test("of a connector that differs writes the limits back that it has, without another look-up", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    vendor.seed({ ...there, method: "put", rate_limit: 30 });
    await deploy().connectors.create({ ...inputs, onConflict: "adopt" });
    expect(vendor.connectors).toMatchObject([{ method: "get", rate_limit: 30 }]);
    expect(requests()).toEqual(["GET /v1/connectors/", "PUT /v1/connectors/1"]);
  });
});

test("names of a map in another order are no difference, and nothing is written", async () => {
  const { vendor, deploy } = await databarWorld();
  const [one, other] = [
    { Accept: ["b", "a"], Authorization: "Bearer k" },
    { Authorization: "Bearer k", Accept: ["b", "a"] },
  ];
  const { id, state } = await deploy().connectors.create({ ...inputs, headers: one });
  vendor.clearLog();
  await deploy().connectors.update(id, state, { ...inputs, headers: other });
  expect(vendor.log).toEqual([]);
  const turned = { ...one, Accept: ["a", "b"] };
  await deploy().connectors.update(id, state, { ...inputs, headers: turned });
  expect(vendor.log.map(({ method }) => method)).toContain("PUT");
});

test("a connector that is gone fails the update as before, and nothing is written", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  const { id, state } = await deploy().connectors.create(inputs);
  vendor.remove(id);
  vendor.clearLog();
  await expect(deploy().connectors.update(id, state, renamed)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(writes()).toEqual([]);
  expect(without(state, "claim")).toMatchObject(inputs);
});

test("a limit of more digits than can be kept is refused, and nothing is written", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  const { id, state } = await deploy().connectors.create(inputs);
  const body = { ...vendor.connectors[0], rate_limit: { $number: "12345678901234567890" } };
  vendor.fault({ method: "GET", path: "/v1/connectors/", body: [body] });
  vendor.fault({ method: "GET", path: `/v1/connectors/${id}`, body });
  vendor.clearLog();
  await expect(deploy().connectors.update(id, state, renamed)).rejects.toMatchObject({
    message: expect.stringContaining("rate_limit of more digits") as string,
  });
  expect(writes()).toEqual([]);
});
