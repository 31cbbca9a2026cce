/**
 * Faults that a JSON Schema finds, and how they read. Bounds of the vendors' own fields:
 * test/unit/vendors.
 */
import { type Diagnostic, formatDiagnostic, joinPath } from "../../../provider/diagnostics";
import { type FieldTable } from "../../../provider/model/field";
import { headerEntries, notBlank, singleLine } from "../../../provider/model/field-rules";
import { Unknown } from "../../../provider/model/unknown";
import { validate } from "../../../provider/model/validate";

const common = { description: "", example: "ex" } as const;
const judged: unknown[] = [];
const table: FieldTable = {
  vendor: "Acme",
  resource: "AcmeConnector",
  docs: "https://docs.example.com/",
  fields: [
    { ...common, name: "name", kind: "text", required: true, minLength: 1, maxLength: 5 },
    {
      ...common,
      name: "code",
      kind: "text",
      minLength: 3,
      pattern: ["^[a-z]+$", "must be small letters"],
    },
    { ...common, name: "count", kind: "integer", minimum: 1 },
    { ...common, name: "method", kind: "choice", values: ["get", "post", "patch"] },
    { ...common, name: "headers", kind: "entries", rules: [(value) => (judged.push(value), [])] },
    {
      ...common,
      name: "document",
      kind: "document",
      rules: [
        (value, path) => (
          judged.push(value),
          [{ severity: "warning", rule: "x/y", path, message: "judged" }]
        ),
      ],
    },
    { ...common, name: "secrets", kind: "secrets", minLength: 1, maxLength: 4 },
    { ...common, name: "file", kind: "file" },
  ],
  computed: [],
  leftOut: [],
};
const unknown = new Unknown("mark");
const faults = (inputs: Record<string, unknown>): Diagnostic[] =>
  validate(table, { name: "A", ...inputs });
const lines = (inputs: Record<string, unknown>): string[] => faults(inputs).map(formatDiagnostic);

beforeEach(() => judged.splice(0));

test("nothing is wrong with what is right", () => {
  const inputs = {
    name: "Ab",
    code: "abc",
    count: 1,
    method: "get",
    headers: { a: "1", b: ["2", "3"] },
    secrets: { k: "v" },
    file: { path: "./a.png", sha256: "0" },
  };
  expect(lines(inputs)).toEqual([]);
});

describe("a required field", () => {
  test("says that it is missing, with an example", () =>
    expect(validate(table, {}).map(formatDiagnostic)).toEqual([
      'name: is required. Example: name: "ex".',
    ]));
  test("is not null", () =>
    expect(lines({ name: null })).toEqual(["name: must be text, not null."]));
  test("may be unknown", () => expect(lines({ name: unknown })).toEqual([]));
});

test("an optional field may be null", () =>
  expect(
    lines({ code: null, count: null, method: null, headers: null, secrets: null, file: null }),
  ).toEqual([]));

describe("a property that there is not", () => {
  test("names the one that was probably meant", () =>
    expect(lines({ methd: "get" })).toEqual([
      "methd: AcmeConnector has no property of this name. Did you mean method?",
    ]));
  test("lists those that there are when none is close", () => {
    expect(lines({ zzzzzzzz: 1 })).toEqual([
      "zzzzzzzz: AcmeConnector has no property of this name. Known properties: name, code, count, method, headers, document, secrets, file.",
    ]);
  });
  test("is reported even when it is null or unknown", () =>
    expect(faults({ methd: null, cout: unknown }).map(({ path }) => path)).toEqual([
      "methd",
      "cout",
    ]));
  test("has its path in the engine's form", () =>
    expect(faults({ "odd name": 1 })[0]!.path).toBe('["odd name"]'));
});

