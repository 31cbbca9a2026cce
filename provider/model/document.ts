import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isEmpty, matches, own } from "./equivalence";
import { isObject, type Json, type JsonObject } from "../json";

/** How a remote leaf is written on our side. */
export type LeafReader = (leaf: string) => string;

/** How the program's leaf is stored by the vendor. */
export type LeafWriter = (leaf: string) => string;

/**
 * A remote document in the program's form: what only differs in form (see `matches`) keeps the program's, a changed
 * leaf takes the remote value, a removed one goes missing, and keys that the program did not write stay out.
 */
export function projectDocument(
  wanted: JsonObject,
  actual: JsonObject,
  read: LeafReader,
  write: LeafWriter,
): JsonObject | undefined;
export function projectDocument(
  wanted: Json,
  actual: unknown,
  read: LeafReader,
  write: LeafWriter,
): Json | undefined;
export function projectDocument(
  wanted: Json,
  actual: unknown,
  read: LeafReader,
  write: LeafWriter,
): Json | undefined {
  if (isObject(wanted)) {
    return projectObject(wanted, actual, read, write);
  }
  if (Array.isArray(wanted) && Array.isArray(actual)) {
    return projectList(wanted, actual as Json[], read, write);
  }
  const stored = typeof wanted === "string" ? write(wanted) : wanted;
  if (matches(stored, actual)) {
    return wanted;
  }
  return actual === undefined ? undefined : readLeaves(actual as Json, read);
}

function projectObject(
  wanted: JsonObject,
  actual: unknown,
  read: LeafReader,
  write: LeafWriter,
): Json | undefined {
  if (isEmpty(wanted) && isEmpty(actual)) {
    return wanted;
  }
  // PHP servers turn an empty object into an empty list.
  const source = Array.isArray(actual) && actual.length === 0 ? {} : actual;
  if (!isObject(source)) {
    return isEmpty(source) ? undefined : readLeaves(source as Json, read);
  }
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const projected = projectDocument(value, own(source, key), read, write);
    if (projected !== undefined) {
      entries.push([key, projected]);
    }
  }
  return Object.fromEntries(entries);
}

function projectList(wanted: Json[], actual: Json[], read: LeafReader, write: LeafWriter): Json {
  return actual.map((item, index) => {
    const own = wanted[index];
    return own === undefined
      ? readLeaves(item, read)
      : (projectDocument(own, item, read, write) ?? null);
  });
}

/** A document with every text passed through `change`; keys stay as they are. */
export function readLeaves(value: JsonObject, change: LeafReader): JsonObject;
export function readLeaves(value: Json, change: LeafReader): Json;
export function readLeaves(value: Json, change: LeafReader): Json {
  if (typeof value === "string") {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => readLeaves(item, change));
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, readLeaves(item, change)]),
  );
}

/** Every text in a document. */
export function leaves(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(leaves);
  }
  return isObject(value) ? Object.values(value).flatMap(leaves) : [];
}

/** Keys that name an item of a list, such as a header. */
export const LABELS: readonly string[] = ["name", "id", "key"];

/** The value with 0 for each leaf, but for the names of items in lists. */
export function shapeOf(value: unknown, isListed = false): Json {
  if (Array.isArray(value)) {
    return value.map((item) => shapeOf(item, true));
  }
  if (!isObject(value)) {
    return value === null ? null : 0;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isListed && LABELS.includes(key) && typeof item === "string" ? item : shapeOf(item, isListed),
    ]),
  );
}

/** Cached by document: an operation asks several times, and documents never change. */
const digests = new WeakMap<object, string>();
const packed = new WeakMap<object, string>();

function once(known: WeakMap<object, string>, value: Json, make: () => string): string {
  if (typeof value !== "object" || value === null) {
    return make();
  }
  let made = known.get(value);
  if (made === undefined) {
    known.set(value, (made = make()));
  }
  return made;
}

/** A short digest of a document's content that does not depend on the order of keys. */
export function digest(value: Json): string {
  return once(digests, value, () =>
    createHash("sha256")
      .update(JSON.stringify(sorted(value)))
      .digest("hex")
      .slice(0, 32),
  );
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/**
 * A document packed for the state. The engine hands a refresh nothing but outputs, and only with the program's own
 * document can a refresh tell drift from form; packed it costs a tenth of a second copy.
 */
export function pack(document: Json): string {
  return once(packed, document, () =>
    deflateRawSync(JSON.stringify(document), { level: 9 }).toString("base64"),
  );
}

/** The inverse of {@link pack}. */
export function unpack(packed: string): Json {
  return JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString("utf8")) as Json;
}
