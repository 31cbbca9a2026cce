/**
 * A vendor that CONTRIBUTING.md's steps alone have made lives as the others do: the shared
 * lifecycle, over real HTTP.
 */
import { without } from "../../../provider/model/state";
import { PROVIDER_KEY, providerText } from "../../../provider/pulumi/program/provider-text";
import { failureOf } from "../../../harness/errors";
import { plain, secret } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";
import { closeVendors, open, type Values, type World } from "./world";

const TOKEN = "t0ken-canary-1";
const inputs: Values = {
  name: "Shop feed",
  sourceUrl: "https://shop.example.com/products.csv",
  columns: { sku: "id", title: "name" },
  rowsPerHour: 100,
  token: TOKEN,
  siteId: "north",
};
const FEED = {
  label: "Shop feed",
  source_url: "https://shop.example.com/products.csv",
  columns: { sku: "id", title: "name" },
  rows_per_hour: 100,
};
const created = ["POST /sites/north/feeds", "PUT /sites/north/feeds/fd_1/token"];

const { said } = isolate();
afterEach(closeVendors);

/** A world in which the feed has been created. */
async function deployed(settings?: Parameters<typeof open>[0]): Promise<World> {
  const world = await open(settings);
  await world.feed.up(inputs);
  world.vendor.clearLog();
  return world;
}

const messageOf = async (attempt: Promise<unknown>): Promise<string> =>
  ((await failureOf(attempt)) as Error).message;

describe("create", () => {
  test("makes one feed and sets its token; the site is part of the id", async () => {
    const world = await open();
    await world.feed.up(inputs);
    expect([world.feed.id, world.writes()]).toEqual(["north/fd_1", created]);
    expect(world.vendor.connectors).toEqual([
      { ...FEED, id: "fd_1", site: "north", token_version: 1, rows_delivered: 0, token: TOKEN },
    ]);
    expect(world.feed.outs).toEqual({
      ...inputs,
      __provider: providerText("acme"),
      effectiveRowsPerHour: 100,
      tokenVersion: 1,
      claim: expect.any(String),
      workspace: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ [0-9a-f]{8}$/),
    });
  });
  test.each(["drop", "html"] as const)(
    "happens once, regardless of the answer (%s)",
    async (lost) => {
      const world = await open({ pageSize: 2 });
      for (const label of ["A", "B", "Shop feeds"]) {
        world.vendor.seed({ label });
      }
      world.vendor.fault({
        method: "POST",
        ...(lost === "drop" ? { drop: "after" } : { html: true, commit: true }),
      });
      await world.feed.up(inputs);
      expect([world.feed.id, world.writes()]).toEqual([
        "north/fd_4",
        ["POST /sites/north/feeds", "PUT /sites/north/feeds/fd_4/token"],
      ]);
      expect(world.vendor.connectors.filter(({ label }) => label === FEED.label)).toMatchObject([
        { ...FEED, token: TOKEN },
      ]);
    },
  );
  test("without a result is not repeated, and the error says what to do", async () => {
    const world = await open();
    world.vendor.fault({ method: "POST", drop: "before" });
    expect(await messageOf(world.feed.up(inputs))).toMatch(
      /^\[ambiguous_create\] It is unknown whether Acme created connector "Shop feed".*run pulumi up again: what has turned up/s,
    );
    expect([world.writes(), world.vendor.connectors]).toEqual([["POST /sites/north/feeds"], []]);
  });
  test("that stops between its two calls is recorded, and the next update makes only the second call", async () => {
    const world = await open();
    world.vendor.fault({
      method: "PUT",
      status: 422,
      body: {
        fault: { kind: "bad_value", where: "token", says: `token ${TOKEN} is too weak` },
        trace: "t-2",
      },
    });
    const error = await world.feed.failedUp(inputs);
    expect(error.message).toMatch(
      /^\[invalid\] Acme rejected connector "Shop feed" \(create, id fd_1\): token: token .* \[HTTP 422, bad_value, request t-2\]\. Fix token in the definition\./,
    );
    expect(error.message).not.toContain(TOKEN);
    expect([error.id, error.properties?.["__provider"]]).toEqual([
      "north/fd_1",
      providerText("acme"),
    ]);
    world.vendor.clearLog();
    await world.feed.up(inputs);
    expect([world.writes(), world.vendor.connectors.length]).toEqual([created.slice(1), 1]);
    expect(world.feed.outs).toMatchObject({ ...inputs, tokenVersion: 1 });
  });
});

