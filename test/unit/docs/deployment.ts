/**
 * Runs a program of the docs in this process, with the SDK's mock monitor as the engine, the real provider, and the
 * sandbox as the vendor: one deployment and its destroy.
 */
import * as pulumi from "@pulumi/pulumi";
import { type Sandbox } from "pulumi-connectors/sandbox";
import { PROVIDER_KEY } from "../../../provider/pulumi/program/provider-text";
import { type DynamicProvider, type Props } from "../../../provider/pulumi/provider/verbs";
import { provider as databar } from "../../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../../provider/vendors/supermetrics/runtime";
import { TEAM } from "../../../harness/worlds";
import { plain } from "../../../harness/in-process/wire";

/** Stack configuration by `project:key`. */
export type StackConfig = Readonly<Record<string, string>>;

/** A resource that the program created. */
interface Made {
  readonly verbs: DynamicProvider;
  readonly id: string;
  readonly inputs: Props;
  readonly outs: Props;
}

/** The program's resources after the deployment. */
export interface Deployed {
  /** Type and name of each resource, as in its URN. */
  readonly registered: readonly (readonly [type: string, name: string])[];
  /** Changes that a preview and a refresh would show; empty if there are none. */
  changes(): Promise<readonly unknown[]>;
  destroy(): Promise<void>;
}

/** Settings that point to the sandbox. */
export function settingsFor({ databar, supermetrics }: Sandbox): StackConfig {
  return {
    ...{
      "databar:apiKey": "databar-key",
      "databar:baseUrl": databar.url,
      "databar:requestsPerSecond": "1000",
    },
    ...{
      "supermetrics:apiKey": "api_key",
      "supermetrics:baseUrl": supermetrics.url,
      "supermetrics:teamId": TEAM,
      "supermetrics:requestsPerSecond": "1000",
    },
  };
}

/** Deploys the resources that `load` declares; rejects if one fails. */
export async function deploy(load: () => unknown, config: StackConfig): Promise<Deployed> {
  const resources: Made[] = [];
  const registered: [string, string][] = [];
  const providers = new Map<string, Props>();
  const stack = { get: (key: string) => config[key] };
  const verbsOf = (type: string, reference = ""): DynamicProvider => {
    const explicit = [...providers].find(([name]) => reference.includes(`::${name}::`))?.[1];
    return (type.includes("/databar:") ? databar : supermetrics)(
      explicit ? { get: (key) => explicit[key] } : stack,
    );
  };
  const create = async (
    type: string,
    inputs: Props,
    reference: string | undefined,
  ): Promise<{ id: string; state: Props }> => {
    const verbs = verbsOf(type, reference);
    const checked = await verbs.check({}, inputs);
    if (checked.failures.length > 0) {
      throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
    }
    const { id, outs } = await verbs.create(plain(checked.inputs));
    resources.push({ verbs, id, inputs: plain(checked.inputs), outs: plain(outs) });
    return { id, state: plain(outs) };
  };
  const failures: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, id, inputs, provider, custom }) {
        const props = plain({ ...inputs }) as Props;
        registered.push([type, name]);
        if (type.startsWith("pulumi:providers:")) {
          providers.set(name, props);
        }
        if (custom === false || props[PROVIDER_KEY] === undefined) {
          return { id: name, state: {} };
        }
        if (id) {
          return { id, state: plain((await verbsOf(type, provider).read(id, props)).props) };
        }
        return create(type, props, provider).catch((error: unknown) => {
          failures.push(error);
          throw error;
        });
      },
      call: () => ({}),
    },
    "shop",
    "dev",
  );
  pulumi.runtime.setAllConfig(
    { ...config },
    Object.keys(config).filter((key) => !/baseUrl|teamId|requestsPerSecond/.test(key)),
  );
  load();
  await pulumi.runtime.disconnect();
  if (failures.length > 0) {
    throw failures[0];
  }
  return {
    registered,
    changes: async () => (await Promise.all(resources.map(changesOf))).flat(),
    async destroy() {
      await Promise.all(resources.map(({ verbs, id, outs }) => verbs.delete(id, outs)));
    },
  };
}

/** Replacements of a diff, and inputs that a refresh would change. */
async function changesOf({ verbs, id, inputs, outs }: Made): Promise<unknown[]> {
  const { replaces } = await verbs.diff(id, outs, inputs);
  const now: unknown = plain((await verbs.read(id, outs)).inputs);
  return [
    ...replaces,
    ...(JSON.stringify(sorted(now)) === JSON.stringify(sorted(inputs))
      ? []
      : [{ now, written: inputs }]),
  ];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
