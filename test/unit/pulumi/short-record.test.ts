/**
 * A write of one connector that stops half-way and is too large to be recorded in full: it is
 * recorded in short, and the next update finishes it without a second connector.
 */
import { createHash } from "node:crypto";
import { without } from "../../../provider/model/state";
import { type DatabarSandbox, type SupermetricsSandbox } from "../../../provider/sandbox";
import { createRuntime } from "../../../provider/pulumi/provider/runtime";
import { databar } from "../../../provider/vendors/databar/vendor";
import { supermetrics } from "../../../provider/vendors/supermetrics/vendor";
import { stackConfig } from "../../../harness/in-process/config";
import { OneResource } from "../../../harness/in-process/one-resource";
import { isolate } from "../../../harness/jest/isolate";
import { closeWorlds, openSandbox, TEAM } from "../../../harness/lifecycle-world";
import { logoOf, PNG, removeLogos } from "../../../harness/logos";

isolate();
afterEach(closeWorlds);
afterAll(removeLogos);

type Values = Readonly<Record<string, unknown>>;

/** Most bytes that a failure records here, so that little is large. */
const MOST = 36_000;

const RECORDED = "What was done so far is recorded; the next pulumi up does the rest.";

/** A text that packs badly, always the same for a name. */
const noise = (name: string, length: number): string =>
  Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash("sha384").update(`${name}/${index}`).digest("base64"),
  )
    .join("")
    .slice(0, length);

const each = (count: number, value: (index: number) => unknown): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value(index)]));

interface World<V> {
  readonly vendor: V;
  readonly connector: OneResource;
  /** The requests that change something since the last call. */
  readonly writes: () => string[];
}

async function supermetricsConnector(): Promise<World<SupermetricsSandbox>> {
  const { supermetrics: vendor } = await openSandbox();
  const settings = { apiKey: "api_1", teamId: TEAM, baseUrl: vendor.url };
  return {
    vendor,
    connector: new OneResource("supermetrics", {
      runtimes: { supermetrics: createRuntime(supermetrics, undefined, MOST) },
      config: stackConfig("supermetrics", settings),
    }),
    writes: () => writesTo(vendor, `/v1/teams/${TEAM}/connector_builder/connectors`),
  };
}

async function databarConnector(): Promise<World<DatabarSandbox>> {
  const { databar: vendor } = await openSandbox();
  return {
    vendor,
    connector: new OneResource("databar", {
      runtimes: { databar: createRuntime(databar, undefined, MOST) },
      config: stackConfig("databar", { apiKey: "key-1", baseUrl: vendor.url }),
    }),
    writes: () => writesTo(vendor, "/v1/connectors"),
  };
}

function writesTo(vendor: DatabarSandbox | SupermetricsSandbox, root: string): string[] {
  const all = vendor.log
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) =>
      `${method} ${path.replace(root, "").replace(/^\/\w+/, "/ID")}`
        .replace(/sec_\w+/, "PLACEHOLDER")
        .replace(/ \/?$/, ""),
    );
  vendor.clearLog();
  return all;
}

const documentOf = ({ connectors }: SupermetricsSandbox): unknown =>
  connectors[0]!.configuration.configuration_json;

const secretsOf = (vendor: SupermetricsSandbox): Values =>
  Object.fromEntries(
    vendor
      .secrets(TEAM, vendor.connectors[0]!.connector_identifier)
      .map(({ name, value }) => [name, value]),
  );

/** Nothing differs: no drift, no call in an up. */
async function expectQuiet(
  { connector, writes }: World<DatabarSandbox | SupermetricsSandbox>,
  args: Values,
): Promise<void> {
  const { inputs } = connector;
  writes();
  await connector.refresh();
  expect(connector.inputs).toEqual(inputs);
  expect((await connector.up(args)).changes).toEqual({ same: 2 });
  expect(writes()).toEqual([]);
}

describe("a create of 100 kB of configuration that stops half-way", () => {
  const args = {
    name: "Large",
    onConflict: "create",
    configuration: each(200, (index) => ({ text: noise(`c${index}`, 500), number: index })),
  };

  test.each([
    ["", false],
    [", and is refreshed", true],
  ])("is recorded%s: the next update sends the rest, and no second POST", async (_, isRead) => {
    const world = await supermetricsConnector();
    const { vendor, connector, writes } = world;
    vendor.fault({ method: "POST", path: /logo$/, status: 400 });
    const logo = logoOf("a.png", PNG);
    const error = await connector.failedUp({ ...args, logo });
    expect([error.message, connector.id]).toEqual([
      expect.stringContaining(RECORDED),
      `${TEAM}/${vendor.connectors[0]!.connector_identifier}`,
    ]);
    expect(writes()).toEqual(["POST", "PUT /ID", "POST /ID/logo"]);
    if (isRead) {
      await connector.refresh();
    }
    await connector.up({ ...args, logo });
    expect([writes(), vendor.connectors.length]).toEqual([["POST /ID/logo"], 1]);
    expect(documentOf(vendor)).toEqual(args.configuration);
    await expectQuiet(world, { ...args, logo });
  });
  test("knows its keys: one that the definition gives up goes, one that somebody added stays", async () => {
    const world = await supermetricsConnector();
    const { vendor, connector } = world;
    vendor.fault({ method: "POST", path: /logo$/, status: 400 });
    await connector.failedUp({ ...args, logo: logoOf("a.png", PNG) });
    vendor.addToConfiguration(vendor.connectors[0]!.connector_identifier, { theirs: 1 });
    const configuration = without(args.configuration, "k0");
    await connector.up({ ...args, configuration });
    expect(documentOf(vendor)).toEqual({ ...configuration, theirs: 1 });
    await expectQuiet(world, { ...args, configuration });
  });
  test("is recorded where not even its keys have room", async () => {
    const world = await supermetricsConnector();
    const { vendor, connector, writes } = world;
    vendor.fault({ method: "POST", path: /logo$/, status: 400 });
    const keys = Object.fromEntries(
      Array.from({ length: 800 }, (_, index) => [noise(`k${index}`, 60), index]),
    );
    const logo = logoOf("a.png", PNG);
    await connector.failedUp({ ...args, configuration: keys, logo });
    writes();
    await connector.up({ ...args, configuration: keys, logo });
    expect([vendor.connectors.length, documentOf(vendor)]).toEqual([1, keys]);
    expect(writes()).not.toContain("POST");
    await expectQuiet(world, { ...args, configuration: keys, logo });
  });
  test("is enough to delete it", async () => {
    const { vendor, connector } = await supermetricsConnector();
    vendor.fault({ method: "POST", path: /logo$/, status: 400 });
    await connector.failedUp({ ...args, logo: logoOf("a.png", PNG) });
    await connector.destroy();
    expect(vendor.connectors).toEqual([]);
  });
});

