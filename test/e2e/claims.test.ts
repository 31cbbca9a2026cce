/** Which resource has which connector, while resources are replaced, renamed and moved. */
import { type Sandbox } from "pulumi-connectors/sandbox";
import { byName, calls, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, engineName, expectOk, ops, startWorld, TEAM } from "../../harness/e2e/world";
import { type Stack } from "../../harness/engine/types";

jest.setTimeout(180_000);
afterEach(closeWorlds);

it("a connector that the definition names stays when its resource is replaced delete-first, and a later destroy deletes it", async () => {
  const { sandbox, stack, program } = await startWorld();
  const { id } = sandbox.databar.seed({ name: "Seeded" });
  const key = sandbox.supermetrics.seed({
    connector_identifier: "T3S70",
    name: "Awin",
  }).connector_identifier;
  const declare = (path: string, description: string) =>
    program({
      scoring: databar(
        { connectorId: id, url: `https://api.example.com/${path}` },
        { replaceOnChanges: ["url"], deleteBeforeReplace: true },
      ),
      awin: supermetrics(
        { connectorIdentifier: key, description },
        { replaceOnChanges: ["description"], deleteBeforeReplace: true },
      ),
    });
  declare("one", "One.");
  expectOk(await stack.up());
  declare("two", "Two.");
  sandbox.clearLogs();
  const replaced = expectOk(await stack.up());
  expect(replaced.changes).toMatchObject({ replace: 2 });
  expect(replaced.text).toContain(`Databar connector ${id} stays: a definition of this program`);
  expect(sandbox.databar.connectors).toMatchObject([{ id, url: "https://api.example.com/two" }]);
  expect(sandbox.supermetrics.connectors).toMatchObject([
    { connector_identifier: key, description: "Two." },
  ]);
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([
    `PUT /v1/connectors/${id}`,
    `PUT /connectors/${key}`,
  ]);
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a resource that is renamed and moved to another provider in one update keeps the connector that it names", async () => {
  const { sandbox, stack, program } = await startWorld();
  const { id } = sandbox.databar.seed({ name: "Seeded" });
  const key = sandbox.supermetrics.seed({
    connector_identifier: "T3S70",
    name: "Awin",
  }).connector_identifier;
  const provided = {
    "databar-one": { type: "DatabarProvider" },
    "databar-two": { type: "DatabarProvider" },
    "supermetrics-one": { type: "SupermetricsProvider" },
    "supermetrics-two": { type: "SupermetricsProvider" },
  } as const;
  program({
    ...provided,
    scoring: databar({ connectorId: id }, { provider: "databar-one" }),
    awin: supermetrics({ connectorIdentifier: key }, { provider: "supermetrics-one" }),
    "by-likeness": databar({ name: "Alike" }, { provider: "databar-one" }),
  });
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors];
  program({
    ...provided,
    "scoring-renamed": databar({ connectorId: id }, { provider: "databar-two" }),
    "awin-renamed": supermetrics({ connectorIdentifier: key }, { provider: "supermetrics-two" }),
    "by-likeness-renamed": databar({ name: "Alike" }, { provider: "databar-two" }),
  });
  sandbox.clearLogs();
  expectOk(await stack.up());
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
  const state = await stack.exportState();
  expect(resource(state, "scoring-renamed").id).toBe(String(id));
  expect(resource(state, "awin-renamed").id).toBe(`${TEAM}/${key}`);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a resource that is moved to another provider keeps the connector that it names", async () => {
  const { sandbox, stack, program } = await startWorld();
  const { id } = sandbox.databar.seed({ name: "Seeded" });
  program({
    other: { type: "DatabarProvider" },
    scoring: databar({ connectorId: id }),
  });
  expectOk(await stack.up());
  program({
    other: { type: "DatabarProvider" },
    scoring: databar({ connectorId: id }, { provider: "other" }),
  });
  sandbox.clearLogs();
  expectOk(await stack.up());
  expect(writes(sandbox.databar)).toEqual([]);
  expect(sandbox.databar.connectors).toMatchObject([{ id, name: "Scoring" }]);
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
});

