import { type Call, opsOf, stepOf, World } from "./fixture/world";
import { type RunResult } from "../../harness/engine/types";

const BEFORE = `
const make = (name, args, options) => new Thing(name, args, options);
make("nested", { map: { Accept: "json", "Content-Type": "a" }, list: [1, 2, { deep: "x" }] });
make("ignored", { map: { mine: 1, theirs: 1 }, list: [1, 2] });
make("forced", { map: { key: 1, other: 1 } });
make("moved", { team: "1" });
make("idle", { alwaysReplace: true });
make("silent", { changes: false, value: 1 });
make("loud", { changes: true });
const root = make("root", { team: "1", deleteFirst: true });
make("fixed", { team: root.team.apply(team => "of-" + team), deleteFirst: true });
make("loose", { root: root.size });
make("dropped", {});
make("old-name", {});
`;

const AFTER = `
const make = (name, args, options) => new Thing(name, args, options);
make("nested", { map: { Accept: "xml", "Content-Type": "b", added: null }, list: [1, 3, { deep: "y" }, 4] });
make("ignored", { map: { mine: 2, theirs: 2 }, list: [1, 2, 3] }, { ignoreChanges: ["map.theirs", "list[2]"] });
make("forced", { map: { key: 2, other: 1 } }, { replaceOnChanges: ["map.key"] });
make("moved", { team: "2" });
make("idle", { alwaysReplace: true });
make("silent", { changes: false, value: 2 });
make("loud", { changes: true });
const root = make("root", { team: "2", deleteFirst: true });
make("fixed", { team: root.team.apply(team => "of-" + team), deleteFirst: true });
make("loose", { root: root.size });
make("new-name", { name: "old-name" }, { aliases: [{ name: "old-name" }] });
`;

describe("changes", () => {
  let world: World;
  let result: RunResult;
  let calls: Call[];
  beforeAll(async () => {
    world = await World.open("changes");
    world.program(BEFORE);
    expect((await world.stack.up()).ok).toBe(true);
    world.program(AFTER);
    world.takeCalls();
    result = await world.stack.up({ parallel: 1 });
    calls = world.takeCalls();
  });
  afterAll(() => world.close());

  const callsFor = (name: string): string[] =>
    calls
      .filter((call) => call.name === name && !/check|diff/.test(call.verb))
      .map(({ verb }) => verb);
  const order = (...names: string[]): string[] =>
    calls
      .filter(({ verb, name }) => names.includes(name) && /create|delete|update/.test(verb))
      .map(({ verb, name }) => `${verb} ${name}`);

  it("are counted by the operation on each resource", () => {
    expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.changes).toEqual({ update: 3, replace: 4, same: 5, delete: 1 });
  });

  it("have paths into maps and lists", () => {
    expect(stepOf(result, "nested")).toMatchObject({
      op: "update",
      diff: {
        "map.Accept": "update",
        'map["Content-Type"]': "update",
        "list[1]": "update",
        "list[2].deep": "update",
        "list[3]": "add",
      },
    });
  });

  it("below an ignored path are undone before check, except for an added element", () => {
    expect(stepOf(result, "ignored")).toMatchObject({
      op: "update",
      diff: { "map.mine": "update", "list[2]": "add" },
    });
    expect(
      calls.find(({ verb, name }) => verb === "check" && name === "ignored")!.news!.map,
    ).toEqual({ mine: 2, theirs: 1 });
    expect(result.diagnostics.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("cannot ignore changes in added or removed elements"),
    );
  });

  it("below a replaceOnChanges path cause a replacement", () => {
    expect(opsOf(result, "forced")).toEqual(["create-replacement", "replace", "delete-replaced"]);
    expect(stepOf(result, "forced")).toMatchObject({ diff: { "map.key": "update-replace" } });
  });

  it("that need a replacement create first, and delete after everything else", () => {
    expect(opsOf(result, "moved")).toEqual(["create-replacement", "replace", "delete-replaced"]);
    expect(stepOf(result, "moved")).toMatchObject({
      replaceKeys: ["team"],
      diff: { team: "update" },
    });
    expect(callsFor("moved")).toEqual(["create", "delete"]);
    expect(order("moved", "loose").indexOf("delete moved")).toBe(
      order("moved", "loose").length - 1,
    );
  });

  it("with a replacement are checked again without the old inputs", () => {
    const checks = calls
      .filter(({ verb, name }) => verb === "check" && name === "moved")
      .map(({ olds }) => Object.keys(olds!));
    expect(checks).toEqual([["name", "team"], []]);
  });

  it("that the provider names without changed inputs cause no replacement", () => {
    expect(opsOf(result, "idle")).toEqual(["same"]);
    expect(callsFor("idle")).toEqual([]);
  });

  it("that the provider denies are not changes, but the new inputs are recorded", async () => {
    expect(opsOf(result, "silent")).toEqual(["same"]);
    const { inputs, outputs } = await world.resource("silent");
    expect([inputs.value, outputs.value]).toEqual([2, 1]);
  });

  it("that the provider reports cause an update, even if the inputs are equal", () => {
    expect(stepOf(result, "loud")).toMatchObject({ op: "update", diff: {} });
  });

  it("with deleteBeforeReplace first delete dependents that must also be replaced", () => {
    expect(opsOf(result, "root")).toEqual(["delete-replaced", "replace", "create-replacement"]);
    expect(opsOf(result, "fixed")).toEqual(["delete-replaced", "replace", "create-replacement"]);
    expect(order("root", "fixed")).toEqual([
      "delete fixed",
      "delete root",
      "create root",
      "create fixed",
    ]);
  });

  it("show such dependents unknowns for values that can change", () => {
    const [first] = calls.filter(({ verb, name }) => verb === "diff" && name === "fixed");
    expect(first!.news!.team).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect(opsOf(result, "loose")).toEqual(["same"]);
  });

  it("delete resources that the program no longer registers", () => {
    expect(opsOf(result, "dropped")).toEqual(["delete"]);
  });

  it("do not affect a resource that is renamed with an alias", async () => {
    expect(opsOf(result, "new-name")).toEqual(["same"]);
    expect(opsOf(result, "old-name")).toEqual([]);
    expect((await world.resource("new-name")).id).toMatch(/^old-name-/);
  });

  it("leave the state with exactly the existing resources", async () => {
    const { resources } = await world.stack.exportState();
    const ids = resources.filter(({ type }) => type.endsWith(":Thing")).map(({ id }) => id!);
    expect(ids.sort()).toEqual(Object.keys(world.objects()).sort());
  });
});
