import { type SecretMarker } from "../types";
import { isMap, ResourceReference, Secret, Unknown, type Value } from "./values";

/** A value in plain JSON, secrets in clear. */
export function plainText(value: Value): unknown {
  return convert(value, (secret) => convertPlain(secret.value));
}

/** A value in JSON, each secret marked in its place. */
export function markedText(value: Value): unknown {
  return convert(value, (secret): SecretMarker => ({ secret: convertPlain(secret.value) }));
}

function convertPlain(value: Value): unknown {
  return plainText(value);
}

function convert(value: Value, secret: (value: Secret) => unknown): unknown {
  if (value instanceof Secret) {
    return secret(value);
  }
  if (value instanceof Unknown) {
    return undefined;
  }
  if (value instanceof ResourceReference) {
    return value.id === undefined ? value.urn : convert(value.id, secret);
  }
  if (Array.isArray(value)) {
    return value.map((element) => convert(element, secret));
  }
  if (!isMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, convert(child, secret)]),
  );
}
