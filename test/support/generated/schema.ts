import { type FieldTable } from "../../../provider/lifecycle/field";
import { type JsonSchema, propertiesSchema } from "../../../provider/lifecycle/schema";

/** The JSON Schema of definition files, as editors read it: draft-07, which all of them know. */
export function definitionsSchema(tables: readonly FieldTable[]): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Connector definitions of pulumi-connectors",
    type: "object",
    additionalProperties: false,
    required: ["connectors"],
    properties: {
      $schema: { type: "string" },
      connectors: { description: "Connectors by the name that the resource has in the stack.", type: "object", propertyNames: { minLength: 1 }, additionalProperties: { $ref: "#/definitions/connector" } },
    },
    definitions: {
      connector: connector(tables),
      options: OPTIONS,
      ...Object.fromEntries(tables.map((table) => [table.resource, { description: `${table.vendor}'s connector. See ${table.docs}`, ...propertiesSchema(table) }])),
    },
  };
}

function connector(tables: readonly FieldTable[]): JsonSchema {
  return {
    type: "object",
    additionalProperties: false,
    required: ["type", "properties"],
    properties: {
      type: { description: "Which vendor's connector this is.", enum: tables.map(({ resource }) => resource) },
      properties: { description: "The definition; what it may hold depends on the type.", type: "object" },
      options: { $ref: "#/definitions/options" },
    },
    allOf: tables.map(({ resource }) => ({
      if: { required: ["type"], properties: { type: { const: resource } } },
      then: { properties: { properties: { $ref: `#/definitions/${resource}` } } },
    })),
  };
}

const names = (description: string): JsonSchema => ({ description, type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true });

/** Pulumi's resource options, as far as they mean something for a connector. */
const OPTIONS: JsonSchema = {
  description: "Pulumi's resource options.",
  type: "object",
  additionalProperties: false,
  properties: {
    protect: { description: "Refuse to delete the connector.", type: "boolean", default: false },
    retainOnDelete: { description: "Leave the connector at the vendor when it leaves the program.", type: "boolean", default: false },
    ignoreChanges: names("Property paths whose changes in the definition are not deployed."),
    aliases: names("Names that the resource had before."),
    dependsOn: names("Names of definitions that are deployed before this one."),
    provider: { description: "Name of an explicit provider: another key, another workspace.", type: "string", minLength: 1 },
  },
};