describe("types", () => {
  test.each<[string, unknown, string]>([
    ["name", 5, "name: must be text, not a number. Write it in quotes."],
    ["name", true, "name: must be text, not true or false. Write it in quotes."],
    ["name", ["a"], "name: must be text, not a list."],
    ["name", { a: 1 }, "name: must be text, not a map."],
    ["count", "5", "count: must be a whole number, not text. Write it without quotes."],
    ["count", " 50 ", "count: must be a whole number, not text. Write it without quotes."],
    ["count", "5 a minute", "count: must be a whole number, not text."],
    ["count", "about 5", "count: must be a whole number, not text."],
    ["count", "five", "count: must be a whole number, not text."],
    ["count", "five", "count: must be a whole number, not text."],
    ["count", 1.5, "count: must be a whole number, not a fraction."],
    ["headers", "a", "headers: must be a map, not text."],
    [
      "headers",
      [{ name: "a", value: "b" }],
      "headers: must be a map, not a list. Write name: value pairs instead of a list.",
    ],
    ["document", "a", "document: must be a map, not text."],
    [
      "secrets",
      ["a"],
      "secrets: must be a map, not a list. Write name: value pairs instead of a list.",
    ],
  ])("%s: %j", (name, value, line) => expect(lines({ [name]: value })).toEqual([line]));
});

describe("an entry", () => {
  test.each<[unknown, string]>([
    [5, "headers.a: must be text or a list of texts, not a number. Write it in quotes."],
    [null, "headers.a: must be text or a list of texts, not null."],
    [{ b: 1 }, "headers.a: must be text or a list of texts, not a map."],
    [["x", 5], "headers.a[1]: must be text, not a number. Write it in quotes."],
  ])("%j is none", (value, line) =>
    expect(lines({ headers: { a: value, b: "fine" } })).toEqual([line]),
  );
  test("has its path in the engine's form", () =>
    expect(faults({ headers: { "odd name": 5, "a/b~c": 5 } }).map(({ path }) => path)).toEqual([
      'headers["odd name"]',
      'headers["a/b~c"]',
    ]));
});

describe("bounds", () => {
  test.each<[Record<string, unknown>, string]>([
    [{ name: "" }, "name: must not be empty."],
    [{ name: "123456" }, "name: must have at most 5 characters; it has 6."],
    [{ code: "ab" }, "code: must have at least 3 characters."],
    [{ code: "ABC" }, "code: must be small letters."],
    [{ count: 0 }, "count: must be at least 1."],
    [{ count: -1 }, "count: must be at least 1."],
    [{ secrets: { a: "" } }, "secrets.a: must not be empty."],
    [{ secrets: { a: "12345" } }, "secrets.a: must have at most 4 characters; it has 5."],
    [{ secrets: { "": "x" } }, 'secrets[""]: the name must not be empty.'],
    [
      { secrets: { ["x".repeat(256)]: "x" } },
      `secrets.${"x".repeat(256)}: the name must have at most 255 characters; it has 256.`,
    ],
  ])("%j", (inputs, line) => expect(lines(inputs)).toEqual([line]));
  test("characters are counted as people count them: one emoji is one", () => {
    expect(lines({ name: "😀".repeat(5) })).toEqual([]);
    expect(lines({ name: "😀".repeat(6) })).toEqual([
      "name: must have at most 5 characters; it has 6.",
    ]);
  });
  test("are met exactly", () =>
    expect(lines({ name: "12345", code: "abc", secrets: { ["x".repeat(255)]: "1234" } })).toEqual(
      [],
    ));
});

describe("a choice", () => {
  test("lists its values, and the one that was probably meant", () =>
    expect(lines({ method: "GET" })).toEqual([
      "method: must be one of get, post, patch. Did you mean get?",
    ]));
  test("lists its values when none is close", () =>
    expect(lines({ method: "delete" })).toEqual(["method: must be one of get, post, patch."]));
});

describe("a file", () => {
  test.each([5, {}, { path: 5 }, []])("%j is none", (file) =>
    expect(lines({ file })).toEqual(["file: must be the path of a file, as text."]),
  );
  test("brings its fault along", () =>
    expect(lines({ file: { path: "./a", fault: "names a file that does not exist" } })).toEqual([
      "file: names a file that does not exist.",
    ]));
  test("may be unknown", () => expect(lines({ file: { path: unknown, fault: "x" } })).toEqual([]));
});

describe("what is not known yet is not judged", () => {
  test.each(["name", "code", "count", "method", "headers", "document", "secrets", "file"])(
    "%s",
    (name) => expect(lines({ [name]: unknown })).toEqual([]),
  );
  test("nor an entry, nor a list that holds one", () =>
    expect(
      lines({ headers: { a: unknown, b: [unknown, 5], c: 5 } }).map((line) => line.split(":")[0]),
    ).toEqual(["headers.c"]));
  test("nor a secret", () =>
    expect(faults({ secrets: { a: unknown, b: "" } }).map(({ path }) => path)).toEqual([
      "secrets.b",
    ]));
  test("a document that holds one is handed to no rule", () => {
    expect(lines({ document: { a: [unknown] } })).toEqual([]);
    expect(judged).toEqual([]);
  });
  test("entries are, because each is a value of its own", () => {
    lines({ headers: { a: unknown, b: "x" } });
    expect(judged).toEqual([{ a: unknown, b: "x" }]);
  });
});

