import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObject } from "../../json";
import { fullKey, type GivenValue, type StackValues, stackValues } from "./config-values";
import { readSource } from "./files";
import { type DefinitionDiagnostic, errorInFile } from "../file-diagnostic";
import { nodeAt, valueOf } from "./node";
import { parse } from "./parse";
import { shortenedValues } from "./shortened-values";

/** The configuration in the files of a Pulumi project. Nothing is decrypted. */
export interface Stacks {
  readonly project: string;
  /** Values that Pulumi.yaml sets for all stacks. */
  readonly shared: StackValues;
  /**
   * Values by stack. `undefined` for a stack that also takes values from an `environment`, so that
   * its keys are unknown.
   */
  readonly stacks: ReadonlyMap<string, StackValues | undefined>;
  /** Files that cannot be read. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** Values that are not what they look like. */
  readonly warnings: readonly DefinitionDiagnostic[];
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
  const warnings: DefinitionDiagnostic[] = [];
  const read = (path: string): Readonly<Record<string, unknown>> | undefined => {
    const content = readObject(path, from);
    if (!("rule" in content)) {
      warnings.push(...content.warnings);
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
      : { project: "project", shared: new Map(), stacks: new Map(), diagnostics, warnings };
  }
  const elsewhere = project["stackConfigDir"];
  const configs = typeof elsewhere === "string" ? resolve(folder, elsewhere) : folder;
  const files =
    statSync(configs, { throwIfNoEntry: false })?.isDirectory() === true
      ? readdirSync(configs)
      : [];
  const stacks = files.flatMap((each): [string, StackValues | undefined][] => {
    const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(each)?.[1];
    return stack === undefined ? [] : [[stack, readStack(read(join(configs, each)), name)]];
  });
  return {
    project: name,
    shared: valuesOf(project["config"], name, true),
    stacks: new Map(stacks),
    diagnostics,
    warnings,
  };
}

function readStack(
  stack: Readonly<Record<string, unknown>> | undefined,
  project: string,
): StackValues | undefined {
  return stack === undefined || stack["environment"] !== undefined
    ? undefined
    : valuesOf(stack["config"], project, false);
}

/**
 * @param declares true for Pulumi.yaml, which can declare a key without a value:
 *   `{type, description, default, secret}`.
 */
function valuesOf(config: unknown, project: string, declares: boolean): StackValues {
  const entries = Object.entries(isObject(config) ? config : {}).map(([key, value]): GivenValue => {
    const own = { key: fullKey(key, project), value };
    return declares && isObject(value) && !("secure" in value)
      ? { ...own, value: value["value"] ?? value["default"], isSecret: value["secret"] === true }
      : own;
  });
  return stackValues(entries.filter(({ value }) => value !== undefined));
}

interface ReadObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly warnings: readonly DefinitionDiagnostic[];
}

function readObject(path: string, from: string): ReadObject | DefinitionDiagnostic {
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
  const config = node && nodeAt(node, ["config"]);
  return isObject(value)
    ? { value, warnings: config ? shortenedValues(config) : [] }
    : errorInFile("file/stack", source.path, "is not a map", "Write key: value pairs");
}
