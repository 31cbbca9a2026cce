import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isEmpty, matches, own } from "./equivalence";
import {
  ExactNumber,
  type ExactJson,
  type ExactJsonObject,
  isObject,
  type Json,
  type JsonObject,
} from "../json";
import { isEqual } from "./differences";
import { type KeyPath } from "./credential-detection";

/** How a remote leaf is written on our side. */
export type LeafReader = (leaf: string) => string;

/** How the program's leaf is stored by the vendor. */
export type LeafWriter = (leaf: string) => string;

/**
 * A remote document in the program's form: what only differs in form (see `matches`) keeps the
 * program's, a changed leaf takes the remote value, a removed one goes missing, and keys that the
 * program did not write stay out.
 */
export function projectDocument(
  wanted: JsonObject,
  actual: ExactJsonObject,
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
    return projectList(wanted, actual as ExactJson[], read, write);
  }
  const stored = typeof wanted === "string" ? write(wanted) : wanted;
  if (matches(stored, actual)) {
    return wanted;
  }
  return actual === undefined ? undefined : readLeaves(actual as ExactJson, read);
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
    return isEmpty(source) ? undefined : readLeaves(source as ExactJson, read);
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

function projectList(
  wanted: Json[],
  actual: ExactJson[],
  read: LeafReader,
  write: LeafWriter,
): Json {
  return actual.map((item, index) => {
    const own = wanted[index];
    return own === undefined
      ? readLeaves(item, read)
      : (projectDocument(own, item, read, write) ?? null);
  });
}

/**
 * The document to write in place of `actual`, so that it holds `wanted` and what no definition
 * manages stays:
 *
 * 1. What `wanted` holds is written. A number that JavaScript would round goes out as it came where
 *    it is what `wanted` means.
 * 2. A key that neither `wanted` nor `written`, the document last written, has stays as it is, at
 *    any depth.
 * 3. A key that only `written` has goes, and everything below it.
 * 4. A list is replaced as a whole, unless the program did not change it, or it holds what the
 *    program wants already, and it still has as many items.
 */
export function mergeDocument(
  wanted: JsonObject,
  written: JsonObject | undefined,
  actual: ExactJsonObject,
  write: LeafWriter,
): ExactJsonObject;
export function mergeDocument(
  wanted: Json,
  written: Json | undefined,
  actual: unknown,
  write: LeafWriter,
): ExactJson;
export function mergeDocument(
  wanted: Json,
  written: Json | undefined,
  actual: unknown,
  write: LeafWriter,
): ExactJson {
  if (isObject(wanted)) {
    const [before, there] = [written, actual].map((each) => (isObject(each) ? each : {}));
    const kept = Object.entries(there ?? {}).filter(
      ([key]) => !Object.hasOwn(wanted, key) && !Object.hasOwn(before ?? {}, key),
    );
    const merged = Object.entries(wanted).map(([key, value]) => [
      key,
      mergeDocument(value, own(before ?? {}, key) as Json, own(there ?? {}, key), write),
    ]);
    return Object.fromEntries([...merged, ...kept]) as ExactJsonObject;
  }
  if (Array.isArray(wanted)) {
    const isSame =
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      (isEqual(wanted, written) || matches(readLeaves(wanted, write), actual));
    return wanted.map((item, index) =>
      isSame
        ? mergeDocument(item, item, counterpart(item, index, actual, write), write)
        : mergeDocument(item, undefined, undefined, write),
    );
  }
  const value = typeof wanted === "string" ? write(wanted) : wanted;
  return actual instanceof ExactNumber && matches(value, actual) ? actual : value;
}

/**
 * The item of a list that is the program's item, wherever somebody moved it; else the one in its
 * place.
 */
function counterpart(
  item: Json,
  index: number,
  actual: readonly unknown[],
  write: LeafWriter,
): unknown {
  const stored = readLeaves(item, write);
  const isCounterpart = (each: unknown): boolean => matches(stored, each);
  return isCounterpart(actual[index])
    ? actual[index]
    : (actual.find(isCounterpart) ?? actual[index]);
}

/** The keys of `actual` that no definition wrote and that `merged` lacks. */
export function lostKeys(
  written: Json | undefined,
  actual: unknown,
  merged: ExactJson | undefined,
  path: KeyPath = [],
): KeyPath[] {
  if (Array.isArray(actual)) {
    const [before, after] = [written, merged].map((each) => (Array.isArray(each) ? each : []));
    return actual.flatMap((item, index) =>
      lostKeys(before?.[index] as Json, item, after?.[index] as ExactJson, [...path, index]),
    );
  }
  if (!isObject(actual) || !isObject(written)) {
    return [];
  }
  const after = isObject(merged) ? merged : {};
  return Object.entries(actual).flatMap(([key, value]) => {
    const place = [...path, key];
    const [before, now] = [own(written, key), own(after, key)];
    return before === undefined && now === undefined
      ? [place]
      : lostKeys(before as Json, value, now as ExactJson, place);
  });
}

/**
 * What still counts as written of a document that was changed outside: `projected` is how it was
 * read, by {@link projectDocument}. A key that is gone was taken out of the program too, or is
 * written again; one that somebody adds later is theirs. Texts and numbers keep the program's form.
 */
export function reshaped(written: Json, projected: Json): Json {
  if (isObject(written) && isObject(projected)) {
    return Object.fromEntries(
      Object.entries(projected).map(([key, value]) => {
        const before = own(written, key) as Json | undefined;
        return [key, before === undefined ? value : reshaped(before, value)];
      }),
    );
  }
  if (Array.isArray(written) && Array.isArray(projected)) {
    return written.length === projected.length
      ? projected.map((item, index) => reshaped(written[index] ?? null, item))
      : projected;
  }
  return isNode(written) || isNode(projected) ? projected : written;
}

function isNode(value: Json): boolean {
  return typeof value === "object" && value !== null;
}

/** Everything that two documents hold; where both hold something, it is what `after` holds. */
export function unionOf(before: JsonObject, after: JsonObject): JsonObject {
  const merged = Object.entries(after).map(([key, value]): [string, Json] => {
    const old = own(before, key);
    return [key, isObject(old) && isObject(value) ? unionOf(old as JsonObject, value) : value];
  });
  return { ...before, ...Object.fromEntries(merged) };
}

/**
 * A document with every text passed through `change`; keys stay as they are. A number that
 * JavaScript would round becomes its text.
 */
export function readLeaves(value: ExactJsonObject, change: LeafReader): JsonObject;
export function readLeaves(value: ExactJson, change: LeafReader): Json;
export function readLeaves(value: ExactJson, change: LeafReader): Json {
  if (typeof value === "string") {
    return change(value);
  }
  if (value instanceof ExactNumber) {
    return value.digits;
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
      .update(JSON.stringify(sortedKeys(value)))
      .digest("hex")
      .slice(0, 32),
  );
}

/** The same value, with the keys of all maps in order. */
export function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(sortedKeys);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((key) => {
        const item = value[key];
        return item === undefined ? [] : [[key, sortedKeys(item)]];
      }),
  );
}

/**
 * A document packed for the state. The engine hands a refresh nothing but outputs, and only with
 * the program's own document can a refresh tell drift from form; packed it costs a tenth of a
 * second copy.
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
