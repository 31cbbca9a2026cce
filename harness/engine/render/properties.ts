import { detailedDiff, type DiffResult } from "../core/diff";
import { formatPath, parsePath } from "../core/paths";
import {
  isMap,
  type PropertyMap,
  ResourceReference,
  Secret,
  Unknown,
  type Value,
} from "../core/values";
import { type DiffKind } from "../types";
import { type Painter } from "./color";

const WIDTH = 80;

/**
 * One line a value, maps and lists opened up. Properties of the machinery, such as `__provider`,
 * are left out.
 */
export function renderProperties(map: PropertyMap, indent: number): string[] {
  return visibleKeys(map).flatMap((key) => renderValue(key, map[key]!, indent));
}

function renderValue(label: string, value: Value, indent: number): string[] {
  const pad = " ".repeat(indent);
  const [open, close, entries] = isMap(value)
    ? (["{", "}", visibleKeys(value).map((key) => [key, value[key]!] as const)] as const)
    : Array.isArray(value)
      ? (["[", "]", value.map((element, index) => [`[${index}]`, element] as const)] as const)
      : ["", "", []];
  if (entries.length === 0) {
    return [clip(`${pad}${label}: ${open}${open ? close : inline(value)}`)];
  }
  return [
    `${pad}${label}: ${open}`,
    ...entries.flatMap(([key, child]) => renderValue(key, child, indent + 2)),
    `${pad}${close}`,
  ];
}

/**
 * One line a changed path, with the value before and after. Below a value that has only one side,
 * that whole value counts as added or removed, as in Pulumi's text.
 */
export function renderPropertyDiff(
  olds: PropertyMap,
  news: PropertyMap,
  diff: DiffResult,
  paint: Painter,
  indent: number,
): string[] {
  const detailed = Object.keys(diff.detailed).length > 0 ? diff.detailed : detailedDiff(olds, news);
  const forcing = new Set(diff.replaceKeys);
  const paths = Object.keys(detailed)
    .filter((path) => !path.startsWith("__") && path !== "#initerror")
    .map((path) => [path, SIMPLE[detailed[path]!]] as const);
  return [...new Map(paths.map(([path, kind]) => oneSided(olds, news, path) ?? [path, kind]))].map(
    ([path, kind]) => {
      const note =
        detailed[path]?.endsWith("-replace") || forcing.has(String(parsePath(path)[0]))
          ? " [replaces]"
          : "";
      const line = `${" ".repeat(indent)}${SIGN[kind]} ${path}: ${describeChange(kind, valueAt(olds, path), valueAt(news, path))}`;
      return paint.op(kind, clip(line, WIDTH - note.length) + note);
    },
  );
}

/** The value above a changed path that has only one side. */
function oneSided(
  olds: PropertyMap,
  news: PropertyMap,
  path: string,
): readonly [path: string, kind: "add" | "delete"] | undefined {
  const segments = parsePath(path);
  for (let length = 1; length < segments.length; length++) {
    const above = formatPath(segments.slice(0, length));
    const [old, now] = [valueAt(olds, above), valueAt(news, above)];
    if ((old === undefined) !== (now === undefined)) {
      return [above, old === undefined ? "add" : "delete"];
    }
  }
  return undefined;
}

function describeChange(
  kind: "add" | "delete" | "update",
  old: Value | undefined,
  now: Value | undefined,
): string {
  if (kind === "add") {
    return inline(now);
  }
  if (kind === "delete") {
    return inline(old);
  }
  return `${inline(old)} => ${inline(now)}`;
}

function valueAt(map: PropertyMap, path: string): Value | undefined {
  let value: Value | undefined = map;
  for (const segment of parsePath(path)) {
    if (value instanceof Secret) {
      return value;
    }
    if (Array.isArray(value) && typeof segment === "number") {
      value = value[segment];
    } else if (isMap(value)) {
      value = value[String(segment)];
    } else {
      return undefined;
    }
  }
  return value;
}

function inline(value: Value | undefined): string {
  if (value === undefined) {
    return "<nothing>";
  }
  if (value instanceof Secret) {
    return "[secret]";
  }
  if (value instanceof Unknown) {
    return "[unknown]";
  }
  if (value instanceof ResourceReference) {
    return value.urn;
  }
  if (Array.isArray(value)) {
    return `[${value.map(inline).join(", ")}]`;
  }
  if (isMap(value)) {
    return `{${visibleKeys(value)
      .map((key) => `${key}: ${inline(value[key])}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

function visibleKeys(map: PropertyMap): string[] {
  return Object.keys(map)
    .filter((key) => !key.startsWith("__"))
    .sort();
}

function clip(line: string, width = WIDTH): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

const SIGN = { add: "+", delete: "-", update: "~" };

const SIMPLE: Record<DiffKind, "add" | "delete" | "update"> = {
  add: "add",
  "add-replace": "add",
  delete: "delete",
  "delete-replace": "delete",
  update: "update",
  "update-replace": "update",
};
