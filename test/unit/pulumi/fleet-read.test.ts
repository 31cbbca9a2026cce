/** A fleet's read and delete, and what its failures say. */
import { type DatabarSandbox, type FaultOptions } from "../../../provider/sandbox";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, TEAM } from "../../../harness/lifecycle-world";
import { isPlainJson, secret } from "../../../harness/in-process/wire";
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

const STORED =
  "In refresh and destroy, Pulumi uses the configuration that is stored in the stack's state. After a change of the settings, add --run-program to use the current ones.";

isolate();
let world: FleetWorld<DatabarSandbox>;

beforeEach(async () => {
  world = await databarFleet();
});
afterEach(closeWorlds);

const refreshed = async (): Promise<Failure> => (await failureOf(world.fleet.refresh())) as Failure;

describe("read", () => {
  test("finds drift key by key, and what is gone leaves inputs and outputs; it lists once", async () => {
    const { vendor, fleet, requests, writes } = world;
    const connectors = databarArgs(["a", "b c", "d"], {
      headers: { Authorization: "Bearer k3y-value", Accept: "json" },
    });
    await fleet.up(connectors, { retainOnDelete: ["d"], maxDeletes: 3 });
    const { a, "b c": b, d } = idsOf(vendor);
    vendor.change(b!, { url: "https://elsewhere.example.com/" });
    vendor.remove(a!);
    requests();
    const read = await world.deploy().read(fleet.id, fleet.outs);
    expect(requests()).toEqual(["GET", `GET /${a}`]);
    expect(isPlainJson(read)).toBe(true);
    expect(Object.keys(read.inputs!).sort()).toEqual([
      "connectors",
      "maxDeletes",
      "retainOnDelete",
    ]);
    expect(read.inputs!["connectors"]).toMatchObject({
      "b c": {
        url: "https://elsewhere.example.com/",
        headers: { Authorization: secret("Bearer k3y-value"), Accept: "json" },
      },
    });
    expect(await fleet.refreshed()).toEqual({
      "b c": { ...connectors["b c"], url: "https://elsewhere.example.com/" },
      d: connectors["d"],
    });
    expect([
      fleet.map("ids"),
      Object.keys(fleet.map("computed")),
      fleet.outs["retainOnDelete"],
    ]).toEqual([{ "b c": b, d }, ["b c", "d"], ["d"]]);
    writes();
    await fleet.up(connectors, { retainOnDelete: ["d"], maxDeletes: 3 });
    expect([writes(), fleet.map("ids")]).toEqual([["POST", `PUT /${b}`], idsOf(vendor)]);
  });
  test("without drift leaves the state as it is, whichever create ended first", async () => {
    const { vendor, fleet } = world;
    vendor.fault({ method: "POST", delay: 100 });
    await fleet.up(databarArgs(["a", "b", "c"]));
    expect(idsOf(vendor)).toEqual(fleet.map("ids"));
    const stored = fleet.outs;
    await fleet.refresh();
    expect(fleet.outs).toEqual(stored);
  });
  test("finds drift of Supermetrics' documents and secrets, in one list and the lists of secrets", async () => {
    const { vendor, fleet, requests } = await supermetricsFleet();
    const args = (name: string): Values => ({
      name,
      configuration: { a: { b: 1 }, key: "${secrets.k}" },
      secrets: { k: "v" },
    });
    await fleet.up({ a: args("A"), b: args("B"), c: { name: "C" } });
    const [first, second] = ["A", "B"].map((name) =>
      vendor.connectors.find((each) => each.name === name)!,
    );
    vendor.change(first!.connector_identifier, {
      configuration_json: {
        a: { b: 2 },
        key: vendor.secrets(TEAM, first!.connector_identifier)[0]!.placeholder,
      },
    });
    vendor.removeSecret(second!.connector_identifier, "k");
    requests();
    const drift = await fleet.refreshed();
    expect([drift["a"], drift["b"], drift["c"]]).toEqual([
      { ...args("A"), teamId: TEAM, configuration: { a: { b: 2 }, key: "${secrets.k}" } },
      { ...args("B"), teamId: TEAM, secrets: {} },
      { name: "C", teamId: TEAM },
    ]);
    expect(requests()).toEqual(
      [
        "GET",
        `GET /${first!.connector_identifier}/secrets`,
        `GET /${second!.connector_identifier}/secrets`,
      ].sort(),
    );
    expect(vendor.connectors).toHaveLength(3);
  });
  test("of nothing makes no call, and keeps what is still to be deleted", async () => {
    const { fleet, deploy, requests } = world;
    await fleet.up({});
    const replaced = { 7: { name: "x", claim: "0123abcd" } };
    expect(await deploy({ apiKey: undefined }).read(fleet.id, { ...fleet.outs, replaced })).toEqual(
      {
        id: fleet.id,
        inputs: { connectors: {} },
        props: { connectors: {}, computed: {}, ids: {}, replaced },
      },
    );
    expect(requests()).toEqual([]);
  });
  test("in which the only connector is gone leaves an empty fleet, not none", async () => {
    const { vendor, fleet } = world;
    await fleet.up(databarArgs(["a"]));
    vendor.remove(1);
    expect([await fleet.refreshed(), fleet.map("ids")]).toEqual([{}, {}]);
    await fleet.up(databarArgs(["a"]));
    expect(fleet.map("ids")).toEqual(idsOf(vendor));
  });
});

