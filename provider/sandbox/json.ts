/** A parsed JSON object. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object: not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Length in code points, as the vendors count it: an emoji is one character. */
export function textLength(text: string): number {
  return Array.from(text).length;
}

/** Replaces every node of a JSON value with the result of `change`, innermost first. */
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
