import * as databar from "./databar";
import * as supermetrics from "./supermetrics";

/** Databar's id of each connector. */
export const databarConnectors = Object.fromEntries(
  Object.entries(databar).map(([name, connector]) => [name, connector.connectorId]),
);

/** Supermetrics' identifier of each connector: the data source id that queries name. */
export const supermetricsConnectors = Object.fromEntries(
  Object.entries(supermetrics).map(([name, connector]) => [name, connector.connectorIdentifier]),
);
