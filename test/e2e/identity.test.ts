/**
 * A connector is its workspace, its id and its time of creation, never its id alone. Each scenario
 * ends with what is on the other side.
 */
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  ops,
  type Program,
  sandboxConfig,
  startWorld,
  type World,
} from "../../harness/e2e/world";
import { type RunResult } from "../../harness/engine/types";

jest.setTimeout(300_000);

const others: Sandbox[] = [];
afterEach(async () => {
  await closeWorlds();
  await Promise.all(others.splice(0).map((sandbox) => sandbox.close()));
});

const IDENTIFIERS = ["T1", "T2", "T3", "T4"];
const REUSING = () => ({
  databar: { reuseIds: true },
  supermetrics: { reuseIdentifiers: true, nextIdentifiers: [...IDENTIFIERS] },
});

function program(edited: Declared["args"] = {}): Program {
  return {
    scoring: databar({ name: "Scoring", ...edited }),
    awin: supermetrics({ name: "Awin" }),
    databars: {
      type: "DatabarFleet",
      args: {
        connectors: { one: databar({ name: "one" }).args, two: databar({ name: "two" }).args },
      },
      options: { dependsOn: ["scoring"] },
    },
    supers: {
      type: "SupermetricsFleet",
      args: { connectors: { one: supermetrics({ name: "one" }).args } },
      options: { dependsOn: ["awin"] },
    },
  };
}

async function deployed(): Promise<World> {
  const world = await startWorld({ sandbox: REUSING() });
  world.program(program());
  expectOk(await world.stack.up());
  world.sandbox.clearLogs();
  return world;
}

/** Another workspace, in which somebody else's connectors have the same ids. */
async function anotherWorkspace(): Promise<Sandbox> {
  const sandbox = await startSandbox(REUSING());
  others.push(sandbox);
  for (const name of ["x", "y", "z"]) {
    sandbox.databar.seed({ name, created_at: "2029-01-01T00:00:00Z" });
    sandbox.supermetrics.seed({ name, created_at: "2029-01-01T00:00:00+00:00" });
  }
  return sandbox;
}

const connectorsIn = ({ databar: one, supermetrics: other }: Sandbox): unknown => [
  one.connectors,
  other.connectors,
];
const writesTo = ({ databar: one, supermetrics: other }: Sandbox): string[] => [
  ...writes(one),
  ...writes(other),
];

function expectRefused(result: RunResult, ours: Sandbox, theirs: Sandbox): void {
  expect(result.ok).toBe(false);
  expect(result.text).toContain("[conflict]");
  expect(result.text).toContain("Nothing was written or deleted.");
  expect(result.text).toContain("(id");
  for (const { databar: one, supermetrics: other } of [ours, theirs]) {
    expect([result.text.includes(one.url), result.text.includes(other.url)]).toContain(true);
  }
}

