/**
 * A fleet of which some connectors fail: what is recorded, in full or in short, and what the next
 * update does of it.
 */
import { makeState } from "../../../provider/model/state";
import { createHash } from "node:crypto";
import { encodeRecord } from "../../../provider/pulumi/provider/fleet-state";
import { recordingFailure } from "../../../provider/pulumi/provider/engine-errors";
import { providerText } from "../../../provider/pulumi/program/provider-text";
import { type DatabarSandbox, type SupermetricsSandbox } from "../../../provider/sandbox";
import { closeWorlds, TEAM } from "../../../harness/lifecycle-world";
import { isPlainJson, secret } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";
import {
  databarArgs,
  databarFleet,
  type FleetWorld,
  idsOf,
  keys,
  supermetricsFleet,
  times,
  type Values,
} from "./fleet-world";

const { said } = isolate();
afterEach(closeWorlds);

/** Most bytes that a failure records here, so that little is large. */
const MOST = 36_000;

/** A text that packs badly, always the same for a name. */
const noise = (name: string, length: number): string =>
  Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash("sha384").update(`${name}/${index}`).digest("base64"),
  ).join("");

/** Long enough that twenty do not fit into a failure, however they are packed. */
const long = (count: number): Record<string, Values> =>
  Object.assign(
    {},
    ...keys(count).map((key) =>
      databarArgs([key], {
        headers: { Authorization: "Bearer k3y-value", "X-Note": noise(key, 2_000) },
      }),
    ),
  ) as Record<string, Values>;
const naming =
  (...names: readonly string[]) =>
  ({ body }: { readonly body: unknown }): boolean =>
    names.some((name) => JSON.stringify(body).includes(`:"${name}"`));

/** As {@link long}, where the state holds the values of secrets. */
const other = (name: string): string => noise(name, 4_000);
const social = (names: readonly string[]): Record<string, Values> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        name,
        configuration: { a: "${secrets.k}", b: "${secrets.l}" },
        secrets: { k: `k3y-${name}`, l: other(name) },
      },
    ]),
  );

function secretsOf(vendor: SupermetricsSandbox): Record<string, Record<string, string>> {
  return Object.fromEntries(
    vendor.connectors.map(({ name, connector_identifier: key }) => [
      name,
      Object.fromEntries(vendor.secrets(TEAM, key).map((each) => [each.name, each.value])),
    ]),
  );
}

const without = (all: Readonly<Record<string, Values>>, key: string): Record<string, Values> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== key));

/** Nothing differs: no drift, no call in an up. */
async function expectQuiet(
  { fleet, requests }: FleetWorld<DatabarSandbox | SupermetricsSandbox>,
  connectors: Values,
): Promise<void> {
  const before = fleet.inputs;
  await fleet.refresh();
  expect(fleet.inputs).toEqual({ connectors: before["connectors"] });
  expect(requests().filter((request) => request.startsWith("GET"))).not.toEqual([]);
  await fleet.up(connectors);
  expect(requests()).toEqual([]);
}

