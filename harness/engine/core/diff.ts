/** What changed between two sets of properties, and what that means for a resource. */
import { type DiffKind } from "../types";
import { formatPath, parsePath, type Path, pathContains, resetPath } from "./paths";
import { copyMap, isMap, type PropertyMap, type Value, valuesEqual } from "./values";

/** A provider's answer to diff, once the engine has filled in what the provider left open. */
export interface DiffResult {
  changes: boolean;
  /** Top-level properties that changed. */
  changedKeys: string[];
  replaceKeys: string[];
  deleteBeforeReplace: boolean;
  detailed: Record<string, DiffKind>;
}

export const NO_DIFF: DiffResult = {
  changes: false,
  changedKeys: [],
  replaceKeys: [],
  deleteBeforeReplace: false,
  detailed: {},
};

/**
 * The engine's own diff, which applies when a provider leaves `changes` open: old inputs against
 * new inputs. The `replaces` that the provider named stay, but count only if something changed.
 */
export function diffInputs(
  olds: PropertyMap,
  news: PropertyMap,
  ignoreChanges: string[],
): Pick<DiffResult, "changes" | "changedKeys" | "detailed"> {
  const detailed = detailedDiff(olds, applyIgnoreChanges(olds, news, ignoreChanges).inputs);
  const changedKeys = topLevel(detailed);
  return { changes: changedKeys.length > 0, changedKeys, detailed };
}

/** The top-level properties of a detailed diff. */
export function topLevel(detailed: Record<string, DiffKind>): string[] {
  return [...new Set(Object.keys(detailed).map((path) => String(parsePath(path)[0])))];
}

/**
 * @returns the new inputs with what is ignored as it was, and the paths for which that can't be
 *   done.
 */
export function applyIgnoreChanges(
  olds: PropertyMap,
  news: PropertyMap,
  ignoreChanges: string[],
): { inputs: PropertyMap; invalid: string[] } {
  if (ignoreChanges.length === 0) {
    return { inputs: news, invalid: [] };
  }
  const inputs = copyMap(news);
  const invalid = ignoreChanges.filter((path) => !resetPath(parsePath(path), olds, inputs));
  return { inputs, invalid };
}

export function detailedDiff(olds: PropertyMap, news: PropertyMap): Record<string, DiffKind> {
  const found: Record<string, DiffKind> = {};
  diffMaps([], olds, news, found);
  return found;
}

function diffMaps(
  path: Path,
  olds: PropertyMap,
  news: PropertyMap,
  found: Record<string, DiffKind>,
): void {
  for (const key of [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort()) {
    diffValues([...path, key], olds[key] ?? null, news[key] ?? null, found);
  }
}

function diffValues(path: Path, old: Value, now: Value, found: Record<string, DiffKind>): void {
  if (isMap(old) && isMap(now)) {
    diffMaps(path, old, now, found);
  } else if (Array.isArray(old) && Array.isArray(now)) {
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      if (index >= old.length) {
        found[formatPath([...path, index])] = "add";
      } else if (index >= now.length) {
        found[formatPath([...path, index])] = "delete";
      } else {
        diffValues([...path, index], old[index]!, now[index]!, found);
      }
    }
  } else if (!valuesEqual(old, now)) {
    found[formatPath(path)] = old === null ? "add" : now === null ? "delete" : "update";
  }
}

/**
 * The diff that undoes this one: refreshing shows what came in from outside, not what `up` would do
 * about it.
 */
export function invertDiff(diff: DiffResult): DiffResult {
  return { ...diff, detailed: mapKinds(diff.detailed, (kind) => INVERSE[kind]) };
}

/**
 * `replaceOnChanges`: a change at or below one of the paths replaces; `#initerror` stands for a
 * half-done create.
 */
export function applyReplaceOnChanges(
  diff: DiffResult,
  replaceOnChanges: string[],
  hasInitErrors: boolean,
): DiffResult {
  if ((!diff.changes && !hasInitErrors) || replaceOnChanges.length === 0) {
    return diff;
  }
  const forcing = replaceOnChanges.map(parsePath);
  const forces = (path: string): boolean =>
    forcing.some((outer) => pathContains(outer, parsePath(path)));
  const detailed = Object.fromEntries(
    Object.entries(diff.detailed).map(([path, kind]) => [
      path,
      forces(path) ? REPLACING[kind] : kind,
    ]),
  );
  const replaceKeys = [...new Set([...diff.replaceKeys, ...diff.changedKeys.filter(forces)])];
  if (!hasInitErrors || !forces("#initerror")) {
    return { ...diff, detailed, replaceKeys };
  }
  return {
    ...diff,
    changes: true,
    detailed: { ...detailed, "#initerror": "update-replace" },
    replaceKeys: [...replaceKeys, "#initerror"],
  };
}

export function isReplacement(diff: DiffResult): boolean {
  return (
    diff.replaceKeys.length > 0 ||
    Object.values(diff.detailed).some((kind) => kind.endsWith("-replace"))
  );
}

const INVERSE: Record<DiffKind, DiffKind> = {
  add: "delete",
  delete: "add",
  update: "update",
  "add-replace": "delete-replace",
  "delete-replace": "add-replace",
  "update-replace": "update-replace",
};

const REPLACING: Record<DiffKind, DiffKind> = {
  add: "add-replace",
  delete: "delete-replace",
  update: "update-replace",
  "add-replace": "add-replace",
  "delete-replace": "delete-replace",
  "update-replace": "update-replace",
};

function mapKinds(
  detailed: Record<string, DiffKind>,
  change: (kind: DiffKind) => DiffKind,
): Record<string, DiffKind> {
  return Object.fromEntries(Object.entries(detailed).map(([path, kind]) => [path, change(kind)]));
}
