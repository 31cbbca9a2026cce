/** A fleet's diff, create and update: which calls they make, and what is there afterwards. */
import { unpack } from "../../../provider/model/document";
import { type DatabarSandbox } from "../../../provider/sandbox";
import { failureOf } from "../../../harness/errors";
import { closeWorlds } from "../../../harness/lifecycle-world";
import { isPlainJson, plain, secret } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";
import {
  databarArgs,
  databarFleet,
  type Failure,
  type FleetWorld,
  idsOf,
  keys,
  supermetricsFleet,
  times,
  type Values,
} from "./fleet-world";

isolate();
let world: FleetWorld<DatabarSandbox>;

beforeEach(async () => {
  world = await databarFleet();
});
afterEach(closeWorlds);

const [A, B] = [
  { name: "A", headers: [], parameters: [], body: [] },
  { name: "B", headers: [], parameters: [], body: [] },
];
const named = (key: string, more: Values): Record<string, Values> => ({
  [key]: { ...databarArgs([key])[key]!, ...more },
});

describe("diff", () => {
  test("leaves changes to the engine, and never replaces the fleet", async () => {
    const { fleet, requests } = world;
    await fleet.up(databarArgs(["a", "b"]));
    requests();
    for (const connectors of [
      databarArgs(["a", "b"]),
      databarArgs(["a"]),
      databarArgs(["a", "b", "c"]),
      databarArgs(["a", "b"], { method: "post" }),
      { ...databarArgs(["a"]), ...named("b", { connectorId: 77 }) },
    ]) {
      expect(await fleet.diff(connectors)).toEqual({ replaces: [], deleteBeforeReplace: false });
    }
    expect(requests()).toEqual([]);
  });
  test("sees no change where only create-only inputs differ", async () => {
    const { fleet, requests } = world;
    await fleet.up(databarArgs(["a", "b"]));
    const { a: id } = fleet.map("ids");
    requests();
    const same = { changes: false, replaces: [], deleteBeforeReplace: false };
    expect(await fleet.diff(databarArgs(["a", "b"], { onConflict: "fail" }))).toEqual(same);
    expect(
      await fleet.diff({ ...databarArgs(["b"]), ...named("a", { connectorId: Number(id) }) }),
    ).toEqual(same);
    for (const [connectors, own] of [
      [
        {
          ...databarArgs(["b"], { onConflict: "fail" }),
          ...named("a", { connectorId: Number(id) + 1 }),
        },
      ],
      [{ ...databarArgs(["b"], { onConflict: "fail" }), ...named("a", { rateLimit: 5 }) }],
      [databarArgs(["a"], { onConflict: "fail" })],
      [databarArgs(["a", "b", "c"], { onConflict: "fail" })],
      [databarArgs(["a", "c"], { onConflict: "fail" })],
      [databarArgs(["a", "b"], { onConflict: "fail" }), { retainOnDelete: ["a"] }],
      [databarArgs(["a", "b"], { onConflict: "fail" }), { maxDeletes: 1 }],
    ] as [Values, Values?][]) {
      expect(await fleet.diff(connectors, own)).toEqual({
        replaces: [],
        deleteBeforeReplace: false,
      });
    }
    expect(requests()).toEqual([]);
  });
  test("fails where two keys hold one connector", async () => {
    const { fleet, vendor } = world;
    await fleet.up(databarArgs(["a", "b"]));
    fleet.outs = { ...fleet.outs, ids: { a: "1", b: "1" } };
    const error = (await failureOf(fleet.diff(databarArgs(["a", "b"])))) as Error;
    expect(error.message).toContain(
      "[conflict] Databar connector 1 is managed by two resources of this program",
    );
    expect(vendor.connectors).toHaveLength(2);
  });
});