describe("a failure of some", () => {
  test("is recorded in the engine's terms, with the provider's text and envelopes; the next update does the rest", async () => {
    const world = await databarFleet();
    const { vendor, deploy, fleet, writes } = world;
    vendor.fault({ method: "POST", status: 422, when: naming("b") });
    const connectors = databarArgs(["a", "b", "c"], {
      headers: { Authorization: "Bearer k3y-value" },
    });
    const answer = deploy().create({ __provider: "text", connectors, retainOnDelete: ["c"] });
    await expect(answer).rejects.toMatchObject({
      id: expect.stringMatching(/^fleet-/),
      properties: {
        __provider: "text",
        retainOnDelete: ["c"],
        ids: idsOf(vendor),
        states: secret(expect.any(String)),
      },
    });
    const error = (await answer.catch((failure: unknown) => failure)) as Error & {
      reasons: string[];
      properties: Values;
    };
    expect([isPlainJson(error.properties), error.reasons]).toEqual([true, [error.message]]);
    expect(error.message).toMatch(
      /^1 of 3 connectors failed:\n {2}b: \[invalid\][^]*\n {2}What was done so far is recorded; the next pulumi up does the rest\.$/,
    );
    expect(Object.keys(idsOf(vendor)).sort()).toEqual(["a", "c"]);

    vendor.fault({ method: "POST", status: 422, when: naming("b") });
    await fleet.failedUp(connectors);
    writes();
    await fleet.up(connectors);
    expect([writes(), fleet.map("ids")]).toEqual([["POST"], idsOf(vendor)]);
    await expectQuiet(world, connectors);
  });
  test("is plain when nothing was done: the engine keeps what it has", async () => {
    const { vendor, fleet, writes } = await databarFleet();
    vendor.fault({ method: "POST", status: 422, times: 3 });
    const error = await fleet.failedUp(databarArgs(["a", "b", "c"]));
    expect([Object.keys(error), fleet.id, writes(), vendor.connectors]).toEqual([
      [],
      "",
      times(3, "POST"),
      [],
    ]);
    expect(error.message).not.toContain("recorded");
    await fleet.up(databarArgs(["a", "b", "c"]));
    vendor.fault({ method: "PUT", status: 422, times: 3 });
    const changed = await fleet.failedUp(databarArgs(["a", "b", "c"], { rateLimit: 5 }));
    expect([Object.keys(changed), fleet.states["a"]!["rateLimit"]]).toEqual([[], undefined]);
    expect([fleet.map("ids"), vendor.connectors.map(({ rate_limit: limit }) => limit)]).toEqual([
      idsOf(vendor),
      [null, null, null],
    ]);
  });
  test.each([
    ["a secret", { method: "POST", path: /secrets$/, after: 1 }, [`POST /ID/secrets`, "PUT /ID"]],
    ["the configuration", { method: "PUT" }, ["PUT /ID"]],
  ])(
    "in the middle of a create (%s) is recorded, and finished without a second POST",
    async (_, match, rest) => {
      const world = await supermetricsFleet();
      const { vendor, fleet, writes } = world;
      vendor.fault({ ...match, status: 422 });
      const error = await fleet.failedUp(social(["a"]));
      expect(error.message).toMatch(/^1 of 1 connector failed:\n {2}a: \[invalid\][^]*is recorded/);
      expect(fleet.map("ids")).toEqual({
        a: `${TEAM}/${vendor.connectors[0]!.connector_identifier}`,
      });
      writes();
      await fleet.up(social(["a"]));
      expect(writes().map((request) => request.replace(/\/[A-Z0-9]{5,}/, "/ID"))).toEqual(rest);
      expect([vendor.connectors.length, secretsOf(vendor)]).toEqual([
        1,
        { a: { k: "k3y-a", l: other("a") } },
      ]);
      await expectQuiet(world, social(["a"]));
    },
  );
});

