import { isObject } from "../json";
import { pack, shapeOf, unpack } from "./document";
import { type Field, type FieldTable } from "./field";
import { UNKNOWN_TEXT } from "./request";
import { makeState, type Stages, type State, without } from "./state";

type Values = Readonly<Record<string, unknown>>;

/**
 * Pure. A state in less and less room, for the record of a write that stopped half-way. What is
 * left out counts as open, so that the next update writes it, with any value:
 *
 * 1. Without the values in documents; their keys still tell what is the definition's.
 * 2. Without the values of secrets, which keep their names, and without entries.
 * 3. Without all whose size has no bound: the next update looks up which secrets there are, and
 *    keys and secrets that its definition no longer has stay. This fits anywhere.
 */
export function shorterStates<V extends Stages>(
  { fields, computed }: FieldTable,
  state: State<V>,
): State<V>[] {
  const shapes = fields.reduce<Values>(withShape, state);
  const open = fields.reduce<Values>(withOpenValues, shapes);
  const unbounded = [
    ...fields.filter(({ kind }) => kind === "document" || kind === "secrets").flatMap(keysOf),
    ...computed.filter(({ kind }) => kind === "texts").map(({ name }) => name),
  ];
  return [shapes, open, without(open, ...unbounded)].map((values) =>
    makeState<V>(values as V["state"]),
  );
}

/** The keys of a state under which a field may be. */
function keysOf({ name, packedAs, digestedAs }: Field): string[] {
  return [name, packedAs, digestedAs].filter((key) => key !== undefined);
}

function withShape(state: Values, { packedAs }: Field): Values {
  const source = packedAs === undefined ? undefined : state[packedAs];
  return packedAs === undefined || typeof source !== "string"
    ? state
    : { ...state, [packedAs]: pack(shapeOf(unpack(source))) };
}

function withOpenValues(state: Values, { name, kind }: Field): Values {
  const value = state[name];
  if (kind === "secrets" && isObject(value)) {
    const open = Object.keys(value).map((secret) => [secret, UNKNOWN_TEXT] as const);
    return { ...state, [name]: Object.fromEntries(open) };
  }
  // Without the entries, a name that no definition has makes the next update write all of them.
  return kind === "entries" && value !== undefined
    ? { ...without(state, name), name: UNKNOWN_TEXT }
    : state;
}
