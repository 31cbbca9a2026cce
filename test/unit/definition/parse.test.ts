/** Valid definition files, and syntax errors. */
import * as fc from "fast-check";
import { type DefinitionDiagnostic } from "../../../provider/definition/file-diagnostic";
import { nodeAt, valueOf } from "../../../provider/definition/read/node";
import { parse } from "../../../provider/definition/read/parse";
import { lineOf, type Place, positionOf } from "../../../provider/definition/read/source";

const read = (text: string, path = "a.yaml"): unknown => {
  const { node, diagnostics } = parse({ path, text });
  expect(diagnostics).toEqual([]);
  return node && valueOf(node);
};
const errorsIn = (text: string, path = "a.yaml"): string[] =>
  parse({ path, text }).diagnostics.map(summary);
const at = (place: Place | undefined): string => {
  const { line, column } = place ? positionOf(place) : { line: 0, column: 0 };
  return `${line}:${column}`;
};
const summary = ({ rule, place }: DefinitionDiagnostic): string => `${at(place)} ${rule}`;

describe("the content of a file", () => {
  test.each<[string, string, unknown]>([
    [
      "maps and lists",
      "a:\n  b: [1, 2.5, true, null, text]\n",
      { a: { b: [1, 2.5, true, null, "text"] } },
    ],
    [
      "texts that look like something else, in quotes",
      "a: '1'\nb: \"true\"\n",
      { a: "1", b: "true" },
    ],
    [
      "numbers, large ones too",
      "a: [1e15, -9007199254740991, 0.1, +5]\n",
      { a: [1e15, -9007199254740991, 0.1, 5] },
    ],
    [
      "yes, no, on and dates are texts",
      "a: yes\nb: off\nc: 2025-01-15\n",
      { a: "yes", b: "off", c: "2025-01-15" },
    ],
    [
      "a template of several lines",
      "a: |\n  {{ x }}\n    y\nb: >-\n  one\n  two\n",
      { a: "{{ x }}\n  y\n", b: "one two" },
    ],
    ["a key without a value is null", "a:\nb: 1\n", { a: null, b: 1 }],
    [
      "anchors, aliases and merged maps",
      "base: &base {x: 1, y: 2}\na: {<<: *base, y: 3}\nb: *base\n",
      { base: { x: 1, y: 2 }, a: { x: 1, y: 3 }, b: { x: 1, y: 2 } },
    ],
    [
      "of several merged maps, the first one's keys",
      "a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc:\n  <<: [*a, *b]\n",
      { a: { x: 1 }, b: { x: 2, z: 3 }, c: { x: 1, z: 3 } },
    ],
    [
      "a key named like an inherited property",
      "__proto__: {polluted: true}\nconstructor: 1\n",
      JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
    ],
    ["Windows line ends", "a: 1\r\nb:\r\n  - x\r\n", { a: 1, b: ["x"] }],
    [
      "the vendor's variables, in quotes",
      'url: "https://{{host}}/{{ path }}"\n',
      { url: "https://{{host}}/{{ path }}" },
    ],
    ["a comment at the end of a line", "a: 1 # one\n# two\n", { a: 1 }],
  ])("%s", (_, text, value) => {
    expect(read(text)).toEqual(value);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
  test("JSON", () =>
    expect(read('{"a": [1, {"b": null}], "$schema": "x"}', "a.json")).toEqual({
      a: [1, { b: null }],
      $schema: "x",
    }));
  test.each(["", "\n", "# only a comment\n", "---\n"])("is empty: %j", (text) =>
    expect(parse({ path: "a.yaml", text })).toEqual({ diagnostics: [], size: 0 }),
  );
});

test("a map of many keys is read in a time that its size bounds, and each key is one", () => {
  const text = Array.from({ length: 150_000 }, (_, index) => `k${index}: 1\n`).join("");
  expect(Object.keys(read(text) as object)).toHaveLength(150_000);
  expect(errorsIn(`${text}k7: 2\n`)).toEqual(["150001:1 syntax/duplicate-key"]);
});

describe("a syntax error", () => {
  test.each<[string, string, readonly string[]]>([
    ["a tab that indents", "a:\n\tb: 1\n", ["2:1 syntax/tab"]],
    ["a key written twice", "a: 1\nb: 2\na: 3\n", ["3:1 syntax/duplicate-key"]],
    [
      "keys written twice, all of them",
      "a: 1\na: 2\nb:\n  c: 1\n  c: 2\n",
      ["2:1 syntax/duplicate-key", "5:3 syntax/duplicate-key"],
    ],
    ["a second document", "a: 1\n---\nb: 2\n", ["2:1 syntax/several-documents"]],
    ["an alias without an anchor", "a: *nothing\n", ["1:4 syntax/alias"]],
    ["an alias within what it repeats", "a: &a\n  b: *a\n", ["2:6 syntax/alias"]],
    ["a tag", "a: !secret x\n", ["1:4 syntax/tag"]],
    ["a number that JavaScript cannot keep", "a: 12345678901234567890\n", ["1:4 syntax/number"]],
    ["a whole number with a fraction of zero", "a: 9007199254740993.0\n", ["1:4 syntax/number"]],
    ["a fraction of too many digits", "a: 0.12345678901234567890\n", ["1:4 syntax/number"]],
    ["a whole number beyond 2^53, in any form", "a: 1e300\n", ["1:4 syntax/number"]],
    ["a number without an end", "a: .inf\n", ["1:4 syntax/number"]],
    ["something else than a map to merge", "a: {<<: 1}\n", ["1:5 syntax/merge"]],
    ["a value with a comma in brackets", "a: {b: x,y}\n", ["1:10 syntax/value"]],
    ["a key that is a list", "? [a]\n: 1\n", ["1:3 syntax/key"]],
  ])("%s", (_, text, expected) => expect(errorsIn(text)).toEqual(expected));
  test.each<[string, string, string]>([
    ["a double quote", 'a:\n  b: "x\n  c: 1\n  d: 2\n', "2:6 this quote is not closed"],
    ["a single quote", "a: 'x\n", "1:4 this quote is not closed"],
    ["a quote alone", "a: '", "1:4 this quote is not closed"],
    ["a quote in brackets", 'a: {b: "x\n  c: 1\n', "1:8 this quote is not closed"],
    ["a bracket", "a: {b: 1,\n  c: 2\nd: 3\n", "1:4 this bracket is not closed"],
    ["a bracket in brackets", "a: {b: [1, 2}\n", "1:8 this bracket is not closed"],
    ["a bracket above a map", "a:\n  b: {c: 1\n  d: 2\n", "2:6 this bracket is not closed"],
  ])("that something is not closed is reported once, where it opens: %s", (_, text, expected) =>
    expect(
      parse({ path: "a.yaml", text }).diagnostics.map(
        ({ message, place }) => `${at(place)} ${message}`,
      ),
    ).toEqual([expected]),
  );
  test.each<[string, string, string, RegExp]>([
    ["CR line ends", "a:\r  b: 1\r  c: 2\r", "1:3 syntax/line-end", /LF line ends/],
    ["a CR among other line ends", "a: 1\r\r\nb: 2\n", "1:5 syntax/line-end", /LF line ends/],
    ["tabs", "a:\n\tb:\n\t\tc: 1\n\td: 2\n", "2:1 syntax/tab", /Indent with spaces/],
    ["a line too far left", "a:\n    b: 1\n  c: 2\n", "3:1 syntax/indent", /Align it/],
    [
      "no-break spaces",
      "a:\n  b:\n\u00a0\u00a0  c: 1\n    d: 2\n",
      "3:8 syntax/indent",
      /with spaces/,
    ],
    ["a value of braces", "a: {{ x }}\n", "1:5 syntax/quote", /in quotes/],
    ["a quote in quotes", "a: 'it's'\n", "1:8 syntax/yaml", /Write '' for a quote/],
    ["a path in quotes", 'a: "c:\\data"\n', "1:7 syntax/yaml", /single quotes/],
    ["two anchors", "a: &b &c d\n", "1:7 syntax/yaml", /Remove the others/],
    ["a text that is not indented", "a:\n  b: |\n  Hello\n  c: 1\n", "3:3 syntax/indent", /Indent/],
    ["a long line with a colon", `a: ${"x".repeat(2_000)}: y\n`, "1:4 syntax/nested", /quote/],
  ])("one mistake is one error, with the fix: %s", (_, text, expected, fix) => {
    const { diagnostics } = parse({ path: "a.yaml", text });
    expect(diagnostics.map(summary)).toEqual([expected]);
    expect(`${diagnostics[0]?.message}. ${diagnostics[0]?.hint}`).toMatch(fix);
  });
  test("mistakes in several lines are all reported", () =>
    expect(errorsIn("a: b: c\nd: 1\ne: f: g\n")).toEqual([
      "1:4 syntax/nested",
      "3:4 syntax/nested",
    ]));
  test.each<[string, string, string]>([
    ["an extra comma", '{"a": 1,}', "1:9 syntax/json"],
    ["single quotes", "{'a': 1}", "1:2 syntax/json"],
    ["an early end", '{"a": [1', "1:9 syntax/json"],
    ["a comment", '// x\n{"a": 1}', "1:1 syntax/json"],
  ])("JSON with %s", (_, text, expected) => expect(errorsIn(text, "a.json")).toEqual([expected]));
  test("in nested aliases is found before they are expanded", () => {
    const lines = Array.from(
      { length: 9 },
      (_, index) =>
        `${"abcdefghi"[index]!}: &${"abcdefghi"[index]!} [${Array(9)
          .fill(index === 0 ? "lol" : `*${"abcdefghi"[index - 1]!}`)
          .join(", ")}]`,
    );
    expect(
      parse({ path: "a.yaml", text: lines.join("\n") }).diagnostics.map(({ rule }) => rule),
    ).toContain("syntax/too-large");
  });
  test.each([
    ["lists", "[".repeat(100_000)],
    ["maps", "{a: ".repeat(100_000)],
    ["items", "- ".repeat(100_000)],
    ["keys", "? ".repeat(100_000)],
    ["lines", Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("in endless %s", (_, text) =>
    expect(parse({ path: "a.yaml", text }).diagnostics.map(({ rule }) => rule)).toEqual([
      "syntax/too-deep",
    ]),
  );
  test("limits the number of reported errors to the first ones", () =>
    expect(
      parse({ path: "a.yaml", text: Array.from({ length: 100 }, () => "a: 1").join("\n") })
        .diagnostics,
    ).toHaveLength(20));
  test("does not count brackets in a text as nesting", () =>
    expect(
      parse({ path: "a.yaml", text: `a: "${"[".repeat(400)}"\nb: "${"[]".repeat(1_000)}"\n` })
        .diagnostics,
    ).toEqual([]));
  test("never quotes the file, because the place can hold a secret", () => {
    for (const text of [
      "a: s3cr3t: s3cr3t\n",
      "a: 's3cr3t\n",
      "s3cr3t\n  b: 1\n",
      "a: !s3cr3t 1\n",
      "a: *s3cr3t\n",
      "a: @s3cr3t\n",
    ]) {
      const { diagnostics } = parse({ path: "a.yaml", text });
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(
        diagnostics.map(({ message, hint }) => `${message} ${hint ?? ""}`).join(),
      ).not.toContain("s3cr3t");
    }
  });
});

describe("places", () => {
  const text =
    "connectors:\r\n  scoring:\r\n    url: https://x.example/\r\n    headers: {Accept: json}\r\n";
  const at = (...path: string[]): string => {
    const node = nodeAt(parse({ path: "a.yaml", text }).node!, path)!;
    const [value, key] = [node.place, node.key!].map(positionOf);
    return `${key!.line}:${key!.column} ${value!.line}:${value!.column}`;
  };
  test("of keys and values", () => {
    expect(at("connectors", "scoring", "url")).toBe("3:5 3:10");
    expect(at("connectors", "scoring", "headers", "Accept")).toBe("4:15 4:23");
  });
  test("the line alone", () =>
    expect(
      lineOf(
        nodeAt(parse({ path: "a.yaml", text }).node!, ["connectors", "scoring", "url"])!.place,
      ),
    ).toBe("    url: https://x.example/"));
});

describe("every file is parsed into a tree or rejected with diagnostics", () => {
  const valid =
    'x-base: &base\n  headers: {Accept: "x", B: [1, 2.5, true, null]}\nconnectors:\n  a:\n    type: DatabarConnector\n    properties:\n      <<: *base\n      bodyTemplate: |\n        {{ a }}\n      url: ${config.url}\n';
  const ends = (text: string, path: string): void => {
    const { node, diagnostics } = parse({ path, text });
    for (const { place, message } of diagnostics) {
      expect(place!.start).toBeLessThanOrEqual(text.length);
      expect(message).not.toBe("");
    }
    if (node) {
      expect(JSON.stringify(valueOf(node))).toBeDefined();
    }
  };
  test.each(["a.yaml", "a.json"])("generated, %s", (path) =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom(...Array.from("{}[]:,-?&*!|>%@`\"'#\n \ta1<")) }),
        ),
        (text) => ends(text, path),
      ),
      { numRuns: 200 },
    ),
  );
  test("mutated: parts removed, duplicated and moved", () => {
    const at = fc.integer({ min: 0, max: valid.length });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(at, at, at, fc.constantFrom("move", "drop", "double")), { maxLength: 5 }),
        (edits) => {
          const text = edits.reduce((now, [one, other, to, kind]) => {
            const piece = now.slice(Math.min(one, other), Math.max(one, other));
            const rest = kind === "double" ? now : now.replace(piece, "");
            return kind === "drop" ? rest : rest.slice(0, to) + piece + rest.slice(to);
          }, valid);
          ends(text, "a.yaml");
        },
      ),
      { numRuns: 200 },
    );
  });
});
