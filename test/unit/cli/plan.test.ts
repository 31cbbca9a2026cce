/**
 * A plan of a live workspace: the same messages as a deployment, no secrets, and read-only calls.
 */
import { type KnownValue, evaluateForPlan } from "../../../provider/definition/plan/plan-inputs";
import { definitionsOf, load } from "../../../provider/definition/load";
import { type Adapter } from "../../../provider/lifecycle/adapter";
import { check, knownInputs } from "../../../provider/model/check";
import { type Stages } from "../../../provider/model/state";
import { plan, type Planned } from "../../../provider/lifecycle/plan";
import { markdownPlan } from "../../../provider/cli/report/plan-markdown";
import { jsonPlan, summaryText } from "../../../provider/cli/report/plan-summary";
import { prettyPlan } from "../../../provider/cli/report/plan-pretty";
import {
  closeWorlds,
  databarWorld,
  supermetricsWorld,
  TEAM,
} from "../../../harness/lifecycle-world";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(closeWorlds);
afterEach(removeFolders);

const plain = (_: unknown, text: string): string => text;

/** A plan for definitions in a file, with the values that are at hand. */
async function planFor<V extends Stages>(
  adapter: Adapter<V>,
  text: string,
  values: Readonly<Record<string, KnownValue>> = {},
  defaults: Readonly<Record<string, string>> = {},
): Promise<Planned[]> {
  const from = folderOf({ "connectors/a.yaml": text });
  const { definitions, diagnostics } = definitionsOf(load(["connectors"], { from }), undefined);
  expect(diagnostics).toEqual([]);
  const definitionsToPlan = definitions.map((definition) => {
    const { toPlan } = evaluateForPlan(
      definition,
      (_, name) => values[name] ?? { secret: true },
      from,
    );
    const { properties, ...rest } = toPlan;
    const args = { ...defaults, ...properties };
    return { ...rest, inputs: knownInputs<V>(check(adapter.table, args, undefined).inputs) };
  });
  return plan(adapter, definitionsToPlan, [adapter.table.vendor === "Databar" ? "" : TEAM]);
}

const databar = (...connectors: readonly string[]): string =>
  `connectors:\n${connectors.map((connector, index) => `  c${index}: {type: DatabarConnector, properties: {name: C${index}, method: get, url: https://example.com/${connector === "" ? "" : `, ${connector}`}}}\n`).join("")}`;
const seeded = { method: "get", url: "https://example.com/" } as const;

test("each connector gets its action (create, update, unchanged, adopt, unmanaged, fail), with read-only calls", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  vendor.seed({ ...seeded, name: "C1" });
  vendor.seed({ ...seeded, name: "C2", headers: [{ name: "Accept", value: "a" }], rate_limit: 5 });
  const { id } = vendor.seed({ ...seeded, name: "Before" });
  vendor.seed({ ...seeded, name: "Stranger" });
  const planned = await planFor(
    deploy().adapter,
    databar("", "", "headers: {Accept: b, X: y}", `connectorId: ${id}`, "connectorId: 99"),
  );
  expect(planned.map(({ name, action, adopts, id: at }) => [name, action, adopts, at])).toEqual([
    ["c0", "create", false, undefined],
    ["c1", "unchanged", false, "1"],
    ["c2", "update", false, "2"],
    ["c3", "update", true, "3"],
    ["c4", "fail", false, undefined],
    ["Stranger", "unmanaged", false, "4"],
  ]);
  expect(planned[2]!.changes).toEqual([
    { path: "headers.Accept", secret: false, before: "a", after: "b" },
    { path: "headers.X", secret: false, after: "y" },
  ]);
  expect(planned[3]!.changes).toEqual([
    { path: "name", secret: false, before: "Before", after: "C3" },
  ]);
  expect(planned[4]!.problem).toBe(
    "Databar has no connector 99, which connectorId names. Correct connectorId, or remove it to create a connector",
  );
  expect(writes()).toEqual([]);
});

test("a deployment does what the plan shows", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  vendor.seed({ ...seeded, name: "C0", headers: [{ name: "Accept", value: "a" }] });
  const text = databar("headers: {Accept: b}, onConflict: adopt", "rateLimit: 7");
  const before = await planFor(deploy().adapter, text);
  expect(before.map(({ action }) => action)).toEqual(["update", "create"]);
  const { connectors } = deploy();
  await connectors.create({ ...seeded, name: "C0", headers: { Accept: "b" }, onConflict: "adopt" });
  await connectors.create({ ...seeded, name: "C1", rateLimit: 7 });
  expect(
    writes()
      .map(({ method }) => method)
      .sort(),
  ).toEqual(["POST", "PUT"]);
  expect((await planFor(deploy().adapter, text)).map(({ action }) => action)).toEqual([
    "unchanged",
    "unchanged",
  ]);
});

