/** Databar and Supermetrics connectors as Pulumi resources. */

export { DatabarConnector, DatabarFleet, DatabarProvider } from "./vendors/databar";
export type {
  DatabarConnectorArgs,
  DatabarConnectorType,
  DatabarFleetArgs,
  DatabarFleetConnector,
  DatabarMethod,
  DatabarProviderArgs,
  NameValues,
} from "./vendors/databar";
export {
  SupermetricsConnector,
  SupermetricsFleet,
  SupermetricsProvider,
} from "./vendors/supermetrics";
export type {
  SupermetricsConnectorArgs,
  SupermetricsFleetArgs,
  SupermetricsFleetConnector,
  SupermetricsProviderArgs,
} from "./vendors/supermetrics";
export { ConnectorDefinitions } from "./definition/register/connector-definitions";
export type { ConnectorDefinitionsArgs } from "./definition/register/args";
export type { AnyConnector, AnyFleet } from "./vendors/classes";
export type { OnConflict } from "./model/field";
export { ConnectorError, ERROR_CODES } from "./errors";
export type { ConnectorErrorOptions, ErrorCode, ErrorDetail } from "./errors";
