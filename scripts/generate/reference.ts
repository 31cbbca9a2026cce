import { type Field, type FieldTable } from "../../provider/model/field";
import { block, table } from "./markdown";
import { type DocumentedVendor } from "./vendors";

/**
 * The reference page of a resource: its properties, its outputs, and the vendor's fields that it
 * leaves out.
 */
export function referencePage({
  table: fields,
  texts,
}: Pick<DocumentedVendor, "table" | "texts">): string {
  const { vendor, resource, docs, computed, leftOut } = fields;
  const { typescript, yaml, id, notes } = texts;
  return [
    `# ${resource}`,
    `A ${vendor} connector. Vendor's documentation: <${docs}>. This page is generated from the field table; \`npm run generate\` writes it.`,
    block(typescript, "ts"),
    "The same as a [definition file](definitions.md):",
    block(yaml, "yaml"),
    "## Properties",
    "*On a change* says what an edit of an existing connector does. *Secret* says which values are marked secret even if the program does not; values that the program marks are secret in any case. *Vendor's field* is the name in the vendor's API.",
    table(
      [
        "Property",
        "Type and bounds",
        "Default",
        "Secret",
        "On a change",
        "Vendor's field",
        "Meaning",
      ],
      fields.fields.map((field) => propertyRow(field, fields)),
    ),
    "## Outputs",
    `Outputs with the values of the definition: ${outputs(fields).map(code).join(", ")}. The vendor decides these:`,
    table(
      ["Output", "Vendor's field", "Meaning"],
      computed.map(({ name, vendorName, description }) => [
        code(name),
        code(vendorName),
        description,
      ]),
    ),
    "## Id and type",
    table(
      ["What", "Value"],
      [
        ["Pulumi's id", id],
        ["Type in URNs", code(`pulumi-nodejs:dynamic/${vendor.toLowerCase()}:${resource}`)],
      ],
    ),
    ...notes,
    "## Left out",
    leftOut.length === 0
      ? `Nothing: the vendor's connector object has no other field.`
      : table(
          ["Vendor's field", "Why"],
          leftOut.map(({ vendorName, reason }) => [code(vendorName), reason]),
        ),
  ].join("\n\n");
}

/** Properties that are outputs too: all but those that only a create reads, and files. */
export function outputs({ fields }: FieldTable): string[] {
  return fields
    .filter(({ createOnly, kind }) => !createOnly && kind !== "file")
    .map(({ name }) => name);
}

function propertyRow(field: Field, { vendor }: FieldTable): string[] {
  return [
    code(field.name),
    [TYPES[field.kind], ...bounds(field)].join("; "),
    defaultOf(field),
    secrecy(field),
    onChange(field),
    field.vendorName === undefined
      ? (field.vendorPlace ?? `none: ${vendor} has no such field`)
      : code(field.vendorName),
    `${field.description} Example: ${code(JSON.stringify(field.example))}`,
  ];
}

const code = (text: string): string => `\`${text}\``;

const TYPES: Readonly<Record<Field["kind"], string>> = {
  text: "text",
  choice: "one of a list",
  integer: "whole number",
  entries: "map of names to text or a list of texts",
  document: "JSON object",
  secrets: "map of names to text",
  file: "path of a file, as text",
};

/** The bounds of a field's values, in words. */
export function bounds({
  kind,
  values,
  minLength,
  maxLength,
  minimum,
  maximum,
  pattern,
  form,
}: Field): string[] {
  const format = (number: number): string => number.toLocaleString("en-US");
  const each = kind === "secrets" ? " each" : "";
  return [
    ...(values ? [values.map(code).join(", ")] : []),
    ...(maxLength === undefined
      ? []
      : [
          minLength === undefined
            ? `at most ${format(maxLength)} characters${each}`
            : `${format(minLength)} to ${format(maxLength)} characters${each}`,
        ]),
    ...(minimum === undefined ? [] : [`at least ${format(minimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${format(maximum)}`]),
    ...(pattern ? [pattern[1].replace(/^must be /, "")] : []),
    ...(form === undefined ? [] : [form]),
  ];
}

function defaultOf({
  default: value,
  required,
  unmanagedWhenUnset,
  cappedAs,
  fromSettings,
}: Field): string {
  if (required) {
    return "**required**";
  }
  if (fromSettings) {
    return "the stack's";
  }
  if (unmanagedWhenUnset) {
    return "not managed";
  }
  if (cappedAs !== undefined) {
    return "the plan's";
  }
  if (value === undefined || value === null) {
    return "none";
  }
  return code(JSON.stringify(value));
}

function secrecy({ secret, writeOnly, kind }: Field): string {
  if (secret === undefined) {
    return "no";
  }
  if (secret === "always") {
    return writeOnly ? "always; never read back" : "always";
  }
  return kind === "text" ? "when it holds a credential" : "values whose name suggests a credential";
}

function onChange({ createOnly, replaces, supersededBy, cappedAs }: Field): string {
  if (createOnly && replaces) {
    return "create only: naming another connector replaces";
  }
  if (createOnly) {
    return "create only: later edits change nothing";
  }
  if (replaces) {
    return "replaces";
  }
  if (supersededBy !== undefined) {
    return `updates; no drift while ${code(supersededBy)} is set`;
  }
  return cappedAs === undefined
    ? "updates"
    : `updates; a lowered value is ${code(cappedAs)}, no drift`;
}
