import { type ConnectorError } from "../errors";
import { type State } from "../model/state";

/**
 * A create or update that stopped half-way: the connector exists and holds `state`. The engine
 * records it, and the next deployment does the rest.
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
