import { joinPath } from "../diagnostics";
import { isObject } from "./json";

/** Property paths at which two values differ, deepest names first-come, lists as a whole item by item. */
export function differingPaths(left: unknown, right: unknown, path: readonly (string | number)[] = []): string[] {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differingPaths(left[key], right[key], [...path, key]));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => differingPaths(left[index], right[index], [...path, index])).flat();
  }
  return left === right ? [] : [joinPath(...path)];
}
