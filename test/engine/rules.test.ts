/** Rules of the local engine that can be tested without a program. */
import {
  applyIgnoreChanges,
  detailedDiff,
  invertDiff,
  NO_DIFF,
} from "../../harness/engine/core/diff";
import { formatPath, parsePath } from "../../harness/engine/core/paths";
import { markSecretsAgain } from "../../harness/engine/core/secrecy";
import { Targets } from "../../harness/engine/core/targets";
import { type PropertyMap, Secret, UNKNOWN } from "../../harness/engine/core/values";
import { decodeValue, encodeValue } from "../../harness/engine/core/wire";
import { renderOperation } from "../../harness/engine/render";
import { describeEngine, selectEngine } from "../../harness/engine/select";

describe("property paths", () => {
  it.each([
    ["name", ["name"]],
    ["headers.Accept", ["headers", "Accept"]],
    ['headers["Content-Type"]', ["headers", "Content-Type"]],
    ['["a\\"b"][0].c', ['a"b', 0, "c"]],
    ["list[12]", ["list", 12]],
  ])("%s is read and written alike", (text, path) => {
    expect(parsePath(text)).toEqual(path);
    expect(formatPath(path)).toBe(text);
  });

  it("a path can match any element", () =>
    expect(parsePath("list[*].name")).toEqual(["list", "*", "name"]));
  it("text that is not a path is rejected", () =>
    expect(() => parsePath("a[")).toThrow("Not a property path"));
});

describe("the diff of two sets of properties", () => {
  const cases: [string, PropertyMap, PropertyMap, Record<string, string>][] = [
    ["a null and an absent key are the same", { a: null }, {}, {}],
    ["a key that becomes null is deleted", { a: 1 }, { a: null }, { a: "delete" }],
    ["a secret differs from the same plain value", { a: new Secret(1) }, { a: 1 }, { a: "update" }],
    [
      "equal secrets are equal, and differences inside secrets are not reported",
      { a: new Secret({ x: 1 }), b: new Secret({ x: 1 }) },
      { a: new Secret({ x: 1 }), b: new Secret({ x: 2 }) },
      { b: "update" },
    ],
    [
      "lists are compared by position",
      { l: [1, 2, 3] },
      { l: [2, 2] },
      { "l[0]": "update", "l[2]": "delete" },
    ],
    ["a value of another type is an update", { a: { b: 1 } }, { a: [1] }, { a: "update" }],
    ["an unknown is an update", { a: 1 }, { a: UNKNOWN }, { a: "update" }],
  ];
  it.each(cases)("%s", (_rule, olds, news, expected) =>
    expect(detailedDiff(olds, news)).toEqual(expected),
  );

  it("is inverted for a refresh, which shows the new values", () => {
    expect(
      invertDiff({ ...NO_DIFF, changes: true, detailed: { a: "add", b: "delete", c: "update" } })
        .detailed,
    ).toEqual({ a: "delete", b: "add", c: "update" });
  });
});

describe("ignoreChanges", () => {
  const cases: [string, PropertyMap, PropertyMap, string, PropertyMap][] = [
    [
      "restores a changed value",
      { m: { a: 1, b: 1 } },
      { m: { a: 2, b: 2 } },
      "m.a",
      { m: { a: 1, b: 2 } },
    ],
    ["removes an added value", { m: {} }, { m: { a: 2 } }, "m.a", { m: {} }],
    ["restores a deleted value", { m: { a: 1 } }, { m: {} }, "m.a", { m: { a: 1 } }],
    [
      "applies to every element",
      { l: [{ a: 1 }, { a: 2 }] },
      { l: [{ a: 3 }, { a: 4 }] },
      "l[*].a",
      { l: [{ a: 1 }, { a: 2 }] },
    ],
    ["applies to everything in a map", { m: { a: 1 } }, { m: { b: 1 } }, "m[*]", { m: { a: 1 } }],
    [
      "keeps a secret secret",
      { m: new Secret({ a: 1 }) },
      { m: { a: 2 } },
      "m.a",
      { m: { a: new Secret(1) } },
    ],
  ];
  it.each(cases)("%s", (_rule, olds, news, path, inputs) =>
    expect(applyIgnoreChanges(olds, news, [path])).toEqual({ inputs, invalid: [] }),
  );

  it("returns a path that it cannot restore", () =>
    expect(applyIgnoreChanges({ l: [1] }, { l: [1, 2] }, ["l[1]"]).invalid).toEqual(["l[1]"]));
});

