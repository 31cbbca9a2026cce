import { type Call, messages, opsOf, stepOf, World } from "./fixture/world";
import { type RunResult } from "../../harness/engine/types";

const FIRST = `
const a = new Thing("a", { headers: { Accept: "json", Auth: pulumi.secret("hush-header") }, list: [1, 2] });
const b = new Thing("b", { from: a.size, list: ["x", pulumi.secret("hush-list")], password: "hush-password" });
const c = new Thing("c", {}, { dependsOn: [b] });
exports.size = a.size;
exports.token = a.token;
exports.set = pulumi.secret("hush-output");
`;

describe("the lifecycle of a stack", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open("life", { plain: "p", "acme:key": { secret: "hush-key" } });
    world.program(FIRST);
  });
  afterAll(() => world.close());

  describe("a preview of a new stack", () => {
    let result: RunResult;
    beforeAll(async () => {
      world.takeCalls();
      result = await world.stack.preview();
    });

    it("plans to create everything, including the stack", () => {
      expect(result.ok).toBe(true);
      expect(result.changes).toEqual({ create: 4 });
      expect(result.steps.map(({ op, name }) => `${op} ${name}`)).toEqual([
        "create life-test",
        "create a",
        "create b",
        "create c",
      ]);
    });

    it("calls nothing but check", () => {
      expect(world.takeCalls().map(({ verb, name }) => `${verb} ${name}`)).toEqual([
        "check a",
        "check b",
        "check c",
      ]);
    });

    it("stores nothing", async () => {
      expect((await world.stack.exportState()).resources).toEqual([]);
      expect(result.outputs).toEqual({});
    });

    it("masks secrets and shows unknowns", () => {
      expect(result.text).not.toContain("hush");
      expect(result.text).toContain("[secret]");
      expect(result.text).toMatch(/from\s*: \[unknown\]/);
    });
  });

  describe("the first update", () => {
    let result: RunResult;
    let calls: Call[];
    beforeAll(async () => {
      world.takeCalls();
      result = await world.stack.up();
      calls = world.takeCalls();
    });

    it("creates in the order of dependencies", () => {
      expect(result.ok).toBe(true);
      expect(result.changes).toEqual({ create: 4 });
      expect(calls.filter(({ verb }) => verb === "create").map(({ name }) => name)).toEqual([
        "a",
        "b",
        "c",
      ]);
    });

    it("passes plain values and the whole configuration to the provider", () => {
      expect(Object.values(world.objects())).toContainEqual(
        expect.objectContaining({ headers: { Accept: "json", Auth: "hush-header" } }),
      );
      expect(calls.map(({ key }) => key)).toContain("hush-key");
    });

    it("masks secrets of the stack's configuration in the provider's output", () => {
      expect(messages(result, "info")).toContain("creating a with [secret]");
      expect(result.text).toContain("creating a with [secret]");
      expect(result.text).not.toContain("hush-key");
    });

    it("passes outputs to resources and to the stack", () => {
      expect(Object.values(world.objects())).toContainEqual(
        expect.objectContaining({ name: "b", from: 1 }),
      );
      expect(result.outputs).toEqual({
        size: { value: 1, secret: false },
        token: { value: "token-of-a", secret: true },
        set: { value: "hush-output", secret: true },
      });
    });

    it("restores secrets by key: maps key by key, lists as a whole", async () => {
      const a = await world.resource("a");
      expect(a.inputs).toMatchObject({
        headers: { Accept: "json", Auth: { secret: "hush-header" } },
        list: [1, 2],
      });
      expect(a.outputs).toMatchObject({
        headers: { Accept: "json", Auth: { secret: "hush-header" } },
      });
      expect((await world.resource("b")).inputs.list).toEqual({ secret: ["x", "hush-list"] });
    });

    it("keeps values secret that the provider makes secret, in inputs and outputs", async () => {
      const b = await world.resource("b");
      expect(b.inputs.password).toEqual({ secret: "hush-password" });
      expect(b.outputs.password).toEqual({ secret: "hush-password" });
      expect(b.outputs.token).toEqual({ secret: "token-of-b" });
    });

    it("stores no secret in plain text", async () => {
      const state = await world.stack.rawState();
      expect(state).toMatch(/"size": ?1/);
      expect(state).not.toMatch(/hush-|token-of-/);
    });

    it("records the ids and the dependencies", async () => {
      expect((await world.resource("a")).id).toBe("a-1");
      expect((await world.resource("c")).dependencies).toEqual([world.urn("b")]);
    });
  });

  it("an update without changes calls only check and diff, with the old outputs", async () => {
    world.takeCalls();
    const result = await world.stack.up();
    const calls = world.takeCalls();
    expect(result.changes).toEqual({ same: 4 });
    expect(calls.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      "check a",
      "diff a",
      "check b",
      "diff b",
      "check c",
      "diff c",
    ]);
    expect(calls[1]).toMatchObject({
      id: "a-1",
      olds: { size: 1, headers: { Auth: "hush-header" } },
      news: { headers: { Auth: "hush-header" } },
    });
    expect(calls[1]!.news).not.toHaveProperty("size");
  });

  it("in a preview, outputs of a changed resource are unknown to check and diff", async () => {
    world.program(FIRST.replace("list: [1, 2]", "list: [1]"));
    world.takeCalls();
    const result = await world.stack.preview();
    const seen = world
      .takeCalls()
      .filter(({ name }) => name === "b")
      .map(({ news }) => news!.from);
    expect(seen).toEqual([
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    ]);
    expect(stepOf(result, "a").diff).toEqual({ "list[1]": "delete" });
    expect(stepOf(result, "b").diff).toEqual({ from: "update" });
  });

  describe("refreshing", () => {
    let result: RunResult;
    beforeAll(async () => {
      world.changeObject("a-1", { headers: { Accept: "xml", Auth: "hush-header" }, extra: 1 });
      world.changeObject("c-3", undefined);
      result = await world.stack.refresh();
    });

    it("reports drift by key with the new values, and deleted resources", () => {
      expect(result.ok).toBe(true);
      expect(result.changes).toEqual({ same: 2, update: 1, delete: 1 });
      expect(stepOf(result, "a")).toMatchObject({
        op: "update",
        diff: { "headers.Accept": "update", extra: "add" },
      });
      expect(stepOf(result, "b")).toMatchObject({ op: "same", diff: {} });
      expect(opsOf(result, "c")).toEqual(["delete"]);
    });

    it("replaces the stored inputs with those of read, and keeps secrets secret", async () => {
      expect((await world.resource("a")).inputs).toMatchObject({
        headers: { Accept: "xml", Auth: { secret: "hush-header" } },
        extra: 1,
      });
      expect(await world.resourceNames()).toEqual(["a", "b"]);
    });

    it("makes the next preview undo the drift", async () => {
      world.program(FIRST);
      const preview = await world.stack.preview();
      expect(stepOf(preview, "a")).toMatchObject({
        op: "update",
        diff: { "headers.Accept": "update", extra: "delete" },
      });
      expect(opsOf(preview, "c")).toEqual(["create"]);
    });
  });

  it("destroying deletes in reverse order and leaves an empty state", async () => {
    world.takeCalls();
    const result = await world.stack.destroy();
    expect(result.ok).toBe(true);
    expect(result.changes).toEqual({ delete: 3 });
    expect(world.takeCalls().map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      "delete b",
      "delete a",
    ]);
    expect((await world.stack.exportState()).resources).toEqual([]);
    expect(world.objects()).toEqual({});
  });
});
