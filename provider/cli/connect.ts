import { type VendorConnection } from "../definition/connection";
import { type Notifier, watch } from "../observe";
import { readSettings, type Settings, workspaceIn } from "../pulumi/provider/stack-settings";
import { VENDORS } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import { type CommandConfig } from "./config";
import { CliError, EXIT } from "./errors";
import { printable } from "./terminal/style";

/**
 * Connects with the credential of the environment, or of the configuration. Makes no call yet.
 *
 * @param notifier receives warnings about the log file, and reports of long waits.
 * @param overrides settings of the command line. Exported definitions name what these replace.
 */
export function connect(
  name: VendorName,
  config: CommandConfig,
  notifier: Notifier,
  overrides: Readonly<Record<string, string | undefined>> = {},
): VendorConnection {
  const vendor = VENDORS[name].runtime();
  const read = (get: (key: string) => string | undefined): Settings =>
    readSettings(vendor, { get });
  const settings = read((key) => overrides[key] ?? config.get(key)?.value);
  const ownSettings = read((key) => config.get(key)?.value);
  const { apiKey } = settings;
  if (apiKey === undefined) {
    throw new CliError(
      `No ${vendor.names.vendor} API key is configured for this command, which cannot decrypt that of a stack. Set the environment variable ${vendor.names.environment}_API_KEY.`,
      EXIT.failure,
    );
  }
  const adapter = vendor.connect(
    { ...settings, apiKey },
    { warn: () => undefined, info: () => undefined },
    watch(vendor.names, notifier),
  );
  return {
    table: vendor.table,
    adapter,
    origin: settings.origin,
    workspace: workspaceIn(vendor.names, settings),
    scope: vendor.scopeIn(settings),
    inputs: settings.inputs,
    checkSettings: (inputs) => vendor.settingErrors(settings, inputs),
    definitionOf: (ref, remote) => vendor.exported(adapter, ref, remote, ownSettings),
  };
}

/** Says where the key goes, before a request is sent. */
export function announce(
  { table, origin }: VendorConnection,
  stack: string | undefined,
  stream: NodeJS.WriteStream,
): void {
  const from = stack === undefined ? "no stack" : `stack ${printable(stack)}`;
  stream.write(`${table.vendor}: asking ${printable(origin)} (${from})\n`);
}
