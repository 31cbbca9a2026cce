import * as pulumi from "@pulumi/pulumi";
import {
  ConnectorFleet,
  ConnectorProvider,
  ConnectorResource,
  type FleetOptions,
  type LimitArgs,
} from "../../pulumi/program/resources";
import { type DatabarConnectorArgs, type DatabarConnectorType, type DatabarMethod } from "./args";

export type { DatabarConnectorArgs, DatabarConnectorType, DatabarMethod, NameValues } from "./args";

/** A connector in a Databar workspace, equal to its definition after every deployment. */
export class DatabarConnector extends ConnectorResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly type: pulumi.Output<DatabarConnectorType | undefined>;
  declare readonly method: pulumi.Output<DatabarMethod>;
  declare readonly url: pulumi.Output<string>;
  declare readonly headers: pulumi.Output<Record<string, string | string[]> | undefined>;
  declare readonly parameters: pulumi.Output<Record<string, string | string[]> | undefined>;
  declare readonly body: pulumi.Output<Record<string, string | string[]> | undefined>;
  declare readonly bodyTemplate: pulumi.Output<string | undefined>;
  /** The requested limit, in requests per minute; see `effectiveRateLimit`. */
  declare readonly rateLimit: pulumi.Output<number | undefined>;
  /** The requested limit, in parallel calls; see `effectiveMaxConcurrency`. */
  declare readonly maxConcurrency: pulumi.Output<number | undefined>;
  /** Requests per minute that Databar grants; lower than `rateLimit` when the plan says so. */
  declare readonly effectiveRateLimit: pulumi.Output<number | undefined>;
  /** Parallel calls that Databar grants; lower than `maxConcurrency` when the plan says so. */
  declare readonly effectiveMaxConcurrency: pulumi.Output<number | undefined>;
  /** When the connector was created, as Databar writes it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** Databar's id of the connector. */
  declare readonly connectorId: pulumi.Output<number>;

  /**
   * @param name the resource's name in the program; the connector's own is `args.name`.
   * @param args the definition.
   */
  constructor(name: string, args: DatabarConnectorArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      effectiveRateLimit: undefined,
      effectiveMaxConcurrency: undefined,
      createdAt: undefined,
    };
    super("databar", "DatabarConnector", name, { ...NO_ARGS, ...args, ...outputs }, opts);
    this.connectorId = this.id.apply(Number);
  }

  /**
   * Reads an existing connector without managing it: nothing is ever written or deleted.
   *
   * @param id Databar's id. Fails the deployment when there is no such connector.
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

/** Declares every output, also those that the program does not write. */
const NO_ARGS: Readonly<Record<keyof DatabarConnectorArgs, undefined>> = {
  name: undefined,
  type: undefined,
  method: undefined,
  url: undefined,
  headers: undefined,
  parameters: undefined,
  body: undefined,
  bodyTemplate: undefined,
  rateLimit: undefined,
  maxConcurrency: undefined,
  connectorId: undefined,
  onConflict: undefined,
};

/** Connectors of one Databar workspace. */
export interface DatabarFleetArgs extends FleetOptions {
  /** The definitions, by keys of your own. A key that leaves the map deletes its connector. */
  connectors: pulumi.Input<Record<string, pulumi.Input<DatabarConnectorArgs>>>;
}

/** What Databar decides of a fleet's connector; see the outputs of {@link DatabarConnector}. */
export interface DatabarFleetConnector {
  readonly effectiveRateLimit?: number;
  readonly effectiveMaxConcurrency?: number;
  readonly createdAt?: string;
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

/** A Databar workspace for resources that name it in their `provider` option. */
export class DatabarProvider extends ConnectorProvider {
  constructor(name: string, args: DatabarProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("databar", name, { ...args }, ["apiKey", "baseUrl"], opts);
  }
}