describe(`${engineLine}. A connector is its workspace, id and time of creation`, () => {
  test("settings that lead to another workspace: nothing is written, deleted or forgotten; set back, nothing has changed", async () => {
    const { sandbox: ours, stack, program: write } = await deployed();
    const theirs = await anotherWorkspace();
    const before = [connectorsIn(ours), connectorsIn(theirs)];
    await stack.setConfig(sandboxConfig(theirs));

    const preview = expectOk(await stack.preview());
    expect(ops(preview)).toEqual({
      ...{ scoring: "update", awin: "update", databars: "update", supers: "update" },
    });
    expect(preview.text).toContain(`now lead to ${theirs.databar.url}`);
    expect(preview.text).toContain("The update looks each of them up there");
    expect(callCount(theirs)).toBe(0);

    expectRefused(await stack.up(), ours, theirs);
    expectRefused(await stack.refresh({ runProgram: true }), ours, theirs);
    expectRefused(await stack.destroy({ runProgram: true }), ours, theirs);
    write(program({ url: "https://api.example.com/edited" }));
    expectRefused(await stack.up(), ours, theirs);
    write({});
    expectRefused(await stack.up(), ours, theirs);

    expect([writesTo(ours), writesTo(theirs)]).toEqual([[], []]);
    expect([connectorsIn(ours), connectorsIn(theirs)]).toEqual(before);

    write(program());
    await stack.setConfig(sandboxConfig(ours));
    expect(ops(expectOk(await stack.up()))).toEqual({
      ...{ scoring: "same", awin: "same", databars: "same", supers: "same" },
    });
    expect(callCount(ours)).toBe(0);
    expectOk(await stack.destroy());
    expect(connectorsIn(ours)).toEqual([[], []]);
    expect(connectorsIn(theirs)).toEqual(before[1]);
  });

  test("the same workspace under another host name and with a rotated key is recognised by one list, once", async () => {
    const { sandbox, stack } = await deployed();
    const config = {
      "databar:baseUrl": await sandbox.databar.addUrl(),
      "supermetrics:apiKey": { secret: "rotated-key-canary" },
    };
    await stack.setConfig(config);
    const moved = expectOk(await stack.up());
    expect(ops(moved)).toEqual({
      ...{ scoring: "update", awin: "update", databars: "update", supers: "update" },
    });
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
    expect(calls(sandbox.supermetrics)).toEqual(["GET /connectors"]);
    const state = await stack.exportState();
    for (const name of ["scoring", "databars"]) {
      expect(String(resource(state, name).outputs["workspace"])).toMatch(
        new RegExp(`^${config["databar:baseUrl"]} [0-9a-f]{8}$`),
      );
    }
    expect(`${moved.text}${await stack.rawState()}`).not.toContain("canary");

    sandbox.clearLogs();
    expect(new Set(Object.values(ops(expectOk(await stack.up()))))).toEqual(new Set(["same"]));
    expect(callCount(sandbox)).toBe(0);
    expectOk(await stack.destroy());
    expect(connectorsIn(sandbox)).toEqual([[], []]);
  });

  test("an explicit provider that leads elsewhere, or another one: nothing is written or deleted", async () => {
    const { sandbox: ours, stack, program: write } = await startWorld({ sandbox: REUSING() });
    const theirs = await anotherWorkspace();
    const with_ = (url: string, provider = "emea"): Program => ({
      emea: { type: "DatabarProvider", args: { apiKey: "emea-key", baseUrl: url } },
      apac: { type: "DatabarProvider", args: { apiKey: "apac-key", baseUrl: theirs.databar.url } },
      scoring: databar({}, { provider }),
    });
    write(with_(ours.databar.url));
    expectOk(await stack.up());
    ours.clearLogs();
    const before = [connectorsIn(ours), connectorsIn(theirs)];
    write(with_(theirs.databar.url));
    expectRefused(await stack.up(), ours, theirs);
    write(with_(ours.databar.url, "apac"));
    expectRefused(await stack.up(), ours, theirs);
    expect([connectorsIn(ours), connectorsIn(theirs)]).toEqual(before);
    expect([writesTo(ours), writesTo(theirs)]).toEqual([[], []]);

    write(with_(ours.databar.url));
    expectOk(await stack.up());
    expect(callCount(ours)).toBe(0);
    expectOk(await stack.destroy());
    expect(ours.databar.connectors).toEqual([]);
    expect(connectorsIn(theirs)).toEqual(before[1]);
  });

  test("an id that the vendor gave to another connector: ours is gone and created again, the other one stays", async () => {
    const { sandbox, stack, program: write } = await startWorld({ sandbox: REUSING() });
    write({
      one: databar({ name: "one" }),
      two: databar({ name: "two" }, { dependsOn: ["one"] }),
      awin: supermetrics({ name: "Awin" }),
      other: supermetrics({ name: "other" }, { dependsOn: ["awin"] }),
    });
    expectOk(await stack.up());
    sandbox.databar.remove(1);
    sandbox.databar.seed({ id: 1, name: "stranger", created_at: "2031-01-01T00:00:00Z" });
    sandbox.supermetrics.remove("T1");
    sandbox.supermetrics.seed({
      connector_identifier: "T1",
      name: "stranger",
      created_at: "2031-01-01T00:00:00+00:00",
    });
    sandbox.clearLogs();
    const refreshed = expectOk(await stack.refresh());
    expect(ops(refreshed)).toEqual({ one: "delete", two: "same", awin: "delete", other: "same" });
    expect(ops(expectOk(await stack.up()))).toEqual({
      ...{ one: "create", two: "same", awin: "create", other: "same" },
    });
    expect(writesTo(sandbox)).toEqual(["POST /v1/connectors/", "POST /connectors"]);
    expectOk(await stack.destroy());
    expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["stranger"]);
    expect(sandbox.supermetrics.connectors.map(({ name }) => name)).toEqual(["stranger"]);
  });

  test("an id that Databar gave to another connector, without a refresh: it is neither deleted nor overwritten, and ours leaves the state", async () => {
    const { sandbox, stack, program: write } = await startWorld({ sandbox: REUSING() });
    const limits = { rateLimit: 5, maxConcurrency: 5 };
    const fleet = (...names: string[]): Declared => ({
      type: "DatabarFleet",
      args: {
        connectors: Object.fromEntries(names.map((name) => [name, databar({ name }).args])),
      },
      options: { dependsOn: ["edited", "left"] },
    });
    write({
      edited: databar({ name: "edited", ...limits }),
      left: databar({ name: "left" }, { dependsOn: ["edited"] }),
      fleet: fleet("one", "two"),
    });
    expectOk(await stack.up());
    const idOf = (name: string): number =>
      sandbox.databar.connectors.find((each) => each.name === name)!.id;
    for (const name of ["edited", "left", "one", "two"]) {
      const id = idOf(name);
      sandbox.databar.remove(id);
      sandbox.databar.seed({ id, name: `not ${name}`, created_at: "2031-01-01T00:00:00Z" });
    }
    const before = sandbox.databar.connectors;
    sandbox.clearLogs();

    write({
      edited: databar({ name: "edited", ...limits, url: "https://api.example.com/edited" }),
      fleet: fleet("one"),
    });
    const refused = await stack.up();
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain("gave its id to another connector. Nothing was written.");
    expect(writesTo(sandbox)).toEqual([]);

    const destroyed = expectOk(await stack.destroy());
    expect(destroyed.text).toContain("gave its id to another connector. That one stays");
    expect(calls(sandbox.databar).every((call) => call === "GET /v1/connectors/")).toBe(true);
    expect(sandbox.databar.connectors).toEqual(before);
    expect((await stack.exportState()).resources).toEqual([]);
  });

  test("a definition that names an id, which became another connector's: an up with a refresh overwrites nothing", async () => {
    const { sandbox, stack, program: write } = await startWorld({ sandbox: REUSING() });
    const { id } = sandbox.databar.seed({ name: "one", created_at: "2029-01-01T00:00:00Z" });
    write({ one: databar({ name: "one", connectorId: id, onConflict: "adopt" }) });
    expectOk(await stack.up());
    sandbox.databar.remove(id);
    sandbox.databar.seed({ id, name: "stranger", created_at: "2031-01-01T00:00:00Z" });
    const before = sandbox.databar.connectors;
    sandbox.clearLogs();
    const refused = await stack.up({ refresh: true });
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain("Remove connectorId from the definition");
    expect([writesTo(sandbox), sandbox.databar.connectors]).toEqual([[], before]);

    write({ one: databar({ name: "one" }) });
    expectOk(await stack.up());
    expect(sandbox.databar.connectors).toMatchObject([...before, { name: "one" }]);
    expectOk(await stack.destroy());
    expect(sandbox.databar.connectors).toEqual(before);
  });

  test("a vendor that was reset: a refresh that would forget all connectors fails, and forgets none", async () => {
    const { sandbox, stack } = await deployed();
    const state = await stack.exportState();
    sandbox.restart();
    const result = await stack.refresh();
    expect(result.ok).toBe(false);
    expect(result.text).toMatch(/None of the \d Databar connectors that were looked up exists in/);
    const after = await stack.exportState();
    for (const name of ["databars", "scoring"]) {
      expect(resource(after, name).id).toBe(resource(state, name).id);
    }
    expect(writesTo(sandbox)).toEqual([]);
  });
});
