import { type VendorRuntime } from "../pulumi/runtime";
import { missingKey, readSettings, type Settings } from "../pulumi/settings";
import { type Adapter } from "../lifecycle/adapter";
import { CliError, EXIT } from "./errors";
import { type CommandConfig } from "./config";

/** Names of the vendors, as commands take them. */
export const VENDOR_NAMES = ["databar", "supermetrics"] as const;

export type VendorName = (typeof VENDOR_NAMES)[number];

/** A vendor's side, as a command reaches it. */
export interface Connection {
  readonly vendor: VendorRuntime<unknown>;
  readonly adapter: Adapter<unknown>;
  readonly settings: Settings;
  /** The same without what the command line says in their place. */
  readonly ownSettings: Settings;
}

/** The vendor of a name. */
export async function vendorOf(name: VendorName): Promise<VendorRuntime<unknown>> {
  if (name === "databar") return (await import("../vendors/databar/vendor.js")).databar;
  return (await import("../vendors/supermetrics/vendor.js")).supermetrics;
}

/** Connects with the credential of the environment, or of the configuration. Makes no call yet. */
export async function connect(name: VendorName, config: CommandConfig, overrides: Readonly<Record<string, string | undefined>> = {}): Promise<Connection> {
  const vendor = await vendorOf(name);
  const settings = readSettings(vendor, { get: (key) => overrides[key] ?? config.get(key)?.value });
  const ownSettings = readSettings(vendor, { get: (key) => config.get(key)?.value });
  const { apiKey } = settings;
  if (apiKey === undefined) throw new CliError(`${missingKey(vendor.names)}. This command reads the environment, --config and --config-file, and cannot decrypt.`, EXIT.failure);
  const adapter = vendor.connect({ ...settings, apiKey }, { warn: () => undefined, info: () => undefined });
  return { vendor, adapter, settings, ownSettings };
}
