import * as pulumi from "@pulumi/pulumi";
import { ConnectorProvider, type LimitArgs } from "../../pulumi/program/providers";
import {
  ConnectorFleet,
  ConnectorResource,
  type FleetOptions,
  type OutputsOf,
} from "../../pulumi/program/resources";
import {
  DATABAR_PROPERTIES,
  type DatabarConnectorArgs,
  type DatabarFleetConnector,
  type DatabarOutputs,
} from "./types";

// Its members: an output per row of the field table.
export interface DatabarConnector extends OutputsOf<DatabarOutputs> {}

/** A connector in a Databar workspace. Every deployment makes it equal to its definition. */
export class DatabarConnector extends ConnectorResource {
  /**
   * @param name the resource's name in the program; the connector's own is `args.name`.
   * @param args the definition.
   */
  constructor(name: string, args: DatabarConnectorArgs, opts?: pulumi.CustomResourceOptions) {
    super("databar", "DatabarConnector", DATABAR_PROPERTIES, name, args, opts);
    Object.assign(this, { connectorId: this.id.apply(Number) });
  }

  /**
   * Reads an existing connector without managing it: never writes or deletes.
   *
   * @param id Databar's id. The deployment fails when the connector does not exist.
   */
  static get(
    name: string,
    id: pulumi.Input<string | number>,
    opts?: pulumi.CustomResourceOptions,
  ): DatabarConnector {
    return new DatabarConnector(name, {} as DatabarConnectorArgs, {
      ...opts,
      id: pulumi.output(id).apply(String),
    });
  }
}

/** Connectors of one Databar workspace. */
export interface DatabarFleetArgs extends FleetOptions {
  /** The definitions, by keys of your choice. Removing a key deletes its connector. */
  connectors: pulumi.Input<Record<string, pulumi.Input<DatabarConnectorArgs>>>;
}

/** Any number of Databar connectors as one resource. */
export class DatabarFleet extends ConnectorFleet<DatabarFleetConnector> {
  constructor(name: string, args: DatabarFleetArgs, opts?: pulumi.CustomResourceOptions) {
    super("databar", "DatabarFleet", name, args.connectors, args, opts);
  }
}

/** How to reach one Databar workspace. */
export interface DatabarProviderArgs extends LimitArgs {
  /** API key of the workspace; always secret. Default: `databar:apiKey` of the stack. */
  apiKey?: pulumi.Input<string>;
  /** Origin of the API. Default: `databar:baseUrl` of the stack, then `https://api.databar.ai`. */
  baseUrl?: pulumi.Input<string>;
}

/**
 * A Databar workspace for resources that name it in their `provider` option, and for children of
 * components that do.
 */
export class DatabarProvider extends ConnectorProvider {
  constructor(name: string, args: DatabarProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("databar", name, { ...args }, ["apiKey", "baseUrl"], opts);
  }
}

/** The classes that definitions are registered with. */
export const databarClasses = {
  Connector: DatabarConnector,
  Fleet: DatabarFleet,
  Provider: DatabarProvider,
};
