import * as pulumi from "@pulumi/pulumi";
import { ConnectorProvider, type LimitArgs } from "../../pulumi/program/providers";
import {
  ConnectorFleet,
  ConnectorResource,
  type FleetOptions,
  type OutputsOf,
} from "../../pulumi/program/resources";
import { describeLogo } from "./logo";
import {
  SUPERMETRICS_PROPERTIES,
  type SupermetricsConnectorArgs,
  type SupermetricsFleetConnector,
  type SupermetricsOutputs,
} from "./types";

// Its members: an output per row of the field table.
export interface SupermetricsConnector extends OutputsOf<SupermetricsOutputs> {}

/** A custom connector of a Supermetrics team. Every deployment makes it equal to its definition. */
export class SupermetricsConnector extends ConnectorResource {
  /**
   * @param name the resource's name in the program; the connector's own is `args.name`.
   * @param args the definition.
   */
  constructor(name: string, args: SupermetricsConnectorArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "supermetrics",
      "SupermetricsConnector",
      SUPERMETRICS_PROPERTIES,
      name,
      withLogo(args),
      opts,
    );
    Object.assign(this, {
      connectorIdentifier: this.id.apply((id) => id.slice(id.indexOf("/") + 1)),
    });
  }

  /**
   * Reads an existing connector without managing it: never writes or deletes.
   *
   * @param id `teamId/connectorIdentifier`, or the identifier alone for the configured team. The
   *   deployment fails when the connector does not exist.
   */
  static get(
    name: string,
    id: pulumi.Input<string>,
    opts?: pulumi.CustomResourceOptions,
  ): SupermetricsConnector {
    return new SupermetricsConnector(name, {} as SupermetricsConnectorArgs, { ...opts, id });
  }
}

/** Connectors of one Supermetrics account. */
export interface SupermetricsFleetArgs extends FleetOptions {
  /** The definitions, by keys of your choice. Removing a key deletes its connector. */
  connectors: pulumi.Input<Record<string, pulumi.Input<SupermetricsConnectorArgs>>>;
}

/** Any number of Supermetrics connectors as one resource, also of several teams. */
export class SupermetricsFleet extends ConnectorFleet<SupermetricsFleetConnector> {
  constructor(name: string, args: SupermetricsFleetArgs, opts?: pulumi.CustomResourceOptions) {
    super("supermetrics", "SupermetricsFleet", name, withLogos(args.connectors), args, opts);
  }
}

/** Describes the logo of each definition. Known keys and definitions stay known. */
function withLogos(
  connectors: SupermetricsFleetArgs["connectors"],
): pulumi.Input<Record<string, unknown>> {
  const all = (
    map: Readonly<Record<string, pulumi.Input<SupermetricsConnectorArgs>>>,
  ): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(map).map(([key, args]) => [
        key,
        isPlain(args) ? withLogo(args) : pulumi.output(args).apply(withLogo as never),
      ]),
    );
  return isPlain(connectors) ? all(connectors) : pulumi.output(connectors).apply(all as never);
}

/** Describes the logo of a definition: replaces its path by its digest or its fault. */
function withLogo({ logo, ...rest }: SupermetricsConnectorArgs): object {
  return isWritten(logo)
    ? {
        ...rest,
        logo: pulumi.output(logo).apply((path) => (isWritten(path) ? describeLogo(path) : path)),
      }
    : rest;
}

/** Of a definition file, null is a property that is not written. */
function isWritten(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** True for a value that is neither an output nor a promise. */
function isPlain<T extends object>(value: pulumi.Input<T>): value is T {
  return (
    typeof value === "object" && !pulumi.Output.isInstance(value) && !(value instanceof Promise)
  );
}

/** How to reach one Supermetrics account. */
export interface SupermetricsProviderArgs extends LimitArgs {
  /** User API key; always secret. Default: `supermetrics:apiKey` of the stack. */
  apiKey?: pulumi.Input<string>;
  /**
   * Origin of the API. Default: `supermetrics:baseUrl` of the stack, then
   * `https://api.supermetrics.com`.
   */
  baseUrl?: pulumi.Input<string>;
  /** Team of connectors without `teamId`. Default: `supermetrics:teamId` of the stack. */
  teamId?: pulumi.Input<string>;
}

/**
 * A Supermetrics account and team for resources that name it in their `provider` option, and for
 * children of components that do.
 */
export class SupermetricsProvider extends ConnectorProvider {
  constructor(name: string, args: SupermetricsProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("supermetrics", name, { ...args }, ["apiKey", "baseUrl", "teamId"], opts);
  }
}

/** The classes that definitions are registered with. */
export const supermetricsClasses = {
  Connector: SupermetricsConnector,
  Fleet: SupermetricsFleet,
  Provider: SupermetricsProvider,
};
