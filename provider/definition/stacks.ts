import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObject } from "../lifecycle/json";
import { readSource } from "./files";
import { valueOf } from "./node";
import { parse } from "./parse";

/** A value of the stack configuration as its file tells it: encrypted ones are there, but cannot be read. */
export interface StackValue {
  readonly secret: boolean;
  readonly value?: string;
}

/** The configuration of a Pulumi project, as far as its files tell it. Nothing is decrypted. */
export interface Stacks {
  readonly project: string;
  /** Keys with their namespace that Pulumi.yaml gives a value for all stacks. */
  readonly shared: ReadonlyMap<string, StackValue>;
  /** By stack; `undefined` for one that takes values from elsewhere (`environment:`), so that nothing can be told. */
  readonly stacks: ReadonlyMap<string, ReadonlyMap<string, StackValue> | undefined>;
}

/** The project's own file in a folder, if it has one. */
export function projectFile(folder: string): string | undefined {
  return ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
}

/** Names of the environments that overlays or stack files know: the stacks first. */
export function knownEnvironments(overlays: readonly string[], stacks: Stacks | undefined): readonly string[] {
  return [...new Set([...(stacks?.stacks.keys() ?? []), ...overlays])];
}

/** Reads Pulumi.yaml and the Pulumi.<stack>.yaml files beside it; `undefined` where there is no project. */
export function readStacks(folder: string): Stacks | undefined {
  const file = projectFile(folder);
  const project = file === undefined ? undefined : readObject(file);
  if (project === undefined || typeof project["name"] !== "string") return undefined;
  const { name } = project;
  const elsewhere = project["stackConfigDir"];
  const from = typeof elsewhere === "string" ? resolve(folder, elsewhere) : folder;
  const files = statSync(from, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(from) : [];
  const stacks = files.flatMap((each): [string, ReadonlyMap<string, StackValue> | undefined][] => {
    const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(each)?.[1];
    return stack === undefined ? [] : [[stack, readStack(join(from, each), name)]];
  });
  return { project: name, shared: valuesOf(project["config"], name, true), stacks: new Map(stacks) };
}

/** A key of the configuration with its namespace: `awinKey` is the project's. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function readStack(path: string, project: string): ReadonlyMap<string, StackValue> | undefined {
  const stack = readObject(path);
  return stack === undefined || stack["environment"] !== undefined ? undefined : valuesOf(stack["config"], project, false);
}

/** In Pulumi.yaml a key may be declared without a value: `{type, description, default, secret}`. */
function valuesOf(config: unknown, project: string, declares: boolean): Map<string, StackValue> {
  const entries = Object.entries(isObject(config) ? config : {}).flatMap(([key, value]): [string, StackValue][] => {
    if (!isObject(value)) return [[fullKey(key, project), { secret: false, value: textOf(value) }]];
    if ("secure" in value) return [[fullKey(key, project), { secret: true }]];
    if (!declares) return [[fullKey(key, project), { secret: false, value: JSON.stringify(value) }]];
    const given = value["value"] ?? value["default"];
    return given === undefined ? [] : [[fullKey(key, project), { secret: value["secret"] === true, value: textOf(given) }]];
  });
  return new Map(entries);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function readObject(path: string): Readonly<Record<string, unknown>> | undefined {
  const source = readSource(path, path);
  if ("rule" in source) return undefined;
  const { node, findings } = parse(source);
  // A file that says nothing sets nothing.
  if (!node) return findings.length === 0 ? {} : undefined;
  const value = valueOf(node);
  return isObject(value) ? value : undefined;
}
