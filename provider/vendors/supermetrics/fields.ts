import {
  type Diagnostic,
  errorDiagnostic,
  joinPath,
  suggest,
  warningDiagnostic,
} from "../../diagnostics";
import { type FieldTable, ON_CONFLICT, type Rule } from "../../model/field";
import { isObject } from "../../json";
import { notBlank, singleLine } from "../../model/field-rules";
import { holdsUnknown } from "../../model/unknown";
import { describeLogo } from "./logo";
import { references } from "./placeholders";

const IDENTIFIER = ["^[A-Za-z0-9_-]{1,100}$", "must be 1 to 100 letters, digits, _ or -"] as const;

/** 2^63-1, which a JavaScript number cannot represent: hence text. */
const LARGEST_TEAM = 9_223_372_036_854_775_807n;

/** A whole number from 1 on that the vendor can hold. */
export const teamRange: Rule = (value, path) => {
  const text = value as string;
  const inRange = /^\d{1,19}$/.test(text) && BigInt(text) >= 1n && BigInt(text) <= LARGEST_TEAM;
  return inRange
    ? []
    : [
        errorDiagnostic(
          "property/range",
          path,
          "must be a whole number from 1 to 9223372036854775807, as text",
          'Example: teamId: "936506"',
        ),
      ];
};

/**
 * Supermetrics' connector object, row by row. Bounds are those of the vendor's OpenAPI document of
 * the Connector Builder.
 */
export const supermetricsFields: FieldTable = {
  vendor: "Supermetrics",
  resource: "SupermetricsConnector",
  docs: "https://docs.supermetrics.com/",
  fields: [
    {
      name: "name",
      vendorName: "name",
      kind: "text",
      required: true,
      minLength: 1,
      maxLength: 255,
      description: "Title in the team.",
      example: "Awin",
      rules: [notBlank, singleLine],
      form: "on one line, not blank",
    },
    {
      name: "description",
      vendorName: "description",
      kind: "text",
      default: "",
      maxLength: 1000,
      description: "Description of the connector.",
      example: "Clicks and commissions per publisher.",
    },
    {
      name: "configuration",
      vendorName: "configuration.configuration_json",
      kind: "document",
      secret: "byName",
      unmanagedWhenUnset: true,
      digestedAs: "configurationDigest",
      packedAs: "configurationSource",
      description:
        "The configuration document. `${secrets.name}` stands for a secret's placeholder, `$${` for a literal `${`. Keys that are neither here nor were before are left alone.",
      example: { $schema: "https://api.supermetrics.com/cc/v1/schema/connector" },
    },
    {
      name: "secrets",
      vendorPlace: "`secret_name` and `secret_value` of the connector's secrets",
      kind: "secrets",
      secret: "always",
      writeOnly: true,
      unmanagedWhenUnset: true,
      minLength: 1,
      maxLength: 10_000,
      description:
        "Secrets by name. Removing a name deletes the secret, unless a part of the configuration that is not managed still names it. Secrets that the map never named are left alone; so are all when the map itself is removed.",
      example: { api_key: "${config.awinKey}" },
      form: "names of 1 to 255 characters",
    },
    {
      name: "logo",
      vendorName: "logo_url",
      kind: "file",
      unmanagedWhenUnset: true,
      description:
        "Path of an image file, relative to the folder that the program runs in; in a definition file, to that file. Uploaded when its content changes.",
      example: "./logos/awin.png",
      describe: describeLogo,
      form: "a PNG or JPG file of at most 5 MB",
    },
    {
      name: "teamId",
      vendorPlace: "the team in the path of every request",
      kind: "text",
      replaces: true,
      fromSettings: true,
      description:
        "Team id as text. Default: `supermetrics:teamId` of the stack, then SUPERMETRICS_TEAM_ID. Another team replaces the connector.",
      example: "936506",
      rules: [teamRange],
      form: "digits, from 1 to 9223372036854775807",
    },
    {
      name: "connectorIdentifier",
      vendorPlace: "`connector_identifier`",
      kind: "text",
      createOnly: true,
      replaces: true,
      pattern: IDENTIFIER,
      description:
        "Identifier of an existing connector to adopt instead of creating one. Naming another one later replaces the connector.",
      example: "T3S70",
    },
    {
      name: "duplicateOf",
      vendorPlace: "`connector_identifier` of the create request",
      kind: "text",
      createOnly: true,
      pattern: IDENTIFIER,
      description: "Identifier of a connector to start from as a copy.",
      example: "SRC42",
    },
    ON_CONFLICT,
  ],
  computed: [
    {
      name: "connectorIdentifier",
      vendorName: "connector_identifier",
      kind: "text",
      description: "Supermetrics' identifier; also the data source id used in queries.",
    },
    {
      name: "logoUrl",
      vendorName: "logo_url",
      kind: "text",
      description: "Where Supermetrics serves the logo.",
    },
    {
      name: "createdAt",
      vendorName: "created_at",
      kind: "text",
      description: "When the connector was created, as Supermetrics writes it.",
    },
    {
      name: "updatedAt",
      vendorName: "updated_at",
      kind: "text",
      description:
        "When it last changed, as of the last refresh; not set after a deployment that writes.",
    },
    {
      name: "configurationVersion",
      vendorName: "configuration.version",
      kind: "text",
      description:
        "Version of the configuration document, as of the last refresh; not set after a deployment that writes.",
    },
    {
      name: "secretPlaceholders",
      vendorName: "secrets",
      kind: "texts",
      description: "Supermetrics' placeholder of each managed secret, by its name.",
    },
  ],
  leftOut: [
    {
      vendorName: "configuration.created_at",
      reason: "adds nothing to createdAt and updatedAt",
    },
    {
      vendorName: "configuration.updated_at",
      reason: "adds nothing to createdAt and updatedAt",
    },
  ],
  rules: [secretReferences],
};

/**
 * Every `${secrets.x}` has its secret, and every secret is used. Values, known or not, play no
 * part.
 */
function secretReferences(inputs: Readonly<Record<string, unknown>>): Diagnostic[] {
  const { secrets, configuration } = inputs;
  if (configuration !== undefined && !isObject(configuration)) {
    return [];
  }
  const used = references(configuration);
  const names = isObject(secrets) ? Object.keys(secrets) : [];
  const missing =
    isObject(secrets) || secrets === undefined
      ? used.filter(({ name }) => !names.includes(name))
      : [];
  return [
    ...missing.map(({ name, path }) =>
      undefinedSecret(name, joinPath("configuration", ...path), names),
    ),
    ...unusedSecrets(
      configuration,
      names,
      used.map(({ name }) => name),
    ),
  ];
}

function undefinedSecret(name: string, path: string, names: readonly string[]): Diagnostic {
  const meant = suggest(name, names);
  const hint =
    meant === undefined
      ? `Add secrets.${name}, or write $\${secrets.${name}} for the literal text`
      : `Did you mean \${secrets.${meant}}?`;
  return errorDiagnostic(
    "reference/secret",
    path,
    `names the secret ${name}, which secrets does not define`,
    hint,
  );
}

function unusedSecrets(
  configuration: unknown,
  names: readonly string[],
  used: readonly string[],
): Diagnostic[] {
  const unused = names.filter((name) => !used.includes(name));
  if (unused.length === 0 || configuration === undefined || holdsUnknown(configuration)) {
    return [];
  }
  return unused.map((name) =>
    warningDiagnostic(
      "reference/unused-secret",
      joinPath("secrets", name),
      "is never referenced by the configuration",
      `Write \${secrets.${name}} where it belongs, or remove it`,
    ),
  );
}
