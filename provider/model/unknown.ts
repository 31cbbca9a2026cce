import { isObject } from "../json";

/**
 * A value that is not known yet, standing for a leaf, a list or an object of the inputs during a
 * preview. It holds the engine's own sentinel, so that it can be returned untouched.
 */
export class Unknown {
  constructor(readonly sentinel: string) {}
}

/**
 * True when the value is unknown or holds an unknown at any depth: then it must not be validated.
 */
export function holdsUnknown(value: unknown): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(holdsUnknown);
  }
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
