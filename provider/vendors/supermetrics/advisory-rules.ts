import { type Diagnostic, joinPath, suggest } from "../../diagnostics";
import { type KeyPath } from "../../model/credential-detection";
import { type AdvisoryRule } from "../../model/field";
import { isObject } from "../../json";
import { PLACEHOLDERS, VOCABULARY, type Vocabulary } from "./vocabulary";

/** What is probably a mistake in a Supermetrics definition, though Supermetrics might take it. */
export const supermetricsAdvisoryRules: readonly AdvisoryRule[] = [
  ({ configuration }) =>
    isObject(configuration) ? misspelt(configuration, VOCABULARY, ["configuration"]) : [],
  ({ configuration }) =>
    texts(configuration, ["configuration"]).flatMap(([text, path]) => placeholders(text, path)),
  ({ configuration }) =>
    requests(configuration, ["configuration"]).flatMap(([request, path]) => urlOf(request, path)),
  ({ configuration }) => reportTypes(configuration),
  ({ configuration }) => staticSecrets(configuration),
];

/** Keys and values that are nearly known ones. What is like none of them may be new. */
function misspelt(
  value: unknown,
  { keys, items, values }: Vocabulary,
  path: KeyPath,
): Diagnostic[] {
  if (Array.isArray(value)) {
    return items ? value.flatMap((item, index) => misspelt(item, items, [...path, index])) : [];
  }
  if (isObject(value)) {
    if (!keys) {
      return [];
    }
    const known = Object.keys(keys);
    return Object.entries(value).flatMap(([key, item]) =>
      Object.hasOwn(keys, key)
        ? misspelt(item, keys[key] ?? {}, [...path, key])
        : near(key, known, [...path, key], "is no key that Supermetrics is known for"),
    );
  }
  if (
    typeof value !== "string" ||
    !values ||
    values.includes(value) ||
    value.includes("${") ||
    value.includes("{{")
  ) {
    return [];
  }
  return near(value, values.map(String), path, "is no value that Supermetrics is known for");
}

function near(
  word: string,
  known: readonly string[],
  path: KeyPath,
  message: string,
): Diagnostic[] {
  const meant = suggest(word, known);
  return meant === undefined
    ? []
    : [warning("supermetrics/vocabulary", path, message, `Did you mean ${meant}?`)];
}

function placeholders(text: string, path: KeyPath): Diagnostic[] {
  const names = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = ""]) => name.trim());
  const rest = text.replace(/\{\{[^{}]*\}\}/g, "");
  const unclosed = rest.includes("{{")
    ? [
        warning(
          "supermetrics/placeholder",
          path,
          "a placeholder ({{) is not closed",
          "Close it with }}",
        ),
      ]
    : [];
  const wrong = names
    .filter((name) => !PLACEHOLDERS.includes(name))
    .flatMap((name) => {
      if (name === "") {
        return [
          warning(
            "supermetrics/placeholder",
            path,
            "a placeholder ({{}}) is empty",
            `Known ones: ${PLACEHOLDERS.join(", ")}`,
          ),
        ];
      }
      const meant = suggest(name, PLACEHOLDERS);
      return meant === undefined
        ? []
        : [
            warning(
              "supermetrics/placeholder",
              path,
              "a placeholder is nearly a known one",
              `Did you mean {{${meant}}}?`,
            ),
          ];
    });
  return [...unclosed, ...wrong];
}

/** Every object with a url and a method in it, and every one under `request`. */
function requests(value: unknown, path: KeyPath): [Readonly<Record<string, unknown>>, KeyPath][] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => requests(item, [...path, index]));
  }
  if (!isObject(value)) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([key, item]) => requests(item, [...path, key]));
  return typeof value["url"] === "string" &&
    (path.at(-1) === "request" || value["method"] !== undefined)
    ? [[value, path], ...inner]
    : inner;
}

function urlOf({ url }: Readonly<Record<string, unknown>>, path: KeyPath): Diagnostic[] {
  const text = String(url);
  // Whatever a placeholder or a secret brings may be all of it.
  if (/^\s*(\{\{|\$\{)/.test(text)) {
    return [];
  }
  const probe = text.replace(/\{\{[^{}]*\}\}|\$\{[^{}]*\}/g, "x");
  if (!/^https?:\/\/[^/?#\\]/i.test(probe) || !URL.canParse(probe)) {
    return [
      warning(
        "supermetrics/url",
        [...path, "url"],
        "is no complete http or https URL",
        "Example: https://api.example.com/v1/report",
      ),
    ];
  }
  return /^http:/i.test(probe)
    ? [
        warning(
          "supermetrics/url",
          [...path, "url"],
          "is http: what it carries can be read on the way",
          "Use https",
        ),
      ]
    : [];
}

function reportTypes(configuration: unknown): Diagnostic[] {
  const reporting = isObject(configuration) ? configuration["reporting"] : undefined;
  const types = isObject(reporting) ? reporting["reportTypes"] : undefined;
  const first = new Map<string, number>();
  return (Array.isArray(types) ? types : []).flatMap((type, index): Diagnostic[] => {
    const id: unknown = isObject(type) ? type["id"] : undefined;
    if (typeof id !== "string" || id.includes("${")) {
      return [];
    }
    const path = joinPath("configuration", "reporting", "reportTypes", index, "id");
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, index);
    } else {
      return [
        {
          severity: "error",
          rule: "supermetrics/report-type-id",
          path,
          message: `report type ${before} has the same id`,
          hint: "Give each report type an id of its own: fields are named after it",
        },
      ];
    }
    return /^[a-z0-9_]+$/.test(id)
      ? []
      : [
          {
            severity: "warning",
            rule: "supermetrics/report-type-id",
            path,
            message: "should be lower-case letters, digits and underscores",
            hint: "Example: transactions",
          },
        ];
  });
}

function staticSecrets(configuration: unknown): Diagnostic[] {
  const secrets = isObject(configuration) ? configuration["secrets"] : undefined;
  const items = isObject(secrets) ? secrets["items"] : undefined;
  return (Array.isArray(items) ? items : []).flatMap((item, index) =>
    isObject(item) && item["classification"] === "secret" && item["source"] === "static"
      ? [
          warning(
            "supermetrics/static-secret",
            ["configuration", "secrets", "items", index, "source"],
            "static is not allowed for a value that is secret",
            "Use encrypted or userInput",
          ),
        ]
      : [],
  );
}

function texts(value: unknown, path: KeyPath): [string, KeyPath][] {
  if (typeof value === "string") {
    return [[value, path]];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => texts(item, [...path, index]));
  }
  return isObject(value)
    ? Object.entries(value).flatMap(([key, item]) => texts(item, [...path, key]))
    : [];
}

function warning(rule: string, path: KeyPath, message: string, hint: string): Diagnostic {
  return { severity: "warning", rule, path: joinPath(...path), message, hint };
}