test("of several connectors with one name, the identical one counts; without one, the definition must name an id", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.seed({ ...seeded, name: "C0", type: "exporter" });
  vendor.seed({ ...seeded, name: "C0", type: "simple" });
  expect(await planFor(deploy().adapter, databar("type: simple"))).toMatchObject([
    { action: "unchanged", id: "2" },
    { action: "unmanaged", id: "1" },
  ]);
  expect(await planFor(deploy().adapter, databar(""))).toMatchObject([
    {
      action: "fail",
      problem: [
        'Databar already has 2 connectors named "C0" (ids 1, 2), which differ from the definition in: type.',
        "  To take one of them over and make it equal to the definition, write one of",
        "    connectorId: 1,",
        "    connectorId: 2,",
        "  To create another one beside it, write",
        '    onConflict: "create",',
      ].join("\n"),
    },
    {},
    {},
  ]);
});

describe("references", () => {
  const text = databar(
    'headers: {Authorization: "Bearer ${config.key}", X: "a-${config.part}-b"}, rateLimit: "${config.limit}"',
  );
  test("with known values are compared, and secret values are never shown", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.seed({
      ...seeded,
      name: "C0",
      headers: [
        { name: "Authorization", value: "Bearer old-canary" },
        { name: "X", value: "a-1-b" },
      ],
      rate_limit: 60,
    });
    const planned = await planFor(deploy().adapter, text, {
      key: { secret: true, value: "new-canary" },
      part: { secret: true, value: "1" },
      limit: { secret: false, value: "60" },
    });
    expect(planned).toMatchObject([
      { action: "update", unknown: [], changes: [{ path: "headers.Authorization", secret: true }] },
    ]);
    for (const report of [
      jsonPlan,
      markdownPlan,
      (plans: Parameters<typeof jsonPlan>[0]) => prettyPlan(plans, plain),
    ]) {
      expect(report([{ vendor: "Databar", connectors: planned }])).not.toContain("canary");
    }
    expect(
      await planFor(deploy().adapter, text, {
        key: { secret: true, value: "old-canary" },
        part: { secret: false, value: "1" },
        limit: { secret: false, value: "60" },
      }),
    ).toMatchObject([{ action: "unchanged" }]);
  });
  test("without known values are not compared, if the existing value is possible", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed({
      ...seeded,
      name: "C0",
      headers: [
        { name: "Authorization", value: "Bearer old-canary" },
        { name: "X", value: "a-1-b" },
      ],
      rate_limit: 60,
    });
    const limit = { limit: { secret: false, value: "60" } };
    expect(await planFor(deploy().adapter, text, limit)).toMatchObject([
      { action: "unchanged", unknown: ["headers.Authorization", "headers.X"] },
    ]);
    vendor.change(id, { headers: [{ name: "Authorization", value: "Basic old-canary" }] });
    const [planned] = await planFor(deploy().adapter, text, limit);
    expect(planned!.changes).toEqual([
      { path: "headers.Authorization", secret: true },
      { path: "headers.X", secret: true },
    ]);
  });
});

test("Supermetrics: compares the configuration leaf by leaf and secrets by name, and ignores connectors of other teams", async () => {
  const { vendor, deploy, writes } = await supermetricsWorld();
  vendor.seed({
    connector_identifier: "AAAAA",
    name: "Awin",
    description: "d",
    configuration_json: { a: { b: 1 }, key: "x" },
    secrets: { k: "v" },
  });
  const text = (configuration: string, secrets: string): string =>
    `connectors: {awin: {type: SupermetricsConnector, properties: {name: Awin, description: d, connectorIdentifier: AAAAA, configuration: ${configuration}, secrets: ${secrets}}}}\n`;
  const defaults = { teamId: TEAM };
  const [planned] = await planFor(
    deploy().adapter,
    text("{a: {b: 2}, key: x}", "{k: '${config.k}', l: '${config.l}'}"),
    {},
    defaults,
  );
  expect(planned).toMatchObject({
    action: "update",
    adopts: true,
    id: `${TEAM}/AAAAA`,
    changes: [
      { path: "secrets.l", secret: true },
      { path: "configuration.a.b", before: 1, after: 2 },
    ],
  });
  expect(
    await planFor(
      deploy().adapter,
      text("{a: {b: 1}, key: x}", "{k: '${config.k}'}"),
      {},
      defaults,
    ),
  ).toMatchObject([{ action: "unchanged" }]);
  expect(writes()).toEqual([]);
});