describe("create", () => {
  test("sends one list and one POST for each, and hands plain JSON out, credentials in envelopes", async () => {
    const { vendor, deploy, requests } = world;
    const connectors = databarArgs(["a", "b c"], {
      headers: { Authorization: "Bearer k3y-value", Accept: "json" },
    });
    const { id, outs } = await deploy().create({
      __provider: "text",
      connectors,
      retainOnDelete: ["a"],
      maxDeletes: 3,
    });
    expect(id).toMatch(/^fleet-[0-9a-f]{8}$/);
    expect(isPlainJson(outs)).toBe(true);
    const computed = { createdAt: expect.any(String) as string };
    expect(outs).toMatchObject({
      ids: idsOf(vendor),
      computed: { a: computed, "b c": computed },
      connectors: {
        a: { headers: { Authorization: secret("Bearer k3y-value"), Accept: "json" } },
      },
      states: secret(expect.any(String)),
    });
    expect(Object.keys(outs).sort()).toEqual([
      "computed",
      "connectors",
      "ids",
      "maxDeletes",
      "retainOnDelete",
      "states",
      "workspace",
    ]);
    expect(requests()).toEqual(["GET", "POST", "POST"]);
  });
  test("of nothing needs no key and makes no call", async () => {
    const { deploy, requests } = world;
    expect(
      (await deploy({ apiKey: undefined }).create({ __provider: "text", connectors: {} })).outs,
    ).toEqual({ connectors: {}, computed: {}, ids: {} });
    expect(requests()).toEqual([]);
  });
  test("without a key asks and creates nothing", async () => {
    const { deploy, requests } = world;
    const error = (await failureOf(
      deploy({ apiKey: undefined }).create({ connectors: databarArgs(["a"]) }),
    )) as Failure;
    expect([error.message, Object.keys(error), requests()]).toEqual([
      expect.stringContaining("[configuration] No Databar API key"),
      [],
      [],
    ]);
  });
  test("adopts what is identical, each connector by the rules of a resource of its own", async () => {
    const { vendor, fleet, writes } = world;
    const { id } = vendor.seed({
      name: "a",
      method: "get",
      url: "https://api.example.com/",
      type: "enrichment",
      headers: [],
      parameters: [],
      body: [],
      body_template: null,
      rate_limit: null,
      max_concurrency: null,
    });
    vendor.seed({ name: "b", url: "https://elsewhere.example.com/" });
    const error = await fleet.failedUp(databarArgs(["a", "b", "c"]));
    expect(error.message).toMatch(
      /^1 of 3 connectors failed:\n {2}b: \[conflict\] Databar already has a connector named "b"[^]*connectorId: \d+,/,
    );
    expect([fleet.map("ids")["a"], writes()]).toEqual([String(id), ["POST"]]);
    await fleet.up({ ...databarArgs(["a", "c"]), ...named("b", { onConflict: "adopt" }) });
    expect([writes(), fleet.map("ids")]).toEqual([["PUT /2"], idsOf(vendor)]);
    expect(vendor.connectors.map(({ url }) => url)).toEqual(times(3, "https://api.example.com/"));
  });
});

