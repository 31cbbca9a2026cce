import { Document, isMap, isScalar, Scalar, visit } from "yaml";
import { type KnownKeys } from "../../model/field";
import { type Json, type JsonObject } from "../../json";

/** A definition to render. */
export interface RenderedDefinition {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** Comment lines above it, without `#`. */
  readonly notes: readonly string[];
  /** Rules that a comment disables, by property. */
  readonly ignored?: ReadonlyMap<string, string>;
}

/**
 * Renders a definition file of one connector. @param schema where an editor finds the schema,
 * relative to the file.
 */
export function renderDefinition(
  { name, type, properties, notes, ignored }: RenderedDefinition,
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
  for (const [property, rule] of ignored ?? []) {
    const path = ["connectors", name, "properties"];
    const map = document.getIn(path);
    const key = isMap(map)
      ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === property)?.key
      : undefined;
    if (isScalar(key)) {
      key.commentBefore = ` connectors-ignore ${rule}`;
    }
  }
  const comment = [`yaml-language-server: $schema=${schema}`, ...notes]
    .map((line) => `# ${line}\n`)
    .join("");
  // Lines are not folded, because line breaks are part of the text.
  return `${comment}${document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: 10_000 })}`;
}

/**
 * Renders a document as JSON, with keys in the order of `known`, then by name: equal content gives
 * equal text.
 */
export function renderDocument(document: Json, known: KnownKeys): string {
  return `${JSON.stringify(ordered(document, known), null, 2)}\n`;
}

/** Keys that come first in any object. */
const FIRST_KEYS: readonly string[] = [
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
  const order = [...Object.keys(known.keys ?? {}), ...FIRST_KEYS];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const keys = Object.keys(value).sort(
    (one, other) => rank(one) - rank(other) || (one < other ? -1 : 1),
  );
  return Object.fromEntries(
    keys.map((key) => [key, ordered(value[key] ?? null, known.keys?.[key] ?? {})]),
  );
}
