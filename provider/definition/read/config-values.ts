import { joinPath, splitPath } from "../../diagnostics";
import { isObject, parseExact, stringifyExact } from "../../json";

/** A value of the stack configuration. An encrypted one has no `value`. */
export interface StackValue {
  readonly secret: boolean;
  readonly value?: string;
  /** The values within it have keys of their own. */
  readonly isStructured?: true;
}

/** Values by key with namespace: `shop:db`, and within it `shop:db.hosts[0]`. */
export type StackValues = ReadonlyMap<string, StackValue>;

/** A configuration key with its namespace: `awinKey` belongs to the project. */
export function fullKey(key: string, project: string): string {
  return splitKey(key)[0] === undefined ? `${project}:${key}` : key;
}

/** `aws:region` → `aws` and `region`. */
export function splitKey(key: string): readonly [namespace: string | undefined, name: string] {
  const [start, namespace] = /^([^:[\]]+):/.exec(key) ?? [""];
  return [namespace, key.slice(start.length)];
}

/** Stands for a value that is set, but not known. */
export const ENCRYPTED = { secure: "" };

/** A key as it is given. `value` is a text, a number, a list or a map; `{secure: …}` is encrypted. */
export interface GivenValue {
  readonly key: string;
  readonly value: unknown;
  readonly isSecret?: boolean;
}

/**
 * Keys with their values, and the values within them, as `pulumi config set --path` nests them. As
 * in a program, all values of a key are secret if one of them is.
 */
export function stackValues(given: readonly GivenValue[]): StackValues {
  // A key that looks like a path wins.
  return new Map([
    ...given.flatMap(valuesWithin),
    ...given.map(({ key, value, isSecret = false }): [string, StackValue] => [
      key,
      {
        ...stackValue(value, isSecret || holdsEncrypted(value)),
        ...(structureOf(value) !== undefined && { isStructured: true }),
      },
    ]),
  ]);
}

function valuesWithin({ key, value, isSecret = false }: GivenValue): [string, StackValue][] {
  const structure = structureOf(value);
  if (structure === undefined) {
    return [];
  }
  const secret = isSecret || holdsEncrypted(value);
  const [namespace, name] = splitKey(key);
  return partsOf(structure, [name]).map(([path, part]) => [
    `${namespace === undefined ? "" : `${namespace}:`}${joinPath(...path)}`,
    stackValue(part, secret),
  ]);
}

/**
 * The value of a key, or of a path such as `shop:db.host`, in the first layer that sets it.
 * `undefined` where it is certainly not set.
 */
export function findValue(
  layers: readonly (StackValues | undefined)[],
  key: string,
): StackValue | undefined {
  const [namespace, name] = splitKey(key);
  const path = splitPath(name);
  const keyOf = (text: string): string => (namespace === undefined ? text : `${namespace}:${text}`);
  for (const layer of layers) {
    const found = layer?.get(key) ?? layer?.get(keyOf(joinPath(...path)));
    // A layer that sets the whole hides what the next ones have of it.
    const whole = found ?? layer?.get(keyOf(String(path[0])));
    if (whole) {
      const isPart = found === undefined && (whole.isStructured || whole.value !== undefined);
      return isPart ? undefined : whole;
    }
  }
  return undefined;
}

/** The command that sets a key, in words of a shell. */
export function setCommand(name: string, options = ""): string {
  const isPath = splitPath(splitKey(name)[1]).length > 1;
  const word = /^[\w:.-]+$/.test(name) ? name : `'${name}'`;
  return `pulumi config set ${options}${isPath ? "--path " : ""}${word}`;
}

/** A list or a map, also as JSON text: a program receives every structured value as such. */
function structureOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) {
    return isStructure(value) && !isEncrypted(value) ? value : undefined;
  }
  try {
    return parseExact(value);
  } catch {
    return undefined;
  }
}

function partsOf(
  value: unknown,
  path: readonly (string | number)[],
): [path: readonly (string | number)[], part: unknown][] {
  const parts = Array.isArray(value)
    ? value.map((part: unknown, index) => [index, part] as const)
    : Object.entries(value as object);
  return parts
    .filter(([, part]) => part !== null)
    .flatMap(([step, part]) => {
      const own = [...path, step];
      return [
        [own, part] as [typeof own, unknown],
        ...(isStructure(part) && !isEncrypted(part) ? partsOf(part, own) : []),
      ];
    });
}

function stackValue(value: unknown, secret: boolean): StackValue {
  return holdsEncrypted(value) ? { secret: true } : { secret, value: textOf(value) };
}

function isStructure(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}

function isEncrypted(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

function holdsEncrypted(value: unknown): boolean {
  return (
    isEncrypted(value) ||
    (isStructure(value) && Object.values(value as object).some(holdsEncrypted))
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : stringifyExact(value ?? null);
}
