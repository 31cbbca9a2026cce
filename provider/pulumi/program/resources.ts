import * as pulumi from "@pulumi/pulumi";
import { oversized } from "./fleet-size";
import { PROVIDER_KEY, providerText } from "./provider-text";
import { withVendorProvider } from "./providers";
import { omitStackTraces, withStackTrace } from "./stack-traces";

/**
 * Named values as a map: per-key secrecy and per-key diffs. A list stands for the same name given
 * several times. An empty text is filled per row from a mapped column.
 */
export type NameValues = Record<string, pulumi.Input<string | pulumi.Input<string>[]>>;

/** Plain outputs as the members of a resource class: each is a `pulumi.Output`. */
export type OutputsOf<T> = { readonly [Name in keyof T]-?: pulumi.Output<T[Name]> };

/**
 * Base of the connector resources: a dynamic resource whose provider is a constant text instead of
 * serialized code.
 */
export abstract class ConnectorResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param properties every input and output; the engine gives values only to those that are
   *   declared.
   */
  protected constructor(
    vendor: string,
    resource: string,
    properties: readonly string[],
    name: string,
    args: object,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const declared = Object.fromEntries(properties.map((property) => [property, undefined]));
    const restore = omitStackTraces();
    try {
      super(
        typeToken(vendor, resource),
        name,
        { ...declared, ...args, [PROVIDER_KEY]: providerText(vendor) },
        withVendorProvider(vendor, `${resource} "${name}"`, opts),
      );
    } catch (error) {
      throw withStackTrace(error, restore);
    } finally {
      restore();
    }
  }
}

/** Arguments of every fleet besides its connectors. */
export interface FleetOptions {
  /**
   * Most connectors that one update may delete because they left the map. An update that would
   * delete more fails before it changes anything. `destroy` has no limit. Default: 10, or a tenth
   * of the fleet if that is more.
   */
  maxDeletes?: pulumi.Input<number>;
  /**
   * Keys of connectors that stay at the vendor when they leave the map, when they are replaced, or
   * when the fleet is destroyed. When a key leaves the map, it can leave this list in the same
   * update. Default: none.
   */
  retainOnDelete?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Base of the fleets: one resource with many connectors of a vendor, each managed like a resource
 * of its own. The engine writes its state once for all of them.
 *
 * @typeParam C what the vendor decides of a connector.
 */
export abstract class ConnectorFleet<C> extends pulumi.CustomResource {
  /** What the vendor decides of each connector, by key. */
  declare readonly computed: pulumi.Output<Record<string, C>>;
  /** Pulumi's id of each connector, by key; the same as the `id` of a resource of its own. */
  declare readonly ids: pulumi.Output<Record<string, string>>;

  /** @internal */
  protected constructor(
    vendor: string,
    resource: string,
    name: string,
    connectors: pulumi.Input<Record<string, unknown>>,
    { maxDeletes, retainOnDelete }: FleetOptions,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    refuseOversized(`${resource} "${name}"`, connectors);
    super(
      typeToken(vendor, resource),
      name,
      {
        connectors,
        maxDeletes,
        retainOnDelete,
        ids: undefined,
        computed: undefined,
        [PROVIDER_KEY]: providerText(vendor),
      },
      withVendorProvider(vendor, `${resource} "${name}"`, opts),
    );
  }
}

/** Before the program sends it: the provider may not live to refuse it. */
function refuseOversized(label: string, connectors: unknown): void {
  const reason = oversized(connectors);
  if (reason !== undefined) {
    throw new pulumi.RunError(`${label}: ${reason}.`);
  }
}

/**
 * The engine's type of a resource, for example `pulumi-nodejs:dynamic/databar:DatabarConnector`.
 * Part of every URN.
 */
export function typeToken(vendor: string, resource: string): string {
  return `pulumi-nodejs:dynamic/${vendor}:${resource}`;
}