describe("after a failure of some", () => {
  const edited = (...names: readonly string[]): Record<string, Values> => ({
    ...databarArgs(["a", "b", "c", "d"]),
    ...databarArgs(names, { method: "post" }),
  });
  async function stopped(mostRecorded?: number): Promise<FleetWorld<DatabarSandbox>> {
    const world = await databarFleet(mostRecorded);
    await world.fleet.up(edited());
    world.vendor.fault({ method: "PUT", status: 422, times: Infinity, when: naming("b") });
    const wanted = without({ ...edited("a", "b"), e: databarArgs(["e"])["e"]! }, "d");
    const error = await world.fleet.failedUp(wanted);
    expect(error.message).toMatch(
      /^1 of 5 connectors failed:\n {2}b: [^]*\n {2}3 of 4 connectors are as the program says\.\n {2}1 connector that left the fleet stays until the rest is done\.\n {2}What was done so far is recorded; the next pulumi up does the rest\.$/,
    );
    world.requests();
    said.splice(0);
    return world;
  }
  const REST = / fleet: the last deployment stopped half-way, and what it did is recorded\. (.*)\n/;

  test("the preview says what is left to do, and the failure what is recorded, each time", async () => {
    const { fleet, requests } = await stopped();
    const wanted = without({ ...edited("a", "b"), e: databarArgs(["e"])["e"]! }, "d");
    await fleet.diff(wanted);
    expect(REST.exec(said.join(""))?.[1]).toBe(
      "Left to do: update b; delete d. The preview may also list edits that are done; after pulumi refresh it lists only the rest.",
    );
    const again = await fleet.failedUp(wanted);
    expect([Object.keys(again), again.message]).toEqual([
      [],
      expect.stringMatching(
        /\n {2}3 of 4 connectors are as the program says\.\n {2}1 connector that left the fleet stays until the rest is done\.\n {2}What was done before is recorded; the next pulumi up does the rest\.$/,
      ),
    ]);
    expect(requests()).toEqual(["GET", expect.stringMatching(/^PUT /)]);
  });
  test("a definition that is reverted, or new, is left to do", async () => {
    const { fleet } = await stopped();
    await fleet.diff({ ...edited("b"), f: databarArgs(["f"])["f"]! });
    expect(REST.exec(said.join(""))?.[1]).toContain(
      "Left to do: update a, b; create f; delete e. ",
    );
  });
  test("a refresh leaves only what is left to be seen, and no more is said", async () => {
    const { fleet } = await stopped();
    await fleet.refresh();
    expect(fleet.inputs["connectors"]).toEqual({
      ...edited("a"),
      e: databarArgs(["e"])["e"],
    });
    said.splice(0);
    await fleet.diff(edited("a", "b"));
    expect(said.join("")).not.toMatch(REST);
  });
  test("in short, too, what was written whole is not left to do", async () => {
    const { fleet, vendor } = await stopped(700);
    expect(fleet.isRecord).toBe(true);
    await fleet.diff(without({ ...edited("a", "b"), e: databarArgs(["e"])["e"]! }, "d"));
    expect(REST.exec(said.join(""))?.[1]).toMatch(/^Left to do: update b; delete d\. /);
    vendor.clearFaults();
    await fleet.up(edited("a", "b"));
    expect(fleet.isRecord).toBe(false);
    said.splice(0);
    await fleet.diff(edited("a", "b"));
    expect(said).toEqual([]);
  });
  test("a connector that was deleted outside, and whose id another one has now, is created again", async () => {
    const { fleet, vendor, writes } = await stopped(700);
    vendor.clearFaults();
    const { a } = idsOf(vendor);
    vendor.change(a!, { name: "theirs", created_at: "2031-01-01T00:00:00Z" });
    await fleet.up(edited("a", "b"));
    expect(writes()).not.toContain(`PUT /${a}`);
    expect(vendor.connectors.map(({ name }) => name).sort()).toEqual(
      ["a", "b", "c", "d", "theirs"].sort(),
    );
  });
});

