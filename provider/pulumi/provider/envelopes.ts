import { type KeyPath } from "../../model/credential-detection";
import { checkedBefore } from "../../model/check";
import { withoutClearDocuments } from "../../model/clear-documents";
import { type FieldTable } from "../../model/field";
import {
  type CheckedInputs,
  type Stages,
  type State,
  storedState,
  without,
} from "../../model/state";
import { isObject, type Json, type JsonObject } from "../../json";
import { INPUT_SHAPE } from "../../model/new-places";
import { Unknown } from "../../model/unknown";
import { PROVIDER_KEY } from "../program/provider-text";

/**
 * What stands for a value that is not known yet: any, boolean, number, text, list, asset, archive,
 * object.
 */
const UNKNOWN_SENTINELS = new Set([
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

/** True for the engine's stand-in for a value that is not known yet. */
export function isUnknownSentinel(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN_SENTINELS.has(value);
}

/** A value that only a deployment makes known. */
export const UNKNOWN = new Unknown("04da6b54-80e4-46f7-96ec-b56ff0331ba9");

/** What the engine sent, without the provider's text, with unknown values as {@link Unknown}. */
export function decode(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return decodeValue(without(props, PROVIDER_KEY)) as Record<string, unknown>;
}

/** A connector's state as the engine stored it. */
export function decodeState<V extends Stages>(
  table: FieldTable,
  props: Readonly<Record<string, unknown>>,
): State<V> {
  return storedState<V>(withoutClearDocuments(table, without(decode(props), INPUT_SHAPE)));
}

/** Inputs that `check` returned, as the engine hands them back. */
export function decodeChecked(props: Readonly<Record<string, unknown>>): CheckedInputs {
  return checkedBefore(decode(props));
}

/** What holds no unknown is returned as it is: large documents are not copied without need. */
function decodeValue(value: unknown): unknown {
  if (typeof value === "string") {
    return isUnknownSentinel(value) ? new Unknown(value) : value;
  }
  return withItems(value, decodeValue);
}

/**
 * A list or map with each item passed through `change`; itself where nothing changed. Undefined
 * values are removed; in a list they become null.
 */
function withItems(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return withListItems(value, change);
  }
  return isObject(value) ? withEntries(value, change) : value;
}

function withListItems(
  items: readonly unknown[],
  change: (item: unknown) => unknown,
): readonly unknown[] {
  const changed = items.map((item) => change(item) ?? null);
  return changed.some((item, index) => item !== items[index]) ? changed : items;
}

function withEntries(
  object: Readonly<Record<string, unknown>>,
  change: (item: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  let changed: Map<string, unknown> | undefined;
  for (const [key, item] of Object.entries(object)) {
    const next = change(item);
    if (next === item && next !== undefined) {
      continue;
    }
    changed ??= new Map(Object.entries(object));
    if (next === undefined) {
      changed.delete(key);
    } else {
      changed.set(key, next);
    }
  }
  return changed ? Object.fromEntries(changed) : object;
}

/**
 * What the engine gets: plain JSON, unknown values as they came, the values at `secrets` in the
 * secret envelope.
 */
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
  return value instanceof Unknown ? value.sentinel : withItems(value, encodeValue);
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

/**
 * Values taken out of their envelopes, at any depth: what the engine keeps of an answer, and passes
 * to a provider.
 */
export function openEnvelopes(value: unknown): unknown {
  return isEnvelope(value) ? openEnvelopes(value.value) : withItems(value, openEnvelopes);
}

/** A value in the secret envelope, as a whole. */
export function inEnvelope(value: Json): Json {
  return isEnvelope(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** True for a value in the secret envelope. */
export function isEnvelope(value: unknown): value is { readonly value: unknown } {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}
