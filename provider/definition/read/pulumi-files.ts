import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObject } from "../../json";
import { readSource } from "./files";
import { type DefinitionDiagnostic, errorInFile } from "../file-diagnostic";
import { valueOf } from "./node";
import { parse } from "./parse";

/** A value in a stack's file. An encrypted one has no `value`. */
export interface StackValue {
  readonly secret: boolean;
  readonly value?: string;
}

/** The configuration in the files of a Pulumi project. Nothing is decrypted. */
export interface Stacks {
  readonly project: string;
  /** Values that Pulumi.yaml sets for all stacks, by key with namespace. */
  readonly shared: ReadonlyMap<string, StackValue>;
  /**
   * Values by stack. `undefined` for a stack that also takes values from an `environment`, so that
   * its keys are unknown.
   */
  readonly stacks: ReadonlyMap<string, ReadonlyMap<string, StackValue> | undefined>;
  /** Files that cannot be read. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** Path of the Pulumi.yaml in a folder. */
export function projectFile(folder: string): string | undefined {
  return ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Names of environments that have a stack file or an overlay, stacks first. */
export function knownEnvironments(
  overlays: readonly string[],
  stacks: Stacks | undefined,
): readonly string[] {
  return [...new Set([...(stacks?.stacks.keys() ?? []), ...overlays])];
}

/**
 * Reads Pulumi.yaml and the Pulumi.<stack>.yaml files beside it. `undefined` without a project.
 * @param from the folder that shown paths are relative to.
 */
export function readStacks(folder: string, from: string): Stacks | undefined {
  const file = projectFile(folder);
  if (file === undefined) {
    return undefined;
  }
  const diagnostics: DefinitionDiagnostic[] = [];
  const read = (path: string): Readonly<Record<string, unknown>> | undefined => {
    const content = readObject(path, from);
    if (!("rule" in content)) {
      return content.value;
    }
    diagnostics.push(content);
    return undefined;
  };
  const project = read(file);
  const name = typeof project?.["name"] === "string" ? project["name"] : undefined;
  if (project === undefined || name === undefined) {
    return diagnostics.length === 0
      ? undefined
      : { project: "project", shared: new Map(), stacks: new Map(), diagnostics };
  }
  const elsewhere = project["stackConfigDir"];
  const configs = typeof elsewhere === "string" ? resolve(folder, elsewhere) : folder;
  const files =
    statSync(configs, { throwIfNoEntry: false })?.isDirectory() === true
      ? readdirSync(configs)
      : [];
  const stacks = files.flatMap((each): [string, ReadonlyMap<string, StackValue> | undefined][] => {
    const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(each)?.[1];
    return stack === undefined ? [] : [[stack, readStack(read(join(configs, each)), name)]];
  });
  return {
    project: name,
    shared: valuesOf(project["config"], name, true),
    stacks: new Map(stacks),
    diagnostics,
  };
}

/** A configuration key with its namespace: `awinKey` belongs to the project. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function readStack(
  stack: Readonly<Record<string, unknown>> | undefined,
  project: string,
): ReadonlyMap<string, StackValue> | undefined {
  return stack === undefined || stack["environment"] !== undefined
    ? undefined
    : valuesOf(stack["config"], project, false);
}

/**
 * @param declares true for Pulumi.yaml, which can declare a key without a value:
 *   `{type, description, default, secret}`.
 */
function valuesOf(config: unknown, project: string, declares: boolean): Map<string, StackValue> {
  const entries = Object.entries(isObject(config) ? config : {}).flatMap(
    ([key, value]): [string, StackValue][] => {
      if (!isObject(value)) {
        return [[fullKey(key, project), { secret: false, value: textOf(value) }]];
      }
      if ("secure" in value) {
        return [[fullKey(key, project), { secret: true }]];
      }
      if (!declares) {
        return [[fullKey(key, project), { secret: false, value: JSON.stringify(value) }]];
      }
      const given = value["value"] ?? value["default"];
      return given === undefined
        ? []
        : [[fullKey(key, project), { secret: value["secret"] === true, value: textOf(given) }]];
    },
  );
  return new Map(entries);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function readObject(
  path: string,
  from: string,
): { readonly value: Readonly<Record<string, unknown>> } | DefinitionDiagnostic {
  const source = readSource(path, from);
  if ("rule" in source) {
    return { ...source, rule: "file/stack" };
  }
  const { node, diagnostics } = parse(source);
  if (diagnostics[0]) {
    return { ...diagnostics[0], rule: "file/stack" };
  }
  // An empty file sets no values.
  const value = node ? valueOf(node) : {};
  return isObject(value)
    ? { value }
    : errorInFile("file/stack", source.path, "is not a map", "Write key: value pairs");
}
