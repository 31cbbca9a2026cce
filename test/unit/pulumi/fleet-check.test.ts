/** What a fleet's check says and hands back. It never makes a call. */
import { type DatabarSandbox } from "../../../provider/sandbox";
import { closeWorlds } from "../../../harness/lifecycle-world";
import { secret, UNKNOWN } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";
import {
  databarArgs,
  databarFleet,
  type FleetWorld,
  keys,
  supermetricsFleet,
  type Values,
} from "./fleet-world";

const { said } = isolate();
let world: FleetWorld<DatabarSandbox>;

beforeEach(async () => {
  world = await databarFleet();
});
afterEach(async () => {
  expect([world.vendor.log, world.vendor.connectors]).toEqual([[], []]);
  await closeWorlds();
});

const before = (...names: readonly string[]): Values => ({ connectors: databarArgs(names) });

async function faultsOf(news: Values, olds: Values = {}): Promise<string[]> {
  const { failures } = await world.deploy().check(olds, { __provider: "text", ...news });
  expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
  expect(JSON.stringify(failures).length).toBeLessThan(10_000);
  return failures.map(({ reason }) => reason);
}

const pathsOf = async (news: Values): Promise<string[]> =>
  (await faultsOf(news)).map((reason) => reason.split(/: |, /)[0]!);

describe("faults", () => {
  test("name the connector and its property in full, all at once, and no value", async () => {
    const wrong = {
      name: "x",
      method: "fetch",
      url: "https://api.example.com/",
      headers: { Accept: "s3cr3t\n" },
    };
    const reasons = await faultsOf({
      connectors: {
        scoring: wrong,
        fine: databarArgs(["fine"])["fine"],
        "a b": { ...wrong, "odd key": 1 },
        "": null,
        list: [1],
        text: "s3cr3t",
      },
      maxDeletes: -1,
    });
    expect(reasons.map((reason) => reason.slice(0, reason.indexOf(": "))).sort()).toEqual(
      [
        "maxDeletes",
        "connectors.scoring.method",
        "connectors.scoring.headers.Accept",
        'connectors["a b"].method',
        'connectors["a b"].headers.Accept',
        'connectors["a b"]["odd key"]',
        'connectors[""]',
        "connectors.list",
        "connectors.text",
      ].sort(),
    );
    expect(reasons.join()).not.toContain("s3cr3t");
    expect(reasons).toContain(
      'connectors[""]: must be the arguments of a connector. Write a map of properties.',
    );
  });
  test("are cut at 20 and counted, and stay short even with long names", async () => {
    const wrong = (count: number): Values => ({
      connectors: databarArgs(keys(count), { method: "fetch" }),
    });
    expect(await faultsOf(wrong(20))).toHaveLength(20);
    const reasons = await faultsOf(wrong(2000));
    expect([reasons.length, reasons[0]!.split(":")[0], reasons[20]]).toEqual([
      21,
      "connectors.c0.method",
      "and 1980 more errors.",
    ]);
    expect((await faultsOf(wrong(21)))[20]).toBe("and 1 more error.");
    expect(
      await faultsOf({
        connectors: Object.fromEntries(
          keys(30).map((key) => [`${key}${"x".repeat(10_000)}`, null]),
        ),
      }),
    ).toHaveLength(21);
  });
  test.each([[null], ["text"], [7], [[databarArgs(["a"])["a"]]], [true]])(
    "connectors must be a map, not %p",
    async (connectors) => {
      expect(await faultsOf({ connectors, maxDeletes: 1 })).toEqual([
        "connectors: must be a map of connectors. Write the arguments of each connector below a key of its own.",
      ]);
    },
  );
  test("a property that a fleet has not, with the one that is meant", async () => {
    expect(
      (
        await faultsOf({ connectors: {}, maxDelete: 1, retainsOnDelete: [], url: 1, "odd key": 1 })
      ).sort(),
    ).toEqual([
      '["odd key"]: a fleet has no property of this name. A connector\'s properties go below connectors and its key.',
      "maxDelete: a fleet has no property of this name. Did you mean maxDeletes?",
      "retainsOnDelete: a fleet has no property of this name. Did you mean retainOnDelete?",
      "url: a fleet has no property of this name. A connector's properties go below connectors and its key.",
    ]);
  });
  test.each([[-1], [1.5], ["3"], [[]], [{}], [true]])("maxDeletes %p", async (maxDeletes) => {
    expect(await faultsOf({ connectors: {}, maxDeletes })).toEqual([
      "maxDeletes: must be a whole number, 0 or more.",
    ]);
  });
  test.each([["a"], [{ a: true }], [[1]], [[["a"]]], [7]])(
    "retainOnDelete %p",
    async (retainOnDelete) => {
      expect(await faultsOf({ connectors: {}, retainOnDelete })).toEqual([
        'retainOnDelete: must be a list of keys. Example: retainOnDelete: ["scoring"].',
      ]);
    },
  );
  test.each([
    [{ maxDeletes: 0, retainOnDelete: [] }],
    [{ maxDeletes: null, retainOnDelete: null }],
    [{ maxDeletes: 7, retainOnDelete: ["gone"] }],
  ])("none in %p", async (own) => {
    expect(await faultsOf({ connectors: {}, ...own })).toEqual([]);
  });
});

