/** Every rule of the catalogue fails its failing example, and passes the fixed one. */
import { type DefinitionDiagnostic } from "../../../provider/definition/file-diagnostic";
import { RULES } from "../../../provider/definition/validate/rule-catalogue";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { RULE_EXAMPLES, type RuleExample } from "../../../scripts/generate/rule-examples";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

function validate(example: RuleExample): readonly DefinitionDiagnostic[] {
  const files = typeof example === "string" ? { "connectors/example.yaml": example } : example;
  // UTF-16 is what an editor on Windows may save.
  const from = folderOf(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        Buffer.from(text, text.startsWith("\ufeff") ? "utf16le" : "utf8"),
      ]),
    ),
  );
  return validateFiles(["connectors"], { from }).diagnostics;
}

test("every rule has an example, and every example has a rule", () =>
  expect(Object.keys(RULE_EXAMPLES).sort()).toEqual(RULES.map(({ id }) => id).sort()));

describe.each(RULES.map((rule) => [rule.id, rule] as const))("%s", (id, { severity }) => {
  const { failing, fixed } = RULE_EXAMPLES[id]!;
  test("finds the error, with its place and a hint", () => {
    const diagnostics = validate(failing);
    expect([...new Set(diagnostics.map(({ rule }) => rule))]).toEqual([id]);
    expect(diagnostics[0]!.severity).toBe(severity);
    for (const { message, file, place } of diagnostics) {
      expect(message).toMatch(/^[^A-Z]|^[A-Z]\w+(\.|\s)/);
      expect(message).not.toMatch(/\.$/);
      expect(file).toMatch(/^(connectors|Pulumi\.)/);
      expect(place === undefined).toBe(
        [
          "file/unreadable",
          "file/too-large",
          "file/encoding",
          "file/none",
          "file/empty",
          "file/overlay",
        ].includes(id),
      );
    }
  });
  test("finds nothing after the fix", () => expect(validate(fixed)).toEqual([]));
});
