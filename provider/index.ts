/** Databar and Supermetrics connectors as Pulumi resources. */

export { DatabarConnector, DatabarFleet, DatabarProvider } from "./vendors/databar";
export type { DatabarFleetArgs, DatabarProviderArgs } from "./vendors/databar";
export type {
  DatabarConnectorArgs,
  DatabarConnectorType,
  DatabarFleetConnector,
  DatabarMethod,
} from "./vendors/databar/types";
export {
  SupermetricsConnector,
  SupermetricsFleet,
  SupermetricsProvider,
} from "./vendors/supermetrics";
export type { SupermetricsFleetArgs, SupermetricsProviderArgs } from "./vendors/supermetrics";
export type {
  SupermetricsConnectorArgs,
  SupermetricsFleetConnector,
} from "./vendors/supermetrics/types";
export type { LimitArgs } from "./pulumi/program/providers";
export type { FleetOptions, NameValues } from "./pulumi/program/resources";
export { ConnectorDefinitions } from "./definition/register/connector-definitions";
export type { ConnectorDefinitionsArgs } from "./definition/register/args";
export type { AnyConnector, AnyFleet } from "./vendors/resources";
export type { OnConflict } from "./model/field";
