import {
  credentialEntries,
  credentialLeaves,
  isReference,
  type KeyPath,
  looksLikeCredential,
  namesCredential,
  textCredentials,
  urlHoldsCredential,
  withoutScheme,
} from "../../model/credential-detection";
import { hidesPart, isMasked } from "../../model/equivalence";
import { type Field, type FieldTable } from "../../model/field";
import { escapePattern, isObject, type Json, type JsonObject } from "../../json";
import { formText } from "../form-text";
import { escapeReferences } from "../references";

/** Properties without credentials, and the credentials. */
export interface Extracted {
  readonly properties: JsonObject;
  /** Secret values by the key of the stack configuration that replaces them. */
  readonly values: ReadonlyMap<string, string>;
  /** Those of the keys of which the vendor hides the value: theirs is a mask. */
  readonly masked: ReadonlySet<string>;
}

/**
 * Replaces every credential with `${config.key}`, and escapes every other `${`.
 *
 * @param prefix beginning of the keys, for example the resource's name.
 * @param taken keys that are in use.
 */
export function extractSecrets(
  table: FieldTable,
  properties: JsonObject,
  prefix: string,
  taken: ReadonlySet<string>,
): Extracted {
  const values = new Map<string, string>();
  const reference = (name: string, value: string): string => {
    const wanted = camelCase(`${prefix} ${name}`);
    let key = wanted;
    for (let count = 2; values.has(key) || taken.has(key); count++) {
      key = `${wanted}${count}`;
    }
    values.set(key, value);
    return `\${config.${key}}`;
  };
  const extracted = Object.entries(properties).map(([name, value]) => {
    const field = table.fields.find((each) => each.name === name);
    return [name, field === undefined ? value : extractField(field, value, reference)] as const;
  });
  const masked = [...values].filter(([, value]) => isMasked(value)).map(([key]) => key);
  return { properties: Object.fromEntries(extracted), values, masked: new Set(masked) };
}

/** The reference that replaces a value. */
type MakeReference = (name: string, value: string) => string;

function extractField(field: Field, value: Json, reference: MakeReference): Json {
  const isDocument = field.kind === "document";
  const secret = secretPlaces(field, withoutLiteralReferences(value, isDocument));
  return walk(value, []);

  function walk(each: Json, path: KeyPath): Json {
    if (Array.isArray(each)) {
      return each.map((item, index) => walk(item, [...path, index]));
    }
    if (isObject(each)) {
      return Object.fromEntries(
        Object.entries(each).map(([key, item]) => [key, walk(item, [...path, key])]),
      );
    }
    if (typeof each !== "string") {
      return each;
    }
    const place = secret.find((one) => one.every((step, index) => step === path[index]));
    if (place === undefined) {
      return isDocument ? each : escapeReferences(each);
    }
    // The vendor holds documents with `${` already escaped.
    const text = isDocument ? each.replaceAll("$${", "${") : each;
    const name = String(
      [...path].reverse().find((step) => typeof step === "string" && step !== "value") ??
        field.name,
    );
    return written(field.kind === "text" ? partsOfText(text) : partsOfValue(text), (part) =>
      reference(name, part),
    );
  }
}

function secretPlaces(field: Field, value: Json): readonly KeyPath[] {
  if (field.secret === undefined) {
    return [];
  }
  if (field.kind === "entries") {
    return [...credentialEntries(value), ...maskedEntries(value)];
  }
  if (field.kind === "document") {
    return credentialLeaves(value);
  }
  if (field.kind === "secrets") {
    return [[]];
  }
  return typeof value === "string" && textCredentials(value).length > 0 ? [[]] : [];
}

/** Entries that the vendor shows masked, under any name. */
function maskedEntries(value: Json): KeyPath[] {
  return Object.entries(isObject(value) ? value : {})
    .filter(([, item]) => [item].flat().some((text) => typeof text === "string" && hidesPart(text)))
    .map(([name]) => [name]);
}

