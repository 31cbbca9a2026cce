import { type Field, type FieldTable } from "../../provider/model/field";
import { isObject } from "../../provider/json";
import { type JsonSchema } from "../../provider/model/schema";
import { connectorSnippet, textSnippet } from "./schema-snippets";
import {
  ANY,
  documentOf,
  documentSchema,
  FILE,
  type Form,
  IS_FILE,
  mapOrFile,
  names,
  orFile,
  VALUE_DEFINITIONS,
  valueSchema,
} from "./schema-values";
import { argument } from "./types";
import { type DocumentedVendor } from "./vendors";

/**
 * The JSON Schema of definition files for editors, in draft-07, which all of them support. It takes
 * what `validate` takes, but for two things that only several files together show: a base file that
 * leaves what is required to its overlays, and an overlay that repeats the type.
 */
export function definitionsSchema(
  vendors: readonly Pick<DocumentedVendor, "table" | "vocabulary">[],
): JsonSchema {
  const tables = vendors.map(({ table }) => table);
  const documents = vendors.flatMap(({ table: { resource, fields }, vocabulary = {} }) =>
    fields.some(({ kind }) => kind === "document")
      ? [[documentOf(resource), documentSchema(vocabulary)]]
      : [],
  );
  return withMarkdown({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Connector definitions of pulumi-connectors",
    ...mapOrFile(false, { allOf: [{ $ref: "#/definitions/content" }, BASE_FILE] }),
    definitions: {
      content: content(tables),
      connector: connector(tables),
      ...VALUE_DEFINITIONS,
      ...Object.fromEntries([
        ...documents,
        ...tables.flatMap((table) => [
          [table.resource, properties(table, "definition")],
          [overlayOf(table), properties(table, "overlay")],
        ]),
      ]),
    },
  }) as JsonSchema;
}

/** Editors escape the backticks of a `description`. */
function withMarkdown(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(withMarkdown);
  }
  if (!isObject(schema)) {
    return schema;
  }
  const { description, markdownDescription } = schema;
  const isMarkdown = typeof description === "string" && description.includes("`");
  const parts = Object.entries(schema).map(([key, part]) => [key, withMarkdown(part)]);
  return {
    ...Object.fromEntries(parts),
    ...(isMarkdown && { markdownDescription: markdownDescription ?? description }),
  };
}

/**
 * What only a file that is not named like an overlay must have. Editors that do not know
 * `filePatternAssociation` take every file for an overlay; so does the YAML language server where a
 * folder's name has a dot.
 */
const BASE_FILE: JsonSchema = {
  if: { filePatternAssociation: "*.*.*" },
  else: {
    required: ["connectors"],
    properties: {
      connectors: {
        doNotSuggest: true,
        if: IS_FILE,
        else: {
          additionalProperties: mapOrFile(false, { required: ["type", "properties"] }),
        },
      },
    },
  },
};

/** The top level of a file. */
function content(tables: readonly FieldTable[]): JsonSchema {
  return {
    additionalProperties: false,
    properties: {
      $schema: { description: "Address of this schema. Only editors read it.", ...ANY },
      connectors: {
        description: "Connectors by the name that the resource has in the stack.",
        ...mapOrFile(false, {
          propertyNames: names({
            pattern: "^(?=.*\\S)(?!.*::)[^\\u0000-\\u001f\\u007f]*$",
            message: "Must not be empty, and must not have :: or control characters.",
          }),
          additionalProperties: mapOrFile(true, { $ref: "#/definitions/connector" }),
          defaultSnippets: tables.map(connectorSnippet),
        }),
      },
    },
    patternProperties: { "^x-": { description: "Any content, for anchors." } },
  };
}

/** A connector with a type is written in full; one without a type is an overlay. */
function connector(tables: readonly FieldTable[]): JsonSchema {
  return {
    description: "A connector. Its key is the name of the resource in the stack.",
    additionalProperties: false,
    properties: {
      type: {
        description: "The resource class. An overlay leaves it out.",
        anyOf: [{ type: "string", enum: tables.map(({ resource }) => resource) }, FILE],
      },
      properties: {
        description: "The same properties as in TypeScript; they depend on the type.",
        type: ["object", "null"],
      },
      options: { description: "Pulumi's resource options.", type: ["object", "null"] },
      examples: {
        description:
          "Rows, and the requests that the connector makes for them. `validate` checks them without network.",
        ...orFile(["array"], true, { items: mapOrFile(false, EXAMPLE) }),
      },
    },
    allOf: [
      ...tables.map((table) => ({
        if: { required: ["type"], properties: { type: { const: table.resource } } },
        then: {
          required: ["properties"],
          properties: parts([table], "definition"),
        },
      })),
      {
        if: { required: ["type"] },
        else: { properties: parts(tables, "overlay") },
      },
    ],
  };
}

