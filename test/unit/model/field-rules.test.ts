/** Rules of single values that a JSON Schema cannot say. */
import {
  headerEntries,
  httpUrl,
  namedEntries,
  notBlank,
  singleLine,
} from "../../../provider/model/field-rules";
import { Unknown } from "../../../provider/model/unknown";

describe("httpUrl", () => {
  test.each([
    "https://api.example.com",
    "http://localhost:8080/x?y=1#z",
    "HTTPS://EXAMPLE.COM",
    "https://{{tenant}}.example.com/{{path}}",
    "https://example.com/{id}",
    "https://user:pass@example.com/",
    "https://[::1]/",
    "https://example.com/{{ a b }}",
  ])("%s is one", (url) => expect(httpUrl(url, "url")).toEqual([]));
  test.each([
    "example.com",
    "ftp://example.com",
    "https://",
    "https:///x",
    "https:example.com",
    "https://?x",
    "javascript:alert(1)",
    "//example.com",
    "/v1/score",
    "see-https://example.com",
    "https://exam\tple.com",
    "https://example.com:80\n80/",
  ])("%j is none", (url) => {
    expect(httpUrl(url, "url")).toEqual([
      {
        severity: "error",
        rule: "property/url",
        path: "url",
        message: "must be a complete http or https URL",
        hint: "Example: https://api.example.com/v1/score",
      },
    ]);
  });
  test.each([
    ["https://example.com/a b", "Percent-encode them"],
    ["https://example.com/\n", "Remove them"],
    [" https://example.com", "Remove them"],
    ["https://example.com/\u0000", "Percent-encode them"],
    [" https://example.com/\u007f", "Percent-encode them"],
  ])("%j holds spaces or control characters", (url, hint) => {
    expect(httpUrl(url, "url")).toEqual([
      {
        severity: "error",
        rule: "property/url",
        path: "url",
        message: "must not hold spaces or control characters",
        hint,
      },
    ]);
  });
});

describe("headerEntries", () => {
  const paths = (value: unknown): string[] =>
    headerEntries(value, "headers").map(({ path, message }) => `${path}: ${message}`);
  test.each(["Accept", "X-Api-Key", "a", "x_y.z~1", "!#$%&'*+^`|"])("%s is a header name", (name) =>
    expect(paths({ [name]: "v" })).toEqual([]),
  );
  test.each([
    ["", 'headers[""]'],
    ["odd name", 'headers["odd name"]'],
    ["a:b", 'headers["a:b"]'],
    ["ü", 'headers["ü"]'],
    ["a\n", 'headers["a\\n"]'],
  ])("%j is none", (name, path) => {
    expect(paths({ [name]: "v" })).toEqual([`${path}: is not a header name`]);
  });
  test.each(["a\nb", "a\r", "\u0000", "\u007f", "a\u001f"])(
    "the value %j holds a control character",
    (value) =>
      expect(paths({ A: value, B: "fine" })).toEqual([
        "headers.A: holds a control character, which no header may",
      ]),
  );
  test.each(["a\tb", "ü", "", " a "])("the value %j holds none", (value) =>
    expect(paths({ A: value })).toEqual([]),
  );
  test("each text of a list is judged", () =>
    expect(paths({ A: ["fine", "a\n", "b\n"] })).toHaveLength(2));
  test("names that HTTP takes for one are written once, with a list", () => {
    expect(headerEntries({ Accept: "a", "X-B": "b", accept: "c", ACCEPT: "d" }, "headers")).toEqual(
      ["accept", "ACCEPT"].map((name) => ({
        severity: "error",
        rule: "property/name",
        path: `headers.${name}`,
        message: "is the same name as Accept",
        hint: "Write Accept once, with a list of values",
      })),
    );
  });
  test("an entry that is not known yet is not judged", () =>
    expect(paths({ "odd name": new Unknown("m"), "also odd": [new Unknown("m")] })).toEqual([]));
  test("what is no map is judged elsewhere", () => expect(paths("text")).toEqual([]));
  test("a fault does not repeat the value", () =>
    expect(JSON.stringify(headerEntries({ A: "s3cr3t\n" }, "headers"))).not.toContain("s3cr3t"));
});

describe("namedEntries", () => {
  test.each(["q", "odd name", "a[b]", "ü"])("%s is a usable name", (name) =>
    expect(namedEntries({ [name]: "a\nb" }, "parameters")).toEqual([]),
  );
  test.each([
    ["", 'body[""]'],
    ["  ", 'body["  "]'],
    ["a\n", 'body["a\\n"]'],
    ["a\u007f", 'body["a\u007f"]'],
  ])("%j is none", (name, path) => {
    expect(namedEntries({ [name]: "v", fine: "v", Fine: "v" }, "body")).toEqual([
      {
        severity: "error",
        rule: "property/name",
        path,
        message: "is not a usable name: empty, or with control characters",
      },
    ]);
  });
});

test("names of parameters and body fields that differ in space alone are one", () => {
  expect(
    namedEntries({ a: "1", " a": "2" }, "body").map(({ path, message }) => `${path}: ${message}`),
  ).toEqual(['body[" a"]: is the same name as a']);
});

describe("texts", () => {
  test.each(["a\nb", "a\u0000", "\t", "\u007f"])("%j is not on a single line", (text) =>
    expect(singleLine(text, "name")).toEqual([
      {
        severity: "error",
        rule: "property/text",
        path: "name",
        message: "must not hold line breaks or control characters",
      },
    ]),
  );
  test("any other character may be in it", () =>
    expect(singleLine('Ünï € 😀 "quoted"', "name")).toEqual([]));
  test.each([" ", "\t", "\u00a0"])("%j is blank", (text) =>
    expect(notBlank(text, "name")).toEqual([
      { severity: "error", rule: "property/text", path: "name", message: "must not be blank" },
    ]),
  );
  test("one character is enough", () => expect(notBlank(" a ", "name")).toEqual([]));
});