describe("nothing changed", () => {
  test("no call", async () => {
    const world = await deployed();
    const { id, outs } = world.feed;
    const deployment = world.deploy();
    const checked = await deployment.check(inputs, inputs);
    expect(plain(checked.inputs)).toEqual(inputs);
    expect(await deployment.diff(id, outs, plain(checked.inputs))).toEqual({
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(plain((await deployment.update(id, outs, plain(checked.inputs))).outs)).toEqual({
      ...outs,
      __provider: undefined,
    });
    await world.feed.up(inputs);
    expect(world.vendor.log).toEqual([]);
  });
  test("a refresh of many reads the pages of one list, and finds what the program wrote", async () => {
    const world = await open({ pageSize: 2 });
    const feeds = ["A", "B", "C"].map((name) => ({ ...inputs, name }));
    const program = feeds.map((args) => [args["name"], { vendor: "acme", args }] as const);
    world.stack.program(Object.fromEntries(program));
    expect((await world.stack.up()).ok).toBe(true);
    world.vendor.clearLog();
    const refreshed = await world.stack.refresh();
    // The stack itself is one.
    expect([refreshed.ok, refreshed.changes]).toEqual([true, { same: 4 }]);
    expect(
      Object.values(world.stack.resources).map(({ inputs: found }) => without(found, PROVIDER_KEY)),
    ).toEqual(feeds);
    expect(world.vendor.log.map(({ path, query }) => [path, query])).toEqual([
      ["/sites/north/feeds", {}],
      ["/sites/north/feeds", { after: "fd_2" }],
    ]);
  });
});

describe("drift", () => {
  test("shows key by key, and the next update sends only the difference", async () => {
    const world = await deployed();
    world.vendor.change("fd_1", {
      label: "Renamed",
      columns: { sku: "number", title: "name", price: "price" },
      token: "theirs",
    });
    await world.feed.refresh();
    expect(world.feed.inputs).toEqual({
      ...inputs,
      name: "Renamed",
      columns: { sku: "number", title: "name", price: "price" },
      token: undefined,
    });
    world.vendor.clearLog();
    await world.feed.up(inputs);
    expect(world.vendor.log.map(({ method, body }) => [method, body])).toEqual([
      ["PATCH", { label: FEED.label, columns: FEED.columns }],
      ["PUT", { token: TOKEN }],
    ]);
    expect(world.vendor.connectors).toMatchObject([{ ...FEED, token: TOKEN }]);
  });
  test("of a deleted feed creates a new feed", async () => {
    const world = await deployed();
    const { id, outs } = world.feed;
    world.vendor.remove("fd_1");
    expect(await world.deploy().read(id, outs)).toEqual({ id: "", props: {} });
    await world.feed.refresh();
    expect(world.feed.id).toBe("");
    await world.feed.up(inputs);
    expect(world.feed.id).toBe("north/fd_2");
  });
  test.each([
    [
      "a 404 of something in front",
      { path: /fd_1$/, status: 404, html: true },
      "unexpected_response",
    ],
    ["a 500", { status: 500 }, "unavailable"],
    ["a rejected key", { status: 401 }, "unauthorized"],
    ["pages without end", { body: { feeds: [], next: "fd_9" } }, "unexpected_response"],
  ])("cannot be detected after %s: the state is kept", async (_, fault, code) => {
    const world = await deployed();
    const { id, outs } = world.feed;
    world.vendor.remove("fd_1");
    world.vendor.fault({ ...fault, times: Infinity });
    expect(await messageOf(world.feed.refresh())).toContain(`[${code}] `);
    expect([world.feed.id, world.feed.outs]).toEqual([id, outs]);
  });
  test("does not include a limit that the plan lowers: that is an output and a warning", async () => {
    const world = await deployed({ planRowsPerHour: 50 });
    expect(world.feed.outs).toMatchObject({ rowsPerHour: 100, effectiveRowsPerHour: 50 });
    expect(said).toEqual([
      expect.stringContaining(
        'Acme connector "Shop feed": rowsPerHour is 50, not 100: the workspace\'s plan lowers it.',
      ),
    ]);
    await world.feed.refresh();
    expect(world.feed.inputs).toEqual(inputs);
  });
});

describe("update", () => {
  test("sends the fields that changed; a removed field is sent as its default", async () => {
    const world = await deployed();
    const { outs } = world.feed;
    await world.feed.up({ ...inputs, columns: undefined, rowsPerHour: 200 });
    expect(world.vendor.log.map(({ method, body }) => [method, body])).toEqual([
      ["PATCH", { columns: {}, rows_per_hour: 200 }],
    ]);
    expect(world.feed.outs).toEqual({
      ...outs,
      columns: undefined,
      rowsPerHour: 200,
      effectiveRowsPerHour: 200,
    });
  });
  test("with an unknown outcome is repeated, also after the definition is reverted", async () => {
    const world = await deployed();
    world.vendor.fault({ method: "PATCH", drop: "after" });
    expect(await world.feed.failedUp({ ...inputs, name: "Other", columns: {} })).toMatchObject({
      id: "north/fd_1",
    });
    await world.feed.up(inputs);
    expect(world.vendor.connectors).toMatchObject([{ ...FEED, token_version: 1 }]);
  });
  test("of another site, or another feed, is a replacement", async () => {
    const world = await deployed();
    const { id, outs } = world.feed;
    expect((await world.deploy().diff(id, outs, { ...inputs, siteId: "south" })).replaces).toEqual([
      "siteId",
    ]);
    expect((await world.deploy().diff(id, outs, { ...inputs, feedId: "fd_2" })).replaces).toEqual([
      "feedId",
    ]);
    expect(await world.deploy().diff(id, outs, { ...inputs, feedId: "fd_1" })).toMatchObject({
      changes: false,
      replaces: [],
    });
  });
});

describe("a feed of the same name", () => {
  test("is adopted when it is identical, and gets the token", async () => {
    const world = await open();
    world.vendor.seed(FEED);
    await world.feed.up(inputs);
    expect([world.feed.id, world.writes(), world.vendor.connectors.length]).toEqual([
      "north/fd_1",
      created.slice(1),
      1,
    ]);
    expect(said.join()).toContain(
      'Adopting the existing Acme connector "Shop feed" (id fd_1): it already is what the definition says.',
    );
  });
  test("is refused when it differs, with the lines to write", async () => {
    const world = await open();
    world.vendor.seed({ ...FEED, rows_per_hour: 7, columns: {} });
    const message = await messageOf(world.feed.up({ ...inputs, rowsPerHour: 5 }));
    expect(message).toBe(
      '[conflict] Acme already has a connector named "Shop feed" (id fd_1), which differs from the definition in: columns.sku, columns.title, rowsPerHour.\n' +
        '  To take it over and make it equal to the definition, write\n    feedId: "fd_1",\n  To create another one beside it, write\n    onConflict: "create",',
    );
    expect(world.writes()).toEqual([]);
  });
  test("is adopted by its id even when it differs, and updated", async () => {
    const world = await open();
    world.vendor.seed({ label: "Old", columns: { a: "b" } });
    await world.feed.up({ ...inputs, feedId: "fd_1" });
    expect([world.feed.id, world.writes()]).toEqual([
      "north/fd_1",
      ["PATCH /sites/north/feeds/fd_1", ...created.slice(1)],
    ]);
    expect(world.vendor.connectors).toMatchObject([{ ...FEED, token: TOKEN }]);
  });
  test("in another site is ignored", async () => {
    const world = await open();
    world.vendor.seed({ ...FEED, columns: {} }, "south");
    await world.feed.up(inputs);
    expect(world.feed.id).toBe("north/fd_2");
  });
});

test("delete succeeds for a feed that is gone, and reports every other failure", async () => {
  const world = await deployed();
  const { id, outs } = world.feed;
  world.vendor.fault({ method: "DELETE", status: 409 });
  expect(await messageOf(world.feed.destroy())).toMatch(
    /^\[conflict\] Acme refused to delete connector "Shop feed" \(id fd_1\): The feed is being delivered \[HTTP 409, in_use, request t-1\]\. End its use in Acme/,
  );
  await world.feed.destroy();
  expect(world.vendor.connectors).toEqual([]);
  await expect(world.deploy().delete(id, outs)).resolves.toBeUndefined();
});

describe("secrets", () => {
  test("are in envelopes in every output", async () => {
    const world = await open();
    const sourceUrl = "https://shop.example.com/products.csv?api_key=k3y-value-1";
    const { inputs: checked } = await world.deploy().check({}, { ...inputs, sourceUrl });
    expect(checked).toMatchObject({ token: secret(TOKEN), sourceUrl: secret(sourceUrl) });
    const { id, outs } = await world.deploy().create(inputs);
    const read = await world.deploy().read(id, plain(outs));
    for (const values of [outs, read.props, read.inputs]) {
      expect(values).toMatchObject({ token: secret(TOKEN) });
    }
  });
  test("are redacted from errors that quote the vendor, and the key from logs", async () => {
    const world = await open();
    world.vendor.fault({
      method: "POST",
      status: 422,
      body: { fault: { kind: "bad_value", says: `${TOKEN} of key-canary-1`, where: "label" } },
      times: Infinity,
    });
    const message = await messageOf(world.feed.up(inputs));
    expect(message).toContain("Fix name in the definition");
    expect(message + JSON.stringify(world.vendor.log.map(({ headers }) => headers))).not.toMatch(
      /canary/,
    );
    expect(world.vendor.log[0]).toMatchObject({ headers: { "x-acme-key": "[key]" }, keyIndex: 0 });
  });
});

describe("the site", () => {
  const siteless = without(inputs, "siteId");
  test("defaults to the configured one; a missing site is reported once", async () => {
    const world = await open();
    expect((await world.deploy({ siteId: "south" }).check({}, siteless)).inputs["siteId"]).toBe(
      "south",
    );
    const deployment = world.deploy();
    expect((await deployment.check({}, siteless)).failures.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^No Acme site is configured\./),
    ]);
    expect((await deployment.check({}, siteless)).failures).toEqual([]);
  });
  test("that the key cannot access fails with a clear message", async () => {
    const world = await open();
    expect(await messageOf(world.feed.up({ ...inputs, siteId: "west" }))).toMatch(
      /^\[forbidden\] Acme refused to list connectors: The key may not enter this site .*Correct siteId/,
    );
  });
});

