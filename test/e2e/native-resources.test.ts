/** The resources of the native packages, in a program for Node.js, on either engine. */
import { randomBytes } from "node:crypto";
import { byName, callCount, calls, writes } from "../../harness/e2e/calls";
import { dynamic, native } from "../../harness/e2e/native-program";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  ops,
  type Program,
  startWorld,
  step,
  TEAM,
  type World,
} from "../../harness/e2e/world";
import { type RunResult } from "../../harness/engine/types";

jest.setTimeout(240_000);
afterEach(closeWorlds);

const allWrites = ({ sandbox }: World): string[] => [
  ...writes(sandbox.databar),
  ...writes(sandbox.supermetrics),
];

/** The names of all connectors, by vendor. */
const names = ({ sandbox }: World): string[][] =>
  [sandbox.databar.connectors, sandbox.supermetrics.connectors].map((connectors) =>
    connectors.map(({ name }) => name).sort(),
  );

const fleet = (type: "DatabarFleet" | "SupermetricsFleet", args: unknown): Declared => ({
  type,
  args: { connectors: { one: args } },
});

/** A connector of another origin, with the inputs of `databar()`. */
const seedScoring = (sandbox: World["sandbox"]): { readonly id: number } =>
  sandbox.databar.seed({
    name: "Scoring",
    method: "get",
    url: "https://api.example.com/v1/score",
  });

/** One of each resource. */
const everything = (description: string): Program => ({
  scoring: databar({
    headers: { Authorization: { $secret: "Bearer header-canary" }, Accept: description },
  }),
  databars: fleet(
    "DatabarFleet",
    databar({ name: "In a fleet", headers: { Accept: description } }).args,
  ),
  awin: supermetrics({
    description,
    configuration: { token: "${secrets.k}" },
    secrets: { k: { $secret: "secret-canary" } },
  }),
  supermetricses: fleet(
    "SupermetricsFleet",
    supermetrics({ name: "In a fleet", description }).args,
  ),
});

const CONFIGURATION = { base_url: "https://api.example.com" };

const each = (op: string): Record<string, string> =>
  Object.fromEntries(Object.keys(everything("")).map((name) => [name, op]));

/** What all messages of a run say. */
const said = ({ diagnostics }: RunResult): string =>
  diagnostics.map(({ message }) => message).join("\n");

