import { type Field, type FieldTable } from "../../provider/model/field";
import { fieldSchema, type JsonSchema } from "../../provider/model/schema";
import { type DocumentedVendor } from "./vendors";

/** The JSON Schema of definition files for editors, in draft-07, which all of them support. */
export function definitionsSchema(
  vendors: readonly Pick<DocumentedVendor, "table" | "vocabulary">[],
): JsonSchema {
  const tables = vendors.map(({ table }) => table);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Connector definitions of pulumi-connectors",
    type: "object",
    additionalProperties: false,
    required: ["connectors"],
    properties: {
      $schema: { type: "string" },
      connectors: {
        description: "Connectors by the name that the resource has in the stack.",
        type: "object",
        propertyNames: { minLength: 1 },
        additionalProperties: { $ref: "#/definitions/connector" },
      },
    },
    patternProperties: { "^x-": { description: "Any content, for anchors." } },
    definitions: {
      connector: connector(tables),
      options: OPTIONS,
      examples: CONNECTOR_EXAMPLES,
      file: FILE,
      reference: REFERENCE,
      ...Object.fromEntries(
        vendors.map(({ table, vocabulary }) => [table.resource, properties(table, vocabulary)]),
      ),
    },
  };
}

/** Bounds apply to literal values; a reference or a file may stand in their place. */
function properties(table: FieldTable, vocabulary: JsonSchema | undefined): JsonSchema {
  const { resource, vendor, docs, fields } = table;
  return {
    description: `${vendor}'s connector. See ${docs}`,
    type: "object",
    additionalProperties: false,
    required: fields.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(
      fields.map((field) => [field.name, property(field, table, vocabulary)]),
    ),
    title: resource,
  };
}

function property(
  field: Field,
  { vendor, docs }: FieldTable,
  vocabulary: JsonSchema = {},
): JsonSchema {
  const description = described(field);
  return {
    description,
    markdownDescription: `${description}\n\n[${vendor}'s documentation](${docs})`,
    anyOf: [
      { ...fieldSchema(field), ...(field.kind === "document" && vocabulary) },
      ...(field.kind === "file" ? [] : [{ $ref: "#/definitions/file" }]),
      ...(isFreeText(field) ? [] : [{ $ref: "#/definitions/reference" }]),
    ],
    ...(field.default !== undefined && field.default !== null && { default: field.default }),
    examples: [field.example],
  };
}

/** The description of a field, with the requirements that the schema cannot express. */
function described({ description, form = "" }: Field): string {
  return form === ""
    ? description
    : `${description} ${form.charAt(0).toUpperCase()}${form.slice(1)}.`;
}

/** True for a text whose schema accepts references anyway. */
function isFreeText({ kind, pattern }: Field): boolean {
  return (
    (kind === "text" && pattern === undefined) ||
    ["entries", "document", "secrets", "file"].includes(kind)
  );
}

const FILE: JsonSchema = {
  description: "The content of another file: YAML and JSON are parsed, any other file is a text.",
  type: "object",
  additionalProperties: false,
  required: ["$file"],
  properties: {
    $file: {
      description: "Path, relative to this file.",
      type: "string",
      minLength: 1,
      examples: ["./awin.configuration.json"],
    },
  },
};

const REFERENCE: JsonSchema = {
  description: "A value of the stack configuration or of the environment.",
  type: "string",
  pattern: "\\$\\{(config|env)\\.[^{}]+\\}",
  examples: ["${config.key}"],
};

function connector(tables: readonly FieldTable[]): JsonSchema {
  return {
    type: "object",
    additionalProperties: false,
    required: ["type", "properties"],
    properties: {
      type: {
        description: "The resource class.",
        enum: tables.map(({ resource }) => resource),
      },
      properties: {
        description: "The definition; its properties depend on the type.",
        type: "object",
      },
      options: { $ref: "#/definitions/options" },
      examples: { $ref: "#/definitions/examples" },
    },
    allOf: tables.map(({ resource }) => ({
      if: { required: ["type"], properties: { type: { const: resource } } },
      then: { properties: { properties: { $ref: `#/definitions/${resource}` } } },
    })),
  };
}

/** What `validate` checks of the requests that a connector makes. */
const CONNECTOR_EXAMPLES: JsonSchema = {
  description:
    "Rows, and the requests that the connector makes for them. `validate` checks them without network.",
  type: "array",
  items: {
    type: "object",
    additionalProperties: false,
    anyOf: ["method", "url", "headers", "body"].map((part) => ({
      required: [part],
      properties: { [part]: {} },
    })),
    properties: {
      name: { description: "What the example is about.", type: "string" },
      row: {
        description: "Values of the row by column, or of Supermetrics' placeholders.",
        type: "object",
        examples: [{ domain: "acme.com" }],
      },
      report: { description: "Id of a Supermetrics report type.", type: "string" },
      method: { description: "The method.", type: "string", examples: ["post"] },
      url: {
        description: "The URL with its query. References stay: `${config.key}`.",
        type: "string",
        examples: ["https://api.example.com/v1/score?domain=acme.com"],
      },
      headers: { description: "Some of the headers.", type: "object" },
      body: {
        description: "The body: a text as it is, anything else as JSON; null for none.",
        examples: [{ domain: "acme.com" }],
      },
    },
  },
};

const names = (description: string): JsonSchema => ({
  description,
  type: "array",
  items: { type: "string", minLength: 1 },
  uniqueItems: true,
});

/** Pulumi's resource options that apply to connectors. */
const OPTIONS: JsonSchema = {
  description: "Pulumi's resource options.",
  type: "object",
  additionalProperties: false,
  properties: {
    protect: { description: "Refuse to delete the connector.", type: "boolean", default: false },
    retainOnDelete: {
      description: "Leave the connector at the vendor when it leaves the program.",
      type: "boolean",
      default: false,
    },
    ignoreChanges: names("Property paths whose changes in the definition are not deployed."),
    aliases: names("Names that the resource had before."),
    dependsOn: names("Names of definitions that are deployed before this one."),
    provider: {
      description: "Name of an explicit provider: another key, another workspace.",
      type: "string",
      minLength: 1,
    },
  },
};
