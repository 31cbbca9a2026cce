import { joinPath } from "../diagnostics";
import { type KeyPath } from "./credential-detection";
import { isObject } from "../json";

/**
 * A place at which two values differ, with what is there on both sides; `undefined` where nothing
 * is.
 */
export interface Divergence {
  readonly path: KeyPath;
  readonly left: unknown;
  readonly right: unknown;
}

/** Where two values differ: leaf by leaf, lists item by item. */
export function divergences(left: unknown, right: unknown, path: KeyPath = []): Divergence[] {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => divergences(left[key], right[key], [...path, key]));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) =>
      divergences(left[index], right[index], [...path, index]),
    ).flat();
  }
  return left === right ? [] : [{ path, left, right }];
}

/** Whether two values differ nowhere; the order of keys does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  return divergences(left, right).length === 0;
}

/** Property paths at which two values differ. */
export function differingPaths(left: unknown, right: unknown): string[] {
  return divergences(left, right).map(({ path }) => joinPath(...path));
}
