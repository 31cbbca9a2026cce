import { divergences } from "../../model/differences";
import { type ExportedDefinition, type FieldTable } from "../../model/field";
import { type Json, type JsonObject } from "../../json";
import { checkDefinition } from "../validate/definition-check";
import { readDefinitions } from "../definition";
import { extractSecrets } from "./extract-secrets";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic, errorAt, errorInFile } from "../diagnostic";
import { valueOf } from "../read/node";
import { parse } from "../read/parse";
import { renderDefinition, renderDocument } from "./render";

/** The files of one exported connector. */
export interface ExportedFiles {
  /** The resource's name. */
  readonly name: string;
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, string>;
  /** Secret values by the key of the stack configuration that stands in their place. */
  readonly values: ReadonlyMap<string, string>;
  /** Why no definition can say what is there; then nothing may be written. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** Names that are taken: of resources, and of keys of the stack configuration. */
export interface Taken {
  readonly names: Set<string>;
  readonly keys: Set<string>;
}

/**
 * The files that define a connector as it is. What was rendered is read again: a definition that would not say the same
 * is none.
 *
 * @param before the name that it had, where it is written again.
 * @param schema where an editor finds the schema, seen from the files' folder.
 */
export function exportFiles(
  table: FieldTable,
  { properties: all, notes, document }: ExportedDefinition,
  id: string,
  schema: string,
  taken: Taken,
  before?: string,
): ExportedFiles {
  const name =
    before ?? freeName(typeof all["name"] === "string" ? all["name"] : "", id, taken.names);
  const { properties, values } = extractSecrets(table, all, name, taken.keys);
  const files = new Map<string, string>();
  const shown = { ...properties };
  const content = document && properties[document.property];
  if (document && content !== undefined) {
    const file = `${name}.${document.property}.json`;
    files.set(file, renderDocument(content, document.known));
    shown[document.property] = { $file: `./${file}` };
  }
  const text = renderDefinition({ name, type: table.resource, properties: shown, notes }, schema);
  files.set(`${name}.yaml`, text);
  for (const key of values.keys()) {
    taken.keys.add(key);
  }
  taken.names.add(name);
  return {
    name,
    files,
    values,
    diagnostics: faultsOf(text, `${name}.yaml`, shown, content, all, values),
  };
}

function faultsOf(
  text: string,
  path: string,
  shown: JsonObject,
  document: Json | undefined,
  original: JsonObject,
  values: ReadonlyMap<string, string>,
): DefinitionDiagnostic[] {
  const { node, diagnostics } = parse({ path, text });
  const read = readDefinitions(node, path, "/");
  const [definition] = read.definitions;
  if (definition === undefined || diagnostics.length > 0) {
    return [...diagnostics, ...read.diagnostics];
  }
  // The document is judged as if it stood where the file is named.
  const own = parse({ path: `${path}.json`, text: JSON.stringify(document ?? null) }).node;
  const entries = new Map(
    [...definition.properties.entries].map(([key, entry]) => [
      key,
      entry.kind === "map" && entry.entries.has("$file") && own ? own : entry,
    ]),
  );
  const whole = { ...definition, properties: { ...definition.properties, entries } };
  const filled = evaluate(whole, filling(values), "/");
  if (
    JSON.stringify(valueOf(definition.properties)) !== JSON.stringify(shown) ||
    filled.diagnostics.length > 0 ||
    divergences(filled.properties, original).length > 0
  ) {
    return [
      errorInFile(
        "syntax/value",
        path,
        "holds a text that a definition file would change",
        "Define it in TypeScript",
      ),
    ];
  }
  return checkDefinition(whole, "/").filter(({ severity }) => severity === "error");
}

/** References as they are once the keys are set. */
function filling(values: ReadonlyMap<string, string>): ReferenceResolver<never> {
  return {
    resolve: ({ name }, place) =>
      values.get(name) ?? errorAt("reference/config", place, "is not among the values"),
    missing: undefined as never,
    map: (value) => value,
    join: () => {
      throw new Error("Every value is known.");
    },
  };
}

/** Names that mean something else to Windows or to Pulumi. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d|pulumi|package|package-lock|tsconfig)$/;

/** `My Scoring API` → `my-scoring-api`; with the id where that is taken or reserved, or nothing is left of it. */
function freeName(label: string, id: string, taken: ReadonlySet<string>): string {
  const slug = label
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  const suffix = id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const wanted = slug === "" ? `connector-${suffix}` : slug;
  if (!taken.has(wanted) && !RESERVED.test(wanted)) {
    return wanted;
  }
  const numbered = slug === "" ? wanted : `${slug}-${suffix}`;
  let name = numbered;
  for (let count = 2; taken.has(name); count++) {
    name = `${numbered}-${count}`;
  }
  return name;
}
