import { type FieldTable } from "../model/field";
import { type Inputs, type Projection, type State } from "../model/state";

/** A connector's place at its vendor: the scope (a team, or the one workspace of the key) and its id in there. */
export interface Ref {
  readonly scope: string;
  readonly key: string;
}

/** A vendor's list, and whether it is all that there is. */
export interface Listed<R> {
  readonly items: readonly R[];
  readonly complete: boolean;
}

/** What a message says of the connector at hand, and what it must not say. */
export interface Subject {
  /** The verb in progress, for messages. */
  readonly verb: "create" | "read" | "update" | "delete" | "list" | "adopt";
  readonly name?: string;
  readonly ref?: Ref;
  /** Texts to take out of whatever the vendor answers; put together when they are asked for. */
  readonly sensitive: Iterable<string>;
}

/** Tells a step's result to whoever must remember it if the next step fails. */
export type Recorder = (state: State) => void;

/**
 * What a vendor brings; the lifecycle does the rest. Calls reject with a `ConnectorError`. `R` is a remote connector as
 * parsed from the vendor's answer.
 */
export interface Adapter<R> {
  readonly table: FieldTable;

  /** The scope that inputs name; constant where the vendor has none. */
  scopeOf(inputs: Inputs): string;
  /** Splits a resource id. Throws `invalid`, naming the form, when it is not one. */
  parseId(id: string): Ref;
  /** The resource id of a place. */
  formatId(ref: Ref): string;
  keyOf(remote: R): string;
  nameOf(remote: R): string;
  /** The connector that inputs say to adopt. */
  adopts(inputs: Inputs): string | undefined;

  /** The connectors of a scope, as parsed; they may lack details (see {@link Adapter.complete}). */
  list(scope: string, purpose: "names" | "content"): Promise<Listed<R>>;
  /** One connector; `undefined` only when the vendor says that this very connector does not exist. */
  get(ref: Ref, subject: Subject): Promise<R | undefined>;
  /** Adds what a list item lacks and `needed` compares; `undefined` when the connector is gone meanwhile. */
  complete(ref: Ref, remote: R, needed: State, subject: Subject): Promise<R | undefined>;
  /** The one call that is not idempotent. Sent once. */
  create(inputs: Inputs, subject: Subject): Promise<R>;
  /** Resolves when the connector is gone, by this call or before. */
  remove(ref: Ref, subject: Subject): Promise<void>;

  /** True for a connector that an interrupted create of these inputs left half done. */
  isUnfinished(remote: R, inputs: Inputs): boolean;
  /** Pure. Remote as inputs and state, seen by a program that wrote `written`; `undefined`: everything there is. */
  project(remote: R, ref: Ref, written: State | undefined): Projection;
  /** Pure. The state of a connector that holds exactly these inputs. */
  stateOf(inputs: Inputs): State;
  /** Pure. What is known of a connector that was just adopted; what cannot be read back counts as not there. */
  adoptedState(remote: R, ref: Ref, inputs: Inputs): State;
  /** Pure. The state right after the create call. */
  begunState(remote: R, inputs: Inputs): State;
  /**
   * Makes the vendor hold `inputs`, knowing that it holds `state`; no difference, no call. After each call that
   * succeeded, `record` is told the state so far; after one with an unknown outcome, a state that leaves its part open,
   * so that the next update writes it again. Resolves with the final state.
   */
  sync(ref: Ref, inputs: Inputs, state: State, subject: Subject, record: Recorder): Promise<State>;
}

/** Where the lifecycle speaks to the person at the deployment. */
export interface Reporter {
  warn(message: string): void;
  info(message: string): void;
}
