import * as pulumi from "@pulumi/pulumi";
import { EXPLICIT_PROVIDER } from "./provider-text";

/**
 * Limits that every explicit provider takes; each defaults to the stack configuration's setting of
 * the same name.
 */
export interface LimitArgs {
  /** Most requests per second, over all resources of this provider. Default: 20. */
  requestsPerSecond?: pulumi.Input<number>;
  /** Most concurrent requests. Default: 10. */
  maxConcurrentRequests?: pulumi.Input<number>;
  /** Deadline of one request in seconds. Default: 30. */
  requestTimeoutSeconds?: pulumi.Input<number>;
  /** Deadline of one operation in seconds, including all retries. Default: 120. */
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
 * An explicit provider with a key, a workspace and a process of its own. The engine does not pass
 * it the stack configuration, so the program fills arguments that are not set from there.
 */
export abstract class ConnectorProvider extends pulumi.ProviderResource {
  /** @internal For messages: class and name. */
  readonly label: string;

  /** @internal */
  protected constructor(
    private readonly namespace: string,
    name: string,
    args: Readonly<Record<string, unknown>>,
    settings: readonly string[],
    opts: pulumi.ResourceOptions | undefined,
  ) {
    const inputs = providerInputs(namespace, args, [...settings, ...LIMITS]);
    super(PACKAGE, name, { ...inputs, [EXPLICIT_PROVIDER]: `${namespace}:${name}` }, opts);
    this.label = `${this.constructor.name} "${name}"`;
  }

  /**
   * @internal The key under which Pulumi's SDK passes a provider to children, one provider per key.
   *   The package would be one key for both vendors.
   */
  getPackage(): string {
    return this.namespace;
  }
}

/** Pulumi's package of dynamic resources. */
const PACKAGE = "pulumi-nodejs";

function providerInputs(
  namespace: string,
  args: Readonly<Record<string, unknown>>,
  settings: readonly string[],
): pulumi.Inputs {
  const config = new pulumi.Config(namespace);
  const inputs: pulumi.Inputs = {};
  for (const setting of settings) {
    const value = argumentOr(
      setting === "apiKey" ? config.getSecret(setting) : config.get(setting),
      args[setting],
    );
    if (value !== undefined) {
      inputs[`${namespace}:${setting}`] = setting === "apiKey" ? pulumi.secret(value) : value;
    }
  }
  return inputs;
}

/**
 * The argument, or else the stack's setting. An output that resolves to undefined without a setting
 * becomes "".
 */
function argumentOr(
  setting: pulumi.Input<string> | undefined,
  argument: unknown,
): pulumi.Input<string> | undefined {
  if (argument === undefined || argument === null) {
    return setting;
  }
  const otherwise = pulumi.output(setting ?? "");
  return pulumi
    .output(argument as pulumi.Input<string | number | undefined | null>)
    .apply((value) =>
      value === undefined || value === null ? otherwise : pulumi.output(String(value)),
    );
}

/**
 * The options of a vendor's resource, with its provider: the one that they name, or the vendor's
 * among those that its parents pass down.
 *
 * @param label class and name of the resource, for messages.
 * @throws RunError for another vendor's provider, if parents pass several of this vendor, and for
 *   the option `import`, of which dynamic resources know nothing.
 */
export function withVendorProvider(
  vendor: string,
  label: string,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions | undefined {
  if (opts?.import !== undefined) {
    throw new pulumi.RunError(
      `${label}: the resource option import does not work for dynamic resources. Remove it, and name the connector to adopt in the arguments: connectorId for Databar, connectorIdentifier for Supermetrics`,
    );
  }
  const provider = opts?.provider ?? passedDown(vendor, label, opts?.parent);
  if (provider instanceof ConnectorProvider && provider.getPackage() !== vendor) {
    throw new pulumi.RunError(
      `${label} cannot use ${nameOf(provider)}, which serves another vendor. Pass a provider of its own vendor, or none`,
    );
  }
  return provider ? { ...opts, provider } : opts;
}

/** A provider in messages. */
export function nameOf(provider: pulumi.ProviderResource): string {
  return provider instanceof ConnectorProvider ? provider.label : "a provider";
}

/**
 * Pulumi's SDK keeps the providers of a resource's children, by package or by the keys that a
 * program chose.
 */
interface Parent {
  readonly __providers?: Readonly<Record<string, pulumi.ProviderResource>>;
}

function passedDown(
  vendor: string,
  label: string,
  parent: pulumi.Resource | undefined,
): pulumi.ProviderResource | undefined {
  const all = Object.entries((parent as Parent | undefined)?.__providers ?? {});
  const own = new Set(
    all
      // In a component of a process of its own, the key is all that is known of a provider.
      .filter(([key, each]) =>
        each instanceof ConnectorProvider ? each.getPackage() === vendor : key === vendor,
      )
      .map(([, provider]) => provider),
  );
  if (own.size > 1) {
    throw new pulumi.RunError(
      `${label} gets ${[...own].map(nameOf).join(" and ")} from its parents. Pass providers as a list, not under names, or name one as its provider`,
    );
  }
  const [provider = parent?.getProvider(`${PACKAGE}:dynamic:Resource`)] = own;
  return provider;
}
