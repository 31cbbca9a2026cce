/** Parts of one function each. */
import { differingPaths } from "../../../provider/model/differences";
import { isObject } from "../../../provider/json";
import { compact, without } from "../../../provider/model/state";
import { suggest } from "../../../provider/diagnostics";
import { KeyedQueue } from "../../../provider/lifecycle/keyed-queue";
import { holdsUnknown, Unknown } from "../../../provider/model/unknown";

describe("differingPaths", () => {
  test("names each differing leaf by its path", () => {
    expect(
      differingPaths(
        { a: 1, b: { c: 2, "odd key": 3 }, l: [1, { x: 1 }] },
        { a: 1, b: { c: 3, "odd key": 4 }, l: [1, { x: 2 }] },
      ),
    ).toEqual(["b.c", 'b["odd key"]', "l[1].x"]);
  });
  test("what is on one side only differs, on either side", () =>
    expect(differingPaths({ a: 1, l: [1] }, { b: 1, l: [1, 2] })).toEqual(["a", "l[1]", "b"]));
  test("equal values have none", () =>
    expect(differingPaths({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]));
  test("another kind differs as a whole", () =>
    expect(differingPaths({ a: [1] }, { a: { 0: 1 } })).toEqual(["a"]));
});

describe("suggest", () => {
  const names = ["name", "method", "bodyTemplate", "rateLimit"];
  test.each([
    ["methd", "method"],
    ["body_template", "bodyTemplate"],
    ["BODYTEMPLATE", "bodyTemplate"],
    ["rate-limit", "rateLimit"],
    ["nam", "name"],
    ["nme", "name"],
  ])("%s was probably %s", (word, meant) => expect(suggest(word, names)).toBe(meant));
  test.each(["zzz", "x", "headers", "template"])("%s was none of them", (word) =>
    expect(suggest(word, names)).toBeUndefined(),
  );
  test("takes the closest", () => expect(suggest("meta", ["data", "metal"])).toBe("metal"));
});

describe("holdsUnknown", () => {
  const unknown = new Unknown("mark");
  test.each(
    [unknown, [unknown], { a: unknown }, { a: [1, { b: unknown }] }].map((value) => [value]),
  )("%j does", (value) => expect(holdsUnknown(value)).toBe(true));
  test.each([undefined, null, "mark", {}, [], { a: [1, { b: null }] }].map((value) => [value]))(
    "%j does not",
    (value) => expect(holdsUnknown(value)).toBe(false),
  );
});

describe("isObject", () => {
  test.each([{}, { a: 1 }, Object.create(null) as object].map((value) => [value]))(
    "%j is a plain object",
    (value) => expect(isObject(value)).toBe(true),
  );
  test.each(
    [null, undefined, [], "a", 1, new Date(), new Unknown("mark"), Buffer.from("")].map((value) => [
      value,
    ]),
  )("%p is none", (value) => expect(isObject(value)).toBe(false));
});

describe("state helpers", () => {
  test("compact drops undefined values and keeps null", () =>
    expect(Object.keys(compact({ a: undefined, b: null, c: 0 }))).toEqual(["b", "c"]));
  test("without drops the keys named", () =>
    expect(without({ a: 1, b: 2, c: 3 }, "a", "c")).toEqual({ b: 2 }));
});

describe("KeyedQueue", () => {
  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("work under one key runs one after the other, in the order of asking", async () => {
    const queue = new KeyedQueue();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await pause();
      events.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(["a", "b", "c"].map((name) => queue.run("key", work(name))))).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });
  test("different keys do not wait for each other", async () => {
    const queue = new KeyedQueue();
    let release = (): void => undefined;
    const blocked = queue.run("one", () => new Promise<void>((resolve) => (release = resolve)));
    await expect(queue.run("other", () => Promise.resolve("done"))).resolves.toBe("done");
    release();
    await blocked;
  });
  test("a failure is its own, and the next one's turn comes", async () => {
    const queue = new KeyedQueue();
    const failing = queue.run("key", () => Promise.reject(new Error("first")));
    const next = queue.run("key", () => Promise.resolve("second"));
    await expect(failing).rejects.toThrow("first");
    await expect(next).resolves.toBe("second");
  });
});
