/**
 * A plan of a live workspace: the same messages as a deployment, no secrets, and read-only calls.
 */
import Ajv from "ajv";
import { errorInFile } from "../../../provider/definition/file-diagnostic";
import { type KnownValue, evaluateForPlan } from "../../../provider/definition/plan/plan-inputs";
import { definitionsOf, load } from "../../../provider/definition/load";
import { type Adapter } from "../../../provider/lifecycle/adapter";
import { check, knownInputs } from "../../../provider/model/check";
import { compact, type Stages } from "../../../provider/model/state";
import { type PlannedConnector } from "../../../provider/definition/plan/plan-definitions";
import { plan } from "../../../provider/lifecycle/plan";
import { type DefinitionToPlan, type Planned } from "../../../provider/lifecycle/planned";
import { jsonPlan, jsonRefusal } from "../../../provider/cli/report/plan-json";
import { markdownPlan, markdownRefusal } from "../../../provider/cli/report/plan-markdown";
import { type PlanReport, summaryText } from "../../../provider/cli/report/plan-summary";
import { prettyPlan } from "../../../provider/cli/report/plan-pretty";
import {
  closeWorlds,
  databarWorld,
  supermetricsWorld,
  TEAM,
} from "../../../harness/lifecycle-world";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { read } from "../../../harness/sources";

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
  const definitionsToPlan = definitions.map((definition): DefinitionToPlan<V> => {
    const { toPlan } = evaluateForPlan(
      definition,
      (_, name) => values[name] ?? { secret: true },
      from,
    );
    const { properties, ...rest } = toPlan;
    const args = { ...defaults, ...properties };
    const inputs = knownInputs<V>(check(adapter.table, args, undefined).inputs);
    return { ...rest, inputs, inputsWith: () => inputs };
  });
  return plan(adapter, {
    definitions: definitionsToPlan,
    removed: [],
    managedElsewhere: new Set(),
    isHistoryKnown: false,
    scopes: [adapter.table.vendor === "Databar" ? "" : TEAM],
  });
}

const COMMAND = ["pulumi config --json --show-secrets |", "  plan --config-file -"];

