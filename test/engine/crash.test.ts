import { messages, opsOf, World } from "./fixture/world";

describe("a deployment that is killed during a create", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open("crash");
    world.program(`const a = new Thing("a", {}); new Thing("b", { from: a.size });`);
    world.faults({ "create b": "hang" });
    const killer = new AbortController();
    const running = world.stack.up({ signal: killer.signal });
    await world.hanging();
    killer.abort();
    expect((await running).ok).toBe(false);
    world.faults({});
  });
  afterAll(() => world.close());

  it("leaves completed resources, and the create as pending", async () => {
    const state = await world.stack.exportState();
    expect(await world.resourceNames()).toEqual(["a"]);
    expect(state.pendingOperations).toEqual([{ urn: world.urn("b"), type: "creating" }]);
  });

  it("leaves a lock that blocks the next update until it is canceled", async () => {
    const result = await world.stack.up();
    expect(result.ok).toBe(false);
    expect(result.text).toContain("the stack is currently locked by 1 lock(s)");
    await world.stack.cancel();
  });

  it("causes a warning in the next update, which calls create again", async () => {
    world.takeCalls();
    const result = await world.stack.up();
    expect(result.ok).toBe(true);
    expect(opsOf(result, "b")).toEqual(["create"]);
    expect(messages(result, "warning").join()).toContain(
      `* ${world.urn("b")}, interrupted while creating`,
    );
    expect((await world.stack.exportState()).pendingOperations).toHaveLength(1);
  });

  it("stays pending until a refresh clears pending creates", async () => {
    expect((await world.stack.refresh({ clearPendingCreates: true })).ok).toBe(true);
    expect((await world.stack.exportState()).pendingOperations).toEqual([]);
  });
});