describe("update", () => {
  test("makes the calls that differences need, and no other", async () => {
    const { vendor, deploy, fleet, requests } = world;
    await fleet.up(databarArgs(["same", "changed", "left", "also left"]));
    const { changed, left, "also left": alsoLeft } = idsOf(vendor);
    requests();
    await fleet.up({ ...databarArgs(["same", "new"]), ...named("changed", { method: "post" }) });
    expect(requests()).toEqual(
      [`DELETE /${left}`, `DELETE /${alsoLeft}`, "GET", "POST", `PUT /${changed}`].sort(),
    );
    expect([fleet.map("ids"), fleet.states["changed"]]).toEqual([
      idsOf(vendor),
      expect.objectContaining({ method: "post" }),
    ]);
    expect(Object.keys(fleet.outs).sort()).toEqual([
      "__provider",
      "computed",
      "connectors",
      "ids",
      "states",
      "workspace",
    ]);
    const createOnly = {
      ...databarArgs(["same", "new"], { onConflict: "fail" }),
      ...named("changed", { method: "post" }),
    };
    const { outs } = await deploy().update(fleet.id, fleet.outs, { connectors: createOnly });
    expect(unpack(plain(outs["states"]))).toMatchObject({ new: { onConflict: "fail" } });
    await fleet.up(createOnly);
    expect(requests()).toEqual([]);
  });
  test.each([1, 3])("has never more requests under way than the settings say: %d", async (most) => {
    const { vendor, deploy } = world;
    vendor.fault({ delay: 10, times: Infinity });
    const verbs = deploy({ maxConcurrentRequests: most });
    const { id, outs } = await verbs.create({ connectors: databarArgs(keys(12)) });
    await verbs.update(id, outs, { connectors: {} });
    expect(Math.max(...vendor.log.map(({ inFlight }) => inFlight))).toBe(most);
    expect(vendor.log.filter(({ committed }) => committed)).toHaveLength(24);
    expect(vendor.connectors).toEqual([]);
  });
  test("a connector that a failed update has given a new key stays when its old key leaves", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b", "c"]));
    const { a, b, c } = fleet.map("ids");
    const edited = { ...databarArgs(["a"])["a"], url: "https://b.example.com/" };
    const renamed = { y: databarArgs(["b"])["b"], ...databarArgs(["c"]) };
    await fleet.failedUp({ x: edited, ...renamed });
    expect(fleet.map("ids")).toEqual({ a, b, c, y: b });
    writes();
    await fleet.up({ x: { ...edited, connectorId: Number(a) }, ...renamed });
    expect([writes(), fleet.map("ids")]).toEqual([[`PUT /${a}`], { x: a, y: b, c }]);
    expect(vendor.connectors.map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
  });
  test("a key that changes takes its connector along, with or without the id", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b"]));
    const { a, b } = idsOf(vendor);
    writes();
    await fleet.up({
      x: databarArgs(["a"])["a"],
      y: { ...databarArgs(["b"])["b"], connectorId: Number(b) },
    });
    expect([writes(), fleet.map("ids"), idsOf(vendor)]).toEqual([[], { x: a, y: b }, { a, b }]);
  });
  test("deletes nothing while something else failed, and says what stays", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b", "c"]));
    const { b, c } = idsOf(vendor);
    writes();
    vendor.fault({ method: "POST", status: 422 });
    const error = await fleet.failedUp(databarArgs(["a", "d"]));
    expect(error.message).toMatch(
      /^1 of 4 connectors failed:\n {2}d: \[invalid\][^]*\n {2}1 of 2 connectors is as the program says\.\n {2}2 connectors that left the fleet stay until the rest is done\.\n {2}What was done before is recorded; the next pulumi up does the rest\.$/,
    );
    expect([Object.keys(error), writes()]).toEqual([[], ["POST"]]);
    await fleet.up(databarArgs(["a", "d"]));
    expect([writes(), fleet.map("ids")]).toEqual([
      [`DELETE /${b}`, `DELETE /${c}`, "POST"].sort(),
      idsOf(vendor),
    ]);
    vendor.fault({ method: "PUT", status: 422 });
    expect((await fleet.failedUp(named("a", { method: "post" }))).message).toContain(
      "\n  1 connector that left the fleet stays until the rest is done.",
    );
    expect(Object.keys(idsOf(vendor))).toEqual(["a", "d"]);
  });
  test("a deletion that fails is a failure like others, and is made up for", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b", "c"]));
    const { a, b, c } = idsOf(vendor);
    writes();
    vendor.inUse(b!);
    const error = await fleet.failedUp({});
    expect(error.message).toMatch(
      /^1 of 3 connectors failed:\n {2}b: \[conflict\] .*used by 2 tables/,
    );
    expect(error.message).not.toContain("left the fleet");
    expect([writes(), fleet.map("ids"), idsOf(vendor)]).toEqual([
      [`DELETE /${a}`, `DELETE /${b}`, `DELETE /${c}`],
      { b },
      { b },
    ]);
    vendor.inUse(b!, null);
    await fleet.up({});
    expect([writes(), fleet.map("ids"), vendor.connectors]).toEqual([[`DELETE /${b}`], {}, []]);
  });
});

