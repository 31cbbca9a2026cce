import { isObject } from "../../provider/json";
import { PluginService } from "../../provider/plugin/service";
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/program/provider-text";
import { VENDOR_NAMES, VENDORS } from "../../provider/vendors/index";
import { type VendorName } from "../../provider/vendors/resources";
import {
  type Checked,
  type Found,
  type ProviderDiff,
  type ProviderInstance,
  type Subject,
} from "../engine/core/provider";
import { type PropertyMap } from "../engine/core/values";
import { decodeMap, encodeValue, UNKNOWN_ID } from "../engine/core/wire";
import { KillSwitch } from "./kill-switch";
import { rethrow } from "./rethrow";
import { overTheWire, type Values } from "./wire";

export interface NativeHooks {
  /** Sees each failure of a verb, as it leaves the provider. */
  readonly onFailure: (urn: string, error: unknown) => void;
  /** Sees each answer of a verb, secrets in their envelopes. */
  readonly onAnswer: (answer: unknown) => void;
}

/**
 * The native providers of both vendors in place of the dynamic one, with the same resources and the
 * same state: what holds for the one face is tested for the other. The provider's text, which only
 * dynamic resources have, is taken away and put back.
 */
export class InProcessNative implements ProviderInstance {
  private config: Values = {};
  private readonly services = new Map<VendorName, Promise<PluginService>>();
  private readonly killSwitch = new KillSwitch();

  constructor(private readonly hooks: NativeHooks) {}

  configure(config: PropertyMap): void {
    this.config = encodeValue(config, { secrets: true }) as Values;
  }

  servesPreviews(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked> {
    const { inputs, failures } = await this.call(urn, news, olds, (service, type) =>
      service.check({ urn: type, olds: sent(olds), news: () => withPaths(sent(news)()) }),
    );
    if (failures!.length > 0) {
      this.hooks.onFailure(urn, new Error(failures!.map(({ reason }) => reason).join("\n")));
    }
    return { inputs: received(inputs, news), failures: [...failures!] };
  }

  async diff({ urn, id, outputs, inputs }: Subject, news: PropertyMap): Promise<ProviderDiff> {
    const { changes, replaces } = await this.call(urn, news, outputs, (service, type) =>
      service.diff({
        ...{ id, urn: type, olds: sent(outputs), oldInputs: sent(inputs), news: sent(news) },
        ignoreChanges: [],
      }),
    );
    return { changes: changes === 2, replaces: [...replaces!], deleteBeforeReplace: false };
  }

  async create(
    urn: string,
    inputs: PropertyMap,
    preview = false,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const { id, properties } = await this.call(urn, inputs, {}, (service, type) =>
      service.create({ urn: type, properties: sent(inputs), timeout: 0, preview }),
    ).catch((error: unknown) => rethrow(error, (properties) => received(() => properties, inputs)));
    return { id: id!, outputs: received(properties, inputs) };
  }

  async update(
    { urn, id, outputs, inputs }: Subject,
    news: PropertyMap,
    _ignoreChanges: string[],
    preview = false,
  ): Promise<PropertyMap> {
    const { properties } = await this.call(urn, news, outputs, (service, type) =>
      service.update({
        ...{ id, urn: type, olds: sent(outputs), oldInputs: sent(inputs), news: sent(news) },
        ...{ timeout: 0, preview },
      }),
    ).catch((error: unknown) => rethrow(error, (properties) => received(() => properties, news)));
    return received(properties, news);
  }

  async read({ urn, id, outputs, inputs }: Subject): Promise<Found> {
    const found = await this.call(urn, outputs, inputs, (service, type) =>
      service.read({ id, urn: type, properties: sent(outputs), inputs: sent(inputs), timeout: 0 }),
    );
    return {
      id: found.id ?? "",
      outputs: received(found.properties, outputs),
      inputs: found.inputs && received(found.inputs, outputs),
    };
  }

  import(): Promise<Found> {
    return Promise.reject(new Error("No table imports."));
  }

  async delete({ urn, id, outputs }: Subject): Promise<void> {
    await this.call(urn, outputs, {}, (service, type) =>
      service.delete({ id, urn: type, properties: sent(outputs), timeout: 0 }),
    );
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  kill(): void {
    this.killSwitch.kill();
  }

  private async call<T>(
    urn: string,
    props: PropertyMap,
    other: PropertyMap,
    work: (service: PluginService, urn: string) => Promise<T>,
  ): Promise<T> {
    this.killSwitch.check();
    const vendor = vendorOf(props) ?? vendorOf(other) ?? "databar";
    const kind = [props, other].some(isFleet) ? "Fleet" : "Connector";
    const native = urn.replace(/pulumi-nodejs:dynamic\/[^$]*(?=::)/, `${vendor}:index:${kind}`);
    try {
      const service = await this.serviceOf(vendor);
      const answer = await this.killSwitch.run(work(service, native));
      this.hooks.onAnswer(opened(answer));
      return answer;
    } catch (error) {
      this.hooks.onAnswer(error);
      this.hooks.onFailure(urn, error);
      throw error;
    }
  }

  private serviceOf(vendor: VendorName): Promise<PluginService> {
    const known = this.services.get(vendor);
    if (known) {
      return known;
    }
    const started = this.startService(vendor);
    this.services.set(vendor, started);
    return started;
  }

  private async startService(vendor: VendorName): Promise<PluginService> {
    const service = new PluginService(VENDORS[vendor].runtime(), () => "");
    const args = Object.fromEntries(
      Object.entries(this.config).flatMap(([key, value]) =>
        key.startsWith(`${vendor}:`) ? [[key.slice(vendor.length + 1), value]] : [],
      ),
    );
    await service.handshake();
    await service.configure({
      urn: `urn:pulumi:test::project::pulumi:providers:${vendor}::default`,
      args: () => args,
    });
    return service;
  }
}

function vendorOf({ [PROVIDER_KEY]: text }: PropertyMap): VendorName | undefined {
  return VENDOR_NAMES.find((vendor) => providerText(vendor) === text);
}

function isFleet({ connectors, ids, record }: PropertyMap): boolean {
  return connectors !== undefined || ids !== undefined || record !== undefined;
}

/** A native program names a file by its path; a class of the package describes what is there. */
function withPaths(values: Values): Values {
  const { logo, connectors } = values;
  return {
    ...values,
    ...(isObject(logo) && { logo: logo["path"] }),
    ...(isObject(connectors) && {
      connectors: Object.fromEntries(
        Object.entries(connectors).map(([key, each]) => [
          key,
          isObject(each) ? withPaths(each) : each,
        ]),
      ),
    }),
  };
}

/** As the engine sends it to a provider that accepts secrets. */
function sent(map: PropertyMap): () => Values {
  const { [PROVIDER_KEY]: text, ...values } = encodeValue(map, { secrets: true }) as Values;
  return () => (text === UNKNOWN_ID ? values : overTheWire(values));
}

function received(
  answer: (() => Values) | undefined,
  { [PROVIDER_KEY]: text }: PropertyMap,
): PropertyMap {
  const map = decodeMap(overTheWire(withoutUndefined(answer?.() ?? {})));
  return text === undefined ? map : { ...map, [PROVIDER_KEY]: text };
}

/** The protocol carries no undefined. */
function withoutUndefined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** An answer with the values that it holds. */
function opened(answer: unknown): unknown {
  return Object.fromEntries(
    Object.entries(answer as Values).map(([key, value]) => [
      key,
      typeof value === "function" ? (value as () => unknown)() : value,
    ]),
  );
}