describe("a failure with no room for the state", () => {
  test("records ids and marks; the next update writes the rest, and only that", async () => {
    const world = await databarFleet(MOST);
    const { vendor, fleet, writes } = world;
    vendor.fault({ method: "POST", status: 422, when: naming("c3") });
    const error = await fleet.failedUp(long(20), { retainOnDelete: ["c9"], maxDeletes: 5 });
    expect(Object.keys(error.properties!).sort()).toEqual([
      "__provider",
      "maxDeletes",
      "record",
      "retainOnDelete",
      "workspace",
    ]);
    expect(error.properties!["record"]).toEqual(secret(expect.any(String)));
    expect(error.message).toContain(
      "What was done so far is recorded; the next pulumi up does the rest.",
    );
    expect(JSON.stringify(error.properties)).not.toContain("k3y");
    expect(vendor.connectors).toHaveLength(19);

    vendor.change(idsOf(vendor)["c5"]!, { url: "https://elsewhere.example.com/" });
    writes();
    const wanted = { ...without(long(20), "c8"), c1: { ...long(2)["c1"]!, method: "post" } };
    const { c1, c5, c8 } = idsOf(vendor);
    await fleet.up(wanted);
    expect(writes()).toEqual(["POST", `PUT /${c1}`, `PUT /${c5}`, `DELETE /${c8}`].sort());
    expect([fleet.isRecord, fleet.map("ids")]).toEqual([false, idsOf(vendor)]);
    await expectQuiet(world, wanted);
  });
  test("is recorded again while something fails; a deletion waits as long", async () => {
    const { vendor, fleet, writes } = await databarFleet(MOST);
    vendor.fault({ method: "POST", status: 422, times: 2, when: naming("c3") });
    await fleet.failedUp(long(20));
    writes();
    const error = await fleet.failedUp(without(long(20), "c8"));
    expect([error.message, fleet.isRecord, writes()]).toEqual([
      expect.stringContaining("1 connector that left the fleet stays until the rest is done."),
      true,
      ["POST"],
    ]);
    await fleet.up(without(long(20), "c8"));
    expect([
      writes().map((request) => request.split(" ")[0]),
      fleet.isRecord,
      fleet.map("ids"),
    ]).toEqual([["DELETE", "POST"], false, idsOf(vendor)]);
  });
  test("creates again what is gone meanwhile", async () => {
    const { vendor, fleet, writes } = await databarFleet(MOST);
    vendor.fault({ method: "POST", status: 422, when: naming("c3") });
    await fleet.failedUp(long(20));
    vendor.remove(idsOf(vendor)["c7"]!);
    writes();
    await fleet.up(long(20));
    expect([writes().filter((request) => request === "POST"), fleet.map("ids")]).toEqual([
      ["POST", "POST"],
      idsOf(vendor),
    ]);
    expect(vendor.connectors).toHaveLength(20);
  });
  test("writes Supermetrics' secrets again only where they were not written whole", async () => {
    const world = await supermetricsFleet(MOST);
    const { vendor, fleet, writes } = world;
    vendor.fault({
      method: "POST",
      path: /secrets$/,
      status: 422,
      times: 1,
      when: naming("k3y-c3"),
    });
    vendor.fault({
      method: "PUT",
      path: new RegExp("connectors/[^/]+$"),
      status: 422,
      when: naming("c4"),
    });
    await fleet.failedUp(social(keys(12)));
    expect([fleet.isRecord, vendor.connectors.length]).toEqual([true, 12]);
    const [third, fourth] = ["c3", "c4"].map(
      (name) => vendor.connectors.find((each) => each.name === name)!.connector_identifier,
    );
    // A failure before anything was written to a connector does not make its secrets less written.
    vendor.fault({ method: "GET", status: 403, times: Infinity });
    const nothing = await fleet.failedUp(social(keys(12)));
    expect(Object.keys(nothing)).toEqual([]);
    vendor.clearFaults();
    writes();
    await fleet.up(social(keys(12)));
    const made = writes();
    expect(new Set(made.map((request) => request.split("/")[1]))).toEqual(new Set([third, fourth]));
    expect(secretsOf(vendor)).toEqual(
      Object.fromEntries(keys(12).map((name) => [name, { k: `k3y-${name}`, l: other(name) }])),
    );
    await expectQuiet(world, social(keys(12)));
  });
  test("keeps what it knows of a connector that could not be looked at, when others went on", async () => {
    const world = await supermetricsFleet(MOST);
    const { vendor, fleet, writes } = world;
    vendor.fault({ method: "POST", status: 422, path: /connectors$/, when: naming("c3") });
    await fleet.failedUp(social(keys(12)));
    const { connector_identifier: blind } = vendor.connectors.find(({ name }) => name === "c5")!;
    vendor.settings.listCarriesConfigurations = false;
    vendor.fault({ method: "GET", path: new RegExp(blind), status: 403, times: Infinity });
    const error = await fleet.failedUp(social(keys(12)));
    expect([error.message.split("\n").slice(0, 2), fleet.isRecord]).toEqual([
      ["1 of 12 connectors failed:", expect.stringMatching(/^ {2}c5: \[forbidden\]/)],
      true,
    ]);
    vendor.clearFaults();
    writes();
    await fleet.up(social(keys(12)));
    expect([writes(), vendor.connectors.length]).toEqual([[], 12]);
  });
  test("has room for 2,000 connectors", () => {
    const members = keys(2000).map(
      (key, index) => [key, { id: String(index + 1), state: makeState({}) }] as const,
    );
    const written = new Map(
      keys(2000).map((key) => [key, { ...databarArgs([key])[key]! } as never]),
    );
    const properties = {
      ...encodeRecord({ members: new Map(members), replaced: new Map() }, written, {}),
      __provider: providerText("databar"),
    };
    expect(Object.keys(properties)).toEqual(["record", "__provider"]);
    expect(recordingFailure("fleet-1", "No.", [() => properties], MOST)).toMatchObject({
      properties,
    });
    expect(JSON.stringify(properties).length).toBeGreaterThan(8_000);
  });
  test("too large for that too is a plain failure, and found at the vendor by the next update", async () => {
    const { vendor, fleet, writes } = await databarFleet(MOST);
    const many = Object.fromEntries(
      Object.entries(databarArgs(keys(60))).map(([key, args]) => [
        `${key} ${Array.from({ length: 900 }, (_, index) => String.fromCharCode(0x4e00 + ((Number(key.slice(1)) * 7919 + index * index * 31) % 20_000))).join("")}`,
        args,
      ]),
    );
    vendor.fault({ method: "POST", status: 422, when: naming("c3") });
    const error = await fleet.failedUp(many);
    expect([Object.keys(error), error.message]).toEqual([
      [],
      expect.stringContaining(
        "What was done so far is too large to be recorded; the next pulumi up finds it at the vendor, and does the rest.",
      ),
    ]);
    expect([fleet.id, vendor.connectors.length]).toEqual(["", 59]);
    writes();
    await fleet.up(many);
    expect([writes(), vendor.connectors.length]).toEqual([["POST"], 60]);
  });
});

