/** Paths into JSON values: listing leaves, changing values, and comparing. */

export type Path = readonly (string | number)[];

/** The paths of all leaves: scalars, empty arrays and empty objects. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
  const inside = entriesOf(value);
  return inside.length === 0
    ? [path]
    : inside.flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

/** A copy with a changed value at a path. */
export function withChanged(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) {
    return another(value);
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === key ? withChanged(item, rest) : item));
  }
  return Object.fromEntries(
    entriesOf(value).map(([name, item]) => [name, name === key ? withChanged(item, rest) : item]),
  );
}

/** The paths at which two values differ. A missing value counts as an empty object. */
export function differences(before: unknown, after: unknown, path: Path = []): Path[] {
  if (Object.is(before, after)) {
    return [];
  }
  if (before === undefined && entriesOf(after).length > 0) {
    return differences({}, after, path);
  }
  if (after === undefined && entriesOf(before).length > 0) {
    return differences(before, {}, path);
  }
  const shape = (value: unknown): string =>
    Array.isArray(value)
      ? "list"
      : typeof value === "object" && value !== null
        ? "object"
        : "scalar";
  if (shape(before) !== shape(after) || shape(before) === "scalar") {
    return [path];
  }
  if (Array.isArray(before) && before.length !== (after as unknown[]).length) {
    return [path];
  }
  const [old, fresh] = [new Map(entriesOf(before)), new Map(entriesOf(after))];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) =>
    differences(old.get(key), fresh.get(key), [...path, key]),
  );
}

function another(value: unknown): unknown {
  if (typeof value === "string") {
    return `${value}~changed`;
  }
  if (typeof value === "number") {
    return value === 0 ? 1 : -value;
  }
  if (typeof value === "boolean") {
    return !value;
  }
  return Array.isArray(value) ? ["changed"] : "changed";
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => [index, item]);
  }
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