test("a connector that another definition adopts is not compared by name, and each connector has one definition", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.seed({ ...seeded, name: "Same" });
  vendor.seed({ ...seeded, name: "Same", type: "exporter" });
  const same = (more: string): string =>
    `{type: DatabarConnector, properties: {name: Same, method: get, url: https://example.com/${more}}}`;
  const planned = await planFor(
    deploy().adapter,
    `connectors:\n  copy: ${same("")}\n  owner: ${same(", connectorId: 1")}\n  third: ${same("")}\n`,
  );
  expect(planned.map(({ name, action, id }) => [name, action, id])).toEqual([
    ["copy", "update", "2"],
    ["owner", "unchanged", "1"],
    ["third", "create", undefined],
  ]);
});

test.each([
  ["", "a deployment refuses: write connectorId to take it over"],
  ["onConflict: fail", "a deployment refuses: write connectorId to take it over"],
  ["onConflict: create", 'a deployment creates another one (onConflict: "create")'],
  ["onConflict: adopt", undefined],
])(
  "a namesake that differs, with %j: what only the state could decide is said",
  async (onConflict, note) => {
    const { vendor, deploy } = await databarWorld();
    vendor.seed({ ...seeded, name: "C0", type: "exporter" });
    const [planned] = await planFor(deploy().adapter, databar(onConflict));
    expect(planned!.note).toBe(
      note === undefined ? undefined : `if this stack does not manage it yet, ${note}`,
    );
  },
);

test("with onConflict: create, several different connectors of one name: the plan cannot know which one is managed", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.seed({ ...seeded, name: "C0", type: "exporter" });
  vendor.seed({ ...seeded, name: "C0", type: "simple" });
  const [planned] = await planFor(deploy().adapter, databar("onConflict: create"));
  expect(planned).toMatchObject({
    action: "fail",
    problem: [
      'Databar already has 2 connectors named "C0" (ids 1, 2), and which one this stack manages is not known without its state.',
      "  To take one of them over and make it equal to the definition, write one of",
      "    connectorId: 1,",
      "    connectorId: 2,",
    ].join("\n"),
  });
});

test("a known secret is never shown, and an unknown one hides values that were renamed or moved", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.seed({
    ...seeded,
    name: "C0",
    headers: [{ name: "X-Custum", value: "canary-1" }],
    parameters: [{ name: "a", value: "canary-2" }],
  });
  const text = databar('headers: {X-Custom: "${config.k}"}, parameters: {b: "${config.l}"}');
  const planned = await planFor(deploy().adapter, text, { k: { secret: true, value: "canary-1" } });
  expect(JSON.stringify(planned)).not.toContain("canary");
});

test("a failed look-up is a problem of that connector, with the vendor's message", async () => {
  const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
  vendor.seed({ connector_identifier: "AAAAA", name: "Awin" });
  vendor.fault({ method: "GET", path: /AAAAA$/, status: 403, times: 9 });
  const [planned] = await planFor(
    deploy().adapter,
    "connectors: {awin: {type: SupermetricsConnector, properties: {name: Awin, configuration: {a: 1}}}}\n",
    {},
    { teamId: TEAM },
  );
  expect(planned).toMatchObject({
    action: "fail",
    problem: expect.stringContaining("[forbidden] Supermetrics refused to read connector"),
  });
});

