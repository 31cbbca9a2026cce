import { messages, World } from "./fixture/world";

describe("config", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open("config", {
      plain: "from-config",
      "acme:key": { secret: "first-key" },
    });
    world.program(
      `new Thing("a", { value: config.get("plain"), run: process.env.RUN }); exports.plain = config.get("plain");`,
    );
    expect((await world.stack.up({ env: { RUN: "first" } })).ok).toBe(true);
    world.takeCalls();
    await world.stack.setConfig({ "acme:key": { secret: "second-key" } });
  });
  afterAll(() => world.close());

  const keys = (): string[] => [...new Set(world.takeCalls().map(({ key }) => key!))];

  it("reaches the program, as does the environment", async () => {
    expect((await world.resource("a")).inputs).toMatchObject({
      value: "from-config",
      run: "first",
    });
  });

  it("of a refresh is the state's copy", async () => {
    await world.stack.refresh();
    expect(keys()).toEqual(["first-key"]);
  });

  it("of a refresh with --run-program is the current one", async () => {
    const result = await world.stack.refresh({ runProgram: true, env: { RUN: "first" } });
    expect(messages(result, "error")).toEqual([]);
    expect(keys()).toEqual(["second-key"]);
  });

  it("can be removed", async () => {
    await world.stack.removeConfig(["plain"]);
    const result = await world.stack.up({ refresh: true, env: { RUN: "first" } });
    expect(result.ok).toBe(true);
    expect(result.outputs).toEqual({});
    expect((await world.resource("a")).inputs).not.toHaveProperty("value");
    world.takeCalls();
  });

  it("of a destroy with --run-program is the current one", async () => {
    await world.stack.setConfig({ "acme:key": { secret: "third-key" } });
    const result = await world.stack.destroy({ runProgram: true, env: { RUN: "first" } });
    expect(messages(result, "error")).toEqual([]);
    expect(keys()).toEqual(["third-key"]);
    expect((await world.stack.exportState()).resources).toEqual([]);
  });
});
