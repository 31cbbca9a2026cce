import { isMap, ResourceReference, Secret, Unknown, type Value } from "./values";

/**
 * A value as the CLI prints it in a check failure: in Go's own notation and, secret or not, in
 * clear. Kept, because a provider that names a top-level property leaks its value this way, and a
 * test must be able to see that.
 */
export function goFormat(value: Value | undefined): string {
  return `{${inner(value)}}`;
}

function inner(value: Value | undefined): string {
  if (value === undefined || value === null) {
    return "<nil>";
  }
  if (value instanceof Secret) {
    return `&{${goFormat(value.value)}}`;
  }
  if (value instanceof Unknown) {
    return "{{}}";
  }
  if (Array.isArray(value)) {
    return `[${value.map(goFormat).join(" ")}]`;
  }
  if (value instanceof ResourceReference) {
    return `{${value.urn}}`;
  }
  if (isMap(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${key}:${goFormat(value[key])}`);
    return `map[${entries.join(" ")}]`;
  }
  return `${value}`;
}
