import { isObject, type Json } from "../json";
import { digest } from "./document";
import { type Field, type FieldTable } from "./field";
import { isEqual } from "./differences";
import { type CheckedInputs } from "./state";
import { holdsUnknown } from "./unknown";

/** The result of diff. The engine compares all else of old and new inputs itself. */
export interface Difference {
  /** Property names whose change makes this another connector. */
  readonly replaces: readonly string[];
  /**
   * True when nothing differs but a create-only input that names what is there already, or where a
   * file is.
   */
  readonly isNothing: boolean;
  /** Whether nothing but create-only inputs differs. Costs a comparison of everything. */
  readonly isSame: () => boolean;
}

/**
 * Pure. Names replacements: another scope, another adopted connector.
 *
 * @param place what the resource's id says: for each replacing field, the value that it stands for.
 */
export function diff(
  table: FieldTable,
  place: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>>,
  inputs: CheckedInputs,
): Difference {
  const replaces = table.fields
    .filter(
      ({ name, replaces: replacing }) =>
        replacing &&
        inputs[name] !== undefined &&
        !holdsUnknown(inputs[name]) &&
        asText(inputs[name]) !== asText(place[name]),
    )
    .map(({ name }) => name);
  const isSame = (): boolean =>
    replaces.length === 0 && table.fields.every((field) => field.createOnly || same(field));
  const isNothing = (namesWhatIsThere() || hasOtherPaths(table, state, inputs)) && isSame();
  return { replaces, isNothing, isSame };

  function namesWhatIsThere(): boolean {
    return table.fields.some(
      ({ name, createOnly, replaces: replacing }) =>
        createOnly && replacing && inputs[name] !== undefined && state[name] === undefined,
    );
  }

  function same({ name, kind, digestedAs }: Field): boolean {
    const value = inputs[name];
    if (holdsUnknown(value)) {
      return false;
    }
    if (kind === "file" && isObject(value) && isObject(state[name])) {
      return value["sha256"] === state[name]["sha256"];
    }
    if (digestedAs !== undefined) {
      return state[digestedAs] === (value === undefined ? undefined : digest(value as Json));
    }
    return isEqual(state[name] ?? undefined, value ?? undefined);
  }
}

/**
 * Whether inputs differ that mean no change to a connector that exists: those that only a create
 * reads, and paths of files.
 */
export function hasOtherIdleInputs(
  table: FieldTable,
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): boolean {
  return (
    table.fields.some(({ name, createOnly }) => createOnly && state[name] !== inputs[name]) ||
    hasOtherPaths(table, state, inputs)
  );
}

/** Whether a file is at another path: on another machine, for example. A file is its content. */
function hasOtherPaths(
  { fields }: FieldTable,
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): boolean {
  return fields.some(({ name, kind }) => {
    const [before, now] = [state[name], inputs[name]];
    return kind === "file" && isObject(before) && isObject(now) && before["path"] !== now["path"];
  });
}

/**
 * The fields that a definition sets no longer, and that stay at the vendor as they are: Pulumi shows
 * them as removed.
 */
export function leftAlone(
  { fields }: FieldTable,
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  return fields
    .filter(
      ({ name, digestedAs, unmanagedWhenUnset }) =>
        unmanagedWhenUnset && inputs[name] === undefined && state[digestedAs ?? name] !== undefined,
    )
    .map(({ name }) => name);
}

/** Identifiers are numbers on one side and texts on the other. */
function asText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}
