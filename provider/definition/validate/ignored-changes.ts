import { joinPath, splitPath, suggest } from "../../diagnostics";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, warningAt } from "../file-diagnostic";

/** Finds paths in `ignoreChanges` that lead to no property: Pulumi ignores them without a word. */
export function checkIgnoredChanges(definition: Definition): DefinitionDiagnostic[] {
  const { name, vendor, options } = definition;
  const known = vendor.table.fields.map((field) => field.name);
  return (options.ignoreChanges ?? []).flatMap((path) => {
    const [first = ""] = splitPath(path.name);
    if (first === "*" || known.includes(String(first))) {
      return [];
    }
    const meant = suggest(String(first), known);
    return [
      warningAt(
        "definition/ignore-changes",
        path.place,
        `${vendor.table.resource} has no property of this name, so nothing is ignored`,
        meant === undefined ? `Known properties: ${known.join(", ")}` : `Did you mean ${meant}?`,
        joinPath("connectors", name, "options", "ignoreChanges"),
      ),
    ];
  });
}
