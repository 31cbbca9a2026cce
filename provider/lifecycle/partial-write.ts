import { type ConnectorError } from "../errors";
import { type State } from "../model/state";

/**
 * Stands in a state for a text that is not known: a write of it ended with an unknown outcome, or somebody else wrote
 * it. No definition can say it, so the next update writes the text again, whatever it is then.
 */
export const UNSETTLED = "";

/**
 * A create or update that stopped half-way: the connector exists and holds `state`. The engine records it, and the
 * next deployment does the rest.
 */
export class PartialWrite extends Error {
  constructor(
    readonly connectorId: string,
    readonly state: State,
    override readonly cause: ConnectorError,
  ) {
    super(cause.message);
    this.name = "PartialWrite";
  }
}
