/**
 * The in-process engine: what crosses to a provider, and what is left of a run that stops half-way.
 */
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type StackConfig } from "../../../provider/pulumi/provider/stack-settings";
import { type Program, type Resource } from "../../../harness/in-process/program";
import { InProcessStack } from "../../../harness/in-process/stack";
import { secret, UNKNOWN, type Values } from "../../../harness/in-process/wire";

/** What a provider was asked, and a vendor that holds its things in memory. */
class Things {
  readonly calls: string[] = [];
  readonly checked: Values[] = [];
  readonly held = new Map<string, Values>();
  keys: unknown[] = [];
  failing: Partial<Record<keyof DynamicProvider, Error>> = {};

  readonly runtime = (config: StackConfig): DynamicProvider => {
    const called = (verb: keyof DynamicProvider, id = ""): void => {
      this.calls.push(`${verb} ${id}`.trim());
      this.keys.push(config.get("thing:key"));
      const failure = this.failing[verb];
      if (failure) {
        throw failure;
      }
    };
    const verbs: DynamicProvider = {
      check: async (_olds, news) => {
        called("check");
        this.checked.push(news);
        const failures = news["bad"] === true ? [{ property: "", reason: "bad: is true" }] : [];
        return Promise.resolve({ inputs: { ...news } as never, failures });
      },
      diff: async (_id, olds, news) => {
        called("diff");
        const replaces = olds["kind"] === news["kind"] ? [] : ["kind"];
        return Promise.resolve({ replaces, deleteBeforeReplace: false });
      },
      create: async (inputs) => {
        called("create");
        const id = `t${this.held.size + 1}`;
        this.held.set(id, inputs);
        return Promise.resolve({ id, outs: { ...inputs, made: true } as never });
      },
      read: async (id) => {
        called("read", id);
        const found = this.held.get(id);
        return Promise.resolve(
          found
            ? { id, props: { ...found, made: true }, inputs: { ...found } as never }
            : { id: "", props: {} },
        );
      },
      update: async (id, _olds, news) => {
        called("update", id);
        this.held.set(id, news);
        return Promise.resolve({ outs: { ...news, made: true } as never });
      },
      delete: async (id) => {
        called("delete", id);
        this.held.delete(id);
        return Promise.resolve();
      },
    };
    return verbs;
  };

  stack(continueOnError = false): InProcessStack {
    return new InProcessStack({
      runtimes: { thing: this.runtime },
      config: { "thing:key": { secret: "key-canary" } },
      continueOnError,
    });
  }
}

let things: Things;
beforeEach(() => (things = new Things()));

const thing = (args: Values, options?: Resource["options"]): Resource => ({
  vendor: "thing",
  args,
  ...(options && { options }),
});
const partial = (id: string, properties: Values): Error =>
  Object.assign(new Error("half"), { id, properties, reasons: ["half"] });

describe("verbs", () => {
  test("are called in the engine's order", async () => {
    const stack = things.stack();
    await stack.program({ a: thing({ n: 1 }) }).up();
    await stack.program({ a: thing({ n: 2 }) }).up();
    await stack.up();
    await stack.program({ a: thing({ n: 2, kind: "b" }) }).up();
    await stack.refresh();
    await stack.destroy();
    expect(things.calls).toEqual([
      ...["check", "create"],
      ...["check", "diff", "update t1"],
      ...["check", "diff"],
      ...["check", "diff", "check", "create", "delete t1"],
      ...["read t2", "diff"],
      ...["delete t2"],
    ]);
  });
  test("must answer with plain JSON", async () => {
    const runtime = (config: StackConfig): DynamicProvider => ({
      ...things.runtime(config),
      create: () => Promise.resolve({ id: "t1", outs: { at: new Date(0) } as never }),
    });
    const stack = new InProcessStack({ runtimes: { thing: runtime } });
    const { ok, text } = await stack.program({ a: thing({}) }).up();
    expect([ok, text]).toEqual([false, expect.stringContaining("not plain JSON")]);
  });
  test("get the configuration, in refresh and destroy the stored one", async () => {
    const stack = things.stack();
    await stack.program({ a: thing({ n: 1 }) }).up();
    await stack.setConfig({ "thing:key": { secret: "another" } });
    things.keys = [];
    await stack.refresh();
    expect(things.keys).toEqual(["key-canary", "key-canary"]);
    await stack.up();
    expect(things.keys.slice(2)).toEqual(["another", "another"]);
  });
});

describe("a preview", () => {
  const program: Program = async (register) => {
    const first = await register("first", thing({ n: 1 }));
    await register("second", thing({ of: first.id }));
  };

  test("writes nothing, and hands unknown values to check", async () => {
    const stack = things.stack();
    const { ok, changes } = await stack.program(program).preview();
    expect([ok, changes]).toEqual([true, { create: 3 }]);
    expect([things.calls, await stack.rawState()]).toEqual([["check", "check"], ""]);
    expect(things.checked[1]).toMatchObject({ of: UNKNOWN });
    await stack.up();
    expect(stack.resources["second"]?.inputs).toMatchObject({ of: "t1" });
  });
});

