import { type Field } from "./field";

/** A JSON Schema (draft 2020-12 vocabulary that draft-07 shares). */
export type JsonSchema = Readonly<Record<string, unknown>>;

const TEXT_OR_LIST: JsonSchema = {
  anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
};

/** The bounds of a field as JSON Schema: type, length, range, pattern, values. */
export function fieldSchema(field: Field): JsonSchema {
  switch (field.kind) {
    case "text":
      return {
        type: "string",
        ...lengths(field),
        ...(field.pattern && { pattern: field.pattern[0] }),
      };
    case "choice":
      return { type: "string", enum: field.values ?? [] };
    case "integer":
      return {
        type: "integer",
        ...(field.minimum !== undefined && { minimum: field.minimum }),
        ...(field.maximum !== undefined && { maximum: field.maximum }),
      };
    case "entries":
      return { type: "object", additionalProperties: TEXT_OR_LIST };
    case "document":
      return { type: "object" };
    case "secrets":
      return {
        type: "object",
        propertyNames: { minLength: 1, maxLength: 255 },
        additionalProperties: { type: "string", ...lengths(field) },
      };
    case "file":
      return { type: "string", minLength: 1 };
  }
}

function lengths({ minLength, maxLength }: Field): JsonSchema {
  return {
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
  };
}