describe("a look-up that failed is not absence", () => {
  const FAILURES: readonly (readonly [string, FaultOptions, string])[] = [
    ["401", { status: 401 }, "[unauthorized]"],
    ["403", { status: 403 }, "[forbidden]"],
    ["429", { status: 429, headers: { "retry-after": "0" } }, "[rate_limited]"],
    ["a page", { status: 200, html: true }, "[unexpected_response]"],
    ["a page that says 404", { status: 404, html: true }, "[unexpected_response]"],
    ["a time-out", { delay: 1_000 }, "[timeout]"],
    ["half an answer", { truncate: true }, "[network]"],
  ];
  /** Seconds. All but the time-out must be answered in time, on a busy machine too. */
  const limitsFor = (code: string): Record<string, number> =>
    code === "[timeout]"
      ? { requestTimeoutSeconds: 0.05, operationTimeoutSeconds: 0.1 }
      : { requestTimeoutSeconds: 1, operationTimeoutSeconds: 1 };
  test.each(FAILURES)("%s: the state stays, and the message says why", async (_, fault, code) => {
    const { vendor, deploy, fleet } = world;
    await fleet.up(databarArgs(["a", "b"]));
    const [outs, ids] = [fleet.outs, idsOf(vendor)];
    vendor.fault({ ...fault, method: "GET", times: Infinity });
    const error = (await failureOf(deploy(limitsFor(code)).read(fleet.id, outs))) as Failure;
    expect([Object.keys(error), error.message.split("\n")[0]]).toEqual([
      [],
      "2 of 2 connectors failed:",
    ]);
    expect(error.message).toContain(`\n  a: ${code}`);
    vendor.clearFaults();
    expect(Object.keys(await fleet.refreshed())).toEqual(["a", "b"]);
    expect(idsOf(vendor)).toEqual(ids);
  });
  test("of one connector among many is told by its key, and keeps them all, also those that are gone", async () => {
    const { vendor, fleet } = world;
    await fleet.up(databarArgs(["a", "b", "c"]));
    const [outs, { a, b }] = [fleet.outs, idsOf(vendor)];
    vendor.remove(a!);
    vendor.remove(b!);
    vendor.fault({ method: "GET", path: `/v1/connectors/${b}`, status: 403 });
    expect((await refreshed()).message).toMatch(
      /^1 of 3 connectors failed:\n {2}b: \[forbidden\] /,
    );
    expect(fleet.outs).toEqual(outs);
    expect(Object.keys(await fleet.refreshed())).toEqual(["c"]);
  });
  test("that concerns all connectors alike is not made for every one of them", async () => {
    const { vendor, fleet, requests } = world;
    await fleet.up(databarArgs(keys(100)));
    requests();
    vendor.fault({ method: "GET", status: 403, times: Infinity });
    expect((await refreshed()).message).toMatch(
      /^\d+ of 100 connectors failed:\n {2}c\d+: \[forbidden\] /,
    );
    expect(requests().length).toBeLessThanOrEqual(40);
    expect(vendor.connectors).toHaveLength(100);
  });
});

