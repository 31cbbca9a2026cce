import * as pulumi from "@pulumi/pulumi";
import {
  ConnectorFleet,
  ConnectorProvider,
  ConnectorResource,
  type FleetOptions,
  type LimitArgs,
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

/** A custom connector of a Supermetrics team, equal to its definition after every deployment. */
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
   * Reads an existing connector without managing it: nothing is ever written or deleted.
   *
   * @param id `teamId/connectorIdentifier`, or the identifier alone for the configured team. Fails the deployment when
   * there is no such connector.
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
  /** The definitions, by keys of your own. A key that leaves the map deletes its connector. */
  connectors: pulumi.Input<Record<string, pulumi.Input<SupermetricsConnectorArgs>>>;
}

/** Any number of Supermetrics connectors as one resource; each may be of another team. */
export class SupermetricsFleet extends ConnectorFleet<SupermetricsFleetConnector> {
  constructor(name: string, args: SupermetricsFleetArgs, opts?: pulumi.CustomResourceOptions) {
    super("supermetrics", "SupermetricsFleet", name, withLogos(args.connectors), args, opts);
  }
}

/** Definitions with what there is at the path of each logo. What is known of the map stays known. */
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

/** A definition with what there is at the path of its logo. */
function withLogo({ logo, ...rest }: SupermetricsConnectorArgs): object {
  return logo === undefined ? rest : { ...rest, logo: pulumi.output(logo).apply(describeLogo) };
}

/** True for what is neither an output nor a promise. */
function isPlain<T extends object>(value: pulumi.Input<T>): value is T {
  return (
    typeof value === "object" && !pulumi.Output.isInstance(value) && !(value instanceof Promise)
  );
}

/** How to reach one Supermetrics account. */
export interface SupermetricsProviderArgs extends LimitArgs {
  /** User API key; always secret. Default: `supermetrics:apiKey` of the stack. */
  apiKey?: pulumi.Input<string>;
  /** Origin of the API. Default: `supermetrics:baseUrl` of the stack, then `https://api.supermetrics.com`. */
  baseUrl?: pulumi.Input<string>;
  /** Team of connectors that name none. Default: `supermetrics:teamId` of the stack. */
  teamId?: pulumi.Input<string>;
}

/** A Supermetrics account and team for resources that name it in their `provider` option. */
export class SupermetricsProvider extends ConnectorProvider {
  constructor(name: string, args: SupermetricsProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("supermetrics", name, { ...args }, ["apiKey", "baseUrl", "teamId"], opts);
  }
}

/** What definitions are registered as. */
export const supermetricsClasses = {
  Connector: SupermetricsConnector,
  Fleet: SupermetricsFleet,
  Provider: SupermetricsProvider,
};
