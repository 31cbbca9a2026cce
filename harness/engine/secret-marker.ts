import { type SecretMarker } from "./types";

/**
 * Whether a value of an exported state was stored encrypted. A map of the program's own with this
 * shape would be taken for one.
 */
export function isSecretMarker(value: unknown): value is SecretMarker {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).join() === "secret"
  );
}
