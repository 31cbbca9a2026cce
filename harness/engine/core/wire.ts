/** Property values to and from the JSON of Pulumi's protocol and state. */
import {
  isMap,
  type PropertyMap,
  ResourceReference,
  Secret,
  Unknown,
  UNKNOWN,
  type Value,
} from "../core/values";

/** The key, and its values, that make a map on the wire a special value. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The id of what does not exist yet, and the sentinel for an unknown string. */
export const UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Sentinels for unknowns of other types; engines read them all. */
const UNKNOWNS = new Set([
  UNKNOWN_ID,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export interface EncodeOptions {
  /** False for a provider that does not accept secrets: their plain text is sent. */
  secrets: boolean;
}

export function encodeValue(value: Value, options: EncodeOptions): unknown {
  if (value instanceof Secret) {
    const inner = encodeValue(value.value, options);
    return options.secrets ? { [SIGNATURE]: SECRET, value: inner } : inner;
  }
  if (value instanceof Unknown) {
    return UNKNOWN_ID;
  }
  if (value instanceof ResourceReference) {
    return encodeReference(value, options);
  }
  if (Array.isArray(value)) {
    return value.map((element) => encodeValue(element, options));
  }
  if (!isMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, encodeValue(child, options)]),
  );
}

/** Programs, which accept secrets, get a reference as such; providers get the id. */
function encodeReference(reference: ResourceReference, options: EncodeOptions): unknown {
  const id = reference.id === undefined ? undefined : encodeValue(reference.id, options);
  if (!options.secrets) {
    return id ?? reference.urn;
  }
  return { [SIGNATURE]: RESOURCE, urn: reference.urn, ...(id === undefined ? {} : { id }) };
}

export function decodeValue(value: unknown): Value {
  if (typeof value === "string") {
    return UNKNOWNS.has(value) ? UNKNOWN : value;
  }
  if (Array.isArray(value)) {
    return value.map(decodeValue);
  }
  if (typeof value !== "object" || value === null) {
    return value as Value;
  }
  const map = value as Record<string, unknown>;
  return SIGNATURE in map ? decodeSigned(map) : decodeMap(map);
}

export function decodeMap(map: Record<string, unknown>): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, child]) => [key, decodeValue(child)]));
}

function decodeSigned(map: Record<string, unknown>): Value {
  switch (map[SIGNATURE]) {
    case SECRET:
      return secretOf(decodeValue(map.value));
    case RESOURCE:
      return new ResourceReference(
        String(map.urn),
        map.id === undefined ? undefined : decodeValue(map.id),
      );
    case OUTPUT: {
      const inner = "value" in map ? decodeValue(map.value) : UNKNOWN;
      return map.secret === true ? secretOf(inner) : inner;
    }
    default:
      throw new Error("The local engine does not know assets and archives.");
  }
}

function secretOf(value: Value): Value {
  return value instanceof Secret ? value : new Secret(value);
}
