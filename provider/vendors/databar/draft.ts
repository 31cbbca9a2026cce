import { isObject, type Json, type JsonObject } from "../../json";
import {
  type Drafter,
  onlyPerRow,
  type Pairs,
  PER_ROW,
  perRowNames,
  type WrittenBody,
} from "../../model/written-request";

/**
 * A Databar connector that makes a request. An empty parameter, header or body field takes the
 * row's value of its own name; a body of any other form becomes a template.
 */
export const draftDatabar: Drafter = (request, title) => {
  const { method, url, parameters, headers, body } = request;
  const notes: string[] = [];
  const renamed = new Map<string, string>();
  const entries = (property: string, pairs: Pairs): JsonObject => {
    const map: Record<string, Json> = {};
    for (const [name, value] of pairs) {
      const filled = emptied(name, value, property, notes, renamed);
      const before = map[name];
      map[name] = before === undefined ? filled : [before, filled].flat();
    }
    return pairs.length === 0 ? {} : { [property]: map };
  };
  if (/\{\{/.test(url)) {
    notes.push(
      "The URL holds a value per row. Databar documents those for headers, parameters and body only: try the connector on one row first.",
    );
  }
  return {
    properties: {
      name: title,
      method: method.toLowerCase(),
      url,
      ...entries("headers", headers),
      ...entries("parameters", parameters),
      ...(body && bodyOf(body)),
    },
    perRow: perRowNames(request).map((name) => renamed.get(name) ?? name),
    notes,
  };
};

/** Databar fills an empty value whole. */
function emptied(
  name: string,
  value: string,
  property: string,
  notes: string[],
  renamed: Map<string, string>,
): string {
  const perRow = onlyPerRow(value);
  if (perRow !== undefined) {
    if (perRow !== name) {
      renamed.set(perRow, name);
      notes.push(`${property}.${name} takes the row's value of its own name, not of ${perRow}.`);
    }
    return "";
  }
  if (value.includes("{{")) {
    notes.push(
      `${property}.${name} holds a value per row within another text. Databar documents whole values only: try the connector on one row first.`,
    );
  }
  return value;
}

function bodyOf(body: WrittenBody): JsonObject {
  switch (body.kind) {
    case "json":
      return isFlat(body.value)
        ? { body: mapValues(body.value, (name, text) => (onlyPerRow(text) === name ? "" : text)) }
        : { bodyTemplate: `${template(body.value, "")}\n` };
    case "form":
      return { bodyTemplate: body.fields.map(formField).join("&") };
    case "text":
      return { bodyTemplate: body.text };
  }
}

/** Body fields are texts, and each is a constant or filled by its own name. */
function isFlat(value: Json): value is Record<string, string> {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, text]) =>
        typeof text === "string" &&
        text !== "" &&
        (!text.includes("{{") || onlyPerRow(text) === name),
    )
  );
}

function mapValues(
  map: Readonly<Record<string, string>>,
  change: (name: string, text: string) => string,
): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([name, text]) => [name, change(name, text)]));
}

/** JSON as a template: values of the row are escaped. */
function template(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === "string") {
    return /\{[{%#]/.test(value) ? `{{ ${expression(value)} | tojson }}` : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${template(item, inner)}`);
    return items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n${indent}]`;
  }
  if (isObject(value)) {
    const items = Object.entries(value).map(
      ([key, item]) => `${inner}${JSON.stringify(key)}: ${template(item, inner)}`,
    );
    return items.length === 0 ? "{}" : `{\n${items.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function formField([name, value]: readonly [string, string]): string {
  const text = value.includes("{{")
    ? `{{ ${expression(value)} | urlencode }}`
    : value.includes("${config.")
      ? value
      : encodeURIComponent(value);
  return `${encodeURIComponent(name)}=${text}`;
}

/** `a {{b}}` → `("a " ~ b)`. */
function expression(text: string): string {
  const parts = text
    .split(PER_ROW)
    .map((part, index) => (index % 2 === 1 ? part : part === "" ? "" : JSON.stringify(part)))
    .filter((part) => part !== "");
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(" ~ ")})`;
}
