import { Document, isScalar, Scalar, visit } from "yaml";
import { type KnownKeys } from "../../model/field";
import { type Json, type JsonObject } from "../../json";

/** A definition to be written, and what people should know of it. */
export interface RenderedDefinition {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** Lines above it, without `#`. */
  readonly notes: readonly string[];
}

/** A definition file of one connector. @param schema where an editor finds the schema, seen from the file. */
export function renderDefinition(
  { name, type, properties, notes }: RenderedDefinition,
  schema: string,
): string {
  const document = new Document({ connectors: { [name]: { type, properties } } });
  visit(document, {
    Scalar(_, node) {
      if (
        isScalar(node) &&
        typeof node.value === "string" &&
        /\n./.test(node.value) &&
        !/[^\n\S]\n|\r/.test(node.value)
      ) {
        node.type = Scalar.BLOCK_LITERAL;
      }
    },
  });
  const comment = [`yaml-language-server: $schema=${schema}`, ...notes]
    .map((line) => `# ${line}\n`)
    .join("");
  // No line is folded: where a text breaks is the vendor's to say.
  return `${comment}${document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: 10_000 })}`;
}

/** A document as JSON, keys in the order of `known`, then by name: the same content is the same text. */
export function renderDocument(document: Json, known: KnownKeys): string {
  return `${JSON.stringify(ordered(document, known), null, 2)}\n`;
}

/** Beginnings of small objects, wherever they stand. */
const USUAL: readonly string[] = [
  "id",
  "name",
  "label",
  "title",
  "type",
  "source",
  "value",
  "description",
];

function ordered(value: Json, known: KnownKeys): Json {
  if (Array.isArray(value)) {
    return value.map((item) => ordered(item, known.items ?? {}));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const order = [...Object.keys(known.keys ?? {}), ...USUAL];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const keys = Object.keys(value).sort(
    (one, other) => rank(one) - rank(other) || (one < other ? -1 : 1),
  );
  return Object.fromEntries(
    keys.map((key) => [key, ordered(value[key] ?? null, known.keys?.[key] ?? {})]),
  );
}
