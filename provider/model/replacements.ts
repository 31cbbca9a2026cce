import { type FieldTable } from "./field";
import { type CheckedInputs } from "./check";
import { differingPaths } from "./differences";
import { type State } from "./state";
import { holdsUnknown } from "./unknown";

/** What diff tells the engine; everything else it finds by comparing old and new inputs itself. */
export interface Difference {
  /** Property names whose change makes this another connector. */
  readonly replaces: readonly string[];
  /** True when nothing differs but a create-only input that names what is there already. */
  readonly nothing: boolean;
  /** Whether nothing but create-only inputs differs. Costs a comparison of everything. */
  readonly isSame: () => boolean;
}

/**
 * Pure. Names replacements: another scope, another adopted connector.
 *
 * @param place what the resource's id says: for each replacing field, the value that it stands for.
 * @param digests names of inputs of which the state holds only a mark, with the mark of the new value.
 */
export function diff(
  table: FieldTable,
  place: Readonly<Record<string, unknown>>,
  state: State,
  inputs: CheckedInputs,
  digests: () => Readonly<Record<string, readonly [string, unknown]>>,
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
    replaces.length === 0 && table.fields.every((field) => field.createOnly || same(field.name));
  return { replaces, nothing: replaces.length === 0 && namesWhatIsThere() && isSame(), isSame };

  function namesWhatIsThere(): boolean {
    return table.fields.some(
      ({ name, createOnly, replaces: replacing }) =>
        createOnly && replacing && inputs[name] !== undefined && state[name] === undefined,
    );
  }

  function same(name: string): boolean {
    if (holdsUnknown(inputs[name])) {
      return false;
    }
    const marked = digests()[name];
    if (marked) {
      return state[marked[0]] === marked[1];
    }
    return differingPaths(state[name] ?? undefined, inputs[name] ?? undefined).length === 0;
  }
}

/** Identifiers are numbers on one side and texts on the other. */
function asText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}
