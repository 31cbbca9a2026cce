import { type FieldTable } from "../model/field";
import { type Inputs, type Projection, type Stages, type State } from "../model/state";

/**
 * A connector's place at its vendor: the scope (a team, or the one workspace of the key) and its id
 * in there.
 */
export interface Ref {
  readonly scope: string;
  readonly key: string;
}

/** A connector's id and state after a verb. */
export interface Managed<V extends Stages = Stages> {
  readonly id: string;
  readonly state: State<V>;
}

/** A vendor's list, and whether it is all that there is. */
export interface Listed<R> {
  readonly items: readonly R[];
  readonly complete: boolean;
}

/** What a call is about: for messages, for observers, and for what neither may show. */
export interface CallContext {
  /** The verb in progress. */
  readonly verb: "create" | "read" | "update" | "delete" | "list" | "adopt";
  /** The connector's name. */
  readonly name?: string;
  readonly ref?: Ref;
  /** Strings to redact from the vendor's answers; computed when they are read. */
  readonly sensitive: Iterable<string>;
}

/** How a vendor's connectors are addressed. Pure. */
export interface Addressing<V extends Stages = Stages> {
  /**
   * The scope that inputs name, constant where the vendor has none; `undefined` while it is not
   * known.
   */
  scopeOf(inputs: Partial<V["inputs"]>): string | undefined;
  /** The connector that inputs name to be adopted. */
  adopts(inputs: Partial<V["inputs"]>): string | undefined;
  /** The resource id of a place. */
  formatId(ref: Ref): string;
}

/** What a vendor brings; the lifecycle does the rest. Calls reject with a `ConnectorError`. */
export interface Adapter<V extends Stages = Stages> {
  readonly table: FieldTable;
  readonly addressing: Addressing<V>;
  /** Whether a new connector may get the id of a deleted one. */
  readonly mayReuseIds: boolean;

  /** Splits a resource id. Throws `invalid`, naming the form, when it is not one. */
  parseId(id: string): Ref;
  keyOf(remote: V["remote"]): string;
  nameOf(remote: V["remote"]): string;
  /** When it was created; `undefined` where the vendor does not say. */
  createdAtOf(remote: V["remote"]): string | undefined;

  /** The connectors of a scope, as parsed; they may lack details (see {@link Adapter.complete}). */
  list(scope: string, purpose: "names" | "content"): Promise<Listed<V["remote"]>>;
  /**
   * One connector; `undefined` only when the vendor says that this very connector does not exist.
   */
  get(ref: Ref, context: CallContext): Promise<V["remote"] | undefined>;
  /**
   * Adds what a list item lacks and `needed` compares, or everything where that is `undefined`.
   * Resolves with `undefined` when the connector is gone meanwhile.
   */
  complete(
    ref: Ref,
    remote: V["remote"],
    needed: State<V> | undefined,
    context: CallContext,
  ): Promise<V["remote"] | undefined>;
  /**
   * The connector as an update must know it to leave what no definition manages. Rejects with
   * `not_found` when it is gone.
   *
   * @param listed finds it in the list that the deployment shares.
   */
  observe(
    ref: Ref,
    listed: () => Promise<V["remote"] | undefined>,
    context: CallContext,
  ): Promise<V["remote"]>;
  /** The one call that is not idempotent. Sent once. */
  create(inputs: Inputs<V>, context: CallContext): Promise<V["remote"]>;
  /** Sends one request of {@link Adapter.patch}. */
  send(ref: Ref, request: V["request"], context: CallContext): Promise<V["answer"]>;
  /** Resolves when the connector is gone, by this call or before. */
  remove(ref: Ref, context: CallContext): Promise<void>;

  /** Pure. True for a connector that an interrupted create of these inputs left half done. */
  isUnfinished(remote: V["remote"], inputs: Inputs<V>): boolean;
  /**
   * Pure. Remote as inputs and state, seen by a program that wrote `written`; `undefined`:
   * everything there is.
   */
  project(remote: V["remote"], ref: Ref, written: State<V> | undefined): Projection<V>;
  /** Pure. The state of a connector that holds exactly these inputs. */
  stateOf(inputs: Inputs<V>): State<V>;
  /**
   * Pure. What is known of a connector that was just adopted; what cannot be read back counts as
   * not there.
   */
  adoptedState(remote: V["remote"], ref: Ref, inputs: Inputs<V>): State<V>;
  /** Pure. The state right after the create call. */
  createdState(remote: V["remote"], inputs: Inputs<V>): State<V>;
  /**
   * Pure. What is left to send so that a connector of this state holds `inputs`, in order. Later
   * requests may depend on the answers to earlier ones: after each, this is asked again.
   *
   * @param remote the connector, once a request needed it.
   */
  patch(
    inputs: Inputs<V>,
    state: State<V>,
    remote: V["remote"] | undefined,
  ): readonly V["request"][];
  /** Pure. The connector after a request that succeeded, as far as later requests depend on it. */
  changed(remote: V["remote"], request: V["request"]): V["remote"];
  /** Pure. The state with what the answer to a request says. */
  answered(state: State<V>, inputs: Inputs<V>, answer: V["answer"]): State<V>;
  /** Pure. Where the answer to a request is not what the inputs ask for, what to warn of. */
  warningsOf(answer: V["answer"], inputs: Inputs<V>): readonly string[];
  /**
   * Pure. The state when nothing is left to send. Throws a `ConnectorError` where the vendor did
   * not do as it said.
   */
  finalState(ref: Ref, inputs: Inputs<V>, state: State<V>): State<V>;
}

/** Prints messages for the person who runs the deployment. */
export interface Reporter {
  warn(message: string): void;
  info(message: string): void;
}
