/** A rule of `validate`, for docs/rules.md and SARIF. */
export interface DefinitionRule {
  /** `group/name`. Never changes, because comments and pipelines refer to it. */
  readonly id: string;
  readonly severity: "error" | "warning";
  /** What it finds, and why that matters. */
  readonly description: string;
}

/**
 * Every rule of `validate`, without those that only a program can check: `definition/provider`,
 * `definition/fleet`, `definition/shard`, `reference/env`.
 */
export const RULES: readonly DefinitionRule[] = [
  // Files that are not valid YAML or JSON, or too large.
  {
    id: "syntax/tab",
    severity: "error",
    description: "A line is indented with a tab. YAML allows spaces only.",
  },
  {
    id: "syntax/line-end",
    severity: "error",
    description: "A line ends with a carriage return (CR) alone. Most tools see one long line.",
  },
  {
    id: "syntax/duplicate-key",
    severity: "error",
    description: "A key is written twice in one map. One of the two values would be lost.",
  },
  {
    id: "syntax/several-documents",
    severity: "error",
    description: "A second YAML document starts in the file. It would be ignored.",
  },
  { id: "syntax/key", severity: "error", description: "A key is not text." },
  {
    id: "syntax/alias",
    severity: "error",
    description: "An alias has no anchor, or is inside the value that it repeats.",
  },
  { id: "syntax/indent", severity: "error", description: "The indentation matches no line above." },
  {
    id: "syntax/nested",
    severity: "error",
    description:
      "A map starts on the line of another map's key. Often, a text with a colon needs quotes.",
  },
  {
    id: "syntax/missing-character",
    severity: "error",
    description: "A colon, a quote or a closing bracket is missing.",
  },
  {
    id: "syntax/quote",
    severity: "error",
    description: "A text without quotes starts with a character that is special in YAML.",
  },
  { id: "syntax/tag", severity: "error", description: "Tags (`!name`) are not supported." },
  {
    id: "syntax/merge",
    severity: "error",
    description: "`<<` merges something that is not a map.",
  },
  {
    id: "syntax/number",
    severity: "error",
    description: "A number is too large, or has too many digits, to be kept exactly.",
  },
  {
    id: "syntax/number-form",
    severity: "warning",
    description:
      "YAML does not keep a number as it is written, such as `007` or `1.10`. In an id or a version, every character counts.",
  },
  {
    id: "syntax/value",
    severity: "error",
    description: "A value is not a text, number, true, false or null.",
  },
  { id: "syntax/json", severity: "error", description: "A .json file is not valid JSON." },
  {
    id: "syntax/yaml",
    severity: "error",
    description: "The text is not valid YAML, for a reason that no other rule covers.",
  },
  {
    id: "syntax/too-deep",
    severity: "error",
    description: "Maps and lists are nested too deeply.",
  },
  {
    id: "syntax/too-large",
    severity: "error",
    description: "A file holds more than 200,000 values, counting an alias each time.",
  },

  // Files that cannot be read as they are.
  {
    id: "file/unreadable",
    severity: "error",
    description: "A file or folder does not exist, or cannot be read.",
  },
  { id: "file/too-large", severity: "error", description: "A file is larger than 5 MiB." },
  {
    id: "file/encoding",
    severity: "error",
    description: "A file is not in UTF-8, but for example in UTF-16.",
  },
  { id: "file/empty", severity: "error", description: "A file is empty." },
  { id: "file/none", severity: "error", description: "A folder holds no definition files." },
  {
    id: "file/include",
    severity: "error",
    description:
      "`$file` names a file that does not exist, that is outside the project, or that includes the file that names it.",
  },
  {
    id: "file/overlay",
    severity: "error",
    description:
      "An overlay belongs to another overlay, or is the second one for its environment. It would have no effect.",
  },
  {
    id: "file/unused-overlay",
    severity: "warning",
    description:
      "An overlay is for a stack that has no `Pulumi.<stack>.yaml`. It has no effect, unless the program passes its name as `environment`: then validate with `--environment`.",
  },
  {
    id: "file/stack",
    severity: "error",
    description: "`Pulumi.yaml` or a stack's file cannot be read, so the configuration is unknown.",
  },
  {
    id: "file/stack-value",
    severity: "warning",
    description:
      "Pulumi does not keep a value of a stack's file as it is written: it reads `010` as 8, `1.10` as 1.1, and a date as a time.",
  },

  // The parts of a definition around its properties.
  {
    id: "definition/shape",
    severity: "error",
    description:
      "A file does not have the shape `connectors: <name>: {type, properties, options}`.",
  },
  {
    id: "definition/key",
    severity: "error",
    description:
      "A key is not known. At the top of a file, keys that start with `x-` are allowed, for anchors.",
  },
  {
    id: "definition/name",
    severity: "error",
    description: "The name of a connector is not a valid resource name.",
  },
  {
    id: "definition/type",
    severity: "error",
    description: "A connector has no type, or an unknown one.",
  },
  {
    id: "definition/options",
    severity: "error",
    description: "An option is unknown, or has the wrong type.",
  },
  {
    id: "definition/ignore-changes",
    severity: "warning",
    description: "A path in `ignoreChanges` starts with no property of the connector.",
  },
  {
    id: "definition/duplicate",
    severity: "error",
    description:
      "Two files define a connector of the same name. The name is the resource's in the stack.",
  },
  {
    id: "definition/depends-on",
    severity: "error",
    description:
      "`dependsOn` names a connector that is not defined, or two connectors depend on each other.",
  },
  {
    id: "definition/same-id",
    severity: "error",
    description:
      "Two definitions adopt the same existing connector. It can match only one of them.",
  },
  {
    id: "definition/same-name",
    severity: "warning",
    description:
      "Two connectors of one workspace have the same name. People cannot distinguish them, and neither can a deployment that lost its state.",
  },

  // Properties that a deployment refuses.
  {
    id: "property/unknown",
    severity: "error",
    description: "The connector has no property of this name.",
  },
  {
    id: "property/required",
    severity: "error",
    description: "A required property is missing.",
  },
  {
    id: "property/type",
    severity: "error",
    description: "A value has the wrong type.",
  },
  {
    id: "property/choice",
    severity: "error",
    description: "A value is not one of the allowed values.",
  },
  { id: "property/length", severity: "error", description: "A text is too long, or empty." },
  { id: "property/range", severity: "error", description: "A number is too small or too large." },
  {
    id: "property/pattern",
    severity: "error",
    description: "A text does not have the required form.",
  },
  {
    id: "property/url",
    severity: "error",
    description: "A URL is incomplete, or holds invalid characters.",
  },
  {
    id: "property/name",
    severity: "error",
    description: "The name of a header, parameter, body field or secret is invalid, or used twice.",
  },
  {
    id: "property/text",
    severity: "error",
    description:
      "A text is blank, or holds line breaks or control characters that are not allowed.",
  },
  {
    id: "property/file",
    severity: "error",
    description: "The file that the property names does not exist, or is of the wrong kind.",
  },

  // `${…}` in texts.
  { id: "reference/unclosed", severity: "error", description: "A reference (`${`) is not closed." },
  {
    id: "reference/unknown-kind",
    severity: "error",
    description:
      "A reference is not `${config.key}`, `${env.NAME}` or `${secrets.name}`. For the literal characters, write `$${`.",
  },
  {
    id: "reference/secrets",
    severity: "error",
    description:
      "`${secrets.name}` is used outside the configuration of a Supermetrics connector. It names a secret of that connector.",
  },
  {
    id: "reference/secret",
    severity: "error",
    description: "`${secrets.name}` names a secret that the connector does not define.",
  },
  {
    id: "reference/unused-secret",
    severity: "warning",
    description: "The configuration does not use a secret that the connector defines.",
  },
  {
    id: "reference/config",
    severity: "error",
    description:
      "`${config.key}` names a key that the stack's file does not set. A stack without a file, or with values from an `environment`, is not checked.",
  },

  // Secrets.
  {
    id: "secret/clear-text",
    severity: "error",
    description:
      "A value looks like a secret in plain text. Everyone who can read the repository can read it, and git keeps it in its history.",
  },
  {
    id: "secret/mask",
    severity: "error",
    description:
      "A value is a mask of asterisks, as vendors show it in place of a secret. A deployment would replace the secret by it.",
  },

  // Examples: rows, and what the request for each must be.
  {
    id: "example/shape",
    severity: "error",
    description:
      "`examples` is not a list of maps with `row`, and with `method`, `url`, `headers` or `body` as the request must have them.",
  },
  {
    id: "example/request",
    severity: "error",
    description:
      "The request for the row of an example is another one than the example expects, or has a fault. As a warning: a variable has no value, or the request does not use a value of the row.",
  },

  // Probable mistakes that Databar accepts.
  {
    id: "databar/template-syntax",
    severity: "error",
    description:
      "`bodyTemplate` is not a valid Jinja template. As a warning: it uses a filter or a test that Jinja does not bring.",
  },
  {
    id: "databar/template-variable",
    severity: "warning",
    description:
      "`bodyTemplate` and `body` do not define the same variables. A template replaces `body`.",
  },
  {
    id: "databar/get-body",
    severity: "warning",
    description: "A `get` request has a body, which is not sent.",
  },
  {
    id: "databar/parameter-twice",
    severity: "warning",
    description: "A parameter is both in the query of `url` and in `parameters`.",
  },
  {
    id: "databar/insecure-url",
    severity: "warning",
    description: "The URL uses http, which sends everything unencrypted, including credentials.",
  },

  // Probable mistakes that Supermetrics may accept.
  {
    id: "supermetrics/vocabulary",
    severity: "warning",
    description:
      "A key or a value of the configuration resembles a known one. One that resembles none is accepted, because it may be new.",
  },
  {
    id: "supermetrics/placeholder",
    severity: "warning",
    description: "A placeholder (`{{…}}`) is not closed, empty, or probably misspelled.",
  },
  {
    id: "supermetrics/url",
    severity: "warning",
    description: "The URL of a request is incomplete, or uses http.",
  },
  {
    id: "supermetrics/report-type-id",
    severity: "error",
    description:
      "Two report types have the same id. As a warning: an id has other characters than lower-case letters, digits and underscores.",
  },
  {
    id: "supermetrics/static-secret",
    severity: "warning",
    description:
      "A value that is classified as secret has the source `static`, which Supermetrics does not allow.",
  },
];