describe(`${engineLine}. Native packages`, () => {
  test("create, leave alone, update, refresh, repair and delete one of each resource", async () => {
    const world = await startWorld();
    const { sandbox, stack, program } = world;
    program(native(everything("one")));
    expect(ops(expectOk(await stack.preview()))).toEqual(each("create"));
    expect(allWrites(world)).toEqual([]);
    expect(ops(expectOk(await stack.up()))).toEqual(each("create"));
    expect(names(world)).toEqual([
      ["In a fleet", "Scoring"],
      ["Awin", "In a fleet"],
    ]);
    expect(await stack.rawState()).not.toMatch(/canary/);

    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual(each("same"));
    expect(callCount(sandbox)).toBe(0);

    program(native(everything("two")));
    const preview = expectOk(await stack.preview());
    expect(callCount(sandbox)).toBe(0);
    expect(ops(preview)).toEqual(each("update"));
    const diffs = (result: RunResult): unknown => ({
      scoring: step(result, "scoring").diff,
      databars: step(result, "databars").diff,
      awin: step(result, "awin").diff,
      supermetricses: step(result, "supermetricses").diff,
    });
    const changed = {
      scoring: { "headers.Accept": "update" },
      databars: { "connectors.one.headers.Accept": "update" },
      awin: { description: "update" },
      supermetricses: { "connectors.one.description": "update" },
    };
    expect(diffs(preview)).toEqual(changed);
    expect(diffs(expectOk(await stack.up()))).toEqual(changed);
    expect(sandbox.supermetrics.connectors.map(({ description }) => description)).toEqual([
      "two",
      "two",
    ]);

    for (const { id } of sandbox.databar.connectors) {
      sandbox.databar.change(id, { headers: [{ name: "Accept", value: "outside" }] });
    }
    for (const { connector_identifier: id } of sandbox.supermetrics.connectors) {
      sandbox.supermetrics.change(id, { description: "outside" });
    }
    sandbox.clearLogs();
    const refreshed = expectOk(await stack.refresh());
    expect(ops(refreshed)).toEqual(each("update"));
    expect(diffs(refreshed)).toMatchObject(changed);
    expect(allWrites(world)).toEqual([]);
    expect(ops(expectOk(await stack.up()))).toEqual(each("update"));
    expect(byName(sandbox.databar.connectors)).toMatchObject({
      Scoring: {
        headers: expect.arrayContaining([
          { name: "Authorization", value: "Bearer header-canary" },
          { name: "Accept", value: "two" },
        ]) as unknown,
      },
      "In a fleet": { headers: [{ value: "two" }] },
    });

    const removed = expectOk(await stack.destroy());
    expect(ops(removed)).toEqual(each("delete"));
    expect(names(world)).toEqual([[], []]);
    expect(said(removed)).toBe("");
  });

  test("import by the option: the preview says so, nothing is written, and then nothing is left to do", async () => {
    const world = await startWorld();
    const { sandbox, stack, program } = world;
    const { id } = seedScoring(sandbox);
    const { connector_identifier: awin } = sandbox.supermetrics.seed({
      name: "Awin",
      configuration_json: CONFIGURATION,
    });
    const imported = (more = {}): Program =>
      native({
        scoring: databar(more, { import: String(id) }),
        awin: supermetrics({ configuration: CONFIGURATION }, { import: awin }),
      });
    const both = (op: string): object => ({ scoring: op, awin: op });
    program(imported({ rateLimit: 5 }));
    expect(expectOk(await stack.preview()).changes).toEqual({ create: 1, import: 2, update: 1 });
    program(imported());
    expect(expectOk(await stack.preview()).changes).toEqual({ create: 1, import: 2 });
    expect(expectOk(await stack.up()).changes).toEqual({ create: 1, import: 2 });
    expect(allWrites(world)).toEqual([]);
    const ids = (await stack.exportState()).resources.flatMap(({ type, id: found }) =>
      type.endsWith("Connector") ? [found] : [],
    );
    expect(ids.sort()).toEqual([String(id), `${TEAM}/${awin}`].sort());

    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual(both("same"));
    program(native({ scoring: databar(), awin: supermetrics({ configuration: CONFIGURATION }) }));
    expect(ops(expectOk(await stack.up()))).toEqual(both("same"));
    expect(callCount(sandbox)).toBe(0);
    expectOk(await stack.destroy());
    expect(names(world)).toEqual([[], []]);
  });

  test("refuse imports of what is no connector or is managed, and send nothing but reads", async () => {
    const world = await startWorld();
    const { sandbox, stack, program } = world;
    program(native({ managed: databar() }));
    expectOk(await stack.up());
    const { id } = sandbox.databar.connectors[0]!;
    sandbox.clearLogs();
    const wrong: [Program, RegExp][] = [
      [{ wrong: databar({}, { import: "abc" }) }, /positive whole number/],
      [{ wrong: databar({}, { import: "4711" }) }, /has no connector 4711/],
      [{ wrong: supermetrics({}, { import: `7002/${id}` }) }, /\[forbidden\]/],
      [
        { wrong: { ...fleet("DatabarFleet", databar().args), options: { import: "42" } } },
        /fleet is no connector of Databar and cannot be imported/,
      ],
      [
        { wrong: databar({}, { import: String(id), dependsOn: ["managed"] }) },
        /managed by another resource.*Import it once/s,
      ],
    ];
    for (const [resources, reason] of wrong) {
      program(native({ managed: databar(), ...resources }));
      const { ok, text } = await stack.preview();
      expect([ok, text]).toEqual([false, expect.stringMatching(reason)]);
    }
    expect(allWrites(world)).toEqual([]);
    expect(names(world)).toEqual([["Scoring"], []]);
  });

  test("refuse misspelt settings and properties, all at once, and send nothing", async () => {
    const { sandbox, stack, program } = await startWorld({
      config: { "databar:apiKye": { secret: "settings-canary" }, "databar:teamId": "1" },
    });
    program(native({ scoring: databar() }));
    const settings = await stack.up();
    expect(settings.ok).toBe(false);
    expect(said(settings)).toMatch(/Did you mean databar:apiKey\?/);
    expect(said(settings)).toMatch(/databar:teamId is not a setting of Databar/);

    await stack.removeConfig(["databar:apiKye", "databar:teamId"]);
    program(native({ scoring: databar({ metod: "get", rateLimit: "many" }) }));
    const properties = await stack.up();
    expect(properties.ok).toBe(false);
    expect(said(properties)).toMatch(/metod.*Did you mean method\?/s);
    expect(said(properties)).toMatch(/rateLimit/);
    expect(`${settings.text}${properties.text}`).not.toContain("canary");
    expect(callCount(sandbox)).toBe(0);
  });

  test("say on the resource what a preview finds: adopted, or refused", async () => {
    const world = await startWorld();
    const { sandbox, stack, program } = world;
    const { id } = seedScoring(sandbox);
    sandbox.databar.seed({ name: "Other", method: "get", url: "https://elsewhere.example.com" });
    program(native({ scoring: databar() }));
    const adopted = expectOk(await stack.preview());
    expect(adopted.diagnostics).toContainEqual({
      severity: "warning",
      message: expect.stringMatching(/^Adopting the existing/) as unknown,
      urn: step(adopted, "scoring").urn,
    });
    program(native({ other: databar({ name: "Other" }) }));
    const refused = await stack.preview();
    expect(refused.ok).toBe(false);
    expect(refused.diagnostics).toContainEqual({
      severity: "error",
      message: expect.stringMatching(/\[conflict\]/) as unknown,
      urn: expect.stringContaining("::other") as unknown,
    });
    expect(allWrites(world)).toEqual([]);
    expect(sandbox.databar.connectors[0]).toMatchObject({ id });
  });

  test("record a create that stops half-way, of any size, and finish it", async () => {
    const { sandbox, stack, program } = await startWorld();
    // Text that cannot be packed.
    const configuration = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `k${index}`,
        randomBytes(3_500).toString("base64"),
      ]),
    );
    const secrets = { k: { $secret: "secret-canary" } };
    program(native({ awin: supermetrics({ configuration, secrets }) }));
    sandbox.supermetrics.fault({ method: "PUT", status: 422 });
    const failed = await stack.up();
    expect([failed.ok, failed.text]).toEqual([
      false,
      expect.stringMatching(/What was done so far is recorded; the next pulumi up does the rest/),
    ]);
    expect(await stack.rawState()).not.toContain("secret-canary");
    const [{ connector_identifier: id } = { connector_identifier: "" }] =
      sandbox.supermetrics.connectors;
    expect(resource(await stack.exportState(), "awin").id).toBe(`${TEAM}/${id}`);
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual({ awin: "update" });
    expect(writes(sandbox.supermetrics)).toEqual([`PUT /connectors/${id}`]);
    expect(sandbox.supermetrics.connectors).toMatchObject([
      { configuration: { configuration_json: configuration } },
    ]);
    expectOk(await stack.destroy());
    expect(sandbox.supermetrics.connectors).toEqual([]);
  });

  test("take over the resources of the dynamic face, and give them back, without a request", async () => {
    const world = await startWorld();
    const { sandbox, stack, program } = world;
    program(everything("one"));
    expectOk(await stack.up());
    sandbox.clearLogs();
    program(native(everything("one"), { aliased: true }));
    const there = expectOk(await stack.up());
    // The provider's text is gone from the state, which needs no request.
    expect(ops(there)).toEqual(each("update"));
    const types = async (): Promise<string[]> =>
      (await stack.exportState()).resources
        .map(({ type }) => type)
        .filter((type) => /(Connector|Fleet)$/.test(type))
        .sort();
    expect(await types()).toEqual([
      "databar:index:Connector",
      "databar:index:Fleet",
      "supermetrics:index:Connector",
      "supermetrics:index:Fleet",
    ]);
    program(dynamic(everything("one")));
    expectOk(await stack.up());
    expect((await types()).every((type) => type.startsWith("pulumi-nodejs:dynamic/"))).toBe(true);
    expect([...calls(sandbox.databar), ...calls(sandbox.supermetrics)]).toEqual([]);
    expectOk(await stack.destroy());
    expect(names(world)).toEqual([[], []]);
  });
});
