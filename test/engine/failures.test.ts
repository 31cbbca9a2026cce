import { messages, opsOf, stepOf, World } from "./fixture/world";

describe("failures", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open("failures");
  });
  afterAll(() => world.close());

  it("a failed create records nothing, and concurrent operations complete", async () => {
    world.program(
      `new Thing("good", {}); const bad = new Thing("bad", {}); new Thing("after", { size: bad.size }); exports.x = bad.size;`,
    );
    world.faults({ "create bad": "no room" });
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    expect(stepOf(result, "bad")).toMatchObject({ op: "create", failed: true });
    expect(result.diagnostics).toContainEqual({
      severity: "error",
      message: "no room",
      urn: world.urn("bad"),
    });
    expect(messages(result, "error")).toContain("update failed");
    expect(await world.resourceNames()).toEqual(["good"]);
    expect(opsOf(result, "after")).toEqual([]);
  });

  it("a partial create is recorded with its reasons and secrets", async () => {
    world.program(
      `new Thing("good", {}); new Thing("half", { password: "hush-half", headers: { a: pulumi.secret("hush-header") } });`,
    );
    world.faults({ "create-half half": "not ready" });
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    expect(messages(result, "error")).toContainEqual(expect.stringContaining("not ready"));
    const half = await world.resource("half");
    expect(half).toMatchObject({
      id: "half-2",
      initErrors: ["not ready"],
      outputs: { headers: { a: { secret: "hush-header" } } },
    });
    expect(await world.stack.rawState()).not.toContain("hush-");
  });

  it("the next update diffs it and calls update without changes; a partial update keeps the old inputs", async () => {
    world.program(
      `new Thing("good", {}); new Thing("half", { password: "hush-half", more: 1, headers: { a: pulumi.secret("hush-header") } });`,
    );
    world.faults({ "update-half half": "still not ready" });
    world.takeCalls();
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    expect(
      world
        .takeCalls()
        .filter(({ name }) => name === "half")
        .map(({ verb }) => verb),
    ).toEqual(["check", "diff", "update"]);
    const half = await world.resource("half");
    expect(half.inputs).not.toHaveProperty("more");
    expect(half.outputs).toHaveProperty("more", 1);
    expect(half.initErrors).toEqual(["still not ready"]);
  });

  it("a successful update clears the record", async () => {
    world.faults({});
    const result = await world.stack.up();
    expect(result.changes).toEqual({ same: 2, update: 1 });
    expect(await world.resource("half")).toMatchObject({ initErrors: [], inputs: { more: 1 } });
  });

  it("all check failures of a resource are reported, and its operations and later ones do not run", async () => {
    const failures = `[["headers.Auth", "is bad"], ["", "is odd"], ["name", "is long"]]`;
    world.program(
      `new Thing("good", {}); new Thing("half", { name: pulumi.secret("wrong"), invalid: ${failures} });`,
    );
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    const what = "pulumi-nodejs:dynamic/test:Thing resource 'half'";
    expect(messages(result, "error")).toEqual([
      `${what}: property headers.Auth value {<nil>} has a problem: is bad`,
      `${what} has a problem: is odd`,
      `${what}: property name value {&{{wrong}}} has a problem: is long`,
    ]);
    expect((await world.resourceNames()).sort()).toEqual(["good", "half"]);
  });

  it("a failing program deletes nothing; its log messages are reported with severity and resource", async () => {
    world.program(`
      const good = new Thing("good", {}); good.size.apply(() => { throw new Error("my mistake"); });
      pulumi.log.warn("mind this", good); pulumi.log.info("by the way"); console.log("just printed");
    `);
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    expect(messages(result, "error").join("\n")).toContain("my mistake");
    expect(result.changes.delete).toBeUndefined();
    expect(await world.resourceNames()).toEqual(["good", "half"]);
    expect(result.diagnostics).toContainEqual({
      severity: "warning",
      message: "mind this",
      urn: world.urn("good"),
    });
    expect(messages(result, "info")).toEqual(
      expect.arrayContaining(["by the way", "just printed"]),
    );
    expect(result.text).toContain("mind this");
  });

  it("a failed read keeps the state, fails the refresh, and does not prevent other reads", async () => {
    world.changeObject("half-2", { added: 1 });
    world.faults({ "read good": "unreachable" });
    const result = await world.stack.refresh();
    expect(result.ok).toBe(false);
    expect(messages(result, "error")).toContain("unreachable");
    expect((await world.resource("good")).id).toBe("good-1");
    expect(await world.resource("half")).toMatchObject({ inputs: { added: 1 } });
  });

  it("a failed delete keeps the resource and its dependencies", async () => {
    world.faults({ "delete half": "in use" });
    const result = await world.stack.destroy({ parallel: 1 });
    expect(result.ok).toBe(false);
    expect(messages(result, "error")).toContain("in use");
    expect(await world.resourceNames()).toContain("half");
  });
});
