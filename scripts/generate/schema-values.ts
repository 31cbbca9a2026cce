/** What editors know of a value in a definition file: its bounds, and what can take its place. */
import { type Field, type Rule } from "../../provider/model/field";
import {
  headerEntries,
  httpUrl,
  namedEntries,
  notBlank,
  singleLine,
} from "../../provider/model/field-rules";
import { type JsonSchema } from "../../provider/model/schema";
import { teamRange } from "../../provider/vendors/supermetrics/fields";
import { fileSnippet, referenceSnippet, snippetOf } from "./schema-snippets";

/**
 * How a connector is written: in full, or as an overlay, which requires nothing, and where `null`
 * removes what the base file has.
 */
export type Form = "definition" | "overlay";

/** A pattern, and what editors show of a text that does not match. */
interface TextRule {
  readonly pattern: string;
  readonly message: string;
}

/** What a rule says of texts, or of the names and values of a map. */
interface RulePatterns {
  readonly text?: TextRule;
  readonly name?: TextRule;
}

const CONTROL = "\\u0000-\\u001f\\u007f";

/** The rules of fields, as far as a pattern can say them. Never stricter than the rule. */
export const RULE_PATTERNS: ReadonlyMap<Rule, RulePatterns> = new Map<Rule, RulePatterns>([
  [notBlank, { text: { pattern: "\\S", message: "Must not be blank." } }],
  [
    singleLine,
    {
      text: {
        pattern: `^[^${CONTROL}]*$`,
        message: "Must not have line breaks or control characters.",
      },
    },
  ],
  [
    httpUrl,
    {
      text: {
        // Only templates can have spaces. Each brace has one reading, so that matching is fast.
        pattern: `^[Hh][Tt][Tt][Pp][Ss]?://(?=[^/?#\\\\])(?:\\{\\{?[^{}]*\\}?\\}|\\{(?!\\{?[^{}]*\\}?\\})|[^{\\s${CONTROL}])*$`,
        message: "Must be a complete http or https URL, without spaces.",
      },
    },
  ],
  [
    headerEntries,
    {
      name: {
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        message: "Is not a header name: use letters, digits and - only.",
      },
      text: {
        pattern: "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$",
        message: "Must not have line breaks or control characters.",
      },
    },
  ],
  [
    teamRange,
    {
      text: {
        pattern: "^(?=.*[1-9])\\d{1,19}$",
        message: "Must be a whole number from 1 on, in quotes.",
      },
    },
  ],
  [
    namedEntries,
    {
      name: {
        pattern: `^(?=.*\\S)[^${CONTROL}]*$`,
        message: "Must not be empty, and must not have control characters.",
      },
    },
  ],
]);

/** The content of another file. */
export const FILE: JsonSchema = { $ref: "#/definitions/file" };
export const IS_FILE: JsonSchema = { type: "object", required: ["$file"] };

/** Name of the schema of a resource's documents. */
export const documentOf = (resource: string): string => `${resource}Document`;

/** The schema of a resource's property. A reference or a file can take the place of a value. */
export function valueSchema(field: Field, form: Form, resource: string): JsonSchema {
  const isOptional = form === "overlay" || !field.required;
  const { kind, name, values, example } = field;
  const examples = { ...scalarDefault(field), examples: [example] };
  switch (kind) {
    case "text":
    case "file":
      return orFile(["string"], isOptional, {
        ...examples,
        ...texts(field),
        ...(isLong(field) && { defaultSnippets: [fileSnippet(`${name}.txt`)] }),
      });
    case "integer":
      return orFile(["integer", "string"], isOptional, { ...examples, ...range(field) });
    case "choice":
      return {
        ...examples,
        anyOf: [
          { type: "string", enum: values },
          { type: "string", ...REFERENCE },
          FILE,
          ...(isOptional ? [{ type: "null" }] : []),
        ],
      };
    case "entries":
    case "secrets":
      return {
        ...mapOrFile(isOptional, { ...examples, ...entries(field, form) }),
        defaultSnippets: [snippetOf(example)],
      };
    case "document":
      return {
        ...mapOrFile(isOptional, {
          ...examples,
          allOf: [{ $ref: `#/definitions/${documentOf(resource)}` }],
        }),
        defaultSnippets: [fileSnippet(`${name}.json`)],
      };
  }
}

function range({ minimum, maximum }: Field): JsonSchema {
  return {
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...REFERENCE,
  };
}

/** A document: what is known of its keys, and what every text in it must be. */
export function documentSchema(vocabulary: JsonSchema): JsonSchema {
  return { allOf: [vocabulary, { $ref: "#/definitions/document" }] };
}

/** What editors show of a value of another type. */
const TYPE_MESSAGES: Readonly<Record<string, string>> = {
  string: "Must be text. Write a number, true and false in quotes.",
  "integer,string": "Must be a whole number, or a reference such as ${config.key}.",
  "string,array": "Must be text or a list of texts. Write a number, true and false in quotes.",
  boolean: "Must be true or false, without quotes.",
  array: "Must be a list.",
};

/** A value of one of the types, or the file that holds it. */
export function orFile(
  types: readonly string[],
  isOptional: boolean,
  schema: JsonSchema,
): JsonSchema {
  return {
    type: [...types, "object", ...(isOptional ? ["null"] : [])],
    errorMessage: TYPE_MESSAGES[types.join()],
    ...schema,
    if: { type: "object" },
    then: FILE,
  };
}

