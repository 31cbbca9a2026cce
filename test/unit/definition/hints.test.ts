/** A hint never leads into the next fault: what it proposes is valid where it is proposed. */
import { type DefinitionDiagnostic } from "../../../provider/definition/file-diagnostic";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { RULE_EXAMPLES, type RuleExample } from "../../../scripts/generate/rule-examples";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const diagnosticsOf = (file: RuleExample): readonly DefinitionDiagnostic[] =>
  validateFiles(["connectors"], {
    from: folderOf(typeof file === "string" ? { "connectors/a.yaml": file } : file),
  }).diagnostics;

/** A file around one value, which is written as it is. */
type Place = readonly [name: string, file: (value: string) => string];

const databar = (...lines: readonly string[]): string =>
  `connectors:\n  a:\n    type: DatabarConnector\n    properties:\n      name: A\n      method: post\n      url: https://a.example/\n${lines.map((line) => `      ${line}\n`).join("")}`;
const supermetrics = (...lines: readonly string[]): string =>
  `connectors:\n  a:\n    type: SupermetricsConnector\n    properties:\n      name: A\n${lines.map((line) => `      ${line}\n`).join("")}`;
const option = (name: string, value: string): string =>
  `${databar()}    options:\n      ${name}: ${value}\n`;

const PLACES: readonly Place[] = [
  ["type", (value) => databar().replace("DatabarConnector", value)],
  ["name", (value) => databar().replace("name: A", `name: ${value}`)],
  ["method", (value) => databar().replace("post", value)],
  ["url", (value) => databar().replace("https://a.example/", value)],
  ["headers", (value) => databar(`headers: ${value}`)],
  ["a header", (value) => databar(`headers:\n        X-A: ${value}`)],
  ["a header of several", (value) => databar(`headers:\n        X-A:\n          - ${value}`)],
  ["a header with a credential", (value) => databar(`headers:\n        X-Api-Key: ${value}`)],
  ["a parameter", (value) => databar(`parameters:\n        a: ${value}`)],
  ["bodyTemplate", (value) => databar(`bodyTemplate: ${value}`)],
  ["rateLimit", (value) => databar(`rateLimit: ${value}`)],
  ["connectorId", (value) => databar(`connectorId: ${value}`)],
  ["onConflict", (value) => databar(`onConflict: ${value}`)],
  ["configuration", (value) => supermetrics(`configuration: ${value}`)],
  ["a value of it", (value) => supermetrics(`configuration:\n        own: ${value}`)],
  ["a secret", (value) => supermetrics(`secrets:\n        own: ${value}`)],
  ["teamId", (value) => supermetrics(`teamId: ${value}`)],
  ["connectorIdentifier", (value) => supermetrics(`connectorIdentifier: ${value}`)],
  ["logo", (value) => supermetrics(`logo: ${value}`)],
  ["protect", (value) => option("protect", value)],
  ["aliases", (value) => option("aliases", value)],
  ["ignoreChanges", (value) => option("ignoreChanges", value)],
];

const VALUES: readonly string[] = [
  ...[".inf", "-.inf", ".nan", "1e400", "12345678901234567890", "0.12345678901234567890"],
  ...["007", "08", "0o17", "0x1F", "0o7777777777777777777777", "1.10", "1.5", "-1", "0", "+49"],
  ...["true", "no", "null", "~", '"7"', '"yes"', '"true"', '""', "' '"],
  ...["2024-01-01", "2024-01-01T10:00:00Z", "12:30:45", "1_000"],
  ...["!!binary aGVsbG8=", "!!timestamp 2024-01-01", "!own text", "!!int 7", "!!float 7"],
  ...["@a", "`a`", "%a", "{{ a }}", "*a", "&a", "a: b", "[7]", "*/*", "[]", "{}"],
];

