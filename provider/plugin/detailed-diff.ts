import { joinPath } from "../diagnostics";
import { isObject } from "../json";
import { type Values } from "../pulumi/protocol/struct";

export interface Change {
  /** A property path, as Pulumi prints it. */
  readonly path: string;
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
}

/** Every place at which two sets of inputs differ, as deep as both have it. */
export function changesBetween(before: Values, after: Values): Change[] {
  return differences(before, after, []).map(({ path, kind }) => ({
    path: joinPath(...path),
    property: String(path[0]),
    kind,
  }));
}

interface Difference {
  readonly path: readonly (string | number)[];
  readonly kind: Change["kind"];
}

function differences(before: unknown, after: unknown, path: Difference["path"]): Difference[] {
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? "add" : "delete";
    return before === after ? [] : [{ path, kind }];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from(
      { length: Math.max(before.length, after.length) },
      (_, index) => index,
    ).flatMap((index) => differences(before[index], after[index], [...path, index]));
  }
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(before[key], after[key], [...path, key]),
    );
  }
  return before === after ? [] : [{ path, kind: "update" }];
}
