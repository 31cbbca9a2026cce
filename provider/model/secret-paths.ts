import {
  credentialEntries,
  credentialLeaves,
  type KeyPath,
  textCredentials,
  withoutScheme,
} from "./credential-detection";
import { leaves, unpack } from "./document";
import { type Field, type FieldTable } from "./field";
import { isObject, valueAt } from "../json";

/** Places in inputs or state that are secret even if the program does not mark them. */
export function secretPaths(
  table: FieldTable,
  values: Readonly<Record<string, unknown>>,
): KeyPath[] {
  // A digest is no secret's hiding place either: what is short can be guessed by it.
  const whole = table.fields
    .flatMap(({ packedAs, digestedAs }) => [packedAs, digestedAs])
    .flatMap((key): KeyPath[] => (key === undefined || values[key] === undefined ? [] : [[key]]));
  return [
    ...whole,
    ...table.fields.flatMap((field) =>
      fieldSecrets(field, values[field.name]).map((path) => [field.name, ...path]),
    ),
  ];
}

function fieldSecrets(field: Field, value: unknown): KeyPath[] {
  return field.secret === undefined || value === undefined || value === null
    ? []
    : secretsOfKind(field, value);
}

function secretsOfKind(field: Field, value: unknown): KeyPath[] {
  switch (field.kind) {
    case "entries":
      return credentialEntries(value);
    case "document":
      return wholeLists(credentialLeaves(value));
    case "secrets":
      return isObject(value) ? Object.keys(value).map((name) => [name]) : [];
    case "text":
      return field.secret === "always" || holdsCredential(value) ? [[]] : [];
    case "integer":
    case "choice":
    case "file":
      return [];
  }
}

function holdsCredential(value: unknown): boolean {
  return typeof value === "string" && textCredentials(value).length > 0;
}

/**
 * The engine knows a list as secret or not, never item by item: a list with a credential in it is
 * secret as a whole.
 */
function wholeLists(paths: readonly KeyPath[]): KeyPath[] {
  const whole = paths.map((path) => {
    const index = path.findIndex((key) => typeof key === "number");
    return index < 0 ? path : path.slice(0, index);
  });
  return [...new Map(whole.map((path) => [JSON.stringify(path), path])).values()];
}

/**
 * Shortest text that is taken out of messages when nothing but the place says that it may be
 * secret.
 */
const LEAST_LENGTH = 6;

/** Every text whose place says that it is secret. */
export function secretTexts(
  table: FieldTable,
  stored: Readonly<Record<string, unknown>>,
): string[] {
  const values = unpacked(table, stored);
  const inDocuments = table.fields
    .filter(({ kind }) => kind === "document")
    .flatMap(({ name }) => credentialLeaves(values[name]).map((path) => [name, ...path]));
  const elsewhere = secretPaths(table, values).filter(
    ([name]) => table.fields.find((field) => field.name === name)?.kind !== "document",
  );
  return forms([...inDocuments, ...elsewhere].flatMap((path) => leaves(valueAt(values, path))));
}

/**
 * Every text to redact from a vendor's answers. What the program marked secret is not known here,
 * so any value of a field that can hold a secret counts, unless it is short and its name says
 * nothing.
 */
export function sensitiveTexts(
  table: FieldTable,
  stored: Readonly<Record<string, unknown>>,
): string[] {
  const values = unpacked(table, stored);
  const possible = table.fields
    .filter((field) => field.secret !== undefined)
    .flatMap((field) => leaves(values[field.name]))
    .filter((text) => text.trim().length >= LEAST_LENGTH);
  return [...new Set([...secretTexts(table, values), ...forms(possible)])];
}

/** A state's documents as they were written. */
function unpacked(
  table: FieldTable,
  stored: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const documents = table.fields.flatMap(({ name, packedAs }) => {
    const packed = packedAs === undefined ? undefined : stored[packedAs];
    return typeof packed === "string" ? [[name, unpack(packed)] as const] : [];
  });
  return { ...stored, ...Object.fromEntries(documents) };
}

function forms(texts: readonly string[]): string[] {
  return [
    ...new Set(
      texts.flatMap((text) => [text, text.trim(), withoutScheme(text), ...textCredentials(text)]),
    ),
  ].filter((text) => text.length > 1);
}
