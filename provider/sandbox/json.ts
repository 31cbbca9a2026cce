/** Small questions about plain values, asked by the vendors' emulators. */

/** A JSON object as it arrives: not null, not a list. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object: not null, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Length as the vendors count it: code points, so that an emoji is one character. */
export function textLength(text: string): number {
  return Array.from(text).length;
}

/** Applies `change` to every number and every list or object of a JSON value, innermost first. */
export function mapJson(value: unknown, change: (node: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return change(value.map((item) => mapJson(item, change)));
  }
  if (!isObject(value)) {
    return change(value);
  }
  return change(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, change)])),
  );
}
