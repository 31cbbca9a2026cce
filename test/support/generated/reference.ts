import { type Field, type FieldTable } from "../../../provider/lifecycle/field";
import { table } from "./markdown";

/** The reference page of a vendor's resource: every property and output, and what the vendor has that we have not. */
export function referencePage(fields: FieldTable): string {
  const { vendor, resource, docs, computed, leftOut } = fields;
  return [
    `# ${resource}`,
    `A ${vendor} connector. Vendor's documentation: <${docs}>. This page is generated from the field table; \`npm run generate\` writes it.`,
    "## Properties",
    table(["Property", "Type", "Default", "Secret", "On a change", "Vendor's field", "Meaning"], fields.fields.map(propertyRow)),
    "## Outputs",
    "Every property is an output too, as the definition writes it. These are decided by the vendor:",
    table(["Output", "Vendor's field", "Meaning"], computed.map(({ name, vendorName, description }) => [code(name), code(vendorName), description])),
    "## Left out",
    leftOut.length === 0
      ? `Nothing: the vendor's connector object has no other field.`
      : table(["Vendor's field", "Why"], leftOut.map(({ vendorName, reason }) => [code(vendorName), reason])),
  ].join("\n\n");
}

function propertyRow(field: Field): string[] {
  return [
    `${code(field.name)}${field.required ? " (required)" : ""}`,
    [TYPES[field.kind], ...bounds(field)].join("; "),
    defaultOf(field),
    secrecy(field),
    onChange(field),
    field.vendorName === undefined ? "" : code(field.vendorName),
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
  file: "path of a file",
};

function bounds({ values, minLength, maxLength, minimum, maximum, pattern }: Field): string[] {
  const format = (number: number): string => number.toLocaleString("en-US");
  return [
    ...(values ? [values.map(code).join(", ")] : []),
    ...(maxLength === undefined ? [] : [minLength === undefined ? `at most ${format(maxLength)} characters` : `${format(minLength)} to ${format(maxLength)} characters`]),
    ...(minimum === undefined ? [] : [`at least ${format(minimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${format(maximum)}`]),
    ...(pattern ? [pattern[1].replace(/^must be /, "")] : []),
  ];
}

function defaultOf({ default: value, required, unmanagedWhenUnset, cappedAs, fromSettings }: Field): string {
  if (required) return "";
  if (fromSettings) return "the stack's";
  if (unmanagedWhenUnset) return "not managed";
  if (cappedAs !== undefined) return "the plan's";
  if (value === undefined || value === null) return "none";
  return code(JSON.stringify(value));
}

function secrecy({ secret, writeOnly, kind }: Field): string {
  if (secret === undefined) return "";
  if (secret === "always") return writeOnly ? "always; never read back" : "always";
  return kind === "text" ? "when it holds a credential" : "values whose name says credential";
}

function onChange({ createOnly, replaces, supersededBy, cappedAs }: Field): string {
  if (createOnly && replaces) return "create only: naming another connector replaces";
  if (createOnly) return "create only: later edits change nothing";
  if (replaces) return "replaces";
  if (supersededBy !== undefined) return `updates; no drift while ${code(supersededBy)} is set`;
  return cappedAs === undefined ? "updates" : `updates; a lowered value is ${code(cappedAs)}, no drift`;
}
