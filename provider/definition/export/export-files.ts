import { isEqual } from "../../model/differences";
import { type ExportedDefinition, type FieldTable } from "../../model/field";
import { splitPath } from "../../diagnostics";
import { isObject, type Json, type JsonObject } from "../../json";
import { checkDefinition } from "../validate/definition-check";
import { readDefinitions } from "../definition";
import { extractSecrets } from "./extract-secrets";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic, errorAt, errorInFile } from "../file-diagnostic";
import { valueOf } from "../read/node";
import { parse } from "../read/parse";
import { renderDefinition, renderDocument } from "./render";

/** The files of one exported connector. */
export interface ExportedFiles {
  /** The resource's name. */
  readonly name: string;
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, string>;
  /** Secret values by the key of the stack configuration that replaces them. */
  readonly values: ReadonlyMap<string, string>;
  /** The keys of secrets of which the vendor hides the value. */
  readonly masked: readonly string[];
  /** Why no definition can express the connector. If any, nothing can be written. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** Names of resources and of configuration keys that are in use. */
export interface Taken {
  readonly names: Set<string>;
  readonly keys: Set<string>;
}

/**
 * The files that define a connector as it is. Reads the rendered text again, to be sure that it
 * defines the same.
 *
 * @param schema where an editor finds the schema, relative to the files' folder.
 * @param previousName the definition's name, if it is overwritten.
 */
export function exportFiles(
  table: FieldTable,
  { properties: all, notes, document }: ExportedDefinition,
  id: string,
  schema: string,
  taken: Taken,
  previousName?: string,
): ExportedFiles {
  const name =
    previousName ?? freeName(typeof all["name"] === "string" ? all["name"] : "", id, taken.names);
  const { properties, values, masked } = extractSecrets(table, all, name, taken.keys);
  const files = new Map<string, string>();
  const shown = { ...properties };
  const content = document && properties[document.property];
  if (document && content !== undefined) {
    const file = `${name}.${document.property}.json`;
    files.set(file, renderDocument(content, document.known));
    shown[document.property] = { $file: `./${file}` };
  }
  const rendered = { name, type: table.resource, properties: shown, notes };
  const draft = renderDefinition(rendered, schema);
  const text = renderDefinition({ ...rendered, ignored: advisoryErrors(draft) }, schema);
  files.set(`${name}.yaml`, text);
  for (const key of values.keys()) {
    taken.keys.add(key);
  }
  taken.names.add(name);
  return {
    name,
    files,
    values: new Map([...values].filter(([key]) => !masked.has(key))),
    masked: [...masked],
    diagnostics: checkRendered(text, `${name}.yaml`, shown, content, all, values),
  };
}

/**
 * Rules that `validate` would report as errors, and a deployment would not, by property: the vendor
 * holds the connector, so its definition must be valid.
 */
function advisoryErrors(text: string): ReadonlyMap<string, string> {
  const { node } = parse({ path: "", text });
  const [definition] = readDefinitions(node, "", "/").definitions;
  if (definition === undefined) {
    return new Map();
  }
  const written = valueOf(definition.properties);
  const errors = definition.vendor
    .advisoryRules()
    .flatMap((rule) => rule(isObject(written) ? written : {}))
    .filter(({ severity }) => severity === "error");
  return new Map(errors.map(({ path, rule }) => [String(splitPath(path)[0]), rule]));
}

/** Why the rendered text does not define the connector. */
function checkRendered(
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
  // Checks the document as if it were in place of its file.
  const own = parse({ path: `${path}.json`, text: JSON.stringify(document ?? null) }).node;
  const entries = new Map(
    [...definition.properties.entries].map(([key, entry]) => [
      key,
      entry.kind === "map" && entry.entries.has("$file") && own ? own : entry,
    ]),
  );
  const whole = { ...definition, properties: { ...definition.properties, entries } };
  const filled = evaluate(whole, resolverOf(values), "/");
  if (
    JSON.stringify(valueOf(definition.properties)) !== JSON.stringify(shown) ||
    filled.diagnostics.length > 0 ||
    !isEqual(filled.properties, original)
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

/** Resolves references as if the keys were set. */
function resolverOf(values: ReadonlyMap<string, string>): ReferenceResolver<never> {
  return {
    resolve: ({ name }, place) =>
      values.get(name) ?? errorAt("reference/config", place, "is not one of the values"),
    missing: undefined as never,
    map: (value) => value,
    join: () => {
      throw new Error("Every value is known.");
    },
  };
}

/** File names that Windows or Pulumi reserves. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d|pulumi|package|package-lock|tsconfig)$/;

/** `My Scoring API` → `my-scoring-api`. With the id if that is in use, reserved, or empty. */
export function freeName(label: string, id: string, taken: ReadonlySet<string>): string {
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
