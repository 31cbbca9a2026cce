/** R11 and R12: deletes, and two deployments in one workspace. */
import { isolate } from "../../harness/jest/isolate";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource, Stack } from "./stack";

const { said } = isolate();
afterEach(closeWorlds);

const program = (prefix: string): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    Array.from({ length: 6 }, (_, index): [string, Resource] => {
      const name = `${prefix} ${index}`;
      return [
        `r${index}`,
        index % 2 === 0
          ? { vendor: "databar", args: { name, method: "get", url: "https://api.example.com/" } }
          : { vendor: "supermetrics", args: { name, configuration: { from: prefix } } },
      ];
    }),
  );

describe("R11 delete", () => {
  test("of a connector that does not exist is a success", async () => {
    const sandbox = await openSandbox();
    const stack = new Stack(sandbox);
    await stack.up(program("A"));
    for (const { id } of sandbox.databar.connectors) {
      sandbox.databar.remove(id);
    }
    for (const { connector_identifier: key } of sandbox.supermetrics.connectors) {
      sandbox.supermetrics.remove(key);
    }
    expect((await stack.destroy()).failures).toEqual({});
    expect(stack.state.size).toBe(0);
  });
  test("of a connector in use is a clear error, and it stays in the state", async () => {
    const sandbox = await openSandbox();
    const stack = new Stack(sandbox);
    await stack.up({ a: program("A")["r0"]! });
    const { id } = sandbox.databar.connectors[0]!;
    sandbox.databar.inUse(id);
    const { failures } = await stack.destroy();
    expect(failures["a"]).toContain(`Connector ${id} is used by 2 tables`);
    expect([stack.state.size, sandbox.databar.connectors.length]).toEqual([1, 1]);
    sandbox.databar.inUse(id, null);
    expect((await stack.destroy()).failures).toEqual({});
    expect(sandbox.databar.connectors).toEqual([]);
  });
  test.each([
    ["an HTML page of a gateway", { status: 200, html: true }],
    ["a 404 of a gateway", { status: 404, html: true }],
    ["a 404 of a gateway as JSON", { status: 404, body: { message: "Not Found" } }],
    ["a 500", { status: 500 }],
    ["a broken connection", { drop: "before" }],
  ] as const)(
    "with %s as the answer is not a success: the connector stays in the state until it is deleted",
    async (_, fault) => {
      const sandbox = await openSandbox();
      const stack = new Stack(sandbox);
      await stack.up(program("A"));
      for (const vendor of [sandbox.databar, sandbox.supermetrics]) {
        vendor.fault({ ...fault, method: "DELETE", times: Infinity });
      }
      expect(Object.keys((await stack.destroy()).failures)).toHaveLength(6);
      expect([
        stack.state.size,
        sandbox.databar.connectors.length,
        sandbox.supermetrics.connectors.length,
      ]).toEqual([6, 3, 3]);
      sandbox.clearFaults();
      expect((await stack.destroy()).failures).toEqual({});
      expect([
        stack.state.size,
        sandbox.databar.connectors.length,
        sandbox.supermetrics.connectors.length,
      ]).toEqual([0, 0, 0]);
    },
  );
});

describe("R12 two deployments against one workspace", () => {
  test("concurrently, with different definitions: neither changes the other's connectors", async () => {
    const sandbox = await openSandbox();
    const stacks = [new Stack(sandbox), new Stack(sandbox)] as const;
    const programs = [program("A"), program("B")] as const;
    const up = await Promise.all(stacks.map((stack, index) => stack.up(programs[index]!)));
    expect(up.map(({ failures }) => failures)).toEqual([{}, {}]);
    const ids = stacks.flatMap((stack) => [...stack.ids("databar"), ...stack.ids("supermetrics")]);
    expect(new Set(ids).size).toBe(12);
    expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
      6, 6,
    ]);
    const [refreshed, destroyed] = await Promise.all([stacks[0].refresh(), stacks[1].destroy()]);
    expect([refreshed.failures, destroyed.failures]).toEqual([{}, {}]);
    expect(Object.values(refreshed.ops)).toEqual(Array(6).fill("same"));
    expect(
      [...sandbox.databar.connectors, ...sandbox.supermetrics.connectors].map(({ name }) =>
        name.slice(0, 1),
      ),
    ).toEqual(Array(6).fill("A"));
    expect(said).toEqual([]);
  });
  test("with different definitions under the same names: the second one fails, and neither changes the other's connectors", async () => {
    const sandbox = await openSandbox();
    const [first, second] = [new Stack(sandbox), new Stack(sandbox)];
    const others = Object.fromEntries(
      Object.entries(program("A")).map(([name, { vendor, args }]) => [
        name,
        {
          vendor,
          args: {
            ...args,
            ...(vendor === "databar" ? { method: "post" } : { configuration: { from: "B" } }),
          },
        },
      ]),
    );
    await first.up(program("A"));
    sandbox.clearLogs();
    const { failures } = await second.up(others);
    expect(Object.values(failures)).toEqual(Array(6).fill(expect.stringContaining("[conflict]")));
    await second.destroy();
    expect(
      [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(
        ({ method }) => method !== "GET",
      ),
    ).toEqual([]);
    expect(Object.values((await first.refresh()).ops)).toEqual(Array(6).fill("same"));
  });
  test("with identical definitions: the second one adopts, with a warning about destroy", async () => {
    const sandbox = await openSandbox();
    const [first, second] = [new Stack(sandbox), new Stack(sandbox)];
    await first.up(program("A"));
    sandbox.clearLogs();
    expect((await second.up(program("A"))).failures).toEqual({});
    expect(
      [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(
        ({ method }) => method !== "GET",
      ),
    ).toEqual([]);
    expect([second.ids("databar"), second.ids("supermetrics")]).toEqual([
      first.ids("databar"),
      first.ids("supermetrics"),
    ]);
    expect(said).toHaveLength(6);
    for (const warning of said) {
      expect(warning).toMatch(
        /Adopting the existing .+ connector "A \d" .+ destroy deletes it\. If another stack manages it too, give one of them another name/,
      );
    }
    await second.destroy();
    // All of them are missing: that is for a person to decide.
    const refusals = Object.values((await first.refresh()).failures).map(String);
    expect(refusals).toHaveLength(6);
    for (const vendor of ["Databar", "Supermetrics"]) {
      expect(refusals.join("\n")).toContain(
        `None of the 3 ${vendor} connectors that were looked up`,
      );
    }
  });
});
