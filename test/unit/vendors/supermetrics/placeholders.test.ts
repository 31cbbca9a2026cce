import {
  references,
  resolve,
  unresolve,
} from "../../../../provider/vendors/supermetrics/placeholders";

describe("references", () => {
  test("finds every ${secrets.name} with its place", () => {
    expect(
      references({
        a: "${secrets.x}",
        b: ["-", "Bearer ${secrets.y} ${secrets.x}"],
        "odd key": { c: "${secrets.odd name}" },
        n: 5,
      }),
    ).toEqual([
      { name: "x", path: ["a"] },
      { name: "y", path: ["b", 1] },
      { name: "x", path: ["b", 1] },
      { name: "odd name", path: ["odd key", "c"] },
    ]);
  });
  test.each([
    "$${secrets.x}",
    "${config.x}",
    "${secrets.}",
    "secrets.x",
    "$secrets.x",
    "${ secrets.x}",
    "${secrets.x",
  ])("%s is none", (text) => expect(references(text)).toEqual([]));
  test("keys hold none", () => expect(references({ "${secrets.x}": 1 })).toEqual([]));
});

describe("resolve: the program's text in the vendor's form", () => {
  const placeholders = { x: "sec_1", y: "{{Y}}", dollar: "$&" };
  test.each([
    ["${secrets.x}", "sec_1"],
    ["Bearer ${secrets.x}/${secrets.y}", "Bearer sec_1/{{Y}}"],
    ["${secrets.dollar}", "$&"],
    ["$${secrets.x}", "${secrets.x}"],
    ["$${", "${"],
    ["$$${", "$${"],
    ["$$${secrets.x}", "$${secrets.x}"],
    ["${config.x} ${other}", "${config.x} ${other}"],
    ["${secrets.unheard}", "${secrets.unheard}"],
    ["${secrets.constructor}", "${secrets.constructor}"],
    ["no reference", "no reference"],
    ["", ""],
  ])("%s is stored as %s", (text, stored) => expect(resolve(text, placeholders)).toBe(stored));
});

describe("unresolve: the vendor's text in the program's form", () => {
  const placeholders = { x: "sec_1", long: "sec_12", y: "{{Y}}", longer: "{{Y}}}", dotted: "a.c" };
  test.each([
    ["sec_1", "${secrets.x}"],
    ["Bearer sec_1.", "Bearer ${secrets.x}."],
    ["sec_12", "${secrets.long}"],
    ["sec_123", "sec_123"],
    ["xsec_1", "xsec_1"],
    ["sec_1 sec_12 sec_1", "${secrets.x} ${secrets.long} ${secrets.x}"],
    ["{{Y}}{{Y}}", "${secrets.y}${secrets.y}"],
    ["a{{Y}}b", "a${secrets.y}b"],
    ["{{Y}}}", "${secrets.longer}"],
    ["a.c abc", "${secrets.dotted} abc"],
    ["${literal}", "$${literal}"],
    ["${secrets.x}", "$${secrets.x}"],
    ["$5", "$5"],
  ])("%s is shown as %s", (stored, text) => expect(unresolve(stored, placeholders)).toBe(text));
  test("without placeholders only escapes", () =>
    expect(unresolve("sec_1 ${x}", {})).toBe("sec_1 $${x}"));
});

describe("the two are inverse", () => {
  const placeholders = { x: "sec_1", y: "sec_12" };
  test.each([
    "${secrets.x} and ${secrets.y}",
    "$${secrets.x}",
    "$$${",
    "plain",
    "$${literal} ${secrets.x}",
  ])("%s", (text) => expect(unresolve(resolve(text, placeholders), placeholders)).toBe(text));
});