/** What a hint says to write in place of a text; each alternative by itself. */
function proposals(hint: string, written: string): string[] {
  const all: string[] = [];
  const add = (pattern: RegExp, write: (found: RegExpExecArray) => string): void => {
    const found = pattern.exec(hint);
    if (found) {
      all.push(write(found));
    }
  };
  const untagged = written.replace(/^!\S*\s*/, "");
  add(/\bin quotes|quote the text/, () => JSON.stringify(untagged));
  // The rules know a number by its value, however it is written.
  add(/\bin quotes/, () => JSON.stringify(String(Number(untagged))));
  add(/refer to that key|write \$\{config\.key\}/, () => '"${config.key}"');
  add(/\bwithout quotes/, () => written.slice(1, -1));
  add(/^Did you mean (.*)\?$/, ([, meant = ""]) => meant);
  add(/^Example: (?:\w+: )?(.*)$/, ([, example = ""]) => example);
  add(/^Remove the tag/, () => untagged);
  add(/plain decimal number/, () => String(Number(written)));
  add(/number is allowed/, () => "7");
  add(/^Write one of (\w+)/, ([, first = ""]) => first);
  add(/^Write true or false/, () => "true");
  add(/^Write name: value pairs/, () => "{}");
  return all;
}

/**
 * A hint about syntax does not know the property: its proposal must be well written, but can be the
 * wrong value.
 */
function faultsOf(text: string, rule: string): string[] {
  return diagnosticsOf(text)
    .filter((each) => !rule.startsWith("syntax/") || each.rule.startsWith("syntax/"))
    .map(({ message }) => message);
}

describe.each(PLACES)("%s:", (_, file) => {
  test.each(VALUES)("what is proposed for %s is valid", (value) => {
    for (const { rule, hint, message } of diagnosticsOf(file(value))) {
      if (hint === undefined) {
        continue;
      }
      const tried = proposals(hint, value).map((proposal) => [
        proposal,
        faultsOf(file(proposal), rule),
      ]);
      expect({ rule, message, hint, tried }).toEqual({
        rule,
        message,
        hint,
        tried: expect.arrayContaining([[expect.anything(), []]]),
      });
    }
  });
});

/** Each hint of a rule's example that says what to write in a place, and whether that helps. */
function* appliedHints(failing: RuleExample): Generator<{ hint: string; isGone: boolean }> {
  const files = typeof failing === "string" ? { "connectors/a.yaml": failing } : failing;
  for (const { rule, path, hint, place } of diagnosticsOf(files)) {
    // The name of a file is not in it.
    if (place === undefined || hint === undefined || rule.startsWith("file/")) {
      continue;
    }
    const { text, path: file } = place.source;
    const [start, end] = /^syntax\/(?!key)/.test(rule)
      ? valueAt(text, place.start)
      : rangeOf(place);
    const tried = proposals(hint, text.slice(start, end)).map((proposal) =>
      diagnosticsOf({ ...files, [file]: `${text.slice(0, start)}${proposal}${text.slice(end)}` }),
    );
    if (tried.length > 0) {
      const isGone = tried.some((after) =>
        after.every((each) => each.rule !== rule || each.path !== path),
      );
      yield { hint, isGone };
    }
  }
}

const rangeOf = ({ start, end }: { start: number; end: number }): [number, number] => [start, end];

/** The whole value of the line: a fault of syntax can be anywhere in it. */
function valueAt(text: string, at: number): [start: number, end: number] {
  const line = text.lastIndexOf("\n", at - 1) + 1;
  return [text.indexOf(": ", line) + 2, text.indexOf("\n", at)];
}

test("in the examples of the rules, a hint that is applied ends the fault", () => {
  const applied = Object.entries(RULE_EXAMPLES).flatMap(([rule, { failing }]) =>
    [...appliedHints(failing)].map((each) => ({ rule, ...each })),
  );
  expect(applied.filter(({ isGone }) => !isGone)).toEqual([]);
  expect(new Set(applied.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(20);
});
