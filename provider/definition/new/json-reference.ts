import { isObject } from "../../json";
import { NewError } from "./new-error";

/** An object of a document that somebody else wrote. */
export type ObjectMap = Readonly<Record<string, unknown>>;

/** Most references that follow one another. */
const MOST_STEPS = 20;

/** Follows a reference within a document. Throws {@link NewError} for one that leaves it. */
export function resolve(document: ObjectMap, node: unknown, followed = 0): ObjectMap {
  const reference = map(node)["$ref"];
  if (typeof reference !== "string") {
    return map(node);
  }
  if (!reference.startsWith("#/") || followed > MOST_STEPS) {
    throw new NewError(
      `the document refers to ${reference}. Only references within the file are read; bundle it first, for example with npx @redocly/cli bundle`,
    );
  }
  const target = reference
    .slice(2)
    .split("/")
    .map((step) => decoded(step).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, step) => map(value)[step], document);
  return resolve(document, target, followed + 1);
}

/** A step of which the encoding is not valid stays as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

export function map(value: unknown): ObjectMap {
  return isObject(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
