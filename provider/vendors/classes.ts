import type * as pulumi from "@pulumi/pulumi";
import { type FleetOptions } from "../pulumi/program/resources";
import { DatabarConnector, DatabarFleet, DatabarProvider } from "./databar/index";
import {
  SupermetricsConnector,
  SupermetricsFleet,
  SupermetricsProvider,
} from "./supermetrics/index";
import { type ConnectorType } from "./tables";

/** A connector of any vendor. */
export type AnyConnector = DatabarConnector | SupermetricsConnector;

/** A fleet of any vendor. */
export type AnyFleet = DatabarFleet | SupermetricsFleet;

/** What definitions of a type are registered as. They have been validated, hence arguments of no type. */
export interface Classes {
  /** Ends the names of the fleets. */
  readonly suffix: string;
  readonly Connector: new (
    name: string,
    args: never,
    opts: pulumi.CustomResourceOptions,
  ) => AnyConnector;
  readonly Fleet: new (
    name: string,
    args: FleetOptions & { readonly connectors: Record<string, never> },
    opts: pulumi.CustomResourceOptions,
  ) => AnyFleet;
  /** The explicit providers that serve them. */
  readonly Provider: new (name: string) => pulumi.ProviderResource;
}

/** By a definition's `type`. */
export const CLASSES: Readonly<Record<ConnectorType, Classes>> = {
  DatabarConnector: {
    suffix: "databar",
    Connector: DatabarConnector,
    Fleet: DatabarFleet,
    Provider: DatabarProvider,
  },
  SupermetricsConnector: {
    suffix: "supermetrics",
    Connector: SupermetricsConnector,
    Fleet: SupermetricsFleet,
    Provider: SupermetricsProvider,
  },
};