test("a number that JavaScript may have rounded is refused, at its place, without its value", () => {
  const document = {
    fine: [Number.MAX_SAFE_INTEGER, -0.1, 5e-324],
    ids: [1, 2 ** 53],
    "a b": { deep: -1e300 },
    text: "12345678901234567890",
    none: NaN,
  };
  const rounded =
    "must be a number of at most 9007199254740991: JavaScript rounds larger whole numbers";
  expect(lines({ document, count: 2 ** 60 })).toEqual([
    `count: ${rounded}.`,
    ...["document.ids[1]", 'document["a b"].deep', "document.none"].map(
      (path) =>
        `${path}: ${rounded}. Write it as text, with every digit. Example: "12345678901234567890".`,
    ),
    "document: judged.",
  ]);
});

test("rules judge only values of the right type", () => {
  expect(lines({ document: "text" })).toHaveLength(1);
  expect(judged).toEqual([]);
  expect(lines({ document: {} })).toEqual(["document: judged."]);
});

test("all faults of a resource are reported together", () => {
  const paths = faults({
    name: "too long",
    count: 0,
    method: "gett",
    headers: { a: 1 },
    unheard: 1,
  }).map(({ path }) => path);
  expect(paths.sort()).toEqual(["count", "headers.a", "method", "name", "unheard"]);
});

describe("all faults of one field are reported together", () => {
  const rules: FieldTable = {
    ...table,
    fields: [
      {
        ...common,
        name: "name",
        kind: "text",
        minLength: 1,
        maxLength: 5,
        rules: [notBlank, singleLine],
      },
      { ...common, name: "headers", kind: "entries", rules: [headerEntries] },
    ],
  };
  const found = (inputs: Record<string, unknown>): string[] =>
    validate(rules, inputs).map(formatDiagnostic);

  test("of entries: their types, their names and their texts", () => {
    expect(found({ headers: { Accept: 5, "Bad Name": "x", C: "a\nb" } })).toEqual([
      "headers.Accept: must be text or a list of texts, not a number. Write it in quotes.",
      'headers["Bad Name"]: is not a header name. Use letters, digits and - only.',
      "headers.C: holds a control character, which no header may. Remove line breaks; a trailing one often comes from reading a file.",
    ]);
  });
  test.each([
    ["Bearer Bearer k3y", true],
    [" bearer  Bearer k3y", true],
    ["Basic basic dTpw", true],
    ["Bearer k3y", false],
    ["Bearer basic k3y", false],
    ["Bearer bearerKey", false],
    ["Bearer {{user.token}}", false],
  ])("of a header %j: that it names its scheme twice is %j", (value, isTwice) =>
    expect(found({ headers: { Authorization: value } })).toEqual(
      isTwice
        ? [
            "headers.Authorization: names the scheme of its credential twice, such as Bearer Bearer. Set the secret without it.",
          ]
        : [],
    ),
  );
  test("of a text: its bounds and its rules", () => {
    expect(found({ name: "12345\n6" })).toEqual([
      "name: must have at most 5 characters; it has 7.",
      "name: must not hold line breaks or control characters.",
    ]);
  });
  test("of an empty text: that it is empty, once", () =>
    expect(found({ name: "" })).toEqual(["name: must not be empty."]));
  test("of another type: the type alone", () =>
    expect(found({ name: 5, headers: ["a"] })).toHaveLength(2));
});

test("no fault repeats the value", () => {
  const secret = "s3cr3t-s3cr3t";
  const reported = lines({
    name: secret,
    code: secret.toUpperCase(),
    method: secret,
    headers: secret,
    secrets: { a: secret },
    count: secret,
  }).join("\n");
  expect(reported.toLowerCase()).not.toContain(secret);
});

test("joinPath writes paths as the engine prints them", () => {
  expect(joinPath("a", "b", 0, "odd key", "c-d", "1x")).toBe('a.b[0]["odd key"].c-d["1x"]');
});
