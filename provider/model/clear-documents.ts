import { type FieldTable } from "./field";
import { CLAIM, without } from "./state";

type Values = Readonly<Record<string, unknown>>;

/**
 * A state with its documents in clear, beside their packed form: the engine shows the drift that a
 * refresh finds as old inputs against new outputs, and re-marks what is secret by the places in the
 * outputs.
 *
 * @param inputs hold the documents.
 */
export function withClearDocuments<S extends Values>(
  { fields }: FieldTable,
  state: S,
  inputs: Values,
): S {
  const documents = fields.flatMap(({ name, packedAs }): [string, unknown][] =>
    packedAs === undefined || inputs[name] === undefined ? [] : [[name, inputs[name]]],
  );
  return { ...state, ...Object.fromEntries(documents) };
}

/** A stored state without them. Of a connector that is only read, they are all there is. */
export function withoutClearDocuments<S extends Values>({ fields }: FieldTable, stored: S): S {
  const names = fields.flatMap(({ name, packedAs }) => (packedAs === undefined ? [] : [name]));
  return stored[CLAIM] === undefined || !names.some((name) => Object.hasOwn(stored, name))
    ? stored
    : (without(stored, ...names) as unknown as S);
}