describe("secrets with no room in the record", () => {
  const secrets = each(4, (index) => noise(`s${index}`, 9_900));
  const configuration = each(4, (index) => `\${secrets.k${index}}`);
  const args = { name: "Secrets", onConflict: "create", configuration, secrets };

  test.each([
    ["", false],
    [", also after a refresh", true],
  ])("are written by the next update%s, which creates nothing", async (_, isRead) => {
    const world = await supermetricsConnector();
    const { vendor, connector, writes } = world;
    vendor.fault({ method: "PUT", path: /connectors\/[^/]+$/, status: 422 });
    const error = await connector.failedUp(args);
    expect(error.message).toContain(RECORDED);
    writes();
    if (isRead) {
      await connector.refresh();
    }
    await connector.up(args);
    expect([writes(), vendor.connectors.length, secretsOf(vendor)]).toEqual([
      [...Array.from({ length: 4 }, () => "PUT /ID/secrets/PLACEHOLDER"), "PUT /ID"],
      1,
      secrets,
    ]);
    await expectQuiet(world, args);
  });
  test.each([
    ["", false],
    [", also after a refresh", true],
  ])(
    "do not stay rotated when the definition is reverted%s; one that was new goes",
    async (_, isRead) => {
      const world = await supermetricsConnector();
      const { vendor, connector, writes } = world;
      await connector.up(args);
      vendor.fault({ method: "PUT", path: /connectors\/[^/]+$/, status: 422 });
      const error = await connector.failedUp({
        ...args,
        configuration: { ...configuration, more: "${secrets.added}" },
        secrets: { ...each(4, (index) => noise(`rotated${index}`, 9_900)), added: "a" },
      });
      expect(error.message).toContain(RECORDED);
      expect(secretsOf(vendor)["k0"]).toBe(noise("rotated0", 9_900));
      if (isRead) {
        await connector.refresh();
      }
      writes();
      await connector.up(args);
      expect([secretsOf(vendor), documentOf(vendor), vendor.connectors.length]).toEqual([
        secrets,
        each(4, () => expect.stringMatching(/^sec_/) as unknown),
        1,
      ]);
      await expectQuiet(world, args);
    },
  );
  test("are looked up where not even their names have room", async () => {
    const world = await supermetricsConnector();
    const { vendor, connector, writes } = world;
    const many = Object.fromEntries(
      Array.from({ length: 90 }, (_, index) => [noise(`n${index}`, 250), `value-${index}`]),
    );
    vendor.fault({ method: "POST", path: /secrets$/, status: 422, after: 85 });
    const error = await connector.failedUp({ name: "Many", onConflict: "create", secrets: many });
    expect(error.message).toContain(RECORDED);
    writes();
    await connector.up({ name: "Many", onConflict: "create", secrets: many });
    expect([writes().includes("POST"), secretsOf(vendor)]).toEqual([false, many]);
    await expectQuiet(world, { name: "Many", onConflict: "create", secrets: many });
  });
});

describe("a Databar update of unknown outcome that is too large to be recorded in full", () => {
  const args = {
    name: "Wide",
    method: "get",
    url: "https://api.example.com/",
    rateLimit: 5,
    headers: { Accept: "json" },
  };
  const headers = {
    Accept: "json",
    Authorization: "Bearer canary-0123456789",
    ...each(20, (index) => noise(`h${index}`, 3_000)),
  };

  test.each([
    ["", false],
    [" after a refresh", true],
  ])("is written again%s, or reverted, limits included", async (_, isRead) => {
    for (const wanted of [{ ...args, rateLimit: undefined, headers }, args]) {
      const world = await databarConnector();
      const { vendor, connector, writes } = world;
      await connector.up(args);
      const fault = vendor.fault({ method: "PUT", status: 500, commit: true, times: Infinity });
      const error = await connector.failedUp({ ...args, rateLimit: undefined, headers });
      fault.remove();
      expect(error.message).toContain(RECORDED);
      expect(await connector.rawState()).not.toContain("canary");
      if (isRead) {
        await connector.refresh();
        expect(await connector.rawState()).not.toContain("canary");
      }
      writes();
      await connector.up(wanted);
      expect(writes()).toEqual(wanted === args || !isRead ? ["PUT /ID"] : []);
      expect(vendor.connectors).toMatchObject([
        {
          rate_limit: wanted.rateLimit ?? null,
          headers: Object.entries(wanted.headers).map(([name, value]) => ({ name, value })),
        },
      ]);
      await expectQuiet(world, wanted);
    }
  });
});
