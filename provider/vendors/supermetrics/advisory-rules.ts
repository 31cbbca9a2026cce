import {
  type Diagnostic,
  errorDiagnostic,
  joinPath,
  suggest,
  warningDiagnostic,
} from "../../diagnostics";
import { type KeyPath } from "../../model/credential-detection";
import { type AdvisoryRule } from "../../model/field";
import { isObject } from "../../json";
import { requestsIn } from "./document-requests";
import { PLACEHOLDERS, VOCABULARY, type Vocabulary } from "./vocabulary";

/** Rules about probable mistakes that Supermetrics might accept. */
export const supermetricsAdvisoryRules: readonly AdvisoryRule[] = [
  ({ configuration }) =>
    isObject(configuration) ? misspelled(configuration, VOCABULARY, ["configuration"]) : [],
  ({ configuration }) =>
    texts(configuration, ["configuration"]).flatMap(([text, path]) => placeholders(text, path)),
  ({ configuration }) =>
    requestsIn(configuration, ["configuration"]).flatMap(({ request, path }) =>
      urlOf(request, path),
    ),
  ({ configuration }) => reportTypes(configuration),
  ({ configuration }) => staticSecrets(configuration),
];

/** Finds misspelled known keys and values. One that resembles none of them may be new. */
function misspelled(
  value: unknown,
  { keys, items, values }: Vocabulary,
  path: KeyPath,
): Diagnostic[] {
  if (Array.isArray(value)) {
    return items ? value.flatMap((item, index) => misspelled(item, items, [...path, index])) : [];
  }
  if (isObject(value)) {
    if (!keys) {
      return [];
    }
    const known = Object.keys(keys);
    return Object.entries(value).flatMap(([key, item]) =>
      Object.hasOwn(keys, key)
        ? misspelled(item, keys[key] ?? {}, [...path, key])
        : similarTo(key, known, [...path, key], "is not a known Supermetrics key"),
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
  return similarTo(value, values.map(String), path, "is not a known Supermetrics value");
}

function similarTo(
  word: string,
  known: readonly string[],
  path: KeyPath,
  message: string,
): Diagnostic[] {
  const meant = suggest(word, known);
  return meant === undefined
    ? []
    : [
        warningDiagnostic(
          "supermetrics/vocabulary",
          joinPath(...path),
          message,
          `Did you mean ${meant}?`,
        ),
      ];
}

function placeholders(text: string, path: KeyPath): Diagnostic[] {
  const names = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = ""]) => name.trim());
  const rest = text.replace(/\{\{[^{}]*\}\}/g, "");
  const unclosed = rest.includes("{{")
    ? [
        warningDiagnostic(
          "supermetrics/placeholder",
          joinPath(...path),
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
          warningDiagnostic(
            "supermetrics/placeholder",
            joinPath(...path),
            "a placeholder ({{}}) is empty",
            `Known: ${PLACEHOLDERS.join(", ")}`,
          ),
        ];
      }
      const meant = suggest(name, PLACEHOLDERS);
      return meant === undefined
        ? []
        : [
            warningDiagnostic(
              "supermetrics/placeholder",
              joinPath(...path),
              "a placeholder is probably misspelled",
              `Did you mean {{${meant}}}?`,
            ),
          ];
    });
  return [...unclosed, ...wrong];
}

function urlOf({ url }: Readonly<Record<string, unknown>>, path: KeyPath): Diagnostic[] {
  if (typeof url !== "string") {
    return [];
  }
  // A leading placeholder or secret may hold the whole URL.
  if (/^\s*(\{\{|\$\{)/.test(url)) {
    return [];
  }
  const probe = url.replace(/\{\{[^{}]*\}\}|\$\{[^{}]*\}/g, "x");
  if (!/^https?:\/\/[^/?#\\]/i.test(probe) || !URL.canParse(probe)) {
    return [
      warningDiagnostic(
        "supermetrics/url",
        joinPath(...path, "url"),
        "is not a complete http or https URL",
        "Example: https://api.example.com/v1/report",
      ),
    ];
  }
  return /^http:/i.test(probe)
    ? [
        warningDiagnostic(
          "supermetrics/url",
          joinPath(...path, "url"),
          "uses http, which sends everything unencrypted",
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
        errorDiagnostic(
          "supermetrics/report-type-id",
          path,
          `report type ${before} has the same id`,
          "Give each report type an id of its own: fields are named after it",
        ),
      ];
    }
    return /^[a-z0-9_]+$/.test(id)
      ? []
      : [
          warningDiagnostic(
            "supermetrics/report-type-id",
            path,
            "should be lower-case letters, digits and underscores",
            "Example: transactions",
          ),
        ];
  });
}

function staticSecrets(configuration: unknown): Diagnostic[] {
  const secrets = isObject(configuration) ? configuration["secrets"] : undefined;
  const items = isObject(secrets) ? secrets["items"] : undefined;
  return (Array.isArray(items) ? items : []).flatMap((item, index) =>
    isObject(item) && item["classification"] === "secret" && item["source"] === "static"
      ? [
          warningDiagnostic(
            "supermetrics/static-secret",
            joinPath("configuration", "secrets", "items", index, "source"),
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
