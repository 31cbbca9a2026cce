import { credentialEntries, credentialLeaves, type KeyPath, looksLikeCredential, textCredentials, withoutScheme } from "../lifecycle/credentials";
import { type Field, type FieldTable } from "../lifecycle/field";
import { isObject, type Json, type JsonObject } from "../lifecycle/json";

/** Properties fit for git, and what was taken out of them. */
export interface Extracted {
  readonly properties: JsonObject;
  /** Secret values by the key of the stack configuration that stands in their place. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Puts `${config.key}` in the place of every credential, and escapes every other `${`.
 *
 * @param prefix what keys begin with, for example the resource's name.
 * @param taken keys that others have.
 */
export function extractSecrets(table: FieldTable, properties: JsonObject, prefix: string, taken: ReadonlySet<string>): Extracted {
  const values = new Map<string, string>();
  const reference = (name: string, value: string): string => {
    const wanted = camelCase(`${prefix} ${name}`);
    let key = wanted;
    for (let count = 2; values.has(key) || taken.has(key); count++) key = `${wanted}${count}`;
    values.set(key, value);
    return `\${config.${key}}`;
  };
  const extracted = Object.entries(properties).map(([name, value]) => {
    const field = table.fields.find((each) => each.name === name);
    return [name, field === undefined ? value : extractField(field, value, reference)] as const;
  });
  return { properties: Object.fromEntries(extracted), values };
}

type Reference = (name: string, value: string) => string;

function extractField(field: Field, value: Json, reference: Reference): Json {
  const isDocument = field.kind === "document";
  const secret = secretPlaces(field, value);
  return walk(value, []);

  function walk(each: Json, path: KeyPath): Json {
    if (Array.isArray(each)) return each.map((item, index) => walk(item, [...path, index]));
    if (isObject(each)) return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, [...path, key])]));
    if (typeof each !== "string") return each;
    const place = secret.find((one) => one.every((step, index) => step === path[index]));
    if (place === undefined) return isDocument ? each : escaped(each);
    // In a document, what the vendor holds is escaped already.
    const text = isDocument ? each.replaceAll("$${", "${") : each;
    const name = String([...path].reverse().find((step) => typeof step === "string" && step !== "value") ?? field.name);
    return hide(text, (part) => reference(name, part));
  }
}

function secretPlaces(field: Field, value: Json): readonly KeyPath[] {
  if (field.secret === undefined) return [];
  if (field.kind === "entries") return credentialEntries(value);
  if (field.kind === "document") return credentialLeaves(value);
  if (field.kind === "secrets") return [[]];
  return typeof value === "string" && textCredentials(value).length > 0 ? [[]] : [];
}

/** A text without its credentials: of `Bearer key` and `https://example.com?key=…` the key, of any other all of it. */
function hide(text: string, reference: (part: string) => string): string {
  if (looksLikeCredential(text)) {
    const key = withoutScheme(text);
    const at = text.lastIndexOf(key);
    return `${escaped(text.slice(0, at))}${reference(key)}${escaped(text.slice(at + key.length))}`;
  }
  const found = [...new Set(textCredentials(text))].flatMap((part) => [part, encodeURIComponent(part)]).filter((part) => part !== "" && text.includes(part));
  const parts = found.filter((part) => !found.some((other) => other !== part && other.includes(part)));
  if (parts.length === 0) return reference(text);
  const pattern = new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  let result = "";
  let at = 0;
  const references = new Map<string, string>();
  for (const match of text.matchAll(pattern)) {
    const known = references.get(match[0]) ?? reference(match[0]);
    references.set(match[0], known);
    result += escaped(text.slice(at, match.index)) + known;
    at = match.index + match[0].length;
  }
  return result + escaped(text.slice(at));
}

function escaped(text: string): string {
  return text.replace(/\$\{/g, "$$$${");
}

/** `scoring x-api-key` → `scoringXApiKey`. */
function camelCase(text: string): string {
  const words = text.normalize("NFKD").replace(/[^\w\s.-]/g, " ").split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word, index) => (index === 0 ? `${word.charAt(0).toLowerCase()}${word.slice(1)}` : `${word.charAt(0).toUpperCase()}${word.slice(1)}`)).join("") || "secret";
}