describe("delete", () => {
  test("deletes what is there; what is gone is success", async () => {
    const { vendor, deploy, fleet, requests } = world;
    await fleet.up(databarArgs(["a", "b"]));
    const { a, b } = idsOf(vendor);
    vendor.remove(a!);
    requests();
    const { id, outs } = fleet;
    await fleet.destroy();
    expect([requests(), vendor.connectors]).toEqual([
      [`DELETE /${a}`, `DELETE /${b}`, "GET", `GET /${a}`],
      [],
    ]);
    await expect(deploy().delete(id, outs)).resolves.toBeUndefined();
  });
  test("lists what fails, and deletes the rest", async () => {
    const { vendor, fleet } = world;
    await fleet.up(databarArgs(["a", "b", "c"]));
    vendor.inUse(idsOf(vendor)["b"]!);
    const error = (await failureOf(fleet.destroy())) as Failure;
    expect([Object.keys(error), error.message]).toEqual([
      [],
      expect.stringMatching(/^1 of 3 connectors failed:\n {2}b: \[conflict\] .*used by 2 tables/),
    ]);
    expect(Object.keys(idsOf(vendor))).toEqual(["b"]);
  });
  test("leaves what is retained, and takes what others have replaced", async () => {
    const { vendor, fleet, requests } = world;
    await fleet.up(databarArgs(["a", "b"]), { retainOnDelete: ["a"] });
    const { id } = vendor.seed({ name: "old" });
    fleet.outs = { ...fleet.outs, replaced: { [id]: { name: "old" } } };
    requests();
    await fleet.destroy();
    expect([requests(), Object.keys(idsOf(vendor))]).toEqual([
      ["DELETE /2", `DELETE /${id}`, "GET"],
      ["a"],
    ]);
  });
  test("of nothing needs no key", async () => {
    const { fleet, deploy, requests } = world;
    await fleet.up({});
    await expect(
      deploy({ apiKey: undefined }).delete(fleet.id, fleet.outs),
    ).resolves.toBeUndefined();
    expect(requests()).toEqual([]);
  });
});

describe("retainOnDelete", () => {
  test("keeps a connector that leaves, also when its key leaves the list with it", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b", "c", "d"]), { retainOnDelete: ["b"] });
    const { c, d } = idsOf(vendor);
    writes();
    await fleet.up(databarArgs(["a", "c", "d"]), { retainOnDelete: [] });
    expect([writes(), Object.keys(fleet.map("ids"))]).toEqual([[], ["a", "c", "d"]]);
    await fleet.up(databarArgs(["a", "d"]), { retainOnDelete: ["d"] });
    await fleet.up(databarArgs(["a", "d"]), {});
    expect(writes()).toEqual([`DELETE /${c}`]);
    await fleet.up(databarArgs(["a"]), {});
    expect([writes(), Object.keys(idsOf(vendor))]).toEqual([[`DELETE /${d}`], ["a", "b"]]);
  });
});

