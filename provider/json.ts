/** Plain JSON, the only values that can be passed to the engine. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** True for a plain JSON object: not null, not an array, not an instance of a class. */
export function isObject(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Visits every string of a value. `path` is reused between visits: copy it to keep it. */
export function eachText(
  value: unknown,
  visit: (text: string, path: readonly (string | number)[]) => void,
  path: (string | number)[] = [],
): void {
  if (typeof value === "string") {
    visit(value, path);
    return;
  }
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) {
    return;
  }
  for (const key of Object.keys(value)) {
    path.push(isList ? Number(key) : key);
    eachText((value as Readonly<Record<string, unknown>>)[key], visit, path);
    path.pop();
  }
}

/** The value at a path; `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
}

/** Escapes a string for use in a regular expression that matches exactly this string. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
