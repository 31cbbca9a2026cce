import { type Checked, type Provider, type ProviderInstance } from "./provider";
import { type ResourceState } from "./resource-state";
import { DYNAMIC, isProviderType, packageOf, parseReference, urnType } from "./urn";
import { containsUnknown, type PropertyMap } from "./values";

/** A provider can't diff, because its own config is not known before the update. */
export class DiffUnavailableError extends Error {}

/** The provider instances of one operation, by reference, each started when it is first needed. */
export class Providers {
  private readonly configured = new Map<string, Provider>();
  private readonly started = new Set<ProviderInstance>();
  /** Started, and not configured yet, by package. */
  private readonly spares = new Map<string, ProviderInstance>();

  /**
   * @param olds the resources of the state, to find the providers of what is only deleted or
   *   refreshed.
   * @param packages whose providers can be started, besides that of dynamic resources.
   */
  constructor(
    private readonly newInstance: (name: string) => ProviderInstance,
    private readonly olds: () => ResourceState[],
    private readonly packages: readonly string[] = [],
  ) {}

  /** Starts the providers of the state before their first use, while the program starts. */
  warmUp(): void {
    const known = this.olds().flatMap(({ type }) =>
      isProviderType(type) ? [packageOf(type)] : [],
    );
    new Set(known.length > 0 ? known : [DYNAMIC]).forEach((name) => this.spareOf(name));
  }

  /** @throws for a resource whose provider would have to be downloaded. */
  refuseOthers(type: string): void {
    const name = packageOf(type);
    if (name !== DYNAMIC && !this.packages.includes(name)) {
      throw new Error(
        `The local engine has no provider for ${type}: it serves dynamic resources and the plugins that Pulumi.yaml names.`,
      );
    }
  }

  /** Checks the config of a provider that is not there yet. */
  async checkConfig(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked> {
    const provider = this.spareOf(packageOf(urnType(urn)));
    return (await provider.checkConfig?.(urn, olds, news)) ?? { inputs: news, failures: [] };
  }

  /** Makes `reference` stand for a provider with this config, in place of any that it stood for. */
  configure(reference: string, config: PropertyMap): void {
    if (Object.values(config).some(containsUnknown)) {
      this.configured.set(reference, UNKNOWN_PROVIDER);
      return;
    }
    const { urn } = parseReference(reference);
    const name = packageOf(urnType(urn));
    const provider = this.spareOf(name);
    this.spares.delete(name);
    provider.configure(config, urn);
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

  private spareOf(name: string): ProviderInstance {
    const spare = this.spares.get(name) ?? this.newInstance(name);
    this.spares.set(name, spare);
    this.started.add(spare);
    return spare;
  }
}

/** Stands in, during a preview, for a provider whose config is not known yet. */
const UNKNOWN_PROVIDER: Provider = {
  servesPreviews: () => Promise.resolve(false),
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
  import: (_urn, id) => Promise.resolve({ id, outputs: {}, inputs: {} }),
  delete: () => Promise.reject(new Error("Nothing is deleted in a preview.")),
};

export function isUnknownProvider(provider: Provider): boolean {
  return provider === UNKNOWN_PROVIDER;
}