/** Hides each literal `${`, which is not a reference: the vendor holds no references. */
function withoutLiteralReferences(value: Json, isDocument: boolean): Json {
  if (typeof value === "string") {
    return value.replaceAll(isDocument ? "$${" : "${", "$(");
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutLiteralReferences(item, isDocument));
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          withoutLiteralReferences(item, isDocument),
        ]),
      )
    : value;
}

/** A part of a text, and whether it is secret. */
type Part = readonly [text: string, secret: boolean];

/**
 * The parts of a value that is secret because of its name: all of it, except a scheme before it or
 * a URL around it.
 */
function partsOfValue(text: string): Part[] {
  if (looksLikeCredential(text)) {
    const key = withoutScheme(text);
    const at = text.lastIndexOf(key);
    return [
      [text.slice(0, at), false],
      [key, true],
      [text.slice(at + key.length), false],
    ];
  }
  return /^[a-z][\w+.-]*:\/\//i.test(text) && urlHoldsCredential(text)
    ? checked(text, partsOfUrl(text))
    : [[text, true]];
}

/** The parts of a text that may hold credentials. */
function partsOfText(text: string): Part[] {
  if (looksLikeCredential(text)) {
    return partsOfValue(text);
  }
  if (urlHoldsCredential(text)) {
    return checked(text, partsOfUrl(text));
  }
  const found = [...new Set(textCredentials(text))]
    .filter((part) => part !== "")
    .sort((one, other) => other.length - one.length);
  if (found.length === 0) {
    return [[text, true]];
  }
  const pattern = new RegExp(`(${found.map(escapePattern).join("|")})`);
  return checked(
    text,
    text.split(pattern).map((part, index): Part => [part, index % 2 === 1]),
  );
}

/**
 * The parts of a URL as written. The user information is secret as a whole, a query value by its
 * name.
 */
function partsOfUrl(text: string): Part[] {
  const [, scheme = "", user = "", rest = text] =
    /^([a-z][\w+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(text) ?? [];
  const [path, query] = splitOnce(rest, "?");
  const authority: Part[] =
    user === ""
      ? []
      : [
          [scheme, false],
          [user, !isReference(user)],
          ["@", false],
        ];
  return [...authority, [path, false], ...(query === undefined ? [] : partsOfQuery(query))];
}

function partsOfQuery(query: string): Part[] {
  const [pairs, fragment] = splitOnce(query, "#");
  const parts = pairs.split("&").flatMap((pair, index): Part[] => {
    const start = index === 0 ? "?" : "&";
    const [name, value] = splitOnce(pair, "=");
    if (value === undefined) {
      return [[`${start}${name}`, false]];
    }
    const isSecret =
      value !== "" && namesCredential(formText(name)) && !isReference(formText(value));
    return [
      [`${start}${name}=`, false],
      [value, isSecret],
    ];
  });
  return fragment === undefined ? parts : [...parts, [`#${fragment}`, false]];
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The parts, or the whole text as one secret if a credential remains in a part that is not secret.
 */
function checked(text: string, parts: readonly Part[]): Part[] {
  const shown = parts.map(([part, secret]) => (secret ? "{{x}}" : part)).join("");
  return parts.some(([, secret]) => secret) && textCredentials(shown).length === 0
    ? [...parts]
    : [[text, true]];
}

/**
 * Writes parts with references. A `$` before a reference would escape it, so it becomes part of the
 * value.
 */
function written(parts: readonly Part[], reference: (part: string) => string): string {
  const known = new Map<string, string>();
  let result = "";
  for (const [part, secret] of parts) {
    if (part === "") {
      continue;
    }
    if (!secret) {
      result += escapeReferences(part);
      continue;
    }
    const [dollars = ""] = /\$*$/.exec(result) ?? [];
    const value = dollars + part;
    const found = known.get(value) ?? reference(value);
    known.set(value, found);
    result = result.slice(0, result.length - dollars.length) + found;
  }
  return result;
}

/** `scoring x-api-key` → `scoringXApiKey`. */
export function camelCase(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/[^\w\s.-]/g, " ")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  return (
    words
      .map((word, index) =>
        index === 0
          ? `${word.charAt(0).toLowerCase()}${word.slice(1)}`
          : `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
      )
      .join("") || "secret"
  );
}