describe("what comes back", () => {
  test("has credentials in envelopes, connector by connector and key by key, without the provider's text", async () => {
    const scoring = {
      ...databarArgs(["scoring"])["scoring"],
      headers: { Authorization: "Bearer k3y-value", Accept: "json" },
      parameters: { access_token: ["t1"], q: "x" },
    };
    const { inputs } = await world.deploy().check(
      {},
      {
        __provider: "text",
        maxDeletes: 3,
        retainOnDelete: ["a b"],
        connectors: { scoring, "a b": { ...scoring, name: "b" } },
      },
    );
    const enveloped = {
      ...scoring,
      headers: { Authorization: secret("Bearer k3y-value"), Accept: "json" },
      parameters: { access_token: secret(["t1"]), q: "x" },
    };
    expect(inputs).toEqual({
      maxDeletes: 3,
      retainOnDelete: ["a b"],
      connectors: { scoring: enveloped, "a b": { ...enveloped, name: "b" } },
    });
  });
  test("leaves what is not known yet as it was, at any depth, and judges nothing of it", async () => {
    const args = databarArgs(["a"])["a"]!;
    const partly = {
      ...args,
      method: UNKNOWN,
      headers: { Authorization: UNKNOWN, Accept: [UNKNOWN] },
    };
    for (const news of [
      { connectors: UNKNOWN },
      { connectors: UNKNOWN, maxDeletes: UNKNOWN, retainOnDelete: UNKNOWN },
      {
        connectors: { a: UNKNOWN, b: partly },
        maxDeletes: UNKNOWN,
        retainOnDelete: [UNKNOWN, "b"],
      },
      { connectors: { a: { ...args, name: UNKNOWN, url: UNKNOWN, headers: UNKNOWN } } },
    ]) {
      const { inputs, failures } = await world.deploy().check({}, { __provider: "text", ...news });
      expect({ inputs, failures }).toEqual({ inputs: news, failures: [] });
    }
    expect(
      await pathsOf({
        connectors: { a: UNKNOWN, b: { ...partly, rateLimit: 0 } },
        maxDeletes: "x",
      }),
    ).toEqual(["maxDeletes", "connectors.b.rateLimit"]);
  });
  test("has create-only inputs as written, also of what exists", async () => {
    const { inputs } = await world
      .deploy()
      .check(
        { connectors: databarArgs(["a"], { onConflict: "adopt" }) },
        { connectors: databarArgs(["a"], { onConflict: "fail" }) },
      );
    expect(inputs).toEqual({ connectors: databarArgs(["a"], { onConflict: "fail" }) });
  });
});

describe("settings", () => {
  test("a missing key is told once, and not at all by a fleet without connectors", async () => {
    const verbs = world.deploy({ apiKey: undefined });
    const reasons = async (connectors: unknown): Promise<string[]> =>
      (await verbs.check({}, { connectors })).failures.map(({ reason }) => reason);
    expect([await reasons({}), await reasons(UNKNOWN)]).toEqual([[], []]);
    expect(await reasons(databarArgs(keys(3)))).toEqual([
      expect.stringContaining(
        "No Databar API key is configured. Give it with `pulumi config set --secret databar:apiKey …`",
      ),
    ]);
    expect(await reasons(databarArgs(keys(3)))).toEqual([]);
  });
  test("a key that is not known yet is no fault", async () => {
    expect(
      (await world.deploy({ apiKey: UNKNOWN }).check({}, { connectors: databarArgs(keys(3)) }))
        .failures,
    ).toEqual([]);
  });
  test("a missing team is reported once, by the first connector without one", async () => {
    const { vendor, deploy } = await supermetricsFleet();
    const verbs = deploy({ teamId: undefined });
    expect((await verbs.check({}, { connectors: {} })).failures).toEqual([]);
    const { inputs, failures } = await verbs.check(
      {},
      { connectors: { a: { name: "A", teamId: "7" }, b: { name: "B" }, c: { name: "C" } } },
    );
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^No Supermetrics team is configured\./),
    ]);
    expect(inputs).toEqual({
      connectors: { a: { name: "A", teamId: "7" }, b: { name: "B" }, c: { name: "C" } },
    });
    expect((await verbs.check({}, { connectors: { b: { name: "B" } } })).failures).toEqual([]);
    expect(vendor.log).toEqual([]);
  });
  test("the configured team stands in, and a warning names the connector", async () => {
    const { deploy } = await supermetricsFleet();
    const { inputs } = await deploy().check(
      {},
      { connectors: { a: { name: "A", configuration: { a: 1 }, secrets: { k: "v" } } } },
    );
    expect(inputs["connectors"]).toEqual({
      a: { name: "A", teamId: "936506", configuration: { a: 1 }, secrets: { k: secret("v") } },
    });
    expect(said).toEqual([
      'warning: SupermetricsConnector "A": connectors.a.secrets.k: is never referenced by the configuration. Write ${secrets.k} where it belongs, or remove it.\n',
    ]);
  });
});

