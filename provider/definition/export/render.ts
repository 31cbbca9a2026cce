import { Document, isMap, isScalar, Scalar, visit } from "yaml";
import { type KnownKeys } from "../../model/field";
import { escapedJson, escapeUnsafe, type Json, type JsonObject, UNSAFE } from "../../json";

/** Such a text stands in double quotes, where the characters can be escaped. */
const IS_UNSAFE = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f${UNSAFE}]`);

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
      if (!isScalar(node) || typeof node.value !== "string") {
        return;
      }
      if (IS_UNSAFE.test(node.value)) {
        node.type = Scalar.QUOTE_DOUBLE;
      } else if (/\n./.test(node.value) && !/[^\n\S]\n|\r/.test(node.value)) {
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
    .map((line) => `# ${line.replace(/[\u0000-\u001f]/g, " ")}\n`)
    .join("");
  // Lines are not folded, because line breaks are part of the text.
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: 10_000 });
  return escapeUnsafe(`${comment}${text}`);
}

/**
 * Renders a document as JSON, with keys in the order of `known`, then by name: equal content gives
 * equal text.
 */
export function renderDocument(document: Json, known: KnownKeys): string {
  return `${escapedJson(ordered(document, known), 2)}\n`;
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