test("all faults of a definition are reported together", async () => {
  const world = await open();
  const { failures } = await world.deploy().check(
    {},
    {
      ...inputs,
      name: "x".repeat(81),
      sourceUrl: "shop",
      columns: { sku: ["a", "b"] },
      rowsPerHour: 0,
      colums: {},
    },
  );
  expect(failures.map(({ reason }) => reason.split(":")[0]).sort()).toEqual([
    "columns.sku",
    "colums",
    "name",
    "rowsPerHour",
    "sourceUrl",
  ]);
});

test("a fleet of feeds follows the same rules", async () => {
  const world = await open();
  const connectors = Object.fromEntries(
    ["a", "b", "c"].map((key) => [key, { ...inputs, name: key }]),
  );
  await world.feed.up({ connectors });
  expect(world.feed.outs).toMatchObject({
    ids: { a: expect.stringMatching(/^north\/fd_/) },
    computed: { a: { tokenVersion: 1 } },
  });
  expect(world.vendor.connectors.map(({ label, token }) => [label, token]).sort()).toEqual([
    ["a", TOKEN],
    ["b", TOKEN],
    ["c", TOKEN],
  ]);
  world.vendor.clearLog();
  await world.feed.up({ connectors });
  expect(world.vendor.log).toEqual([]);
  const { a, b } = connectors;
  await world.feed.up({ connectors: { a, b: { ...b, rowsPerHour: 5 } } });
  expect(
    world.vendor.connectors.map(({ label, rows_per_hour }) => [label, rows_per_hour]).sort(),
  ).toEqual([
    ["a", 100],
    ["b", 5],
  ]);
  expect(await world.feed.rawState()).not.toContain("t0ken");
});
