/**
 * When a vendor's form of a value counts as the program's own: one group of tests per rule above
 * `matches`.
 */
import {
  isAllMask,
  isEmpty,
  isMasked,
  isMaskOf,
  matches,
  own,
} from "../../../provider/model/equivalence";

describe("matches", () => {
  describe("rule 1: empty values are alike", () => {
    const empty = [null, undefined, "", [], {}, { a: null }, { a: { b: [] } }];
    test.each(empty.flatMap((left) => empty.map((right) => [left, right])))(
      "%j and %j",
      (left, right) => expect(matches(left, right)).toBe(true),
    );
    test.each([0, false, " ", [null], { a: 0 }])("%j is not empty", (value) => {
      expect(isEmpty(value)).toBe(false);
      expect(matches(null, value)).toBe(false);
      expect(matches(value, null)).toBe(false);
    });
    test("an object that holds only empty values does not match one that fills them", () => {
      expect(matches({ a: null }, { a: 5 })).toBe(false);
      expect(matches({ a: { b: "" } }, { a: { b: "x" } })).toBe(false);
    });
    test("an empty list does not match a filled one, nor an empty text a filled one", () => {
      expect(matches([], [1])).toBe(false);
      expect(matches("", "x")).toBe(false);
      expect(matches([], { a: 1 })).toBe(false);
    });
  });

  describe("rule 2: a number and its text are alike", () => {
    test.each([
      [1, "1"],
      [1, "1.0"],
      [1, " 1 "],
      ["1", 1],
      ["1.0", 1],
      [0.5, "0.50"],
    ])("%j and %j", (left, right) => expect(matches(left, right)).toBe(true));
    test.each([
      [1, "2"],
      [1, "one"],
      ["one", 1],
      [0, " "],
      [" ", 0],
      ["1", "1.0"],
      [true, 1],
      [1, true],
      [true, "true"],
    ])("not %j and %j", (left, right) => expect(matches(left, right)).toBe(false));
  });

  describe("rule 3: space around a text does not count", () => {
    test("at both ends", () => expect(matches(" a\n", "a ")).toBe(true));
    test("but within it does", () => expect(matches("a b", "ab")).toBe(false));
  });

  describe("rule 4: order", () => {
    test("of keys does not count", () =>
      expect(matches({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true));
    test("of a list does", () => expect(matches([1, 2], [2, 1])).toBe(false));
    test("one item that differs is enough", () => {
      expect(matches([1, 2], [1, 3])).toBe(false);
      expect(matches([1, 2], [3, 2])).toBe(false);
    });
    test("lists of another length differ", () => {
      expect(matches([1], [1, 2])).toBe(false);
      expect(matches([1, 2], [1])).toBe(false);
    });
    test("lists compare item by item, by the same rules", () =>
      expect(matches([{ a: 1 }, " x"], [{ a: "1", b: 2 }, "x"])).toBe(true));
  });

  describe("rule 5: keys that the program did not write do not count", () => {
    test("beside its own", () => expect(matches({ a: 1 }, { a: 1, b: 2 })).toBe(true));
    test("nor beside none", () => expect(matches({}, { a: 1 })).toBe(true));
    test("but its own do", () => expect(matches({ a: 1, b: 2 }, { a: 1 })).toBe(false));
    test("a key named like an inherited property is an own one or none", () => {
      expect(matches({ toString: "x" }, {})).toBe(false);
      expect(own({}, "toString")).toBeUndefined();
      expect(own({ toString: 1 }, "toString")).toBe(1);
    });
  });

  test.each([
    ["a", "b"],
    [true, false],
    [1, 2],
    ["a", ["a"]],
    [{ a: 1 }, "a"],
    [{ a: 1 }, ["a"]],
    [["a"], "a"],
    [["a"], { 0: "a", length: 1 }],
  ])("%j is not %j", (left, right) => {
    expect(matches(left, right)).toBe(false);
  });
});

describe("isMasked", () => {
  test.each([
    "***",
    "********",
    "abc***xyz",
    "•••",
    "●●●",
    "xxxxxx",
    "XXXXXXXX",
    "[redacted]",
    "[HIDDEN]",
    " *** ",
    "<masked>",
    "<secret>",
    "Bearer   ********",
    "sk-...1234",
  ])("%s is a mask", (value) => expect(isMasked(value)).toBe(true));
  test.each(["**", "xxxxx", "", "redacted", "a*b*c", "[other]", "secret", "v1.2", "[hidden"])(
    "%j is none",
    (value) => expect(isMasked(value)).toBe(false),
  );
});

describe("isMaskOf", () => {
  test.each(["********", "my********ue", "my-v***", "***-value", " my********ue "])(
    "%s may hide my-value",
    (text) => expect(isMaskOf(text, "my-value")).toBe(true),
  );
  test.each(["my********no", "my...ue", "my-value", "my-v***value", ""])(
    "%s does not hide my-value",
    (text) => expect(isMaskOf(text, "my-value")).toBe(false),
  );
});

describe("isAllMask", () => {
  test.each(["***", "********", " •••• ", "●●●"])("%s is", (value) =>
    expect(isAllMask(value)).toBe(true),
  );
  test.each(["**", "a***", "***a", "...", "…", "xxxxxx", "[redacted]", ""])("%j is not", (value) =>
    expect(isAllMask(value)).toBe(false),
  );
});