describe("reports", () => {
  const connectors: Planned[] = [
    { name: "a", action: "create", adopts: false, changes: [], unknown: [] },
    {
      name: "b",
      action: "update",
      adopts: true,
      id: "2",
      changes: [
        { path: "url", secret: false, before: "x```y", after: "z" },
        { path: "headers.A", secret: true },
        { path: "rateLimit", secret: false, before: 5 },
      ],
      unknown: ["body.k"],
    },
    { name: "c", action: "unchanged", adopts: true, id: "3", changes: [], unknown: [] },
    { name: "<d>", action: "unmanaged", adopts: false, id: "4", changes: [], unknown: [] },
    {
      name: "e",
      action: "fail",
      adopts: false,
      changes: [],
      unknown: [],
      problem: "first\nsecond",
    },
  ];
  const plans = [{ vendor: "Databar", connectors }];
  test("pretty", () => {
    expect(prettyPlan(plans, plain)).toBe(`Databar
  + a    create
  ~ b    adopt, update (id 2)
      url: "x\`\`\`y" → "z"
      headers.A: [secret]
      rateLimit: 5 → (none)
      not compared: body.k (the value is not available)
  = c    adopt, unchanged (id 3)
  ? <d>  in no definition (id 4)
  ! e    cannot be deployed as it is
      first
      second

1 problem, 1 to create, 1 to update, 1 unchanged, 1 in no definition.
`);
    expect(summaryText([])).toBe("0 unchanged.");
  });
  const pretty = (...all: readonly Partial<Planned>[]): string[] =>
    prettyPlan(
      [
        {
          vendor: "Databar",
          connectors: all.map((each) => ({
            name: "a",
            action: "update",
            adopts: false,
            id: "1",
            changes: [],
            unknown: [],
            ...each,
          })),
        },
      ],
      plain,
    )
      .split("\n")
      .slice(1, -3);
  test("pretty: a long change is printed below its path, and a very long one is split", () => {
    const [before, after] = [`https://example.com/${"x".repeat(70)}`, [{ b: "検索" }]];
    expect(
      pretty({ changes: [{ path: "configuration.url", secret: false, before, after }] }).slice(1),
    ).toEqual([
      "      configuration.url:",
      `        - "${before.slice(0, 69)}`,
      `          ${before.slice(69)}"`,
      '        + [{"b":"検索"}]',
    ]);
    expect(
      pretty({ changes: [{ path: `headers.${"X".repeat(70)}`, secret: false, after: "v" }] }).slice(
        2,
      ),
    ).toEqual(['        + "v"']);
  });
  test("pretty: two long values are shown from their first difference", () => {
    const lines = pretty({
      changes: [
        {
          path: "bodyTemplate",
          secret: false,
          before: `${"a".repeat(900)}b`,
          after: `${"a".repeat(900)}c`,
        },
      ],
    });
    expect(lines.slice(2)).toEqual([
      `        - …${"a".repeat(40)}b"`,
      `        + …${"a".repeat(40)}c"`,
    ]);
  });
  test("pretty: names are aligned, except long ones; text is wrapped at 80 columns", () => {
    const long = "n".repeat(70);
    const lines = pretty(
      { name: "検索" },
      { name: "longer" },
      { name: long, note: "word ".repeat(30).trim() },
      { name: "x".repeat(40) },
    );
    expect(lines.slice(0, 4)).toEqual([
      "  ~ 検索    update (id 1)",
      "  ~ longer  update (id 1)",
      `  ~ ${long}`,
      "    update (id 1)",
    ]);
    expect(lines.at(-1)).toBe(`  ~ ${"x".repeat(40)}  update (id 1)`);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
  test("a property that changes in any case is not listed as not compared", () => {
    const planned: Planned = {
      name: "a",
      action: "update",
      adopts: false,
      id: "1",
      changes: [{ path: "headers.A", secret: true }],
      unknown: ["headers.A", "headers.B"],
    };
    for (const text of [
      prettyPlan([{ vendor: "Databar", connectors: [planned] }], plain),
      markdownPlan([{ vendor: "Databar", connectors: [planned] }]),
    ]) {
      expect(text).toContain("not compared: headers.B (");
    }
  });
  test("pretty: a vendor without connectors", () =>
    expect(prettyPlan([{ vendor: "Databar", connectors: [] }], plain)).toBe(
      "Databar\n  no connectors\n\n0 unchanged.\n",
    ));
  test("markdown: changes are collapsed, no value can close a fence, and names are escaped", () => {
    const text = markdownPlan(plans);
    expect(text).toContain(
      "<!-- pulumi-connectors plan -->\n### Connectors: 1 problem, 1 to create",
    );
    expect(text).toContain(
      '````diff\n- url: "x```y"\n+ url: "z"\n! headers.A: [secret]\n- rateLimit: 5\n# not compared',
    );
    expect(text).toContain("<code>&#60;d&#62;</code>");
    expect(text).toContain("! first\n! second");
    expect(text).toContain("1 connector unchanged</summary>\n\n<code>c</code> (adopt)");
  });
  test("markdown: stays below the limit of a comment, and names the number of omitted connectors", () => {
    const many = Array.from({ length: 2000 }, (_, index): Planned => ({
      name: `c${index}`,
      action: "update",
      adopts: false,
      id: String(index),
      changes: [{ path: "url", secret: false, before: "x".repeat(1000), after: "y" }],
      unknown: [],
    }));
    const text = markdownPlan([{ vendor: "Databar", connectors: many }]);
    expect(text.length).toBeLessThan(60_001);
    const shown = text.match(/<details>/g)!.length;
    expect(shown).toBe(text.match(/<\/details>/g)!.length);
    expect(text).toContain(`…and ${2000 - shown} more connectors: see the log of this run.`);
  });
  test("json", () =>
    expect(JSON.parse(jsonPlan(plans))).toMatchObject({
      summary: { create: 1, update: 1, unchanged: 1, unmanaged: 1, fail: 1 },
      connectors: [{ vendor: "Databar", name: "a" }, {}, {}, {}, {}],
    }));
});
