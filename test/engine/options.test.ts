import { messages, opsOf, stepOf, World } from "./fixture/world";
import { type RunResult } from "../../harness/engine/types";

describe("resource options", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open("options", { "acme:key": "stack-key" });
  });
  afterAll(() => world.close());

  describe("at creation", () => {
    let result: RunResult;
    beforeAll(async () => {
      world.changeObject("given", { name: "given", size: 5 });
      world.program(`
        const emea = new Account("emea", { "acme:key": pulumi.secret("hush-emea") });
        const group = new Group("group");
        new Thing("child", {}, { parent: group });
        new Thing("abroad", {}, { provider: emea });
        new Thing("sealed", {}, { protect: true });
        new Thing("kept", {}, { retainOnDelete: true });
        const owner = new Thing("owner", {});
        new Thing("owned", {}, { deletedWith: owner });
        new Thing("secretive", {}, { additionalSecretOutputs: ["size"] });
        const given = Thing.get("given", "given");
        exports.given = given.size;
      `);
      result = await world.stack.up();
    });

    it("an explicit provider is configured from its own inputs, in its own process", async () => {
      expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const keys = world
        .takeCalls()
        .filter(({ verb }) => verb === "create")
        .map(({ name, key }) => [name, key]);
      expect(keys).toEqual(
        expect.arrayContaining([
          ["abroad", "hush-emea"],
          ["child", "stack-key"],
        ]),
      );
      expect(await world.stack.rawState()).not.toContain("hush-emea");
      expect(opsOf(result, "emea")).toEqual(["create"]);
    });

    it("a component is a resource, and its children have its type in their URN", async () => {
      expect(await world.resource("child")).toMatchObject({
        urn: world.urn("child", "test:index:Group$pulumi-nodejs:dynamic/test:Thing"),
        parent: world.urn("group", "test:index:Group"),
      });
    });

    it("get reads by id, does not manage, and returns the outputs", async () => {
      expect(opsOf(result, "given")).toEqual(["read"]);
      expect(result.outputs.given).toEqual({ value: 5, secret: false });
      expect(await world.resource("given")).toMatchObject({ external: true, id: "given" });
    });

    it("additionalSecretOutputs are secret", async () => {
      expect((await world.resource("secretive")).outputs.size).toEqual({ secret: 9 });
    });

    it("counts created resources, including the stack, but not read ones", () => {
      expect(result.changes).toEqual({ create: 10 });
    });
  });

  it("a target limits an update to itself; other resources do not change, and new ones are not created", async () => {
    world.program(`
      const emea = new Account("emea", { "acme:key": pulumi.secret("hush-emea") });
      const group = new Group("group");
      new Thing("child", { value: 1 }, { parent: group });
      new Thing("abroad", { value: 1 }, { provider: emea });
      new Thing("sealed", { value: 1 }, { protect: true });
      new Thing("kept", { value: 1 }, { retainOnDelete: true });
      const owner = new Thing("owner", { value: 1 });
      new Thing("owned", { value: 1 }, { deletedWith: owner });
      new Thing("secretive", { value: 1 }, { additionalSecretOutputs: ["size"] });
      Thing.get("given", "given");
      new Thing("late", {});
    `);
    const result = await world.stack.up({ target: [world.urn("owner")] });
    expect(messages(result, "error")).toEqual([]);
    expect(result.changes.update).toBe(1);
    expect(opsOf(result, "owner")).toEqual(["update"]);
    expect(opsOf(result, "sealed")).toEqual(["same"]);
    expect(await world.resourceNames()).not.toContain("late");
    expect((await world.resource("sealed")).inputs).not.toHaveProperty("value");
  });

  it("a protected resource is neither replaced nor deleted", async () => {
    world.program(`new Thing("sealed", { team: "2" }, { protect: true });`);
    const replaced = await world.stack.preview();
    expect(replaced.ok).toBe(false);
    expect(messages(replaced, "error")[0]).toContain(
      `unable to replace resource "${world.urn("sealed")}"\nas it is currently marked for protection.`,
    );
    const destroyed = await world.stack.destroy();
    expect(destroyed.ok).toBe(false);
    expect(messages(destroyed, "error")[0]).toContain(
      `resource "${world.urn("sealed")}" cannot be deleted\nbecause it is protected.`,
    );
    expect(await world.resourceNames()).toContain("sealed");
  });

  it("unprotecting does not change the resource; retained, deletedWith and read resources are not deleted", async () => {
    world.program(`new Thing("sealed", {});`);
    world.takeCalls();
    const result = await world.stack.up();
    expect(messages(result, "error")).toEqual([]);
    expect(opsOf(result, "sealed")).toEqual(["same"]);
    expect(await world.resource("sealed")).toMatchObject({ protect: false });
    const deleted = world
      .takeCalls()
      .filter(({ verb }) => verb === "delete")
      .map(({ name }) => name);
    expect(deleted).not.toContain("kept");
    expect(deleted).not.toContain("owned");
    expect(deleted).not.toContain("given");
    expect(await world.resourceNames()).toEqual(["sealed"]);
    expect(stepOf(result, "sealed").failed).toBe(false);
  });
});