/** A report of Databar's connectors. */
function reportOf(connectors: readonly Planned[], options: Partial<PlanReport> = {}): PlanReport {
  const typed = connectors.map((each): PlannedConnector => ({ type: "DatabarConnector", ...each }));
  return {
    plans: [{ vendor: "Databar", connectors: typed }],
    knows: "definitions",
    all: false,
    listsUnmanaged: true,
    valuesCommand: COMMAND,
    ...options,
  };
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
    for (const report of [jsonPlan, markdownPlan, (each: PlanReport) => prettyPlan(each, plain)]) {
      expect(report(reportOf(planned))).not.toContain("canary");
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

test("a problem shows no rest of a secret that another one is a part of", async () => {
  const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
  vendor.seed({ connector_identifier: "AAAAA", name: "Awin" });
  const error = { code: "FORBIDDEN", message: "Not for sk-live-123456." };
  vendor.fault({ method: "GET", path: /AAAAA$/, status: 403, body: { error }, times: 9 });
  const [planned] = await planFor(
    deploy().adapter,
    'connectors: {awin: {type: SupermetricsConnector, properties: {name: Awin, description: "${config.k} ${config.l}", configuration: {a: 1}}}}\n',
    { k: { secret: true, value: "sk-live" }, l: { secret: true, value: "sk-live-123456" } },
    { teamId: TEAM },
  );
  expect(planned?.problem).toContain("Not for [secret] [HTTP");
});

describe("reports", () => {
  const none: Pick<Planned, "adopts" | "changes" | "unknown"> = {
    adopts: false,
    changes: [],
    unknown: [],
  };
  const connectors: PlannedConnector[] = [
    {
      ...none,
      name: "a",
      action: "create",
      type: "DatabarConnector",
      file: "connectors/a.yaml",
      line: 2,
      changes: [
        { path: "url", secret: false, after: "https://example.com/" },
        { path: "headers.A", secret: true },
      ],
    },
    {
      ...none,
      name: "b",
      action: "update",
      type: "DatabarConnector",
      file: "connectors/b.yaml",
      line: 2,
      adopts: true,
      writes: true,
      id: "2",
      changes: [
        { path: "url", secret: false, before: "x```y", after: "z" },
        { path: "headers.A", secret: true },
        { path: "rateLimit", secret: false, before: 5 },
      ],
      unknown: ["body.k"],
    },
    { ...none, name: "c", action: "unchanged", type: "DatabarConnector", adopts: true, id: "3" },
    { ...none, name: "f", action: "unchanged", type: "DatabarConnector", id: "5" },
    { ...none, name: "<d>", action: "unmanaged", type: "DatabarConnector", id: "4" },
    { ...none, name: "e", action: "fail", type: "DatabarConnector", problem: "first\nsecond" },
    { ...none, name: "g", action: "delete", type: "DatabarConnector", id: "6" },
    { ...none, name: "h", action: "retain", type: "DatabarConnector", id: "7" },
    {
      ...none,
      name: "i",
      action: "rename",
      type: "DatabarConnector",
      id: "8",
      renamedFrom: "old-i",
    },
  ];
  const report = reportOf(connectors);
  const pretty = (options: Partial<PlanReport> = {}): string =>
    prettyPlan({ ...report, ...options }, plain);

  test("pretty", () => {
    expect(pretty()).toBe(`Databar
  + a    create  DatabarConnector, connectors/a.yaml:2
      url: "https://example.com/"
      headers.A: [secret]
  ~ b    adopt, update (id 2)  DatabarConnector, connectors/b.yaml:2
      url: "x\`\`\`y" → "z"
      headers.A: [secret]
      rateLimit: 5 → (none)
  = c    adopt, unchanged (id 3): nothing is written  DatabarConnector
  ? <d>  unmanaged (id 4)  DatabarConnector
  ! e    fails  DatabarConnector
      first
      second
  - g    delete (id 6)  DatabarConnector
  - h    stays: retainOnDelete (id 7)  DatabarConnector
  ~ i    rename from old-i (id 8)  DatabarConnector
  = 1 unchanged

Not compared: 1 encrypted value of 1 connector. To compare:
  pulumi config --json --show-secrets |
    plan --config-file -

unmanaged: in no definition. With --base or --state, the plan says which of them
a deployment deletes.

1 fails, 1 to create, 1 to update, 1 to rename, 1 to delete, 1 to retain, 2
unchanged, 1 unmanaged.
`);
    expect(summaryText([])).toBe("0 unchanged.");
  });
  test("pretty: what is unchanged, or unmanaged in a plan with a history, is a count, and one line each with --all", () => {
    const folded = pretty({ knows: "state", listsUnmanaged: false });
    expect(folded).toContain("  = 1 unchanged\n  ? 1 unmanaged\n");
    expect(folded).not.toContain("<d>");
    expect(folded).not.toContain("in no definition");
    const all = pretty({ all: true });
    expect(all).toContain("  = f    unchanged (id 5)  DatabarConnector\n");
    expect(all).toContain("      not compared: body.k\n");
    expect(all).not.toContain("= 1 unchanged");
  });
  const details = (...all: readonly Partial<Planned>[]): string[] =>
    prettyPlan(
      reportOf(all.map((each) => ({ ...none, name: "a", action: "update", id: "1", ...each }))),
      plain,
    )
      .split("\n")
      .slice(1, -3);
  test("pretty: a long change is printed below its path, and a very long one is split", () => {
    const [before, after] = [`https://example.com/${"x".repeat(70)}`, [{ b: "検索" }]];
    expect(
      details({ changes: [{ path: "configuration.url", secret: false, before, after }] }).slice(1),
    ).toEqual([
      "      configuration.url:",
      `        - "${before.slice(0, 69)}`,
      `          ${before.slice(69)}"`,
      '        + [{"b":"検索"}]',
    ]);
    expect(
      details({
        changes: [{ path: `headers.${"X".repeat(70)}`, secret: false, after: "v" }],
      }).slice(2),
    ).toEqual(['        + "v"']);
  });
  test("pretty: two long values are shown from their first difference; a new one is shown whole", () => {
    const change = {
      path: "bodyTemplate",
      secret: false,
      before: `${"a".repeat(900)}b`,
      after: `${"a".repeat(900)}c`,
    };
    expect(details({ changes: [change] }).slice(2)).toEqual([
      `        - …${"a".repeat(40)}b"`,
      `        + …${"a".repeat(40)}c"`,
    ]);
    const { path, secret, after } = change;
    const lines = details({ action: "create", changes: [{ path, secret, after }] }).slice(2);
    expect(lines.map((line) => line.slice(10)).join("")).toBe(`"${after}"`);
  });
  test("pretty and markdown: a text of several lines is shown line by line, what differs in the end of a line too", () => {
    const numbers = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const of = (before: string | undefined, after: string | undefined): string[] => {
      const changes = [{ path: "bodyTemplate", secret: false, ...compact({ before, after }) }];
      const lines = details({ changes }).slice(2);
      const text = markdownPlan(
        reportOf([{ ...none, name: "a", action: "update", id: "1", changes }]),
      );
      for (const line of lines.filter((each) => /^ {8}[-+]/.test(each))) {
        expect(text).toContain(`\n${line.slice(8)}`);
      }
      return lines;
    };
    expect(of(`${numbers.join("\n")}\n`, `${numbers.join("\n").replace("9", "nine")}\n`)).toEqual([
      "          … 6 unchanged lines",
      "          line 6",
      "          line 7",
      "          line 8",
      "        - line 9",
      "        + line nine",
      "          line 10",
      "          line 11",
      "          line 12",
      "          … 7 unchanged lines",
    ]);
    expect(of("a\nb\n", "a\nb")).toEqual([
      "          a",
      "        - b",
      "        + b (no line end)",
    ]);
    expect(of("a \nb", "a\r\nb")).toEqual(['        - "a "', '        + "a\\r"', "          b"]);
    expect(of(undefined, `a\n${"b".repeat(75)}`)).toEqual([
      "        + a",
      `        + ${"b".repeat(70)}`,
      "        … bbbbb",
    ]);
    expect(of("a\nb\n", undefined)).toEqual(["        - a", "        - b"]);
  });
  test("pretty: names are aligned, except long ones; text is wrapped at 80 columns", () => {
    const long = "n".repeat(70);
    const lines = details(
      { name: "検索" },
      { name: "longer" },
      { name: long, note: "word ".repeat(30).trim() },
      { name: "y".repeat(200) },
      { name: "x".repeat(40) },
    );
    expect(lines).toContain(`  ~ ${"y".repeat(75)}…`);
    expect(lines.slice(0, 5)).toEqual([
      "  ~ 検索    update (id 1)  DatabarConnector",
      "  ~ longer  update (id 1)  DatabarConnector",
      `  ~ ${long}`,
      "    update (id 1)",
      "      DatabarConnector",
    ]);
    expect(lines.at(-1)).toBe(`  ~ ${"x".repeat(40)}  update (id 1)  DatabarConnector`);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
  test("what a vendor never returns, or changes in any case, does not count as not compared", () => {
    const planned: Planned = {
      ...none,
      name: "a",
      action: "update",
      id: "1",
      changes: [{ path: "headers.A", secret: true }],
      unknown: ["headers.A", "headers.B"],
    };
    for (const text of [
      prettyPlan(reportOf([planned]), plain),
      markdownPlan(reportOf([planned])),
    ]) {
      expect(text).toContain("Not compared: 1 encrypted value of 1 connector.");
    }
    const secrets = { ...none, name: "a", action: "unchanged", unknown: ["secrets.k"] } as const;
    const plans = [
      { vendor: "Supermetrics", connectors: [{ type: "SupermetricsConnector", ...secrets }] },
    ];
    expect(prettyPlan(reportOf([], { plans }), plain)).not.toContain("Not compared");
  });
  test("pretty: a vendor without connectors", () =>
    expect(prettyPlan(reportOf([]), plain)).toBe("Databar\n  no connectors\n\n0 unchanged.\n"));
  test("markdown: problems come first, changes are collapsed, no value can close a fence, and names are escaped", () => {
    const text = markdownPlan(report);
    expect(text).toContain("<!-- pulumi-connectors plan -->\n### Connectors: 1 fails, 1 to create");
    expect(text).toContain(
      '````diff\n- url: "x```y"\n+ url: "z"\n! headers.A: [secret]\n- rateLimit: 5\n````',
    );
    expect(text).toContain('```diff\n+ url: "https://example.com/"\n+ headers.A: [secret]\n```');
    expect(text).toContain("1 connector unmanaged</summary>\n\n<code>&#60;d&#62;</code>");
    expect(text).toContain("! first\n! second");
    expect(text).toContain("1 connector unchanged</summary>\n\n<code>f</code>\n");
    const places = ["<code>e</code>", "<code>g</code>", "<code>b</code>", "<code>a</code>"];
    expect(places.map((each) => text.indexOf(each)).sort((one, other) => one - other)).toEqual(
      places.map((each) => text.indexOf(each)),
    );
  });
  test("markdown: a name and a former name notify no one and link nowhere", () => {
    const evil = "@org/team https://evil.example WWW.evil.example <!-- x -->";
    const text = markdownPlan(
      reportOf([
        { ...none, name: evil, action: "rename", renamedFrom: evil, id: "1" },
        { ...none, name: `${evil}2`, action: "unchanged" },
      ]),
    );
    expect(text.split("<code>")).toHaveLength(3);
    const outside = text.replace(/<code>.*?<\/code>/g, "");
    expect(outside.match(/&#64;(?!&#8203;)/g)).toBeNull();
    expect(outside.match(/&#64;&#8203;org/g)).toHaveLength(1);
    expect(text).not.toMatch(/@|:\/\/|www\.|<!-- x/i);
  });
  test("markdown: stays below the limit of a comment, and counts the connectors that it leaves out", () => {
    const many = Array.from({ length: 2000 }, (_, index): Planned => ({
      ...none,
      name: `c${index}`,
      action: "update",
      id: String(index),
      changes: [{ path: "url", secret: false, before: "x".repeat(1000), after: "y" }],
    }));
    const unchanged = Array.from({ length: 3000 }, (_, index): Planned => ({
      ...none,
      name: `u${index}`,
      action: "unchanged",
    }));
    const text = markdownPlan(reportOf([...many, ...unchanged]));
    expect(text.length).toBeLessThan(60_001);
    const shown = text.match(/<details>/g)!.length;
    expect(shown).toBe(text.match(/<\/details>/g)!.length);
    expect(text).toContain(`…and ${5000 - shown} more connectors: see the log of this run.`);
  });
  test("markdown: a block that is too large is cut, and the others go on", () => {
    const changes = Array.from({ length: 5000 }, (_, index) => ({
      path: `configuration.field${index}`,
      secret: false,
      after: index,
    }));
    const text = markdownPlan(
      reportOf([
        { ...none, name: "large", action: "update", id: "1", changes },
        {
          ...none,
          name: "small",
          action: "update",
          id: "2",
          changes: [
            { path: "url", secret: false, before: "https://before", after: "x".repeat(20_000) },
          ],
        },
      ]),
    );
    expect(text).toMatch(/# …cut here: \d+ lines of 5000\n```/);
    expect(text).toContain('- url: "https://before"');
    expect(text.match(/<details>/g)).toHaveLength(2);
  });
  test("control and direction characters are shown as escapes, or replaced", () => {
    const evil = "a\u202eb\u001b[31mc\u0085d\u2066e\u200f";
    const nasty = reportOf([
      {
        ...none,
        name: evil,
        action: "update",
        id: evil,
        note: evil,
        renamedFrom: evil,
        changes: [{ path: evil, secret: false, before: evil, after: { [evil]: 1 } }],
      },
      { ...none, name: evil, action: "unchanged" },
      { ...none, name: evil, action: "fail", problem: evil },
    ]);
    for (const text of [
      prettyPlan(nasty, plain),
      markdownPlan(nasty),
      jsonPlan(nasty),
      jsonRefusal(evil, []),
      markdownRefusal(evil, []),
    ]) {
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
      );
    }
    expect(prettyPlan(nasty, plain)).toContain('"a\\u202eb\\u001b[31mc\\u0085d\\u2066e\\u200f"');
    expect(JSON.parse(jsonPlan(nasty))).toMatchObject({ connectors: [{ name: evil }, {}, {}] });
  });

  describe("json", () => {
    const validate = new Ajv({ allErrors: true }).compile(
      JSON.parse(read("plan.schema.json")) as object,
    );
    const errorsOf = (text: string): unknown => {
      validate(JSON.parse(text));
      return validate.errors ?? [];
    };
    test("is what plan.schema.json says, plans and refusals alike", () => {
      expect(errorsOf(jsonPlan(report))).toEqual([]);
      expect(errorsOf(jsonPlan(reportOf([], { plans: [], stack: "dev", knows: "state" })))).toEqual(
        [],
      );
      const diagnostic = errorInFile("file/none", "connectors", "holds no definition files", "x");
      expect(errorsOf(jsonRefusal("1 error in the definitions.", [diagnostic]))).toEqual([]);
      expect(errorsOf('{"schemaVersion": 1}')).not.toEqual([]);
    });
    test("says each connector with its action, in the words of the text", () => {
      expect(JSON.parse(jsonPlan(report))).toMatchObject({
        schemaVersion: 1,
        stack: null,
        knows: "definitions",
        summary: { create: 1, update: 1, rename: 1, delete: 1, retain: 1, unchanged: 2, fail: 1 },
        connectors: [
          { vendor: "Databar", type: "DatabarConnector", name: "a", file: "connectors/a.yaml" },
          ...Array.from({ length: 8 }, () => ({})),
        ],
      });
    });
  });
});
