import { type JsonObject } from "../json";

/** Args after check: what the program wrote, validated, without unknowns when something is written. */
export type Inputs = JsonObject;

/** What the engine stores of a connector; a cache of what the vendor holds, plus what is needed to read it again. */
export type State = JsonObject;

/** Remote seen through the program's eyes: inputs for the engine to compare, and the state to store. */
export interface Projection {
  readonly inputs: Inputs;
  readonly state: State;
}

/** The connector's own name. Check has made sure that there is one. */
export function nameOf(values: Readonly<Record<string, unknown>>): string {
  return typeof values["name"] === "string" ? values["name"] : "";
}

/** The object without its undefined values. */
export function compact(values: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as JsonObject;
}

/** The object without some of its keys. */
export function without<T>(
  values: Readonly<Record<string, T>>,
  ...keys: readonly string[]
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/**
 * State key of the mark that a resource puts on the connector that it manages. A resource that leaves the program
 * while another takes its connector over must not delete it; the two have different marks.
 */
export const CLAIM = "claim";

/** The mark in a state, if it has one. */
export function markOf(state: State): string | undefined {
  const mark = state[CLAIM];
  return typeof mark === "string" ? mark : undefined;
}
