import { type KeyPath } from "../../model/credential-detection";
import { without } from "../../model/state";
import { isObject, type Json, type JsonObject } from "../../json";
import { Unknown } from "../../model/unknown";
import { PROVIDER_KEY } from "../program/provider-text";

/** Texts by which the engine marks a value that is not known yet: any, boolean, number, text, list, asset, archive, object. */
const UNKNOWN_MARKS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** True for the engine's mark of a value that is not known yet. */
export function isUnknownMark(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN_MARKS.has(value);
}

/** What the engine sent, without the provider's text, with marks of unknown values as {@link Unknown}. */
export function decode(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return decodeValue(without(props, PROVIDER_KEY)) as Record<string, unknown>;
}

/** What holds no mark is handed on as it is: most documents hold none, and large ones are not copied for nothing. */
function decodeValue(value: unknown): unknown {
  if (typeof value === "string") {
    return isUnknownMark(value) ? new Unknown(value) : value;
  }
  return withItems(value, decodeValue);
}

/** A list or map with each item passed through `change`; itself where nothing changed. What is undefined goes, in a list it is null. */
function withItems(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    let changed: unknown[] | undefined;
    for (const [index, item] of items.entries()) {
      const next = change(item) ?? null;
      if (next !== item) {
        (changed ??= [...items])[index] = next;
      }
    }
    return changed ?? value;
  }
  if (!isObject(value)) {
    return value;
  }
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const next = change(value[key]);
    if (next === value[key] && next !== undefined) {
      continue;
    }
    changed ??= new Map(Object.entries(value));
    if (next === undefined) {
      changed.delete(key);
    } else {
      changed.set(key, next);
    }
  }
  return changed ? Object.fromEntries(changed) : value;
}

/** What the engine gets: plain JSON, unknown values as they came, the values at `secrets` in the secret envelope. */
export function encode(
  values: Readonly<Record<string, unknown>>,
  secrets: readonly KeyPath[],
): JsonObject {
  return secrets.reduce(
    (object, path) => envelop(object, path),
    encodeValue(values) as Json,
  ) as JsonObject;
}

function encodeValue(value: unknown): unknown {
  return value instanceof Unknown ? value.mark : withItems(value, encodeValue);
}

function envelop(value: Json, [key, ...rest]: KeyPath): Json {
  if (key === undefined) {
    return inEnvelope(value);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? envelop(item, rest) : item));
  }
  if (!isObject(value) || isEnvelope(value) || !Object.hasOwn(value, key)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? envelop(item, rest) : item]),
  );
}

/** Plain values out of their envelopes, at any depth: what the engine keeps of an answer, and hands to a provider. */
export function opened(value: unknown): unknown {
  return isEnvelope(value) ? opened(value.value) : withItems(value, opened);
}

/** A value in the secret envelope, as a whole. */
export function inEnvelope(value: Json): Json {
  return isEnvelope(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** True for a value in the secret envelope. */
export function isEnvelope(value: unknown): value is { readonly value: unknown } {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}
