/** What a plain preview says of what Pulumi shows as something else. */
import { callCount, calls } from "../../harness/e2e/calls";
import { databar, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  ops,
  startWorld,
  TEAM,
} from "../../harness/e2e/world";
import { type RunResult } from "../../harness/engine/types";

jest.setTimeout(180_000);
afterEach(closeWorlds);

type Values = Readonly<Record<string, unknown>>;

const fleet = (connectors: Readonly<Record<string, Values>>, more: Values = {}): Declared => ({
  type: "DatabarFleet",
  args: {
    connectors: Object.fromEntries(
      Object.entries(connectors).map(([key, args]) => [key, databar({ name: key, ...args }).args]),
    ),
    ...more,
  },
});
const many = (from: number, to: number): Record<string, Values> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`c${index + from}`, {}]));
const warnings = ({ diagnostics }: RunResult): string[] =>
  diagnostics.flatMap(({ severity, message }) => (severity === "warning" ? [message] : []));

describe(`${engineLine}. A preview of a fleet`, () => {
  test("warns how many connectors are deleted, and which; the update deletes them and warns no more", async () => {
    const { sandbox, stack, program } = await startWorld();
    program({ marketing: fleet(many(0, 40), { maxDeletes: 25 }) });
    expect(warnings(expectOk(await stack.up()))).toEqual([]);
    const ids = new Map(sandbox.databar.connectors.map(({ id, name }) => [name, id]));
    sandbox.clearLogs();

    program({ marketing: fleet(many(25, 40), { maxDeletes: 25 }) });
    const preview = expectOk(await stack.preview());
    expect(ops(preview)).toEqual({ marketing: "update" });
    const shown = keysOf(25)
      .slice(0, 20)
      .map((key) => `${key} (id ${ids.get(key)})`);
    expect(warnings(preview)).toEqual([
      `The update deletes 25 Databar connectors that left the fleet: ${shown.join(", ")} and 5 more.`,
    ]);
    expect(callCount(sandbox)).toBe(0);
    expect(warnings(expectOk(await stack.up()))).toEqual([]);
    const deletes = keysOf(25).map((key) => `DELETE /v1/connectors/${ids.get(key)}`);
    expect(calls(sandbox.databar).sort()).toEqual([...deletes, "GET /v1/connectors/"].sort());
    expect(warnings(expectOk(await stack.preview()))).toEqual([]);
  });

  test("names no connector that stays: retained, renamed, or named by another resource", async () => {
    const { sandbox, stack, program } = await startWorld();
    program({ marketing: fleet(many(0, 5)) });
    expectOk(await stack.up());
    const id = (name: string): number =>
      sandbox.databar.connectors.find((each) => each.name === name)!.id;
    const [c0, c3, c4] = [id("c0"), id("c3"), id("c4")];
    const { c1, ...rest } = many(1, 3);
    program({
      marketing: fleet({ ...rest, renamed: { ...c1, name: "c1" } }, { retainOnDelete: ["c0"] }),
      single: databar({ name: "c3", connectorId: c3 }),
    });
    expect(warnings(expectOk(await stack.preview())).sort()).toEqual([
      `DatabarConnector "c3" adopts connector ${c3}, which Pulumi shows as new. Nothing is created, and nothing is written if the connector equals the definition.`,
      `The update deletes 1 Databar connector that left the fleet: c4 (id ${c4}).`,
    ]);
    sandbox.clearLogs();
    expectOk(await stack.up());
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/", `DELETE /v1/connectors/${c4}`]);
    expect(sandbox.databar.connectors.map((each) => each.id)).toContain(c0);
  });

  test("warns which connectors are replaced, and by which: another adopted id, another team", async () => {
    const { sandbox, stack, program } = await startWorld({
      sandbox: { supermetrics: { teams: [TEAM, "4711"] } },
    });
    const social = (teamId: string): Declared => ({
      type: "SupermetricsFleet",
      args: { connectors: { awin: { ...supermetrics().args, teamId } } },
    });
    program({ marketing: fleet(many(0, 3)), social: social(TEAM) });
    expectOk(await stack.up());
    const [c0, c1, c2] = sandbox.databar.connectors.map((each) => each.id);
    const [awin] = sandbox.supermetrics.connectors;
    const other = sandbox.databar.seed({ name: "c0", method: "get", url: "https://o.example.com" });
    const third = sandbox.databar.seed({ name: "c1", method: "get", url: "https://o.example.com" });
    sandbox.clearLogs();

    program({
      marketing: fleet(
        { c0: { connectorId: other.id }, c1: { connectorId: third.id }, c2: { connectorId: c2 } },
        { retainOnDelete: ["c1"] },
      ),
      social: social("4711"),
    });
    const preview = expectOk(await stack.preview());
    expect(ops(preview)).toEqual({ marketing: "update", social: "update" });
    expect(warnings(preview).sort()).toEqual([
      `The update replaces 1 Supermetrics connector of a fleet: awin (id ${TEAM}/${awin!.connector_identifier}) by a new connector. It deletes 1 of the old.`,
      `The update replaces 2 Databar connectors of a fleet: c0 (id ${c0}) by connector ${other.id}, c1 (id ${c1}) by connector ${third.id}. It deletes 1 of the old and keeps 1 of the old (retainOnDelete).`,
    ]);
    expect(callCount(sandbox)).toBe(0);
    expectOk(await stack.up());
    expect(sandbox.databar.connectors.map((each) => each.id)).toEqual([c1, c2, other.id, third.id]);
    expect(sandbox.supermetrics.connectors.map((each) => each.connector_identifier)).not.toContain(
      awin!.connector_identifier,
    );
  });

  test("warns of a key that changes with its connector's content: the update fails for it", async () => {
    const { sandbox, stack, program } = await startWorld();
    program({ marketing: fleet(many(0, 3)) });
    expectOk(await stack.up());
    const [c0] = sandbox.databar.connectors.map((each) => each.id);
    const { c1, c2 } = many(0, 3);
    const renamed = { name: "c0", url: "https://b.example.com" };
    program({ marketing: fleet({ z0: renamed, z1: { ...c1, name: "c1" }, c2: c2! }) });
    expect(warnings(expectOk(await stack.preview()))).toEqual([
      `The update fails for 1 Databar connector of a fleet whose key and content change at once: z0 (was c0, id ${c0}). Change the key first, or write connectorId with the id below the new key.`,
    ]);
    const failed = await stack.up();
    expect([failed.ok, failed.text.includes("z0: [conflict]")]).toEqual([false, true]);
    program({
      marketing: fleet({
        z0: { ...renamed, connectorId: c0 },
        z1: { ...c1, name: "c1" },
        c2: c2!,
      }),
    });
    expect(warnings(expectOk(await stack.preview())).at(-1)).toMatch(
      /^DatabarConnector "c0" adopts connector 1,/,
    );
    sandbox.clearLogs();
    expectOk(await stack.up());
    // What the failed update had taken over under its new key stays when the old key leaves.
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/", `PUT /v1/connectors/${c0}`]);
    expect(sandbox.databar.connectors.map(({ name, url }) => [name, url])).toEqual([
      ["c0", renamed.url],
      ["c1", "https://api.example.com/v1/score"],
      ["c2", "https://api.example.com/v1/score"],
    ]);
  });

  test("says nothing of what it does not know yet", async () => {
    const { stack, program } = await startWorld();
    const source = (url: string): Declared => databar({ name: "source", url });
    const known = {
      connectors: { c0: databar({ name: "c0" }).args, c1: databar({ name: "c1" }).args },
    };
    program({
      source: source("https://a.example.com"),
      marketing: { type: "DatabarFleet", args: known },
    });
    expectOk(await stack.up());
    const at = { $output: "source.createdAt" };
    program({
      source: source("https://b.example.com"),
      marketing: {
        type: "DatabarFleet",
        args: {
          connectors: { ...known.connectors, c1: { $output: "source.headers" } },
          retainOnDelete: [at],
        },
      },
    });
    expect(warnings(expectOk(await stack.preview()))).toEqual([]);
  });
});

