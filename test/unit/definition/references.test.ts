import { segmentsOf } from "../../../provider/definition/references";

const source = { path: "a.yaml", text: "" };
const parts = (text: string): unknown =>
  segmentsOf(text, { source, start: 0, end: 0 }).segments.map((segment) =>
    segment.kind === "text" ? segment.text : [segment.kind, segment.name],
  );
const rules = (text: string): string[] =>
  segmentsOf(text, { source, start: 0, end: 0 }).diagnostics.map(({ rule }) => rule);

describe("a text consists of", () => {
  test.each<[string, string, unknown]>([
    ["nothing", "", []],
    ["itself", "plain {{ x }} $ {a} $5", ["plain {{ x }} $ {a} $5"]],
    ["a reference alone", "${config.key}", [["config", "key"]]],
    [
      "references between texts",
      "Bearer ${config.key}, ${env.HOME}!",
      ["Bearer ", ["config", "key"], ", ", ["env", "HOME"], "!"],
    ],
    ["a key of another namespace", "${config.gitops:awinKey}", [["config", "gitops:awinKey"]]],
    ["a secret's name, spaces and all", "${secrets.client secret}", [["secrets", "client secret"]]],
    ["space within the braces", "${ config.key }", [["config", "key"]]],
    ["what is escaped, as it is meant", "$${config.key} and $${", ["${config.key} and ${"]],
    ["a dollar before a reference", "$$${config.key}", ["$${config.key}"]],
  ])("%s", (_, text, expected) => {
    expect(parts(text)).toEqual(expected);
    expect(rules(text)).toEqual([]);
  });
});

test.each<[string, readonly string[]]>([
  ["${", ["reference/unclosed"]],
  ["${config.key", ["reference/unclosed"]],
  ["${awinKey}", ["reference/unknown-kind"]],
  ["${config.}", ["reference/unknown-kind"]],
  ["${} ${x.y}", ["reference/unknown-kind", "reference/unknown-kind"]],
])("%j is an error, and the rest is still read", (text, expected) => {
  expect(rules(text)).toEqual(expected);
  expect(parts(`${text.endsWith("}") ? text : `${text} `}\${config.after}`)).toContainEqual([
    "config",
    "after",
  ]);
});