describe("failures", () => {
  test("tell each connector's message, the first 20, then a count, in less than 8,000 characters", async () => {
    const { vendor, fleet } = world;
    vendor.fault({
      method: "POST",
      status: 422,
      body: { detail: "long ".repeat(1_000) },
      times: Infinity,
    });
    const lines = (await fleet.failedUp(databarArgs(keys(50)))).message.split("\n");
    expect([
      lines[0],
      lines.at(-1),
      lines.filter((line) => /^ {2}c\d+: \[invalid\] Databar rejected connector "c\d+"/.test(line))
        .length,
    ]).toEqual(["50 of 50 connectors failed:", "  and 30 more.", 20]);
    const named = Object.fromEntries(
      keys(50).map((key) => [`${key}${"x".repeat(5_000)}`, databarArgs([key])[key]!]),
    );
    for (const connectors of [databarArgs(keys(1)), databarArgs(keys(21)), named]) {
      const { message } = await fleet.failedUp(connectors);
      expect([
        message.length <= 8_000,
        message.length > 400,
        message.split("\n  and ").length,
      ]).toEqual([true, true, Object.keys(connectors).length > 20 ? 2 : 1]);
    }
    expect([fleet.id, vendor.connectors]).toEqual(["", []]);
  });
  test("hold no secret of any connector, old or new, nor the key, with any answer of the vendor", async () => {
    const { vendor, fleet } = world;
    const rotated = (generation: string): Values =>
      Object.fromEntries(
        ["a", "b", "left"].map((key) => [
          key,
          {
            ...databarArgs([key])[key],
            headers: { Authorization: `Bearer k3y-${generation}-of-${key}` },
          },
        ]),
      );
    await fleet.up(rotated("old"));
    const old = ["a", "b", "left"].map((key) => `k3y-old-of-${key}`);
    const { a, b } = rotated("new");
    for (const [secrets, attempt] of [
      [[...old, "k3y-new-of-a", "k3y-new-of-b"], () => fleet.up({ a, b })],
      [old, () => fleet.refresh()],
      [old, () => fleet.destroy()],
    ] as const) {
      vendor.clearFaults();
      vendor.fault({
        status: 400,
        body: { detail: `do not like key-1 ${secrets.join(" ")}` },
        times: Infinity,
      });
      const error = (await failureOf(attempt())) as Failure;
      expect(error.message).toContain("do not like [redacted]");
      expect(error.message).not.toMatch(/k3y|key-1/);
      expect([Object.keys(error), error.stack]).toEqual([[], error.message.split("\n")[0]]);
    }
    expect(vendor.connectors).toHaveLength(3);
  });
  test.each([401, 403])(
    "%d during refresh and destroy says once whose configuration was used; during an up it does not",
    async (status) => {
      const { vendor, fleet } = world;
      await fleet.up(databarArgs(["a", "b"]));
      vendor.fault({ status, times: Infinity });
      for (const attempt of [() => fleet.refresh(), () => fleet.destroy()]) {
        expect(((await failureOf(attempt())) as Error).message.split(STORED)).toHaveLength(2);
      }
      expect(
        (await fleet.failedUp(databarArgs(["a", "b"], { rateLimit: 5 }))).message,
      ).not.toContain("--run-program");
      expect(vendor.connectors.map(({ rate_limit: limit }) => limit)).toEqual([null, null]);
    },
  );
  test("of a missing key during refresh and destroy say so too", async () => {
    const { vendor, deploy, fleet, requests } = world;
    await fleet.up(databarArgs(["a"]));
    requests();
    for (const attempt of [
      deploy({ apiKey: undefined }).read(fleet.id, fleet.outs),
      deploy({ apiKey: undefined }).delete(fleet.id, fleet.outs),
    ]) {
      expect(((await failureOf(attempt)) as Error).message).toContain(STORED);
    }
    expect([requests(), vendor.connectors.length]).toEqual([[], 1]);
  });
  test("of an update name the property, as a resource of its own would, connector by connector", async () => {
    const { vendor, fleet, writes } = world;
    await fleet.up(databarArgs(["a", "b"]));
    writes();
    vendor.fault({
      method: "PUT",
      status: 422,
      body: { detail: [{ loc: ["body", "rate_limit"], msg: "too high", type: "value_error" }] },
      times: 2,
    });
    const { message } = await fleet.failedUp(databarArgs(["a", "b"], { rateLimit: 5 }));
    expect(message).toMatch(
      /^2 of 2 connectors failed:\n {2}a: \[invalid\] [^]*rateLimit: too high[^]*\n {2}b: \[invalid\] [^]*rateLimit: too high/,
    );
    expect([writes(), times(2, "null")]).toEqual([
      ["PUT /1", "PUT /2"],
      vendor.connectors.map(({ rate_limit: limit }) => String(limit)),
    ]);
  });
});
