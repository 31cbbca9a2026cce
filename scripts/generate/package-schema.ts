import { type ComputedField, type Field, type FieldTable } from "../../provider/model/field";
import { resourceTypes } from "../../provider/vendors/native-types";
import { settingsOf } from "../../provider/plugin/settings";
import { typeToken } from "../../provider/pulumi/program/resources";
import { packageVersion } from "../../provider/version";
import { VENDORS } from "../../provider/vendors/index";
import { type VendorName } from "../../provider/vendors/resources";
import { outputs } from "./reference";
import { argument } from "./types";

type Schema = Readonly<Record<string, unknown>>;

/** Path of a vendor's package schema. */
export const packageSchemaOf = (vendor: string): string => `plugin/${vendor}/schema.json`;

/** A vendor's package as Pulumi's code generators and its YAML read it. */
export function packageSchema(namespace: VendorName): Schema {
  const { table, runtime } = VENDORS[namespace];
  const { vendor } = table;
  const [connector = "", fleet = ""] = resourceTypes(namespace);
  const settings = Object.fromEntries(
    settingsOf(table, runtime().names).map(({ name, ...setting }) => [name, setting]),
  );
  return {
    name: namespace,
    displayName: vendor,
    version: packageVersion(),
    description: `${vendor} connectors as code. Preview: names may still change.`,
    keywords: ["pulumi", namespace, "category/utility"],
    license: "Apache-2.0",
    publisher: "pulumi-connectors",
    language: languages(namespace),
    config: { variables: settings },
    provider: {
      description: `How to reach one ${vendor} workspace. An explicit provider uses its own arguments only.`,
      inputProperties: settings,
    },
    types: types(namespace, table),
    resources: {
      [connector]: connectorResource(namespace, table),
      [fleet]: fleetResource(namespace, table),
    },
  };
}

function languages(namespace: string): Schema {
  return {
    nodejs: { packageName: `pulumi-connectors-${namespace}`, respectSchemaVersion: true },
    python: {
      packageName: `pulumi_${namespace}`,
      respectSchemaVersion: true,
      pyproject: { enabled: true },
    },
    go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
    csharp: { respectSchemaVersion: true },
  };
}

function types(namespace: string, table: FieldTable): Schema {
  const { vendor, fields } = table;
  return {
    ...Object.fromEntries(fields.flatMap((field) => enumType(namespace, vendor, field))),
    [`${namespace}:index:Definition`]: {
      description: `A ${vendor} connector of a fleet.`,
      type: "object",
      properties: inputs(namespace, table),
      required: required(table),
    },
    [`${namespace}:index:FleetConnector`]: {
      description: `What ${vendor} decides of a connector of a fleet.`,
      type: "object",
      properties: computed(table),
    },
  };
}

function connectorResource(namespace: string, table: FieldTable): Schema {
  const { vendor, resource } = table;
  return {
    description: `A ${vendor} connector. Every deployment makes it equal to its definition.`,
    properties: { ...written(namespace, table), ...computed(table) },
    required: required(table),
    inputProperties: inputs(namespace, table),
    requiredInputs: required(table),
    aliases: [{ type: typeToken(namespace, resource) }],
  };
}

function fleetResource(namespace: string, { vendor }: FieldTable): Schema {
  const connectors = {
    type: "object",
    additionalProperties: reference(namespace, "Definition"),
    description: "The definitions, by keys of your choice. Removing a key deletes its connector.",
  };
  const decided = {
    type: "object",
    additionalProperties: reference(namespace, "FleetConnector"),
    description: `What ${vendor} decides of each connector, by key.`,
  };
  const ids = { ...MAP_OF_TEXTS, description: "Pulumi's id of each connector, by key." };
  return {
    description: `Any number of ${vendor} connectors as one resource.`,
    properties: { ids, computed: decided, connectors, ...FLEET_OPTIONS },
    required: ["ids", "computed", "connectors"],
    inputProperties: { connectors, ...FLEET_OPTIONS },
    requiredInputs: ["connectors"],
    aliases: [{ type: typeToken(namespace, `${vendor}Fleet`) }],
  };
}

const TEXT: Schema = { type: "string" };
const MAP_OF_TEXTS: Schema = { type: "object", additionalProperties: TEXT };

const FLEET_OPTIONS: Schema = {
  maxDeletes: {
    type: "integer",
    description:
      "Most connectors that one update may delete because they left the map. Default: 10, or a tenth of the fleet if that is more.",
  },
  retainOnDelete: {
    type: "array",
    items: TEXT,
    description: "Keys of connectors that stay at the vendor when they leave the map.",
  },
};

function inputs(namespace: string, table: FieldTable): Schema {
  return Object.fromEntries(
    table.fields.map((field) => [
      field.name,
      { ...typeOf(namespace, table.vendor, field), description: argument(field) },
    ]),
  );
}

function written(namespace: string, table: FieldTable): Schema {
  const names = outputs(table);
  return Object.fromEntries(
    table.fields
      .filter(({ name }) => names.includes(name))
      .map((field) => [
        field.name,
        { ...typeOf(namespace, table.vendor, field), description: field.description },
      ]),
  );
}

function computed(table: FieldTable): Schema {
  return Object.fromEntries(
    table.computed.map(({ name, kind, description }) => [
      name,
      { ...(isId(table, name) ? NUMBER : COMPUTED[kind]), description },
    ]),
  );
}

function required({ fields }: FieldTable): string[] {
  return fields.filter((field) => field.required).map(({ name }) => name);
}

/** `integer` has 32 bits in some languages. */
const NUMBER: Schema = { type: "number" };
const INTEGER: Schema = { type: "integer" };
const LARGEST_INTEGER = 2 ** 31 - 1;

function isId({ fields }: FieldTable, computedName: string): boolean {
  const field = fields.find(({ name }) => name === computedName);
  return field !== undefined && isLarge(field);
}

function isLarge({ maximum = 0 }: Field): boolean {
  return maximum > LARGEST_INTEGER;
}

const COMPUTED: Readonly<Record<ComputedField["kind"], Schema>> = {
  text: TEXT,
  integer: INTEGER,
  texts: MAP_OF_TEXTS,
};

function typeOf(namespace: string, vendor: string, field: Field): Schema {
  switch (field.kind) {
    case "integer":
      return isLarge(field) ? NUMBER : INTEGER;
    case "choice":
      return reference(namespace, enumName(vendor, field));
    // Pulumi's Python SDK fails on lists in a map of texts and lists; check has the exact rule.
    case "entries":
    case "document":
      return { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
    case "secrets":
      return MAP_OF_TEXTS;
    case "text":
    case "file":
      return TEXT;
  }
}

const reference = (namespace: string, type: string): Schema => ({
  $ref: `#/types/${namespace}:index:${type}`,
});

function enumName(vendor: string, { typeName = "" }: Field): string {
  return typeName.startsWith(vendor) ? typeName.slice(vendor.length) : typeName;
}

function enumType(namespace: string, vendor: string, field: Field): [string, Schema][] {
  const { kind, values = [], description } = field;
  return kind === "choice"
    ? [
        [
          `${namespace}:index:${enumName(vendor, field)}`,
          { type: "string", description, enum: values.map((value) => ({ value })) },
        ],
      ]
    : [];
}
