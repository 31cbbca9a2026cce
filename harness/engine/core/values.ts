/**
 * Property values as the engine sees them: JSON, plus secrets, unknowns and references to
 * resources. Programs and providers see other forms of the same values, which `wire.ts` converts.
 */

/** A value that is masked in every display and encrypted in the state. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** A value that a preview can't know yet. */
export class Unknown {
  readonly kind = "unknown";
}

export class ResourceReference {
  constructor(
    readonly urn: string,
    readonly id: Value | undefined,
  ) {}
}

export type Value =
  null | boolean | number | string | Value[] | PropertyMap | Secret | Unknown | ResourceReference;

export interface PropertyMap {
  [key: string]: Value;
}

/** The only instance, so that all unknowns are equal. */
export const UNKNOWN = new Unknown();

export function isMap(value: Value | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown) &&
    !(value instanceof ResourceReference)
  );
}

export function containsSecret(value: Value): boolean {
  return value instanceof Secret || children(value).some(containsSecret);
}

export function containsUnknown(value: Value): boolean {
  return value instanceof Unknown || children(value).some(containsUnknown);
}

/** Deep equality. In a map, a null and an absent key are equal; a secret equals only a secret. */
export function valuesEqual(a: Value, b: Value): boolean {
  if (a instanceof Secret) {
    return b instanceof Secret && valuesEqual(a.value, b.value);
  }
  if (a instanceof ResourceReference) {
    return b instanceof ResourceReference && a.urn === b.urn;
  }
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((element, index) => valuesEqual(element, b[index]!))
    );
  }
  if (isMap(a)) {
    return isMap(b) && mapsEqual(a, b);
  }
  return a === b;
}

export function mapsEqual(a: PropertyMap, b: PropertyMap): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => valuesEqual(a[key] ?? null, b[key] ?? null));
}

export function copyMap(map: PropertyMap): PropertyMap {
  return copyValue(map) as PropertyMap;
}

function copyValue(value: Value): Value {
  if (value instanceof Secret) {
    return new Secret(copyValue(value.value));
  }
  if (Array.isArray(value)) {
    return value.map(copyValue);
  }
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copyValue(child)]));
  }
  return value;
}

function children(value: Value): Value[] {
  if (value instanceof Secret) {
    return [value.value];
  }
  if (Array.isArray(value)) {
    return value;
  }
  return isMap(value) ? Object.values(value) : [];
}
