import { type VendorRuntime } from "../pulumi/provider/runtime";
import { type Teller, watch } from "../observe";
import { missingKey, readSettings, type Settings } from "../pulumi/provider/settings";
import { type Adapter } from "../lifecycle/adapter";
import { CliError, EXIT } from "./errors";
import { type CommandConfig } from "./config";
import { type VendorName, VENDORS } from "../vendors/index";

/** A vendor's side, as a command reaches it. */
export interface Connection {
  readonly vendor: VendorRuntime<unknown>;
  readonly adapter: Adapter<unknown>;
  readonly settings: Settings;
  /** The same without what the command line says in their place. */
  readonly ownSettings: Settings;
}

/**
 * Connects with the credential of the environment, or of the configuration. Makes no call yet.
 *
 * @param teller says what is in the way of a log, and what takes long.
 */
export async function connect(
  name: VendorName,
  config: CommandConfig,
  teller: Teller,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Promise<Connection> {
  const vendor = await VENDORS[name].load();
  const settings = readSettings(vendor, { get: (key) => overrides[key] ?? config.get(key)?.value });
  const ownSettings = readSettings(vendor, { get: (key) => config.get(key)?.value });
  const { apiKey } = settings;
  if (apiKey === undefined) {
    throw new CliError(
      `${missingKey(vendor.names)}. This command reads the environment, --config and --config-file, and cannot decrypt.`,
      EXIT.failure,
    );
  }
  const adapter = vendor.connect(
    { ...settings, apiKey },
    { warn: () => undefined, info: () => undefined },
    watch(vendor.names, teller),
  );
  return { vendor, adapter, settings, ownSettings };
}
