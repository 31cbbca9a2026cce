/** Databar and Supermetrics connectors as Pulumi resources. */

export { DatabarConnector, DatabarProvider } from "./vendors/databar";
export type { DatabarConnectorArgs, DatabarConnectorType, DatabarMethod, DatabarProviderArgs, NameValues } from "./vendors/databar";
export { SupermetricsConnector, SupermetricsProvider } from "./vendors/supermetrics";
export type { SupermetricsConnectorArgs, SupermetricsProviderArgs } from "./vendors/supermetrics";
export { ConnectorDefinitions } from "./definition/connectors";
export type { AnyConnector, ConnectorDefinitionsArgs } from "./definition/connectors";
export type { OnConflict } from "./lifecycle/on-conflict";
export { ConnectorError, ERROR_CODES } from "./errors";
export type { ConnectorErrorOptions, ErrorCode, ErrorDetail } from "./errors";
