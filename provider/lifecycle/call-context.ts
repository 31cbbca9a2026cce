import { type FieldTable } from "../model/field";
import { UNKNOWN_TEXT } from "../model/request";
import { sensitiveTexts } from "../model/secret-paths";
import { type CommonState } from "../model/state";
import { type CallContext, type Ref } from "./adapter";

/**
 * What a verb's calls are about.
 *
 * @param values inputs or a state: the connector's name, and what is not to be shown.
 * @param held what else the vendor may answer with.
 */
export function callContext(
  table: FieldTable,
  verb: CallContext["verb"],
  values: CommonState,
  ref?: Ref,
  held: readonly CommonState[] = [],
): CallContext {
  const { name } = values;
  return {
    verb,
    ...(name !== undefined && name !== UNKNOWN_TEXT && { name }),
    ...(ref && { ref }),
    // Only refusals need them, and a large document has many.
    sensitive: lazily(() => [values, ...held].flatMap((texts) => sensitiveTexts(table, texts))),
  };
}

/** A list that is computed when it is first iterated. */
function lazily<T>(make: () => readonly T[]): Iterable<T> {
  let made: readonly T[] | undefined;
  return { [Symbol.iterator]: () => (made ??= make())[Symbol.iterator]() };
}
