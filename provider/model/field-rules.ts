import { type Diagnostic, errorDiagnostic, joinPath } from "../diagnostics";
import { repeatsScheme } from "./credential-detection";
import { type Rule } from "./field";
import { isObject } from "../json";
import { holdsUnknown } from "./unknown";

/** Rules that several fields share: what a JSON Schema cannot say. None of them repeats a value. */

const TEMPLATE = /\{\{?[^{}]*\}?\}/g;

const BLANK = /[\s\u0000-\u001f\u007f]/g;

/** The URL parser alone would take `https:example.com` and `https:///example.com` too. */
function isComplete(url: string): boolean {
  return /^https?:\/\/[^/?#\\]/i.test(url) && URL.canParse(url);
}

/** A complete http or https URL with a host, free of spaces and control characters. */
export const httpUrl: Rule = (value, path) => {
  // A template variable may stand anywhere in the URL; it is filled per row.
  const text = (value as string).replace(TEMPLATE, "x");
  const visible = text.trim();
  const encoded = visible.replace(BLANK, encodeURIComponent);
  if (encoded !== text && isComplete(encoded)) {
    return [
      errorDiagnostic(
        "property/url",
        path,
        "must not hold spaces or control characters",
        encoded === visible ? "Remove them" : "Percent-encode them",
      ),
    ];
  }
  // The URL parser leaves out tabs and line breaks.
  if (encoded === text && isComplete(text)) {
    return [];
  }
  return [
    errorDiagnostic(
      "property/url",
      path,
      "must be a complete http or https URL",
      "Example: https://api.example.com/v1/score",
    ),
  ];
};

/**
 * Names that the vendor or HTTP takes for one and the same; a list gives one name several values.
 */
function duplicateNames(
  value: unknown,
  path: string,
  fold: (name: string) => string,
): Diagnostic[] {
  const seen = new Map<string, string>();
  return entriesOf(value).flatMap(([name]) => {
    const first = seen.get(fold(name));
    seen.set(fold(name), first ?? name);
    return first === undefined
      ? []
      : [
          errorDiagnostic(
            "property/name",
            joinPath(path, name),
            `is the same name as ${first}`,
            `Write ${first} once, with a list of values`,
          ),
        ];
  });
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Header names are HTTP tokens; header values hold no control characters, and name the scheme of
 * their credential once.
 */
export const headerEntries: Rule = (value, path) => [
  ...duplicateNames(value, path, (name) => name.trim().toLowerCase()),
  ...entriesOf(value).flatMap(([name, texts]) => [
    ...(TOKEN.test(name)
      ? []
      : [
          errorDiagnostic(
            "property/name",
            joinPath(path, name),
            "is not a header name",
            "Use letters, digits and - only",
          ),
        ]),
    ...texts.flatMap((text) => headerText(text, joinPath(path, name))),
  ]),
];

function headerText(text: string, path: string): Diagnostic[] {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
    return [
      errorDiagnostic(
        "property/text",
        path,
        "holds a control character, which no header may",
        "Remove line breaks; a trailing one often comes from reading a file",
      ),
    ];
  }
  if (repeatsScheme(text)) {
    return [
      errorDiagnostic(
        "property/text",
        path,
        "names the scheme of its credential twice, such as Bearer Bearer",
        "Set the secret without it",
      ),
    ];
  }
  return [];
}

/** Names of parameters and body fields are not empty and hold no control characters. */
export const namedEntries: Rule = (value, path) => [
  ...duplicateNames(value, path, (name) => name.trim()),
  ...entriesOf(value).flatMap(([name]) =>
    name.trim() === "" || /[\u0000-\u001f\u007f]/.test(name)
      ? [
          errorDiagnostic(
            "property/name",
            joinPath(path, name),
            "is not a usable name: empty, or with control characters",
          ),
        ]
      : [],
  ),
];

/** Text on one line, without control characters. */
export const singleLine: Rule = (value, path) =>
  /[\u0000-\u001f\u007f]/.test(value as string)
    ? [errorDiagnostic("property/text", path, "must not hold line breaks or control characters")]
    : [];

/** Text that is more than space. */
export const notBlank: Rule = (value, path) =>
  (value as string).trim() === ""
    ? [errorDiagnostic("property/text", path, "must not be blank")]
    : [];

function entriesOf(value: unknown): [string, string[]][] {
  if (!isObject(value)) {
    return [];
  }
  return Object.entries(value)
    .filter(([, item]) => !holdsUnknown(item))
    .map(([name, item]) => [
      name,
      [item].flat().filter((text): text is string => typeof text === "string"),
    ]);
}
