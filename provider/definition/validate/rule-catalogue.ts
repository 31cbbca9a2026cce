/** A rule of `validate`, as its catalogue page and SARIF tell it. */
export interface DefinitionRule {
  /** `group/name`; stays for ever, because comments and pipelines name it. */
  readonly id: string;
  readonly severity: "error" | "warning";
  /** What it finds, and why that matters. */
  readonly description: string;
}

/** Every rule of `validate`. Those that only a program can judge (`definition/provider`, `definition/fleet`, `definition/shard`, `reference/env`) are none of them. */
export const RULES: readonly DefinitionRule[] = [
  // Texts that are no YAML, no JSON, or more than anybody reviews.
  { id: "syntax/tab", severity: "error", description: "A tab indents. YAML allows spaces only." },
  {
    id: "syntax/duplicate-key",
    severity: "error",
    description: "A key is written twice in one map: one of the two values would be lost.",
  },
  {
    id: "syntax/several-documents",
    severity: "error",
    description: "A second YAML document begins in the file. It would be ignored.",
  },
  { id: "syntax/key", severity: "error", description: "A key is no text." },
  {
    id: "syntax/alias",
    severity: "error",
    description: "An alias has no anchor, or stands within what it repeats.",
  },
  { id: "syntax/indent", severity: "error", description: "The indentation fits no line above." },
  {
    id: "syntax/nested",
    severity: "error",
    description:
      "A map begins on the line of another one's key. Often a text with a colon in it lacks its quotes.",
  },
  {
    id: "syntax/missing-character",
    severity: "error",
    description: "A colon, a quote or a closing bracket is missing.",
  },
  {
    id: "syntax/quote",
    severity: "error",
    description: "A text without quotes begins with a character that means something in YAML.",
  },
  { id: "syntax/tag", severity: "error", description: "A tag (`!name`) means nothing here." },
  { id: "syntax/merge", severity: "error", description: "`<<` merges something else than a map." },
  {
    id: "syntax/number",
    severity: "error",
    description: "A number that would not be kept exactly: too large for a double.",
  },
  {
    id: "syntax/value",
    severity: "error",
    description: "A value is no text, number, true, false or null.",
  },
  { id: "syntax/json", severity: "error", description: "A file that ends in .json is no JSON." },
  {
    id: "syntax/yaml",
    severity: "error",
    description: "The text is no YAML, for a reason that is rare.",
  },
  {
    id: "syntax/too-deep",
    severity: "error",
    description: "Maps and lists are nested too deeply to be read.",
  },
  {
    id: "syntax/too-large",
    severity: "error",
    description: "A file holds more than 200,000 values, what aliases repeat counted each time.",
  },

  // Files that cannot be read as they are.
  {
    id: "file/unreadable",
    severity: "error",
    description: "A file or folder cannot be read: it is not there, or may not be read.",
  },
  { id: "file/too-large", severity: "error", description: "A file is larger than 5 MiB." },
  {
    id: "file/encoding",
    severity: "error",
    description: "A file is in another encoding than UTF-8, for example UTF-16.",
  },
  { id: "file/empty", severity: "error", description: "A file says nothing." },
  { id: "file/none", severity: "error", description: "A folder holds no definition files." },
  {
    id: "file/include",
    severity: "error",
    description:
      "`$file` names a file that is not there, that lies outside the project, or that includes the one that names it.",
  },

  {
    id: "file/overlay",
    severity: "error",
    description:
      "An overlay lies over another overlay, or is the second one for its environment: what it says would be lost.",
  },
  {
    id: "file/stack",
    severity: "error",
    description:
      "`Pulumi.yaml` or a stack's file cannot be read, so that nothing can be told of the configuration.",
  },

  // The frame of a definition: what surrounds its properties.
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
      "A key that means nothing there. At the top of a file, keys that begin with `x-` are free for anchors.",
  },
  {
    id: "definition/name",
    severity: "error",
    description: "The name of a connector cannot be a resource's name.",
  },
  {
    id: "definition/type",
    severity: "error",
    description: "A connector has no type, or one that is not known.",
  },
  {
    id: "definition/options",
    severity: "error",
    description: "An option is not known, or not of its type.",
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
      "Two definitions adopt the same existing connector. It can be what one of them says, not both.",
  },
  {
    id: "definition/same-name",
    severity: "warning",
    description:
      "Two connectors of one workspace have the same name: people cannot tell them apart, nor can a deployment that lost its state.",
  },

  // Properties that a deployment would refuse.
  {
    id: "property/unknown",
    severity: "error",
    description: "A property that the connector does not have.",
  },
  {
    id: "property/required",
    severity: "error",
    description: "A property is missing that the connector cannot do without.",
  },
  {
    id: "property/type",
    severity: "error",
    description: "A value is of another type than the property.",
  },
  {
    id: "property/choice",
    severity: "error",
    description: "A value is none of those that the property may have.",
  },
  { id: "property/length", severity: "error", description: "A text is too long, or empty." },
  { id: "property/range", severity: "error", description: "A number is too small or too large." },
  {
    id: "property/pattern",
    severity: "error",
    description: "A text is not of the form that the property needs.",
  },
  {
    id: "property/url",
    severity: "error",
    description: "A URL is incomplete, or holds characters that no URL may hold.",
  },
  {
    id: "property/name",
    severity: "error",
    description:
      "The name of a header, parameter, body field or secret cannot be used, or is the same as another one's.",
  },
  {
    id: "property/text",
    severity: "error",
    description: "A text holds line breaks or control characters where it must not, or is blank.",
  },
  {
    id: "property/file",
    severity: "error",
    description: "A file that the property names is not there, or is no file of the right kind.",
  },

  // `${…}` in texts.
  { id: "reference/unclosed", severity: "error", description: "A reference (`${`) is not closed." },
  {
    id: "reference/unknown-kind",
    severity: "error",
    description:
      "A reference is none of `${config.key}`, `${env.NAME}`, `${secrets.name}`. For the two characters themselves, write `$${`.",
  },
  {
    id: "reference/secrets",
    severity: "error",
    description:
      "`${secrets.name}` stands where it means nothing: it names a secret of a Supermetrics connector, within its configuration.",
  },
  {
    id: "reference/secret",
    severity: "error",
    description: "`${secrets.name}` names a secret that the connector does not define.",
  },
  {
    id: "reference/unused-secret",
    severity: "warning",
    description: "A secret is defined that the configuration never names.",
  },
  {
    id: "reference/config",
    severity: "error",
    description:
      "`${config.key}` names a key that the stack's file does not set. A stack without a file, or one that takes values from an `environment`, is not judged.",
  },

  // Secrets.
  {
    id: "secret/clear-text",
    severity: "error",
    description:
      "A value looks like a secret, and is written in clear: everybody who can read the repository knows it, and git keeps it for ever.",
  },

  // What Databar would take, but is probably a mistake.
  {
    id: "databar/template-syntax",
    severity: "error",
    description: "`bodyTemplate` is no Jinja template.",
  },
  {
    id: "databar/template-variable",
    severity: "warning",
    description:
      "`bodyTemplate` and `body` do not name the same variables. While a template is set, its variables take the place of `body`.",
  },
  {
    id: "databar/get-body",
    severity: "warning",
    description: "A request with the method get carries no body.",
  },
  {
    id: "databar/parameter-twice",
    severity: "warning",
    description: "A parameter is in the query of `url` and in `parameters`.",
  },
  {
    id: "databar/insecure-url",
    severity: "warning",
    description: "The URL is http: what it carries, credentials included, can be read on the way.",
  },

  // What Supermetrics would take, but is probably a mistake.
  {
    id: "supermetrics/vocabulary",
    severity: "warning",
    description:
      "A key or a value of the configuration is nearly one that Supermetrics is known for. What is like none of them may be new, and is left alone.",
  },
  {
    id: "supermetrics/placeholder",
    severity: "warning",
    description: "A placeholder (`{{…}}`) is not closed, empty, or nearly a known one.",
  },
  {
    id: "supermetrics/url",
    severity: "warning",
    description: "The URL of a request is incomplete, or http.",
  },
  {
    id: "supermetrics/report-type-id",
    severity: "error",
    description:
      "Two report types have the same id, or an id is not made of lower-case letters, digits and underscores (a warning).",
  },
  {
    id: "supermetrics/static-secret",
    severity: "warning",
    description:
      "A value that is classified as secret has the source static, which Supermetrics does not allow.",
  },
];
