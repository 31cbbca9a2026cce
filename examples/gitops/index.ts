import * as databar from "./databar";
import * as supermetrics from "./supermetrics";

/** The Databar ids of the connectors. */
export const databarConnectors = Object.fromEntries(
  Object.entries(databar).map(([name, connector]) => [name, connector.connectorId]),
);

/** The Supermetrics identifiers of the connectors: the data source ids for queries. */
export const supermetricsConnectors = Object.fromEntries(
  Object.entries(supermetrics).map(([name, connector]) => [name, connector.connectorIdentifier]),
);
