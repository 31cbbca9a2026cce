import { PROVIDER_KEY } from "../../provider/pulumi/program/provider-text";
import { type DynamicProvider } from "../../provider/pulumi/provider/runtime";
import { type StackConfig } from "../../provider/pulumi/provider/stack-settings";
import {
  type Checked,
  type Found,
  type ProviderDiff,
  type ProviderInstance,
  type Subject,
} from "../engine/core/provider";
import { markSecretsAgain } from "../engine/core/secrecy";
import { type PropertyMap } from "../engine/core/values";
import { decodeMap, encodeValue, UNKNOWN_ID } from "../engine/core/wire";
import { KillSwitch } from "./kill-switch";
import { rethrow } from "./rethrow";
import { overTheWire, plain, type Values } from "./wire";

/** What the runtime modules of the vendors export: configuration → verbs. */
export type Runtime = (config: StackConfig) => DynamicProvider;

export interface ProviderHooks {
  /** Finds the code that a stored text stands for. */
  readonly runtimeOf: (text: string) => Runtime;
  /** Sees each failure of a verb, as it leaves the provider. */
  readonly onFailure: (urn: string, error: unknown) => void;
}

/** What Pulumi's `dynamic-provider` does for dynamic resources, without a process of its own. */
export class InProcessProvider implements ProviderInstance {
  private config: StackConfig | undefined;
  private readonly killSwitch = new KillSwitch();

  constructor(private readonly hooks: ProviderHooks) {}

  configure(config: PropertyMap): void {
    const values = plain(encodeValue(config, { secrets: true })) as Values;
    this.config = { get: (key) => values[key] };
  }

  servesPreviews(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked> {
    const [oldProps, newProps] = [sent(olds), sent(news)];
    const text = newProps[PROVIDER_KEY] === UNKNOWN_ID ? oldProps : newProps;
    const { inputs, failures } = await this.call(urn, text, (verbs) =>
      verbs.check(oldProps, newProps),
    );
    if (failures.length > 0) {
      this.hooks.onFailure(urn, new Error(failures.map(({ reason }) => reason).join("\n")));
    }
    return { inputs: received(withText(inputs, newProps), news), failures };
  }

  async diff({ urn, id, outputs }: Subject, news: PropertyMap): Promise<ProviderDiff> {
    const [oldProps, newProps] = [sent(outputs), sent(news)];
    const text = newProps[PROVIDER_KEY] === UNKNOWN_ID ? oldProps : newProps;
    const { changes, replaces, deleteBeforeReplace } = await this.call(urn, text, (verbs) =>
      verbs.diff(id, oldProps, newProps),
    );
    return { changes, replaces, deleteBeforeReplace };
  }

  async create(urn: string, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }> {
    const props = sent(inputs);
    const { id, outs } = await this.call(urn, props, (verbs) => verbs.create(props)).catch(
      (error: unknown) => rethrow(error, (properties) => received(properties, inputs)),
    );
    return { id, outputs: received(withText(outs, props), inputs) };
  }

  async update({ urn, id, outputs }: Subject, news: PropertyMap): Promise<PropertyMap> {
    const [oldProps, newProps] = [sent(outputs), sent(news)];
    const { outs } = await this.call(urn, newProps, (verbs) =>
      verbs.update(id, oldProps, newProps),
    ).catch((error: unknown) => rethrow(error, (properties) => received(properties, news)));
    return received(withText(outs, newProps), news);
  }

  async read(subject: Subject): Promise<Found> {
    const props = sent(subject.outputs);
    const found = await this.call(subject.urn, props, (verbs) => verbs.read(subject.id, props));
    return {
      id: found.id,
      outputs: received(withText(found.props, props), subject.outputs),
      inputs: found.inputs && received(withText(found.inputs, props), subject.inputs),
    };
  }

  import(): Promise<Found> {
    return Promise.reject(new Error("Dynamic resources cannot be imported."));
  }

  async delete({ urn, id, outputs }: Subject): Promise<void> {
    const props = sent(outputs);
    await this.call(urn, props, (verbs) => verbs.delete(id, props));
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  kill(): void {
    this.killSwitch.kill();
  }

  private async call<T>(
    urn: string,
    { [PROVIDER_KEY]: text }: Values,
    work: (verbs: DynamicProvider) => Promise<T>,
  ): Promise<T> {
    this.killSwitch.check();
    if (!this.config) {
      throw new Error("The provider was called before it was configured.");
    }
    const verbs = this.hooks.runtimeOf(String(text))(this.config);
    try {
      return await this.killSwitch.run(work(verbs));
    } catch (error) {
      this.hooks.onFailure(urn, error);
      throw error;
    }
  }
}

function sent(map: PropertyMap): Values {
  return overTheWire(encodeValue(map, { secrets: false }) as Values);
}

function received(answer: Values, sent: PropertyMap): PropertyMap {
  const map = decodeMap(overTheWire(answer));
  markSecretsAgain(map, sent);
  return map;
}

function withText(answer: Values, { [PROVIDER_KEY]: text }: Values): Values {
  return text === undefined ? answer : { ...answer, [PROVIDER_KEY]: text };
}