describe("another adopted id", () => {
  test("is adopted first, then the old connector is deleted", async () => {
    const { vendor, fleet, writes } = world;
    const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
    await fleet.up(named("x", { connectorId: a }));
    writes();
    await fleet.up(named("x", { connectorId: b }));
    expect(vendor.log.map(({ method }) => method)).toEqual(["GET", "PUT", "DELETE"]);
    expect([writes(), fleet.map("ids"), idsOf(vendor)]).toEqual([
      [`DELETE /${a}`, `PUT /${b}`],
      { x: String(b) },
      { x: String(b) },
    ]);
    expect(fleet.outs).not.toHaveProperty("replaced");
  });
  test("does not delete the old connector when the new one fails", async () => {
    const { vendor, fleet, writes } = world;
    const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
    await fleet.up(named("x", { connectorId: a }));
    writes();
    vendor.fault({ method: "PUT", status: 422 });
    const error = await fleet.failedUp(named("x", { connectorId: b }));
    expect([fleet.map("ids"), fleet.outs["replaced"]]).toEqual([
      { x: String(b) },
      {
        [a]: {
          name: "x",
          claim: expect.stringMatching(/^[0-9a-f]{8}$/),
          createdAt: expect.any(String),
        },
      },
    ]);
    expect([error.id, writes(), vendor.connectors.length]).toEqual([fleet.id, [`PUT /${b}`], 2]);
    await fleet.up(named("x", { connectorId: b }));
    expect([writes(), idsOf(vendor), fleet.outs["replaced"]]).toEqual([
      [`DELETE /${a}`, `PUT /${b}`],
      { x: String(b) },
      undefined,
    ]);
  });
  test("remembers an old connector that could not be deleted, through a refresh too, and deletes it next time", async () => {
    const { vendor, fleet, writes } = world;
    const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
    await fleet.up({ ...named("x", { connectorId: a }), ...databarArgs(["y"]) });
    vendor.inUse(a);
    const wanted = { ...named("x", { connectorId: b }), ...databarArgs(["y"]) };
    const error = await fleet.failedUp(wanted);
    expect(error.message).toMatch(
      new RegExp(`^1 of 3 connectors failed:\\n {2}${a}: \\[conflict\\] `),
    );
    expect(Object.keys(fleet.map<Values>("replaced"))).toEqual([String(a)]);
    await fleet.refresh();
    // The refresh has cleared what the engine itself noted of the failure.
    expect(await fleet.diff(wanted)).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
    writes();
    vendor.inUse(a, null);
    await fleet.up(wanted);
    expect([writes(), fleet.outs["replaced"], Object.keys(idsOf(vendor)).sort()]).toEqual([
      [`DELETE /${a}`],
      undefined,
      ["x", "y"],
    ]);
  });
  test("leaves the old connector where another key names it, which goes on with it in the same update", async () => {
    const { vendor, fleet, writes } = world;
    const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
    await fleet.up(named("x", { connectorId: a }));
    writes();
    const wanted = { ...named("x", { connectorId: b }), ...named("y", { connectorId: a }) };
    await fleet.up(wanted);
    expect([writes().sort(), fleet.map("ids")]).toEqual([
      [`PUT /${a}`, `PUT /${b}`],
      { x: String(b), y: String(a) },
    ]);
    expect(fleet.outs).not.toHaveProperty("replaced");
  });
  test.each([
    ["deletes", [], 1],
    ["keeps", ["x"], 2],
  ] as const)(
    "%s the old connector where the key goes on with that of a key that leaves (retained: %j)",
    async (_, retainOnDelete, count) => {
      const { vendor, fleet, writes } = world;
      const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
      const own = { retainOnDelete: [...retainOnDelete] };
      await fleet.up({ ...named("x", { connectorId: a }), ...named("y", { connectorId: b }) }, own);
      writes();
      await fleet.up(named("x", { connectorId: b }), own);
      expect(writes()).toEqual([...(count === 1 ? [`DELETE /${a}`] : []), `PUT /${b}`]);
      expect(fleet.map("ids")).toEqual({ x: String(b) });
      expect(vendor.connectors).toHaveLength(count);
    },
  );
  test("of a resource that comes to it later keeps a connector that leaves the fleet", async () => {
    const { deploy, fleet, vendor, writes } = world;
    await fleet.up(databarArgs(["a", "b"]));
    const { a, b } = idsOf(vendor);
    writes();
    const verbs = deploy();
    await verbs.check({}, { ...databarArgs(["a"])["a"], connectorId: Number(a) });
    const { outs } = await verbs.update(fleet.id, fleet.outs, { connectors: {} });
    expect([writes(), outs, idsOf(vendor)]).toEqual([
      [`DELETE /${b}`],
      { connectors: {}, computed: {}, ids: {} },
      { a },
    ]);
  });
  test("leaves the old connector where the key is retained", async () => {
    const { vendor, fleet, writes } = world;
    const [a, b] = [vendor.seed(A).id, vendor.seed(B).id];
    await fleet.up(named("x", { connectorId: a }), { retainOnDelete: ["x"] });
    await fleet.up(named("x", { connectorId: b }), { retainOnDelete: ["x"] });
    expect([writes(), vendor.connectors.length, fleet.outs["replaced"]]).toEqual([
      [`PUT /${a}`, `PUT /${b}`],
      2,
      undefined,
    ]);
  });
  test("another team is another connector too", async () => {
    const { vendor, fleet, requests } = await supermetricsFleet();
    vendor.settings.teams = ["936506", "7"];
    await fleet.up({ a: { name: "A" } });
    const [old] = vendor.connectors;
    requests();
    await fleet.up({ a: { name: "A", teamId: "7" } });
    expect(requests()).toEqual([
      `DELETE /${old!.connector_identifier}`,
      "GET /v1/teams/7/connector_builder/connectors",
      "POST /v1/teams/7/connector_builder/connectors",
    ]);
    expect(fleet.map("ids")).toEqual({ a: `7/${vendor.connectors[0]!.connector_identifier}` });
    expect(vendor.connectors).toHaveLength(1);
  });
});

test("a vendor that is down is asked for some connectors, and not for the rest", async () => {
  const { vendor, fleet, requests } = world;
  vendor.fault({ method: "POST", status: 401, times: Infinity });
  const error = await fleet.failedUp(databarArgs(keys(100)));
  // Twenty are at work at once; others begin while the twenty fail.
  expect(requests().length).toBeLessThan(42);
  expect(error.message).toMatch(
    /^\d\d of 100 connectors failed:\n {2}c0: \[unauthorized\][^]*\n {2}[67]\d others were not tried\.$/,
  );
  vendor.clearFaults();
  await fleet.up(databarArgs(keys(100)));
  expect(fleet.map("ids")).toEqual(idsOf(vendor));
});
