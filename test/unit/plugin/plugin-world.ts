/** A native provider in this process and a sandbox, for one test. */
import { PluginClient, type Values } from "../../../harness/plugin/client";
import { closeWorlds, openSandbox, TEAM } from "../../../harness/lifecycle-world";
import { closeSharedHttpClients } from "../../../provider/http";
import { type Sandbox, type SandboxOptions } from "../../../provider/sandbox";
import { type VendorName } from "../../../provider/vendors/resources";

export const KEY = "native-key-canary-77";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const secret = (value: unknown): Values => ({
  [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const open = new Set<PluginClient>();

/** Ends what a test has started: for `afterEach`. */
export async function closePlugins(): Promise<void> {
  open.forEach((client) => client.close());
  open.clear();
  await closeWorlds();
  await closeSharedHttpClients();
}

export async function startPlugin(vendor: VendorName): Promise<PluginClient> {
  const client = await PluginClient.start(vendor);
  open.add(client);
  return client;
}

/** Settings that lead to the sandbox, as the engine sends them. */
export function settings(sandbox: Sandbox, vendor: VendorName): Values {
  return {
    apiKey: secret(KEY),
    baseUrl: sandbox[vendor].url,
    requestsPerSecond: "1000",
    backoffSeconds: "0.001",
    ...(vendor === "supermetrics" && { teamId: TEAM }),
  };
}

export interface PluginWorld {
  readonly sandbox: Sandbox;
  /** The next deployment: another process, the same vendor. */
  readonly deploy: (more?: Values) => Promise<PluginClient>;
}

export async function pluginWorld(
  vendor: VendorName,
  options?: SandboxOptions,
): Promise<PluginWorld> {
  const sandbox = await openSandbox(options);
  return {
    sandbox,
    deploy: async (more = {}) =>
      (await startPlugin(vendor)).configure({ ...settings(sandbox, vendor), ...more }),
  };
}