describe("secrets", () => {
  test("reach the provider in clear, and are secret again in the state, key by key", async () => {
    const stack = things.stack();
    await stack.program({ a: thing({ map: { key: secret("canary"), open: "x" } }) }).up();
    expect(things.held.get("t1")).toMatchObject({ map: { key: "canary", open: "x" } });
    const { resources } = await stack.exportState();
    expect(resources.at(-1)).toMatchObject({
      inputs: { map: { key: { secret: "canary" }, open: "x" } },
      outputs: { map: { key: { secret: "canary" }, open: "x" }, made: true },
    });
    expect(await stack.rawState()).not.toContain("canary");
  });
});

test("ignoreChanges keeps what is stored", async () => {
  const stack = things.stack();
  await stack.program({ a: thing({ map: { x: 1, y: 1 } }) }).up();
  const options = { ignoreChanges: ["map.x"] };
  await stack.program({ a: thing({ map: { x: 2, y: 2 } }, options) }).up();
  expect(stack.resources["a"]?.inputs).toMatchObject({ map: { x: 1, y: 2 } });
});

describe("a failure", () => {
  test("half-way through a create is recorded, and the next up updates", async () => {
    const stack = things.stack();
    things.failing = { create: partial("t9", { n: 1, key: secret("canary") }) };
    const { ok, failures } = await stack.program({ a: thing({ n: 1 }) }).up();
    expect([ok, failures["a"]?.message]).toEqual([false, "half"]);
    expect(stack.resources["a"]).toMatchObject({ id: "t9", initErrors: ["half"] });
    expect(await stack.rawState()).not.toContain("canary");
    things.failing = {};
    things.calls.splice(0);
    expect((await stack.up()).ok).toBe(true);
    expect(things.calls).toEqual(["check", "diff", "update t9"]);
    expect(stack.resources["a"]).toMatchObject({ initErrors: [] });
  });
  test("half-way through an update keeps the old inputs, so that the next up updates again", async () => {
    const stack = things.stack();
    await stack.program({ a: thing({ n: 1 }) }).up();
    things.failing = { update: partial("t1", { n: 1.5 }) };
    await stack.program({ a: thing({ n: 2 }) }).up();
    expect(stack.resources["a"]).toMatchObject({ inputs: { n: 1 }, outputs: { n: 1.5 } });
    things.failing = {};
    await stack.program({ a: thing({ n: 1 }) }).up();
    expect(things.held.get("t1")).toMatchObject({ n: 1 });
  });
  test("of check reports every fault and ends the deployment", async () => {
    const stack = things.stack();
    const { ok, failures, text } = await stack.program({ a: thing({ bad: true }) }).up();
    expect([ok, failures["a"]?.message]).toEqual([false, "bad: is true"]);
    expect(text).toContain("has a problem: bad: is true");
    expect(stack.resources).toEqual({});
  });
  test("keeps no other resource from being handled with continueOnError", async () => {
    const stack = things.stack(true);
    await stack.program({ a: thing({ n: 1 }), gone: thing({ n: 1 }) }).up();
    const { ok, failures } = await stack
      .program({ bad: thing({ bad: true }), a: thing({ n: 2 }), b: thing({ n: 1 }) })
      .up();
    expect([ok, Object.keys(failures)]).toEqual([false, ["bad"]]);
    expect(Object.keys(stack.resources).sort()).toEqual(["a", "b"]);
    things.failing = { delete: new Error("in use") };
    expect((await stack.destroy()).ok).toBe(false);
    things.failing = {};
    expect((await stack.destroy()).ok).toBe(true);
    expect(things.held.size).toBe(0);
  });
});

test("a refresh stores what it reads, and forgets what is gone", async () => {
  const stack = things.stack();
  await stack.program({ a: thing({ n: 1 }), b: thing({ n: 1 }) }).up();
  things.held.set("t1", { n: 7 });
  things.held.delete("t2");
  const { inputs } = await stack.refresh();
  expect(inputs["a"]).toMatchObject({ before: { n: 1 }, after: { n: 7 } });
  expect(Object.keys(stack.resources)).toEqual(["a"]);
});

test("a run that is killed leaves the state of its last write, with which another stack goes on", async () => {
  const program = { a: thing({ n: 1 }), b: thing({ n: 1 }, { dependsOn: ["a"] }) };
  const states: string[] = [];
  const whole = things.stack();
  let writes = 0;
  await whole.program(program).up({ onStateWrite: () => (writes += 1) });
  for (let at = 1; at <= writes; at++) {
    const killer = new AbortController();
    let seen = 0;
    const killed = things.stack();
    const { ok } = await killed.program(program).up({
      signal: killer.signal,
      onStateWrite: () => ((seen += 1) === at ? killer.abort() : undefined),
    });
    expect(ok).toBe(false);
    states.push(await killed.rawState());
    const next = things.stack();
    next.importState(states.at(-1)!);
    expect((await next.program(program).up()).ok).toBe(true);
    expect(Object.keys(next.resources).sort()).toEqual(["a", "b"]);
  }
  expect(new Set(states).size).toBe(writes);
});
