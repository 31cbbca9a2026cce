import {
  type Entries,
  type NameValue,
  projectEntries,
  toNameValues,
} from "../../../provider/model/entries";

const list = (...pairs: [string, string][]): NameValue[] =>
  pairs.map(([name, value]) => ({ name, value }));

describe("toNameValues", () => {
  test("keeps the program's order of names", () =>
    expect(toNameValues({ b: "1", a: "2" })).toEqual(list(["b", "1"], ["a", "2"])));
  test("a list becomes neighbours, in its order", () =>
    expect(toNameValues({ a: ["2", "1"], b: "3" })).toEqual(
      list(["a", "2"], ["a", "1"], ["b", "3"]),
    ));
  test("an empty list is no entry", () => expect(toNameValues({ a: [] })).toEqual([]));
  test("an empty text is an entry", () => expect(toNameValues({ a: "" })).toEqual(list(["a", ""])));
  test("no map is no entry", () => expect(toNameValues(undefined)).toEqual([]));
});

describe("projectEntries", () => {
  test("a name whose value only differs in space keeps the program's", () =>
    expect(projectEntries({ a: "1 " }, list(["a", " 1"]), false)).toEqual({ a: "1 " }));
  test("a changed value takes the remote one", () =>
    expect(projectEntries({ a: "1", b: "2" }, list(["a", "9"], ["b", "2"]), false)).toEqual({
      a: "9",
      b: "2",
    }));
  test("a removed name goes missing", () =>
    expect(projectEntries({ a: "1", b: "2" }, list(["b", "2"]), false)).toEqual({ b: "2" }));
  test("a name that the program did not write is drift, after the program's own", () => {
    expect(
      Object.entries(projectEntries({ b: "2" }, list(["a", "1"], ["b", "2"]), false)!),
    ).toEqual([
      ["b", "2"],
      ["a", "1"],
    ]);
  });
  test("a repeated name that the program did not write is a list", () =>
    expect(projectEntries({}, list(["a", "1"], ["a", "2"]), false)).toEqual({ a: ["1", "2"] }));
  test("names are compared in one case where case does not count, and keep the program's", () => {
    expect(
      projectEntries({ "Content-Type": "json" }, list(["content-type", "json"]), true),
    ).toEqual({ "Content-Type": "json" });
    expect(
      projectEntries({ "Content-Type": "json" }, list(["content-type", "json"]), false),
    ).toEqual({ "content-type": "json" });
  });
  test("space around a name does not count", () =>
    expect(projectEntries({ a: "1" }, list([" a ", "1"]), false)).toEqual({ a: "1" }));
  test("names in different case gather where case does not count", () =>
    expect(projectEntries({ A: ["1", "2"] }, list(["a", "1"], ["A", "2"]), true)).toEqual({
      A: ["1", "2"],
    }));

  describe("values of one name", () => {
    test("may come in any order", () =>
      expect(
        projectEntries({ a: ["1", "2", "2"] }, list(["a", "2"], ["a", "1"], ["a", "2"]), false),
      ).toEqual({ a: ["1", "2", "2"] }));
    test("count as often as they are there", () =>
      expect(projectEntries({ a: ["1", "1"] }, list(["a", "1"], ["a", "2"]), false)).toEqual({
        a: ["1", "2"],
      }));
    test("one more is drift", () =>
      expect(projectEntries({ a: "1" }, list(["a", "1"], ["a", "1"]), false)).toEqual({
        a: ["1", "1"],
      }));
    test("one fewer is drift", () =>
      expect(projectEntries({ a: ["1", "2"] }, list(["a", "1"]), false)).toEqual({ a: "1" }));
    test("a list of one is the text alone", () =>
      expect(projectEntries({ a: ["1"] }, list(["a", "1"]), false)).toEqual({ a: ["1"] }));
    test("a list of none stays when the name is not there", () =>
      expect(projectEntries({ a: [] }, [], false)).toEqual({ a: [] }));
    test("a list of none is drift when the name is there", () =>
      expect(projectEntries({ a: [] }, list(["a", "1"]), false)).toEqual({ a: "1" }));
  });

  describe("a masked value", () => {
    test("is taken for the program's", () =>
      expect(projectEntries({ a: "Bearer key" }, list(["a", "********"]), false)).toEqual({
        a: "Bearer key",
      }));
    test("is drift where the program wrote an empty one", () =>
      expect(projectEntries({ a: "" }, list(["a", "********"]), false)).toEqual({ a: "********" }));
    test("stands for a whole list when all of it is masked, however many there are", () => {
      expect(projectEntries({ a: ["1", "2"] }, list(["a", "***"], ["a", "***"]), false)).toEqual({
        a: ["1", "2"],
      });
      expect(projectEntries({ a: ["1", ""] }, list(["a", "***"], ["a", "***"]), false)).toEqual({
        a: ["***", "***"],
      });
    });
    test.each(["Bearer abc…wxyz", "sk_l...9f3a", "abc***xyz", "[redacted]", "xxxxxxxx"])(
      "%s hides a credential",
      (mask) => {
        expect(
          projectEntries({ "X-Api-Key": "sk_live_9f3a" }, list(["X-Api-Key", mask]), true),
        ).toEqual({ "X-Api-Key": "sk_live_9f3a" });
        expect(
          projectEntries({ "X-Other": "Bearer abcdefgh" }, list(["X-Other", mask]), true),
        ).toEqual({ "X-Other": "Bearer abcdefgh" });
      },
    );
    test.each(["wait...", "...", "…", "[hidden]", "a***b", "xxxxxxxx"])(
      "%s hides nothing under another name: it is drift",
      (value) => {
        expect(projectEntries({ q: "hello" }, list(["q", value]), false)).toEqual({ q: value });
        expect(
          projectEntries({ q: ["hello", "Bearer abc"] }, list(["q", value], ["q", value]), false),
        ).toEqual({ q: [value, value] });
      },
    );
    test("a sentence that ends in an ellipsis is no mask even of a credential", () => {
      expect(
        projectEntries({ token: "abc" }, list(["token", "please wait for it..."]), false),
      ).toEqual({ token: "please wait for it..." });
    });
    test("is drift within a list", () =>
      expect(projectEntries({ a: ["1", "2"] }, list(["a", "1"], ["a", "***"]), false)).toEqual({
        a: ["1", "***"],
      }));
    test("is drift under a name that the program did not write", () =>
      expect(projectEntries({}, list(["a", "***"]), false)).toEqual({ a: "***" }));
  });

  describe("nothing there", () => {
    test("and nothing written stays unset", () =>
      expect(projectEntries(undefined, [], false)).toBeUndefined());
    test("and an empty map written stays an empty map", () =>
      expect(projectEntries({}, [], false)).toEqual({}));
    test("but something written is an empty map: every name went missing", () =>
      expect(projectEntries({ a: "1" }, [], false)).toEqual({}));
    test("nothing written but something there is drift", () =>
      expect(projectEntries(undefined, list(["a", "1"]), false)).toEqual({ a: "1" }));
  });

  test("a name like an inherited property is compared like any other", () => {
    expect(
      Object.entries(
        projectEntries(
          JSON.parse('{"__proto__": "x"}') as Entries,
          list(["__proto__", "y"]),
          false,
        )!,
      ),
    ).toEqual([["__proto__", "y"]]);
  });
});
