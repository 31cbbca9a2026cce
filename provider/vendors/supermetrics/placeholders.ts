import { type KeyPath } from "../../model/credential-detection";
import { leaves } from "../../model/document";
import { eachText, escapePattern, isObject } from "../../json";

/** Placeholder by secret name, as Supermetrics invented them. */
export type Placeholders = Readonly<Record<string, string>>;

/** `$${` is a literal `${`; `${secrets.name}` is a reference; any other `${` is text. */
const TOKEN = /\$\$\{|\$\{secrets\.([^}]+)\}/g;

/** A reference to a secret, with its place in the document. */
export interface Reference {
  readonly name: string;
  readonly path: KeyPath;
}

/** Every `${secrets.name}` in a document. */
export function references(value: unknown): Reference[] {
  const found: Reference[] = [];
  eachText(value, (text, path) => {
    if (!text.includes("${secrets.")) {
      return;
    }
    for (const [, name] of text.matchAll(TOKEN)) {
      if (name !== undefined) {
        found.push({ name, path: [...path] });
      }
    }
  });
  return found;
}

/** The program's text in the vendor's form. A name without a placeholder stays as it is. */
export function resolve(text: string, placeholders: Placeholders): string {
  return text.replace(TOKEN, (token, name: string | undefined) =>
    name === undefined
      ? "${"
      : Object.hasOwn(placeholders, name)
        ? (placeholders[name] ?? token)
        : token,
  );
}

/**
 * The vendor's text in the program's form: placeholders become references, a literal `${` is
 * escaped.
 */
export function unresolve(text: string, placeholders: Placeholders): string {
  const escaped = text.replace(/\$\{/g, "$$$${");
  const longestFirst = Object.entries(placeholders).sort(
    ([, left], [, right]) => right.length - left.length,
  );
  if (longestFirst.length === 0) {
    return escaped;
  }
  const byPlaceholder = new Map(longestFirst.map(([name, placeholder]) => [placeholder, name]));
  const pattern = new RegExp(
    longestFirst.map(([, placeholder]) => bounded(placeholder)).join("|"),
    "g",
  );
  return escaped.replace(
    pattern,
    (placeholder) => `\${secrets.${byPlaceholder.get(placeholder) ?? ""}}`,
  );
}

/** True when a text of the vendor's document holds a placeholder. */
export function holdsPlaceholder(document: unknown, placeholder: string): boolean {
  const pattern = new RegExp(bounded(placeholder));
  return leaves(document).some((leaf) => pattern.test(leaf));
}

/** `sec_a2` is no part of `sec_a23`. */
function bounded(placeholder: string): string {
  return `${/^\w/.test(placeholder) ? "(?<!\\w)" : ""}${escapePattern(placeholder)}${/\w$/.test(placeholder) ? "(?!\\w)" : ""}`;
}

/**
 * The entries of a map that are texts, without a prototype: a secret may be called `constructor`.
 */
export function textsOf(value: unknown): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  return isObject(value)
    ? Object.assign(
        texts,
        Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string")),
      )
    : texts;
}
