/**
 * Runs a program of the docs in this process, on the in-process engine, with the sandbox as the
 * vendor. The SDK's mock monitor hands over what the program registers: one deployment and its
 * destroy.
 */
import * as pulumi from "@pulumi/pulumi";
import { type Sandbox } from "pulumi-connectors/sandbox";
import { provider as databar } from "../../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../../provider/vendors/supermetrics/runtime";
import { TEAM } from "../../../harness/lifecycle-world";
import { type Resource } from "../../../harness/in-process/program";
import { type InProcessResult, InProcessStack } from "../../../harness/in-process/stack";
import { plain, type Values } from "../../../harness/in-process/wire";

/** Stack configuration by `project:key`. */
export type StackConfig = Readonly<Record<string, string>>;

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
  const registered: [string, string][] = [];
  const resources: Record<string, Resource> = {};
  const stack = new InProcessStack({ runtimes: { databar, supermetrics }, config, ...NAMES });
  stack.program(async (register) => {
    const newResource = async (made: MockResourceArgs): Promise<MockResult> => {
      registered.push([made.type, made.name]);
      if (made.custom === false) {
        return { id: made.name, state: {} };
      }
      const resource = (resources[made.name] = resourceOf(made));
      const { id, outputs } = await register(made.name, resource);
      return { id, state: plain(outputs) };
    };
    await pulumi.runtime.setMocks(
      { newResource, call: () => ({}) },
      NAMES.project,
      NAMES.stackName,
    );
    pulumi.runtime.setAllConfig(
      { ...config },
      Object.keys(config).filter((key) => !/baseUrl|teamId|requestsPerSecond/.test(key)),
    );
    load();
    await pulumi.runtime.disconnect();
  });
  expectOk(await stack.up());
  // A module is evaluated once per process, so later runs repeat what it registered.
  stack.program(resources);
  return {
    registered,
    async changes() {
      const runs = [await stack.preview(), await stack.refresh({ previewOnly: true })];
      return runs.flatMap((run) =>
        expectOk(run).steps.filter(({ op }) => op !== "same" && op !== "read"),
      );
    },
    async destroy() {
      expectOk(await stack.destroy());
    },
  };
}

const NAMES = { project: "shop", stackName: "dev" };

type MockResourceArgs = pulumi.runtime.MockResourceArgs;
type MockResult = pulumi.runtime.MockResourceResult;

function resourceOf({ type, id, inputs, provider }: MockResourceArgs): Resource {
  return {
    vendor: /^pulumi-nodejs:dynamic\/(\w+):/.exec(type)?.[1] ?? "",
    type,
    args: inputs as Values,
    ...(id ? { get: id } : {}),
    // The reference is the URN of the provider, which ends with its name, and its id.
    options: { provider: provider ? provider.split("::").at(-2) : undefined },
  };
}

function expectOk(result: InProcessResult): InProcessResult {
  if (!result.ok) {
    throw Object.values(result.failures)[0] ?? new Error(result.text);
  }
  return result;
}