describe("secrets", () => {
  it("are restored by key, and lists as a whole", () => {
    const returned: PropertyMap = { map: { a: 1, b: 2 }, list: [1, 2], other: 1 };
    markSecretsAgain(returned, {
      map: { a: new Secret(1), b: 2 },
      list: [1, new Secret(2)],
      other: 1,
      gone: new Secret(1),
    });
    expect(returned).toEqual({
      map: { a: new Secret(1), b: 2 },
      list: new Secret([1, 2]),
      other: 1,
    });
  });

  it("reach a provider as plain values and a program in their envelope", () => {
    const value = { a: new Secret("x"), u: UNKNOWN };
    expect(encodeValue(value, { secrets: false })).toEqual({
      a: "x",
      u: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    });
    expect(decodeValue(encodeValue(value, { secrets: true }))).toEqual(value);
  });
});

it("targets can be patterns", () => {
  const targets = new Targets(["urn:pulumi:s::p::t::a*", "urn:pulumi:s::p::t::exact"]);
  expect(
    ["abc", "exact", "exactly", "b"].map((name) => targets.includes(`urn:pulumi:s::p::t::${name}`)),
  ).toEqual([true, true, false, false]);
});

describe("the text of an operation", () => {
  it("masks secrets, omits internals, and keeps values within 80 columns", () => {
    const state = {
      urn: "urn:pulumi:s::p::t:index:Thing::a",
      type: "t:index:Thing",
      custom: true,
      id: "1",
      outputs: {},
      protect: false,
      external: false,
      delete: false,
      pendingReplacement: false,
      retainOnDelete: false,
      dependencies: [],
      propertyDependencies: {},
      initErrors: [],
      additionalSecretOutputs: [],
      ignoreChanges: [],
      replaceOnChanges: [],
    };
    const old = { ...state, inputs: { __provider: "code", key: new Secret("hush"), text: "x" } };
    const now = {
      ...state,
      inputs: { __provider: "other code", key: new Secret("hush2"), text: "y".repeat(200) },
    };
    const diff = { ...NO_DIFF, changes: true, detailed: detailedDiff(old.inputs, now.inputs) };
    const planned = {
      op: "update" as const,
      urn: state.urn,
      old,
      new: now,
      diff,
      logical: true,
      internal: false,
    };
    const step = { planned, op: "update" as const, old, new: now, failed: false, finished: true };
    const run = {
      title: "Updating",
      stack: "s",
      preview: false,
      steps: [step],
      diagnostics: [],
      outputs: undefined,
      changes: { update: 1 },
      seconds: 1,
    };
    const text = renderOperation(run, { color: false });
    expect(text).toContain(
      '  ~ t:index:Thing a update [id=1]\n    ~ key: [secret] => [secret]\n    ~ text: "x" => "yyy',
    );
    expect(text).toContain("Resources:\n    ~ 1 updated\n");
    expect(text).not.toMatch(/hush|code|__provider/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBe(80);
  });
});

describe("the selection of the engine", () => {
  it("follows the setting", () => {
    expect(selectEngine("local").name).toBe("local");
    expect(describeEngine("local")).toBe("Engine: local engine (as CONNECTORS_ENGINE says)");
  });
  it("rejects unknown values", () =>
    expect(() => selectEngine("cloud")).toThrow('CONNECTORS_ENGINE is "cloud"'));
});