describe("a record", () => {
  async function recorded(): Promise<FleetWorld<DatabarSandbox>> {
    const world = await databarFleet(MOST);
    world.vendor.fault({ method: "POST", status: 422, when: naming("c3") });
    await world.fleet.failedUp(long(20), { retainOnDelete: ["c9"] });
    expect(world.fleet.isRecord).toBe(true);
    world.requests();
    return world;
  }

  test("is kept by a refresh, which says why; the next up does the rest all the same", async () => {
    const { vendor, deploy, fleet, requests, writes } = await recorded();
    const outs = fleet.outs;
    const answer = await deploy().read(fleet.id, outs);
    expect([isPlainJson(answer), answer.inputs, answer.props["record"]]).toEqual([
      true,
      undefined,
      secret(outs["record"]),
    ]);
    await fleet.refresh();
    expect([fleet.outs, requests()]).toEqual([outs, []]);
    expect(said).toContainEqual(
      "warning: DatabarConnector fleet: the last deployment stopped half-way, so drift cannot be detected. Run pulumi up, then refresh again.\n",
    );
    expect(await fleet.diff(long(20), { retainOnDelete: ["c9"] })).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
    await fleet.up(long(20), { retainOnDelete: ["c9"] });
    expect([writes(), fleet.map("ids")]).toEqual([["POST"], idsOf(vendor)]);
  });
  test("is enough to delete everything but what is retained", async () => {
    const { vendor, fleet, requests } = await recorded();
    const { c9, ...others } = idsOf(vendor);
    await fleet.destroy();
    expect([requests(), idsOf(vendor)]).toEqual([
      [...Object.values(others).map((id) => `DELETE /${id}`), "GET"].sort(),
      { c9 },
    ]);
  });
  test("counts its connectors in a failure", async () => {
    const { vendor, fleet } = await recorded();
    vendor.inUse(idsOf(vendor)["c5"]!);
    await expect(fleet.destroy()).rejects.toThrow(
      /^1 of 19 connectors failed:\n {2}c5: \[conflict\]/,
    );
    expect(Object.keys(idsOf(vendor)).sort()).toEqual(["c5", "c9"]);
  });
});
