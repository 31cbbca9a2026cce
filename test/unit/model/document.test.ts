import {
  digest,
  leaves,
  pack,
  projectDocument,
  readLeaves,
  unpack,
} from "../../../provider/model/document";
import { type Json } from "../../../provider/json";

const same = (leaf: string): string => leaf;
const project = (wanted: Json, actual: unknown): Json | undefined =>
  projectDocument(wanted, actual, same, same);

describe("projectDocument", () => {
  const wanted = {
    url: "https://example.com",
    retries: 3,
    headers: [{ name: "A", value: "1" }],
    nested: { on: true, none: null },
  };

  test("a document that only differs in form keeps the program's form", () => {
    const actual = {
      nested: { on: true },
      headers: [{ value: "1", name: "A" }],
      retries: "3.0",
      url: " https://example.com",
      filled: "in",
    };
    expect(project(wanted, actual)).toEqual(wanted);
  });
  test("a changed leaf takes the remote value", () =>
    expect(project(wanted, { ...wanted, retries: 4 })).toEqual({ ...wanted, retries: 4 }));
  test("a changed leaf deep inside takes the remote value, its neighbours stay", () => {
    expect(project(wanted, { ...wanted, nested: { on: false, other: 1 } })).toEqual({
      ...wanted,
      nested: { on: false, none: null },
    });
  });
  test("a removed leaf goes missing", () =>
    expect(project({ a: 1, b: { c: 2 } }, { b: {} })).toEqual({ b: {} }));
  test("keys that the program did not write stay out", () =>
    expect(project({ a: 1 }, { a: 1, b: 2 })).toEqual({ a: 1 }));
  test("a null that was filled is drift", () =>
    expect(project({ a: null }, { a: 5 })).toEqual({ a: 5 }));
  test("an empty text that was filled is drift", () =>
    expect(project({ a: { b: "" } }, { a: { b: "x" } })).toEqual({ a: { b: "x" } }));

  describe("empty objects and lists", () => {
    test.each([
      [{}, []],
      [[], {}],
      [{}, null],
      [[], undefined],
      [{}, ""],
      [{ a: {} }, []],
      [{ a: null }, {}],
    ])("%j comes back as %j and stays", (mine, theirs) => {
      expect(project({ x: mine }, { x: theirs })).toEqual({ x: mine });
    });
    test("an object that the program left empty may be filled", () =>
      expect(project({ x: {} }, { x: { a: 1 } })).toEqual({ x: {} }));
    test("a list that the program left empty may not", () =>
      expect(project({ x: [] }, { x: [1] })).toEqual({ x: [1] }));
    test("an object that was emptied lost its leaves", () =>
      expect(project({ x: { a: 1 } }, { x: [] })).toEqual({ x: {} }));
    test("an object that was removed goes missing", () =>
      expect(project({ x: { a: 1 } }, { x: null })).toEqual({}));
    test("an object that became a text is that text", () =>
      expect(project({ x: { a: 1 } }, { x: "t" })).toEqual({ x: "t" }));
    test("a list that became an object is that object", () =>
      expect(project({ x: [1] }, { x: { a: 1 } })).toEqual({ x: { a: 1 } }));
  });

  describe("lists", () => {
    test("keep their order", () => expect(project([1, 2], [2, 1])).toEqual([2, 1]));
    test("are compared item by item", () =>
      expect(project([{ a: 1 }, { b: 2 }], [{ a: "1", x: 9 }, { b: 3 }])).toEqual([
        { a: 1 },
        { b: 3 },
      ]));
    test("a longer one shows the items added as they are", () =>
      expect(project([{ a: 1 }], [{ a: 1 }, { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]));
    test("a shorter one is short", () => expect(project([1, 2], [1])).toEqual([1]));
    test("an item that is no longer there leaves null in its place", () =>
      expect(project([{ a: 1 }, 2], [null, 2])).toEqual([null, 2]));
  });

  describe("leaves in the vendor's form", () => {
    const read = (leaf: string): string => leaf.replace("SEC", "${secrets.a}");
    const write = (leaf: string): string => leaf.replace("${secrets.a}", "SEC");
    test("are compared as they are stored", () =>
      expect(projectDocument({ a: "x ${secrets.a}" }, { a: "x SEC" }, read, write)).toEqual({
        a: "x ${secrets.a}",
      }));
    test("are shown in the program's form when they changed", () => {
      expect(
        projectDocument(
          { a: "x ${secrets.a}", b: [1] },
          { a: "y SEC", b: [1, "SEC"] },
          read,
          write,
        ),
      ).toEqual({ a: "y ${secrets.a}", b: [1, "${secrets.a}"] });
    });
    test("are shown in the program's form when the whole part was replaced", () => {
      expect(
        projectDocument({ a: { b: 1 }, c: 1 }, { a: ["SEC"], c: { d: "SEC" } }, read, write),
      ).toEqual({ a: ["${secrets.a}"], c: { d: "${secrets.a}" } });
    });
  });

  test("a key named like an inherited property is none of the remote's", () =>
    expect(project({ constructor: "x" }, {})).toEqual({}));
});

test("readLeaves changes texts at any depth and nothing else", () => {
  expect(
    readLeaves({ a: "x", b: [1, "y", { c: "z", d: null, e: true }] }, (leaf) => `<${leaf}>`),
  ).toEqual({ a: "<x>", b: [1, "<y>", { c: "<z>", d: null, e: true }] });
});

test("leaves lists every text in a document", () => {
  expect(leaves({ a: "x", b: [1, "y", { c: "z" }], d: null, e: true })).toEqual(["x", "y", "z"]);
});

describe("digest", () => {
  test("does not depend on the order of keys, at any depth", () =>
    expect(digest({ a: 1, b: { c: 2, d: [{ e: 1, f: 2 }] } })).toBe(
      digest({ b: { d: [{ f: 2, e: 1 }], c: 2 }, a: 1 }),
    ));
  test.each<[Json, Json]>([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: "1" }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: {} }, { a: [] }],
    [{ a: null }, {}],
  ])("tells %j from %j", (left, right) => expect(digest(left)).not.toBe(digest(right)));
  test("is part of the state format: 32 hexadecimal digits of SHA-256 over the sorted JSON", () => {
    expect(digest({ b: [1, { d: null, c: "x" }], a: true })).toBe(
      "f124912702a4df295dd1287de9a38d91",
    );
  });
});

describe("pack", () => {
  test("unpack is its inverse", () => {
    const document = { text: "ü €", list: [1, null, { deep: "x".repeat(1000) }] };
    expect(unpack(pack(document))).toEqual(document);
  });
  test("a large document packs small", () => {
    const document = {
      reports: Array.from({ length: 200 }, (_, index) => ({
        id: `report_${index}`,
        title: "Report",
        method: "GET",
      })),
    };
    expect(pack(document).length).toBeLessThan(JSON.stringify(document).length / 5);
  });
});
