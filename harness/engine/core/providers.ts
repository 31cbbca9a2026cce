import { type Provider, type ProviderInstance } from "./provider";
import { type ResourceState } from "./resource-state";
import { isProviderType, parseReference, PROVIDER_PREFIX } from "./urn";
import { containsUnknown, type PropertyMap } from "./values";

/** A provider can't diff, because its own config is not known before the update. */
export class DiffUnavailableError extends Error {}

/** The only package of which this engine knows a provider. */
export const PACKAGE = "pulumi-nodejs";

/** The provider instances of one operation, by reference, each started when it is first needed. */
export class Providers {
  private readonly configured = new Map<string, Provider>();
  private readonly started = new Set<ProviderInstance>();
  private spare: ProviderInstance | undefined;

  /**
   * @param olds the resources of the state, to find the providers of what is only deleted or
   *   refreshed.
   */
  constructor(
    private readonly newInstance: () => ProviderInstance,
    private readonly olds: () => ResourceState[],
  ) {}

  /** Starts a provider before its first use, while the program starts. */
  warmUp(): void {
    this.spare ??= this.start();
  }

  /** Makes `reference` stand for a provider with this config, in place of any that it stood for. */
  configure(reference: string, config: PropertyMap): void {
    if (Object.values(config).some(containsUnknown)) {
      this.configured.set(reference, UNKNOWN_PROVIDER);
      return;
    }
    const provider = this.spare ?? this.start();
    this.spare = undefined;
    provider.configure(config);
    this.configured.set(reference, provider);
  }

  has(reference: string): boolean {
    return this.configured.has(reference);
  }

  /**
   * The provider of a resource; if the program has not registered it, as the state has it.
   *
   * @throws when neither knows it.
   */
  get(reference: string | undefined): Provider {
    if (reference === undefined) {
      throw new Error("A custom resource has no provider.");
    }
    const known = this.configured.get(reference);
    if (known) {
      return known;
    }
    const { urn, id } = parseReference(reference);
    const state = this.olds().find((resource) => resource.urn === urn && resource.id === id);
    if (!state || !isProviderType(state.type)) {
      throw new Error(`unknown provider '${reference}'`);
    }
    this.configure(reference, state.inputs);
    return this.configured.get(reference)!;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.started].map((provider) => provider.stop()));
  }

  kill(): void {
    this.started.forEach((provider) => {
      provider.kill();
    });
  }

  private start(): ProviderInstance {
    const provider = this.newInstance();
    this.started.add(provider);
    return provider;
  }
}

/** @throws for a resource whose provider would have to be downloaded. */
export function refuseOtherPackages(type: string): void {
  const name = isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : type.split(":")[0]!;
  if (name !== PACKAGE) {
    throw new Error(
      `The local engine serves dynamic resources only; it has no provider for ${type}.`,
    );
  }
}

/** Stands in, during a preview, for a provider whose config is not known yet. */
const UNKNOWN_PROVIDER: Provider = {
  check: (_urn, _olds, news) => Promise.resolve({ inputs: news, failures: [] }),
  diff: () =>
    Promise.reject(
      new DiffUnavailableError(
        "The provider for this resource has inputs that are not known during preview.\n" +
          "This preview may not correctly represent the changes that will be applied during an update.",
      ),
    ),
  create: () => Promise.resolve({ id: "", outputs: {} }),
  update: () => Promise.resolve({}),
  read: () => Promise.resolve({ id: "", outputs: {}, inputs: undefined }),
  delete: () => Promise.reject(new Error("Nothing is deleted in a preview.")),
};

export function isUnknownProvider(provider: Provider): boolean {
  return provider === UNKNOWN_PROVIDER;
}