/** What the parts of a connector hold, of any of the types. */
function parts(tables: readonly FieldTable[], form: Form): JsonSchema {
  const isOptional = form === "overlay";
  const own = tables.map((table) => ({
    $ref: `#/definitions/${isOptional ? overlayOf(table) : table.resource}`,
  }));
  return {
    properties: mapOrFile(isOptional, own.length === 1 ? { allOf: own } : { anyOf: own }),
    options: mapOrFile(isOptional, options(tables, isOptional)),
  };
}

const overlayOf = ({ resource }: FieldTable): string => `${resource}Overlay`;

function properties(table: FieldTable, form: Form): JsonSchema {
  const { resource, vendor, docs, fields } = table;
  return {
    title: resource,
    description: `${possessive(vendor)} connector. See ${docs}`,
    additionalProperties: false,
    ...(form === "definition" && {
      required: fields.filter(({ required }) => required).map(({ name }) => name),
    }),
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        { ...described(field, table), ...valueSchema(field, form, resource) },
      ]),
    ),
  };
}

function described(field: Field, { vendor, docs }: FieldTable): JsonSchema {
  const description = argument(field);
  return {
    description,
    markdownDescription: `${description}\n\n[${possessive(vendor)} documentation](${docs})`,
  };
}

function possessive(vendor: string): string {
  return vendor.endsWith("s") ? `${vendor}'` : `${vendor}'s`;
}

/** What `validate` checks of a request that a connector makes. */
const EXAMPLE: JsonSchema = {
  additionalProperties: false,
  anyOf: ["method", "url", "headers", "body"].map((part) => ({
    required: [part],
    errorMessage: "Must have at least one of method, url, headers and body.",
  })),
  properties: {
    name: { description: "What the example is about.", ...orFile(["string"], false, {}) },
    row: {
      description: "Values of the row by column, or of Supermetrics' placeholders.",
      ...mapOrFile(false, { examples: [{ domain: "acme.com" }] }),
    },
    report: {
      description:
        "Id of a Supermetrics report type, or the place of another request in the configuration.",
      ...orFile(["string"], false, {}),
    },
    method: {
      description: "The method.",
      ...orFile(["string"], false, { examples: ["post"] }),
    },
    url: {
      description: "The URL with its query. References stay: `${config.key}`.",
      ...orFile(["string"], false, {
        examples: ["https://api.example.com/v1/score?domain=acme.com"],
      }),
    },
    headers: { description: "Some of the headers.", ...mapOrFile(false, {}) },
    body: {
      description: "The body: a text as it is, anything else as JSON; null for none.",
      ...ANY,
    },
  },
};

/** Pulumi's resource options that apply to connectors. */
function options(tables: readonly FieldTable[], isOptional: boolean): JsonSchema {
  const flag = (description: string): JsonSchema => ({
    description,
    ...orFile(["boolean"], isOptional, { default: false }),
  });
  const list = (description: string, known: readonly string[] = []): JsonSchema => ({
    description,
    ...orFile(["array"], isOptional, {
      items: {
        ...orFile(["string"], false, { minLength: 1 }),
        ...(known.length > 0 && {
          pattern: `^[.[\\]]*(?:\\*|"|(?:${known.join("|")})(?!\\w))`,
          patternErrorMessage: "Must begin with the name of a property.",
          defaultSnippets: known.map(textSnippet),
        }),
      },
    }),
  });
  const known = tables.flatMap(({ fields }) => fields.map(({ name }) => name));
  return {
    additionalProperties: false,
    properties: {
      protect: flag("Refuse to delete the connector."),
      retainOnDelete: flag("Leave the connector at the vendor when its resource is deleted."),
      ignoreChanges: list("Property paths whose changes in the definition are not deployed.", [
        ...new Set(known),
      ]),
      aliases: list("Names that the resource had before."),
      dependsOn: list("Names of definitions that are deployed before this one."),
      provider: {
        description: "Name of an explicit provider: another key, another workspace.",
        ...orFile(["string"], isOptional, { minLength: 1 }),
      },
    },
  };
}