describe(`${engineLine}. A preview`, () => {
  test("says which connectors stay at the vendor although Pulumi shows values as removed", async () => {
    const { sandbox, stack, program } = await startWorld();
    const full = supermetrics({
      name: "full",
      configuration: { token: "${secrets.t}" },
      secrets: { t: { $secret: "canary" } },
    });
    const social = (args: Values | undefined): Declared => ({
      type: "SupermetricsFleet",
      args: { connectors: { a: { ...args, name: "in the fleet" } } },
    });
    program({ full, social: social(full.args) });
    expectOk(await stack.up());
    const before = structuredClone(sandbox.supermetrics.connectors);
    program({ full: supermetrics({ name: "full" }), social: social({}) });
    expect(warnings(expectOk(await stack.preview()))).toEqual([
      'Pulumi shows as removed what definitions no longer set, but Supermetrics keeps it as it is: "full" (configuration, secrets), "in the fleet" (configuration, secrets).',
    ]);
    sandbox.clearLogs();
    expect(warnings(expectOk(await stack.up()))).toEqual([]);
    expect(callCount(sandbox)).toBe(0);
    expect(sandbox.supermetrics.connectors).toEqual(before);
    expect(warnings(expectOk(await stack.preview()))).toEqual([]);
  });

  test("warns of a definition that names a connector that another resource manages: the update fails", async () => {
    const { sandbox, stack, program } = await startWorld();
    const one = databar({ name: "one" });
    program({ one, marketing: fleet(many(0, 1)) });
    expectOk(await stack.up());
    const [first, second] = sandbox.databar.connectors.map((each) => each.id);
    const last = { dependsOn: ["one", "marketing"] };
    program({
      one,
      marketing: fleet(many(0, 1)),
      again: databar({ name: "again", connectorId: first }, last),
      fromFleet: databar({ name: "other", connectorId: second }, last),
    });
    const [warning, ...more] = warnings(expectOk(await stack.preview()));
    expect(more).toEqual([]);
    expect(warning).toMatch(
      /^The update fails, unless it deletes the resource first that manages the connector now: 2 definitions of this program name Databar connectors that another resource manages: /,
    );
    sandbox.clearLogs();
    const failed = await stack.up();
    expect([failed.ok, failed.text.includes("is managed already")]).toEqual([false, true]);
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
  });

  test("refuses the resource option import, and says what to write instead", async () => {
    const { sandbox, stack, program } = await startWorld();
    sandbox.databar.seed({ id: 7, name: "seven" });
    program({ seven: databar({ name: "seven" }, { import: "7" }) });
    for (const refused of [await stack.preview(), await stack.up()]) {
      expect(refused.ok).toBe(false);
      expect(refused.text).toContain(
        'DatabarConnector "seven": the resource option import does not work for dynamic resources. Remove it, and name the connector to adopt in the arguments: connectorId for Databar',
      );
    }
    expect(callCount(sandbox)).toBe(0);
  });
});

/** The keys in the order in which Pulumi keeps them. */
function keysOf(count: number): string[] {
  return Object.keys(many(0, count)).sort();
}
