import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_KEY, providerText } from "./provider-text";

/**
 * Named values as a map: per-key secrecy and per-key diffs. A list stands for the same name given several times.
 * An empty text is filled per row from a mapped column.
 */
export type NameValues = Record<string, pulumi.Input<string | pulumi.Input<string>[]>>;

/** Plain outputs as the members of a resource class: each is a `pulumi.Output`. */
export type OutputsOf<T> = { readonly [Name in keyof T]-?: pulumi.Output<T[Name]> };

/**
 * Base of the connector resources: a dynamic resource whose provider is reached through a constant text instead of
 * serialised code.
 */
export abstract class ConnectorResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param properties every input and output; the engine gives values only to those that are declared.
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
    super(
      typeToken(vendor, resource),
      name,
      { ...declared, ...args, [PROVIDER_KEY]: providerText(vendor) },
      opts,
    );
  }
}

/** What every fleet takes besides its connectors. */
export interface FleetOptions {
  /**
   * Most connectors that one update may delete because they left the map; more are refused before anything is done.
   * `destroy` is not bounded. Default: 10, or a tenth of the fleet if that is more.
   */
  maxDeletes?: pulumi.Input<number>;
  /**
   * Keys of connectors that stay at the vendor when they leave the map, when another one takes their place, or when the
   * fleet is destroyed. A key that leaves may leave this list with it. Default: none.
   */
  retainOnDelete?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Base of the fleets: one resource, many connectors of a vendor, each by the same rules as a resource of its own. The
 * engine writes its state once for all of them.
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
      opts,
    );
  }
}

/** The engine's type of a resource, for example `pulumi-nodejs:dynamic/databar:DatabarConnector`. Part of every URN. */
export function typeToken(vendor: string, resource: string): string {
  return `pulumi-nodejs:dynamic/${vendor}:${resource}`;
}

/** Limits that every explicit provider takes; each defaults to the stack configuration's setting of the same name. */
export interface LimitArgs {
  /** Most requests per second, over all resources of this provider. Default: 20. */
  requestsPerSecond?: pulumi.Input<number>;
  /** Most requests under way at once. Default: 10. */
  maxConcurrentRequests?: pulumi.Input<number>;
  /** Deadline of one request in seconds. Default: 30. */
  requestTimeoutSeconds?: pulumi.Input<number>;
  /** Budget of one operation in seconds, with all its retries. Default: 120. */
  operationTimeoutSeconds?: pulumi.Input<number>;
  /** First back-off step between retries in seconds; doubles up to 20. Default: 0.5. */
  backoffSeconds?: pulumi.Input<number>;
}

const LIMITS: readonly (keyof LimitArgs)[] = [
  "requestsPerSecond",
  "maxConcurrentRequests",
  "requestTimeoutSeconds",
  "operationTimeoutSeconds",
  "backoffSeconds",
];

/**
 * An explicit provider: its own key, its own workspace, its own process. The engine gives it nothing of the stack
 * configuration, so what the arguments leave out is read there by the program.
 */
export abstract class ConnectorProvider extends pulumi.ProviderResource {
  /** @internal */
  protected constructor(
    namespace: string,
    name: string,
    args: Readonly<Record<string, unknown>>,
    settings: readonly string[],
    opts: pulumi.ResourceOptions | undefined,
  ) {
    super("pulumi-nodejs", name, providerInputs(namespace, args, [...settings, ...LIMITS]), opts);
  }
}

function providerInputs(
  namespace: string,
  args: Readonly<Record<string, unknown>>,
  settings: readonly string[],
): pulumi.Inputs {
  const config = new pulumi.Config(namespace);
  const inputs: pulumi.Inputs = {};
  for (const setting of settings) {
    const value = givenOr(
      setting === "apiKey" ? config.getSecret(setting) : config.get(setting),
      args[setting],
    );
    if (value !== undefined) {
      inputs[`${namespace}:${setting}`] = setting === "apiKey" ? pulumi.secret(value) : value;
    }
  }
  return inputs;
}

/** What was given, or the stack's; an output may turn out to be nothing too. Then an empty text says so. */
function givenOr(
  stacks: pulumi.Input<string> | undefined,
  given: unknown,
): pulumi.Input<string> | undefined {
  if (given === undefined || given === null) {
    return stacks;
  }
  const otherwise = pulumi.output(stacks ?? "");
  return pulumi
    .output(given as pulumi.Input<string | number | undefined | null>)
    .apply((value) =>
      value === undefined || value === null ? otherwise : pulumi.output(String(value)),
    );
}