it("a new resource does not take the connector of a look-alike that another provider manages", async () => {
  const { sandbox, stack, program } = await startWorld();
  program({ other: { type: "DatabarProvider" }, scoring: databar() });
  expectOk(await stack.up());
  program({
    other: { type: "DatabarProvider" },
    twin: databar({}, { provider: "other" }),
    scoring: databar(),
  });
  expect(ops(expectOk(await stack.up()))).toMatchObject({ twin: "create", scoring: "same" });
  expect(sandbox.databar.connectors).toHaveLength(2);
  expectOk(await stack.destroy());
  expect(calls(sandbox.databar).filter((call) => call.startsWith("DELETE"))).toHaveLength(2);
  expect(byName(sandbox.databar.connectors)).toEqual({});
});

it("--replace of what did not change replaces nothing and says how; with onConflict: create there is a new connector, and the old one is deleted", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (args: Readonly<Record<string, unknown>> = {}) =>
    program({
      scoring: databar(args),
      awin: supermetrics({ configuration: { a: 1 }, ...args }),
      fleet: { type: "DatabarFleet", args: { connectors: { one: member(args) } } },
    });
  declare();
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors] as const;
  const { resources } = await stack.exportState();
  const replace = ["scoring", "awin", "fleet"].map(
    (name) => resources.find(({ urn }) => urn.endsWith(`::${name}`))!.urn,
  );
  sandbox.clearLogs();
  const unchanged = expectOk(await stack.up({ replace }));
  expect(unchanged.text).toContain("nothing was replaced: write onConflict");
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);

  declare({ onConflict: "create" });
  expectOk(await stack.up({ replace }));
  expect([...writes(sandbox.databar)].sort()).toEqual(
    [
      ...sandbox.databar.connectors.map(() => "POST /v1/connectors/"),
      ...before[0].map(({ id }) => `DELETE /v1/connectors/${id}`),
    ].sort(),
  );
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["One", "Scoring"]);
  expect(sandbox.supermetrics.connectors).toHaveLength(1);
  expect(sandbox.supermetrics.connectors).not.toEqual(before[1]);

  declare();
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same", fleet: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("--replace of what changed writes nothing over the old connector; with onConflict: create it is replaced", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (version: number, args: Readonly<Record<string, unknown>> = {}) =>
    program({
      scoring: databar({ url: `https://api.example.com/v${version}/score`, ...args }),
      awin: supermetrics({ configuration: { version }, ...args }),
    });
  declare(1);
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors] as const;
  const replace = await urns(stack, "scoring", "awin");
  declare(2);
  sandbox.clearLogs();
  const refused = await stack.up({ replace });
  expect(refused.ok).toBe(false);
  expect(refused.text).toContain('onConflict: "create"');
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);

  declare(2, { onConflict: "create" });
  expectOk(await stack.up({ replace }));
  expectReplaced(sandbox, before);
  expect(sandbox.databar.connectors).toMatchObject([{ url: "https://api.example.com/v2/score" }]);
  expect(sandbox.supermetrics.connectors[0]!.configuration.configuration_json).toEqual({
    version: 2,
  });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("--replace with deleteBeforeReplace replaces what did not change: the old connector is deleted, then there is a new one", async () => {
  const { sandbox, stack, program } = await startWorld();
  program({
    scoring: databar({}, { deleteBeforeReplace: true }),
    awin: supermetrics({ configuration: { a: 1 } }, { deleteBeforeReplace: true }),
  });
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors] as const;
  sandbox.clearLogs();
  expectOk(await stack.up({ replace: await urns(stack, "scoring", "awin") }));
  expect(writes(sandbox.databar)).toEqual([
    `DELETE /v1/connectors/${before[0][0]!.id}`,
    "POST /v1/connectors/",
  ]);
  expectReplaced(sandbox, before);
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a new value of replacementTrigger replaces what did not change; the local engine refuses the option", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (replacementTrigger: string) =>
    program({
      scoring: databar({}, { replacementTrigger }),
      awin: supermetrics({ configuration: { a: 1 } }, { replacementTrigger }),
    });
  declare("one");
  if (engineName === "local") {
    expect((await stack.up()).text).toContain("replacementTrigger");
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
    return;
  }
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors] as const;
  declare("two");
  sandbox.clearLogs();
  expectOk(await stack.up());
  expect(writes(sandbox.databar)).toEqual([
    "POST /v1/connectors/",
    `DELETE /v1/connectors/${before[0][0]!.id}`,
  ]);
  expectReplaced(sandbox, before);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("--replace of a resource that names its connector keeps and updates it", async () => {
  const { sandbox, stack, program } = await startWorld();
  const { id } = sandbox.databar.seed({ name: "Seeded" });
  program({ scoring: databar({ connectorId: id }) });
  expectOk(await stack.up());
  const { urn } = resource(await stack.exportState(), "scoring");
  program({ scoring: databar({ connectorId: id, rateLimit: 5 }) });
  expectOk(await stack.up({ replace: [urn] }));
  expect(sandbox.databar.connectors).toMatchObject([{ id, rate_limit: 5 }]);
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
});