/** A map, or the file that holds it. `content` must not name a type. */
export function mapOrFile(isOptional: boolean, content: JsonSchema): JsonSchema {
  return {
    type: isOptional ? ["object", "null"] : "object",
    errorMessage: "Must be a map.",
    if: IS_FILE,
    then: FILE,
    else: content,
  };
}

/** Names of a map. Anchors are merged with `<<`. */
export function names({ pattern, message }: TextRule): JsonSchema {
  return { pattern: `^<<$|${pattern}`, patternErrorMessage: message };
}

function entries(field: Field, form: Form): JsonSchema {
  const isSecrets = field.kind === "secrets";
  const name = isSecrets
    ? length({ minLength: 1, maxLength: 255 })
    : patternsOf(field).flatMap((each) => each.name ?? []);
  const values = texts(field);
  return {
    ...(name.length > 0 && { propertyNames: allOf(name.map(names)) }),
    additionalProperties: {
      description: isSecrets ? "The secret's value." : "A text, or a list of texts.",
      ...orFile(isSecrets ? ["string"] : ["string", "array"], form === "overlay", {
        ...values,
        ...(!isSecrets && { items: orFile(["string"], false, values) }),
      }),
      ...(field.secret !== undefined && { defaultSnippets: [referenceSnippet] }),
    },
  };
}

/** Any value. Without alternatives, editors would complete the key without its colon. */
export const ANY: JsonSchema = { anyOf: [{}] };

/** What a text must be, or the texts of a map. */
function texts(field: Field): JsonSchema {
  const { pattern: [pattern, meaning] = [] } = field;
  const rules: readonly TextRule[] = [
    ...length(field),
    ...(pattern === undefined ? [] : [{ pattern, message: sentence(meaning ?? "") }]),
    ...patternsOf(field).flatMap(({ text }) => text ?? []),
  ];
  return allOf([...rules.map(unlessReference), REFERENCES]);
}

function patternsOf({ rules = [] }: Field): RulePatterns[] {
  return rules.flatMap((rule) => RULE_PATTERNS.get(rule) ?? []);
}

/** A pattern, because editors count UTF-16 units in `maxLength`, and `validate` counts characters. */
function length({ minLength = 0, maxLength }: Partial<Field>): TextRule[] {
  if (maxLength === undefined) {
    return [];
  }
  const limit = maxLength.toLocaleString("en-US");
  return [
    {
      pattern: `^[\\s\\S]{${minLength},${maxLength}}$`,
      message:
        minLength === 0
          ? `Must have at most ${limit} characters.`
          : `Must have ${minLength} to ${limit} characters.`,
    },
  ];
}

/** Only `validate` judges a text with `${`: what takes its place is another text. */
function unlessReference({ pattern, message }: TextRule): JsonSchema {
  return { pattern: `${pattern}|\\$\\{`, patternErrorMessage: message };
}

const REFERENCES: JsonSchema = { $ref: "#/definitions/references" };

/** In place of a number or a choice. Of a wrong choice, editors show the choices instead. */
const REFERENCE: JsonSchema = {
  pattern: "\\$\\{",
  patternErrorMessage: TYPE_MESSAGES["integer,string"],
  allOf: [REFERENCES],
};

/** Definitions that these schemas refer to. */
export const VALUE_DEFINITIONS: JsonSchema = {
  file: {
    type: "object",
    additionalProperties: false,
    required: ["$file"],
    errorMessage: "Must be the value itself, or a map with only $file.",
    properties: {
      $file: {
        description:
          "The content of another file takes the place of this map: YAML and JSON are parsed, any other file is a text. The path is relative to this file.",
        // Snippets offer it where people use it.
        doNotSuggest: true,
        type: "string",
        pattern: ".",
        errorMessage: "Must be the path of a file, as text.",
        examples: ["./awin.configuration.json"],
      },
    },
  },
  references: referencesOf(["config", "env"], "${config.key} or ${env.NAME}"),
  document: {
    if: IS_FILE,
    then: FILE,
    else: {
      ...referencesOf(
        ["config", "env", "secrets"],
        "${config.key}, ${env.NAME} or ${secrets.name}",
      ),
      additionalProperties: { $ref: "#/definitions/document" },
      items: { $ref: "#/definitions/document" },
    },
  },
};

/** Every `${` is a reference of one of the kinds, or escaped as `$${`. */
function referencesOf(kinds: readonly string[], shown: string): JsonSchema {
  return {
    pattern: `^(?![\\s\\S]*(?:^|[^$])\\$\\{(?!\\s*(?:${kinds.join("|")})\\.[^{}]+\\}))`,
    patternErrorMessage: `A reference must be ${shown}. Write $\${ for the characters \${.`,
  };
}

function allOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only = {}] = schemas;
  return schemas.length === 1 && only["$ref"] === undefined ? only : { allOf: schemas };
}

function scalarDefault({ default: value }: Field): JsonSchema {
  return typeof value === "object" || value === undefined ? {} : { default: value };
}

/** Whether people keep such a text in a file of its own. */
function isLong({ maxLength = 0 }: Field): boolean {
  return maxLength > 1000;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
