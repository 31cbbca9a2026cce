import { isObject } from "../json";

/**
 * A value that is not known yet, standing for a leaf, a list or an object of the inputs during a preview.
 * It holds the engine's own mark so that it can be handed back untouched; nothing else may look inside.
 */
export class Unknown {
  constructor(readonly mark: string) {}
}

/** True when the value is unknown or holds an unknown at any depth: then nothing may be judged of it. */
export function holdsUnknown(value: unknown): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(holdsUnknown);
  }
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
