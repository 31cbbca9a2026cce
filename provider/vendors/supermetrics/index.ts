import * as pulumi from "@pulumi/pulumi";
import {
  ConnectorFleet,
  ConnectorProvider,
  ConnectorResource,
  type FleetOptions,
  type LimitArgs,
} from "../../pulumi/program/resources";
import { type SupermetricsConnectorArgs } from "./args";
import { describeLogo } from "./logo";

export type { SupermetricsConnectorArgs } from "./args";

/** A custom connector of a Supermetrics team, equal to its definition after every deployment. */
export class SupermetricsConnector extends ConnectorResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly description: pulumi.Output<string | undefined>;
  declare readonly configuration: pulumi.Output<Record<string, unknown> | undefined>;
  declare readonly secrets: pulumi.Output<Record<string, string> | undefined>;
  declare readonly teamId: pulumi.Output<string>;
  /** Supermetrics' identifier; also the data source id used in queries. */
  declare readonly connectorIdentifier: pulumi.Output<string>;
  /** Where Supermetrics serves the logo. */
  declare readonly logoUrl: pulumi.Output<string | undefined>;
  /** When the connector was created, as Supermetrics writes it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When it last changed, as of the last refresh; unset after a deployment that wrote. */
  declare readonly updatedAt: pulumi.Output<string | undefined>;
  /** Version of the configuration document, as of the last refresh; unset after a deployment that wrote. */
  declare readonly configurationVersion: pulumi.Output<string | undefined>;
  /** Supermetrics' placeholder of each managed secret, by the secret's name. */
  declare readonly secretPlaceholders: pulumi.Output<Record<string, string> | undefined>;

  /**
   * @param name the resource's name in the program; the connector's own is `args.name`.
   * @param args the definition.
   */
  constructor(name: string, args: SupermetricsConnectorArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      logoUrl: undefined,
      createdAt: undefined,
      updatedAt: undefined,
      configurationVersion: undefined,
      secretPlaceholders: undefined,
    };
    super(
      "supermetrics",
      "SupermetricsConnector",
      name,
      { ...NO_ARGS, ...withLogo(args), ...outputs },
      opts,
    );
    this.connectorIdentifier = this.id.apply((id) => id.slice(id.indexOf("/") + 1));
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

/** Declares every output, also those that the program does not write. */
const NO_ARGS: Readonly<Record<keyof SupermetricsConnectorArgs, undefined>> = {
  name: undefined,
  description: undefined,
  configuration: undefined,
  secrets: undefined,
  logo: undefined,
  teamId: undefined,
  connectorIdentifier: undefined,
  duplicateOf: undefined,
  onConflict: undefined,
};

/** Connectors of one Supermetrics account. */
export interface SupermetricsFleetArgs extends FleetOptions {
  /** The definitions, by keys of your own. A key that leaves the map deletes its connector. */
  connectors: pulumi.Input<Record<string, pulumi.Input<SupermetricsConnectorArgs>>>;
}

/** What Supermetrics decides of a fleet's connector; see the outputs of {@link SupermetricsConnector}. */
export interface SupermetricsFleetConnector {
  readonly logoUrl?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly configurationVersion?: string;
  readonly secretPlaceholders?: Record<string, string>;
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
