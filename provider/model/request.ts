/**
 * One call that changes a connector, as data. The connector's own place is not part of it;
 * everything else that the call sends is.
 *
 * @typeParam S what the vendor's state holds.
 */
export interface Request<S> {
  /** The vendor's operation, for example `setSecret`. */
  readonly operation: string;
  /** What it writes, for example `secrets.api_key`. An update writes each part once. */
  readonly part: string;
  /** True for a look-up that later requests need: nothing is recorded after it. */
  readonly isLookup?: true;
  /**
   * True where what it sends depends on what the vendor holds: the connector is looked up first.
   */
  readonly needsRemote?: true;
  /** What to warn of once it succeeded. */
  readonly warnings?: readonly string[];
  /** What the state holds once it succeeded, besides what the answer says. */
  readonly sets: Partial<S>;
  /**
   * What the state holds while it is unknown whether it succeeded: values that no definition has,
   * so that the next update writes the part again with any value.
   */
  readonly leavesOpen: Partial<S>;
  /**
   * What the state holds when the vendor says that the part is gone, so that the next request makes
   * it anew.
   */
  readonly ifGone?: Partial<S>;
}

/** Stands in a state for a text that is not known. No definition has it. */
export const UNKNOWN_TEXT = "";
