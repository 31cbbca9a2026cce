import { type OnConflict } from "./field";
import { type Request } from "./request";

/** Brands a value with its stage. It exists for the compiler only. */
declare const stage: unique symbol;

type At<Name extends string> = { readonly [stage]: Name };

/** What inputs of every vendor hold. */
export type CommonInputs = { readonly name: string; readonly onConflict?: OnConflict };

/** What states of every vendor hold. */
export type CommonState = {
  readonly name?: string;
  /**
   * Identifies the resource that holds the connector. A resource that leaves the program while
   * another one takes its connector over must not delete it.
   */
  readonly claim?: string;
  /**
   * Where the connector is: the origin in clear, and a digest of origin and key. Missing in the
   * oldest states.
   */
  readonly workspace?: string;
  /**
   * When the connector was created, as the vendor writes it. With workspace and id, it says which
   * connector it is.
   */
  readonly createdAt?: string;
  /**
   * How the resource came by the connector, where it neither created nor named it: another resource
   * that has it in its state owns it.
   */
  readonly adoptedBy?: "likeness";
  /** When it was adopted by its likeness. */
  readonly adoptedAt?: string;
};

/** What a resource's state says of its hold on the connector. */
export type HoldState = Pick<CommonState, "claim" | "adoptedBy" | "adoptedAt">;

/** A vendor's types, one per stage of the way from a definition to the state. */
export interface Stages {
  readonly inputs: CommonInputs;
  readonly request: Request<CommonState>;
  /** A connector as parsed from the vendor's answer. */
  readonly remote: unknown;
  /** What a request is answered with, parsed. */
  readonly answer: unknown;
  readonly state: CommonState;
}

/** Args after check. Values may still be unknown. Made by `check`. */
export type CheckedInputs = Readonly<Record<string, unknown>> & At<"checked">;

/** Args after check, complete, without unknowns. Made by `knownInputs`. */
export type Inputs<V extends Stages = Stages> = V["inputs"] & At<"inputs">;

/**
 * What the engine stores of a connector; a cache of what the vendor holds, plus what is needed to
 * read it again.
 */
export type State<V extends Stages = Stages> = V["state"] & At<"state">;

/**
 * Remote seen through the program's eyes: inputs for the engine to compare, and the state to store.
 */
export interface Projection<V extends Stages = Stages> {
  readonly inputs: Partial<V["inputs"]>;
  readonly state: State<V>;
}

/**
 * Makes a state. Called where an answer of the vendor is projected, and where a request has changed
 * what there is.
 */
export function makeState<V extends Stages>(values: V["state"]): State<V> {
  return compact(values) as State<V>;
}

/** A state as it was stored. Called at the boundary to the engine. */
export function storedState<V extends Stages>(values: Readonly<Record<string, unknown>>): State<V> {
  return values as unknown as State<V>;
}

/** The next state of a resource, with its hold and the workspace of the one before. */
export function withIdentity<V extends Stages>(
  state: State<V>,
  { claim, workspace, adoptedBy, adoptedAt }: HoldState & Pick<CommonState, "workspace">,
): State<V> {
  return makeState<V>({ ...state, ...compact({ claim, workspace, adoptedBy, adoptedAt }) });
}

/** Key of the claim in a stored state. */
export const CLAIM = "claim";

/** The object without its undefined values. */
export function compact<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** The object without some of its keys. */
export function without<T extends object, K extends keyof T>(
  values: T,
  ...keys: readonly K[]
): Omit<T, K> {
  const unwanted: readonly PropertyKey[] = keys;
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => !unwanted.includes(key)),
  ) as Omit<T, K>;
}