it("two resources that swap the ids that they name swap their connectors in one update, and each is as its definition says", async () => {
  const { sandbox, stack, program } = await startWorld();
  const [one, two] = [1, 2].map((n) => sandbox.databar.seed({ name: `Seeded ${n}` }).id);
  for (const connector_identifier of ["AAAAA", "BBBBB"]) {
    sandbox.supermetrics.seed({ connector_identifier, name: connector_identifier });
  }
  const declare = (ids: readonly number[], keys: readonly string[]) =>
    program({
      a: databar({ name: "a", connectorId: ids[0] }),
      b: databar({ name: "b", connectorId: ids[1] }),
      c: supermetrics({ name: "c", connectorIdentifier: keys[0] }),
      d: supermetrics({ name: "d", connectorIdentifier: keys[1] }),
    });
  const names = () =>
    Object.fromEntries([
      ...sandbox.databar.connectors.map(({ id, name }) => [id, name]),
      ...sandbox.supermetrics.connectors.map((each) => [each.connector_identifier, each.name]),
    ]) as unknown;
  declare([one!, two!], ["AAAAA", "BBBBB"]);
  expectOk(await stack.up());
  expect(names()).toEqual({ [one!]: "a", [two!]: "b", AAAAA: "c", BBBBB: "d" });

  declare([two!, one!], ["BBBBB", "AAAAA"]);
  sandbox.clearLogs();
  expectOk(await stack.up());
  expect(names()).toEqual({ [one!]: "b", [two!]: "a", AAAAA: "d", BBBBB: "c" });
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)].sort()).toEqual([
    "PUT /connectors/AAAAA",
    "PUT /connectors/BBBBB",
    `PUT /v1/connectors/${one}`,
    `PUT /v1/connectors/${two}`,
  ]);
  expect(ops(expectOk(await stack.up()))).toEqual({ a: "same", b: "same", c: "same", d: "same" });
  const state = await stack.exportState();
  expect(["a", "b", "c", "d"].map((name) => resource(state, name).id)).toEqual([
    String(two),
    String(one),
    `${TEAM}/BBBBB`,
    `${TEAM}/AAAAA`,
  ]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a new resource that names the connector of another one is refused, and nothing is written", async () => {
  const { sandbox, stack, program } = await startWorld();
  program({ scoring: databar(), awin: supermetrics() });
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors] as const;
  program({
    "a-scoring": databar({ name: "Other", connectorId: before[0][0]!.id }),
    "a-awin": supermetrics({
      name: "Other",
      connectorIdentifier: before[1][0]!.connector_identifier,
    }),
    scoring: databar(),
    awin: supermetrics(),
  });
  sandbox.clearLogs();
  for (const run of [await stack.up(), await stack.up()]) {
    expect([run.ok, run.text]).toEqual([false, expect.stringContaining("[conflict]")]);
  }
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
  program({ scoring: databar(), awin: supermetrics() });
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("keys of a fleet that swap their ids, or drop one that another key names, go on with the connector that they name", async () => {
  const { sandbox, stack, program } = await startWorld();
  const [one, two] = [1, 2].map((n) => sandbox.databar.seed({ name: `Seeded ${n}` }).id);
  const [first, second] = ["AAAAA", "BBBBB"].map(
    (connector_identifier) =>
      sandbox.supermetrics.seed({ connector_identifier, name: connector_identifier })
        .connector_identifier,
  );
  const declare = (ids: Record<string, number>, keys: Record<string, string>) =>
    program({
      fleet: {
        type: "DatabarFleet",
        args: {
          connectors: Object.fromEntries(
            ["a", "b"].map((name) => [name, member({ name, connectorId: ids[name] })]),
          ),
        },
      },
      feeds: {
        type: "SupermetricsFleet",
        args: {
          connectors: Object.fromEntries(
            ["a", "b"].map((name) => [name, { name, connectorIdentifier: keys[name] }]),
          ),
        },
      },
    });
  const names = () => [
    sandbox.databar.connectors.map(({ id, name }) => `${id} ${name}`),
    sandbox.supermetrics.connectors.map(({ connector_identifier, name }) =>
      [connector_identifier, name].join(" "),
    ),
  ];
  declare({ a: one!, b: two! }, { a: first!, b: second! });
  expectOk(await stack.up());
  expect(names()).toEqual([
    [`${one} a`, `${two} b`],
    ["AAAAA a", "BBBBB b"],
  ]);
  declare({ a: two!, b: one! }, { a: second!, b: first! });
  expectOk(await stack.up());
  expect(names()).toEqual([
    [`${one} b`, `${two} a`],
    ["AAAAA b", "BBBBB a"],
  ]);
  expect(ops(expectOk(await stack.up()))).toEqual({ fleet: "same", feeds: "same" });

  declare({ b: two! }, { b: second! });
  expectOk(await stack.up());
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["a", "b"]);
  expect(sandbox.databar.connectors).toContainEqual(
    expect.objectContaining({ id: two, name: "b" }),
  );
  expect(sandbox.databar.connectors.some(({ id }) => id === one)).toBe(false);
  expect(sandbox.supermetrics.connectors.map(({ name }) => name).sort()).toEqual(["a", "b"]);
  expect(sandbox.supermetrics.connectors).toContainEqual(
    expect.objectContaining({ connector_identifier: second, name: "b" }),
  );
  expect(ops(expectOk(await stack.up()))).toEqual({ fleet: "same", feeds: "same" });
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it.each([undefined, "adopt"])(
  "a resource that waits for a slow one keeps its connector from a look-alike with onConflict %s",
  async (onConflict) => {
    const { sandbox, stack, program } = await startWorld();
    const slow = databar({ name: "Slow" });
    const owner = databar({}, { dependsOn: ["slow"] });
    const awin = supermetrics({ configuration: { a: 1 } }, { dependsOn: ["slow-awin"] });
    const slowAwin = supermetrics({ name: "Slow" });
    program({ slow, owner, "slow-awin": slowAwin, awin });
    expectOk(await stack.up());
    const [before] = sandbox.databar.connectors.filter(({ name }) => name === "Scoring");
    const [awinBefore] = sandbox.supermetrics.connectors.filter(({ name }) => name === "Awin");
    const alike = {
      ...(onConflict !== undefined && { onConflict, description: "Another one." }),
    };
    program({
      alike: databar(onConflict === undefined ? {} : { onConflict, rateLimit: 7 }),
      "alike-awin": supermetrics({ configuration: { a: 1 }, ...alike }),
      slow: databar({ name: "Slow", rateLimit: 9 }),
      owner,
      "slow-awin": supermetrics({ name: "Slow", description: "Slow." }),
      awin,
    });
    sandbox.databar.fault({ method: "PUT", delay: 4_000 });
    sandbox.supermetrics.fault({ method: "PUT", delay: 4_000 });
    expectOk(await stack.up());
    expect(ops(expectOk(await stack.up()))).toMatchObject({ alike: "same", owner: "same" });
    const state = await stack.exportState();
    expect(resource(state, "owner").id).toBe(String(before!.id));
    expect(resource(state, "alike").id).not.toBe(String(before!.id));
    expect(sandbox.databar.connectors).toContainEqual(before);
    expect(sandbox.supermetrics.connectors).toContainEqual(awinBefore);
    expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
      3, 3,
    ]);
    expectOk(await stack.destroy());
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
  },
);

function member(args: object): object {
  return { name: "One", method: "get", url: "https://api.example.com/one", ...args };
}

async function urns(stack: Stack, ...names: readonly string[]): Promise<string[]> {
  const state = await stack.exportState();
  return names.map((name) => resource(state, name).urn);
}

/** One new connector at each vendor, and none of those that were there before. */
function expectReplaced(
  { databar: one, supermetrics: other }: Sandbox,
  [databars, supers]: readonly [
    Sandbox["databar"]["connectors"],
    Sandbox["supermetrics"]["connectors"],
  ],
): void {
  expect([one.connectors.length, other.connectors.length]).toEqual([1, 1]);
  expect(databars.map(({ id }) => id)).not.toContain(one.connectors[0]!.id);
  expect(supers.map((each) => each.connector_identifier)).not.toContain(
    other.connectors[0]!.connector_identifier,
  );
}