describe("maxDeletes", () => {
  const left = (count: number, rest = 0): [Values, Values] => [
    { connectors: databarArgs(keys(count + rest)) },
    { connectors: databarArgs(keys(count + rest).slice(count)) },
  ];
  const faults = async ([olds, news]: [Values, Values], own: Values = {}): Promise<string[]> =>
    faultsOf({ ...news, ...own }, olds);

  test("is 10, or a tenth of the fleet", async () => {
    expect([
      await faults(left(10)),
      await faults(left(10, 90)),
      await faults(left(11, 99)),
      await faults(left(20, 180)),
    ]).toEqual([[], [], [], []]);
    expect(await faults(left(11))).toEqual([
      "connectors: 11 of 11 connectors left the fleet, and would be deleted: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10. Restore them, or, if that is meant, write maxDeletes: 11.",
    ]);
    expect(await faults(left(11, 98))).toHaveLength(1);
    expect(await faults(left(21, 188))).toEqual([
      expect.stringMatching(
        /^connectors: 21 of 209 connectors left the fleet.* c0, c1, .* c19 and 1 more\. Restore/,
      ),
    ]);
  });
  test("is what the program says", async () => {
    expect(await faults(left(1), { maxDeletes: 0 })).toEqual([
      "connectors: 1 of 1 connector left the fleet, and would be deleted: c0. Restore them, or, if that is meant, write maxDeletes: 1.",
    ]);
    expect([
      await faults(left(3), { maxDeletes: 3 }),
      await faults(left(500), { maxDeletes: 500 }),
    ]).toEqual([[], []]);
    expect(await faults(left(3), { maxDeletes: 2 })).toHaveLength(1);
  });
  test("says what to write also where names are long", async () => {
    const names = keys(2000).map((key) => `${key}-${"long".repeat(10)}`);
    const [reason] = await faultsOf({ connectors: {} }, before(...names));
    expect(reason).toMatch(
      /^connectors: 2000 of 2000 connectors left.* and 1980 more\. Restore them, or, if that is meant, write maxDeletes: 2000\.$/,
    );
  });
  test("does not count what is retained, by the list that was or the list that is", async () => {
    const [olds, news] = left(12);
    expect(await faults([{ ...olds, retainOnDelete: ["c0", "c1"] }, news])).toEqual([]);
    expect(await faults([olds, news], { retainOnDelete: ["c0", "c1"] })).toEqual([]);
    expect(await faults([{ ...olds, retainOnDelete: ["c0"] }, news])).toEqual([
      expect.stringContaining("11 of 12 connectors left the fleet, and would be deleted: c1, "),
    ]);
  });
  test("is not judged while it, what is retained, or the map is not known; a connector that is not known is there", async () => {
    const [olds, news] = left(12);
    expect(await faults([olds, news], { maxDeletes: UNKNOWN })).toEqual([]);
    expect(await faults([olds, news], { retainOnDelete: UNKNOWN })).toEqual([]);
    expect(await faults([olds, news], { retainOnDelete: ["c0", UNKNOWN] })).toEqual([]);
    expect(await faultsOf({ connectors: UNKNOWN }, olds)).toEqual([]);
    expect(
      await faultsOf(
        { connectors: Object.fromEntries(keys(12).map((key) => [key, UNKNOWN])) },
        olds,
      ),
    ).toEqual([]);
  });
});
