import { type FieldTable, ON_CONFLICT } from "../../model/field";
import {
  headerEntries,
  httpUrl,
  namedEntries,
  notBlank,
  singleLine,
} from "../../model/field-rules";

/**
 * Databar's connector object, row by row. Bounds and defaults are those of the vendor's page on
 * connectors. Its examples show that header values are returned in plain text and that the plan
 * lowers limits without an error.
 */
export const databarFields: FieldTable = {
  vendor: "Databar",
  resource: "DatabarConnector",
  docs: "https://docs.databar.ai/",
  fields: [
    {
      name: "name",
      vendorName: "name",
      kind: "text",
      required: true,
      minLength: 1,
      maxLength: 256,
      description: "Label in the workspace.",
      example: "My Scoring API",
      rules: [notBlank, singleLine],
      form: "on one line, not blank",
    },
    {
      name: "type",
      vendorName: "type",
      kind: "choice",
      values: ["simple", "enrichment", "exporter"],
      typeName: "DatabarConnectorType",
      default: "enrichment",
      description:
        "Purpose of the connector: `enrichment` pulls data into a table, `exporter` pushes rows out.",
      example: "enrichment",
    },
    {
      name: "method",
      vendorName: "method",
      kind: "choice",
      values: ["get", "post", "put", "patch"],
      typeName: "DatabarMethod",
      required: true,
      description: "HTTP method of the connector's calls, in lower case.",
      example: "post",
    },
    {
      name: "url",
      vendorName: "url",
      kind: "text",
      required: true,
      minLength: 1,
      maxLength: 512,
      secret: "byName",
      description: "Complete URL that the connector calls. Secret when it carries a credential.",
      example: "https://api.example.com/v1/score",
      rules: [httpUrl],
      form: "a complete http or https URL",
    },
    {
      name: "headers",
      vendorName: "headers",
      kind: "entries",
      default: {},
      secret: "byName",
      caseInsensitiveKeys: true,
      description:
        "Headers sent with each call, by name. Values whose name suggests a credential are secret.",
      example: { "Content-Type": "application/json" },
      rules: [headerEntries],
      form: "names that HTTP allows, each once, ignoring case; values without control characters",
    },
    {
      name: "parameters",
      vendorName: "parameters",
      kind: "entries",
      default: {},
      secret: "byName",
      description:
        "Query parameters of each call, by name; an empty text is filled per row. Values whose name suggests a credential are secret.",
      example: { company_domain: "" },
      rules: [namedEntries],
      form: "names that are not empty, each once",
    },
    {
      name: "body",
      vendorName: "body",
      kind: "entries",
      default: {},
      secret: "byName",
      supersededBy: "bodyTemplate",
      description:
        "Body fields of each call, by name; an empty text is filled per row. Databar rewrites it while `bodyTemplate` is set.",
      example: { domain: "" },
      rules: [namedEntries],
      form: "names that are not empty, each once",
    },
    {
      name: "bodyTemplate",
      vendorName: "body_template",
      kind: "text",
      default: null,
      maxLength: 2048,
      secret: "byName",
      description: "Jinja template of the body; its variables take the place of `body`.",
      example: '{"domain": "{{ domain }}"}',
    },
    {
      name: "rateLimit",
      vendorName: "rate_limit",
      kind: "integer",
      minimum: 1,
      cappedAs: "effectiveRateLimit",
      description:
        "Requests per minute of the connector's own calls. The plan may lower it: see `effectiveRateLimit`. Left alone when it was never set.",
      example: 60,
    },
    {
      name: "maxConcurrency",
      vendorName: "max_concurrency",
      kind: "integer",
      minimum: 1,
      cappedAs: "effectiveMaxConcurrency",
      description:
        "Concurrent calls of the connector. The plan may lower it: see `effectiveMaxConcurrency`. Left alone when it was never set.",
      example: 5,
    },
    {
      name: "connectorId",
      vendorPlace: "`id`",
      kind: "integer",
      minimum: 1,
      // JavaScript does not represent larger integers exactly.
      maximum: Number.MAX_SAFE_INTEGER,
      createOnly: true,
      replaces: true,
      description:
        "Id of an existing connector to adopt instead of creating one. Naming another one later replaces the connector.",
      example: 42,
    },
    ON_CONFLICT,
  ],
  computed: [
    {
      name: "effectiveRateLimit",
      vendorName: "rate_limit",
      kind: "integer",
      description:
        "Requests per minute that Databar grants; lower than `rateLimit` when the plan says so.",
    },
    {
      name: "effectiveMaxConcurrency",
      vendorName: "max_concurrency",
      kind: "integer",
      description:
        "Parallel calls that Databar grants; lower than `maxConcurrency` when the plan says so.",
    },
    {
      name: "createdAt",
      vendorName: "created_at",
      kind: "text",
      description: "When the connector was created, as Databar writes it.",
    },
    {
      name: "connectorId",
      vendorName: "id",
      kind: "integer",
      description: "Databar's id of the connector.",
    },
  ],
  leftOut: [],
};
