/** Snippets that editors offer in definition files, in the syntax of VS Code. */
import { stringify } from "yaml";
import { isObject } from "../../provider/json";
import { type FieldTable } from "../../provider/model/field";
import { type JsonSchema } from "../../provider/model/schema";

/** The value in a file of its own. */
export function fileSnippet(name: string): JsonSchema {
  return {
    label: "$file",
    description: "Takes the content of another file.",
    body: { "\\$file": `\${1:./${name}}` },
  };
}

/** A text of the stack configuration. */
export const referenceSnippet: JsonSchema = {
  label: "${config.…}",
  description: "A key of the stack configuration. Secret values stay secret.",
  body: '^"\\${config.${1:key}\\}"',
};

/** A map such as the example. */
export function snippetOf(example: unknown): JsonSchema {
  const entries = Object.entries(isObject(example) ? example : {});
  return {
    label: stringify(example).trim().replaceAll("\n", ", "),
    body: Object.fromEntries(entries.map(([name, value]) => [escaped(name), literal(value)])),
  };
}

/** A text as it is. */
export function textSnippet(text: string): JsonSchema {
  return { label: text, body: text };
}

/** A connector with what its type requires, to fill in. */
export function connectorSnippet({ vendor, resource, fields }: FieldTable): JsonSchema {
  const required = fields.filter(({ required: is }) => is);
  const values = required.map(({ name, kind, values: choices, example }, index) => {
    const at = index + 2;
    return [
      name,
      kind === "choice"
        ? `\${${at}|${choices?.join(",")}|}`
        : `\${${at}:${escaped(stringify(example).trim())}}`,
    ];
  });
  return {
    label: `${vendor} connector`,
    description: `A connector of ${vendor} with the properties that it must have.`,
    body: { "${1:name}": { type: resource, properties: Object.fromEntries(values) } },
  };
}

/** A text that YAML takes as it is, or in quotes. Editors of JSON add quotes to the former. */
function literal(value: unknown): unknown {
  return typeof value === "string" && !/^[A-Za-z][\w/.:-]*$/.test(value)
    ? `^${escaped(JSON.stringify(value))}`
    : value;
}

/** As a snippet writes a literal text. */
function escaped(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}
