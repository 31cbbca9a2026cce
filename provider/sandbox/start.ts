import { type DatabarSandbox, startDatabar } from "./databar";
import { type DatabarSettings } from "./databar/settings";
import { startSupermetrics, type SupermetricsSandbox } from "./supermetrics";
import { type SupermetricsSettings } from "./supermetrics/settings";
import { type VendorSandbox } from "./vendor-sandbox";

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** Port of Databar; each further vendor uses the next port. Default: 0, any free ports. */
  readonly port?: number;
  /** Settings of Databar that differ from the defaults. */
  readonly databar?: Partial<DatabarSettings>;
  /** Settings of Supermetrics that differ from the defaults. */
  readonly supermetrics?: Partial<SupermetricsSettings>;
}

/** Stack configuration in the form that `setAllConfig` of the Automation API takes. */
export type SandboxStackConfig = Record<
  string,
  { readonly value: string; readonly secret?: boolean }
>;

/** All emulated vendors, initially empty. */
export interface Sandbox {
  readonly databar: DatabarSandbox;
  readonly supermetrics: SupermetricsSandbox;
  /**
   * Configuration that points a stack at this sandbox: base URLs, a key for each vendor and the
   * first team. Also sets short retry delays and a high request rate, so that tests run fast.
   */
  readonly stackConfig: SandboxStackConfig;
  /** Removes all faults of all vendors. */
  clearFaults(): void;
  /** Clears the request logs of all vendors. */
  clearLogs(): void;
  /** Removes connectors, logged requests and faults of all vendors; keeps settings. */
  reset(): void;
  /**
   * Restarts all vendors: like {@link reset}, but also closes connections and lets ids start again.
   */
  restart(): void;
  /** Stops all vendors immediately and closes their connections. Can be called more than once. */
  close(): Promise<void>;
}

type VendorName = keyof Omit<SandboxOptions, "port">;

/** Start functions in the order of the ports. */
const START_FUNCTIONS: {
  readonly [Name in VendorName]: (
    port: number,
    settings: SandboxOptions[Name],
  ) => Promise<Sandbox[Name]>;
} = {
  databar: startDatabar,
  supermetrics: startSupermetrics,
};

const VENDOR_NAMES = Object.keys(START_FUNCTIONS) as readonly VendorName[];

/**
 * Starts a stateful emulator of each vendor on 127.0.0.1, each on its own port. Sandboxes are
 * independent of each other. Rejects with Node's error if a port is not available, for example
 * `EADDRINUSE`.
 */
export async function startSandbox({
  port = 0,
  ...settings
}: SandboxOptions = {}): Promise<Sandbox> {
  const started: [string, VendorSandbox<unknown>][] = [];
  const forEachVendor = (act: (vendor: VendorSandbox<unknown>) => void): void =>
    started.forEach(([, vendor]) => act(vendor));
  const close = async (): Promise<void> => {
    await Promise.all(started.map(([, vendor]) => vendor.close()));
  };
  try {
    for (const [index, name] of VENDOR_NAMES.entries()) {
      started.push([
        name,
        await START_FUNCTIONS[name](port === 0 ? 0 : port + index, settings[name] as never),
      ]);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const vendors = Object.fromEntries(started) as unknown as Pick<Sandbox, VendorName>;
  return {
    ...vendors,
    get stackConfig() {
      return stackConfig(vendors);
    },
    clearFaults: () => forEachVendor((vendor) => vendor.clearFaults()),
    clearLogs: () => forEachVendor((vendor) => vendor.clearLog()),
    reset: () => forEachVendor((vendor) => vendor.reset()),
    restart: () => forEachVendor((vendor) => vendor.restart()),
    close,
  };
}

/** Used if the settings accept any key. */
const DEFAULT_KEY = "sandbox-key";

const FAST = { requestsPerSecond: { value: "1000" }, backoffSeconds: { value: "0.02" } };

function stackConfig({ databar, supermetrics }: Pick<Sandbox, VendorName>): SandboxStackConfig {
  const common = ({ url, settings }: DatabarSandbox | SupermetricsSandbox): SandboxStackConfig => ({
    apiKey: { value: settings.keys?.[0] ?? DEFAULT_KEY, secret: true },
    baseUrl: { value: url },
    ...FAST,
  });
  const withNamespace = (namespace: string, config: SandboxStackConfig): SandboxStackConfig =>
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [`${namespace}:${key}`, value]),
    );
  const [teamId] = supermetrics.settings.teams;
  return {
    ...withNamespace("databar", common(databar)),
    ...withNamespace("supermetrics", {
      ...common(supermetrics),
      ...(teamId !== undefined && { teamId: { value: teamId } }),
    }),
  };
}
