import { isObject } from "../../json";
import { type KeyPath } from "../../model/credential-detection";

/** A request that a configuration describes. */
export interface DocumentRequest {
  readonly request: Readonly<Record<string, unknown>>;
  /** Its place in the configuration. */
  readonly path: KeyPath;
}

/**
 * Every request of a configuration, in its order: what is under the key `request`, and other objects
 * with a URL and a method.
 */
export function requestsIn(value: unknown, path: KeyPath = []): DocumentRequest[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => requestsIn(item, [...path, index]));
  }
  if (!isObject(value)) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([key, item]) => requestsIn(item, [...path, key]));
  const isRequest =
    path.at(-1) === "request" ||
    (typeof value["url"] === "string" && value["method"] !== undefined);
  return isRequest ? [{ request: value, path }, ...inner] : inner;
}
