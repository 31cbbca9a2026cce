import { type DatabarSandbox, startDatabar } from "./databar";
import { type DatabarSettings } from "./databar/settings";
import { startSupermetrics, type SupermetricsSandbox } from "./supermetrics";
import { type SupermetricsSettings } from "./supermetrics/settings";
import { type VendorSandbox } from "./vendor-sandbox";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Port of Databar; each further vendor gets the next one. Default: 0, any free ports. */
  readonly port?: number;
  /** Settings that differ from the defaults. */
  readonly databar?: Partial<DatabarSettings>;
  /** Settings that differ from the defaults. */
  readonly supermetrics?: Partial<SupermetricsSettings>;
}

/** Settings of a stack, in the form that Automation API's `setAllConfig` takes. */
export type SandboxStackConfig = Record<
  string,
  { readonly value: string; readonly secret?: boolean }
>;

/** All vendors on loopback, empty at the start. */
export interface Sandbox {
  readonly databar: DatabarSandbox;
  readonly supermetrics: SupermetricsSandbox;
  /**
   * What points a stack at this sandbox: all addresses, a key of each vendor, the first team; and, for tests, short
   * waits between retries and no limit that would be felt.
   */
  readonly stackConfig: SandboxStackConfig;
  /** Removes all faults of all vendors. */
  clearFaults(): void;
  /** Forgets the requests of all vendors. */
  clearLogs(): void;
  /** Forgets connectors, requests and faults of all vendors; settings stay. */
  reset(): void;
  /** Stops all at once and closes their connections. May be called twice. */
  close(): Promise<void>;
}

type VendorName = keyof Omit<SandboxOptions, "port">;

/** How each vendor is started, in the order of their ports. */
const STARTS: {
  readonly [Name in VendorName]: (
    port: number,
    settings: SandboxOptions[Name],
  ) => Promise<Sandbox[Name]>;
} = {
  databar: startDatabar,
  supermetrics: startSupermetrics,
};

const NAMES = Object.keys(STARTS) as readonly VendorName[];

/**
 * Starts a stateful emulator of each vendor on 127.0.0.1, each on a port of its own, independent of any other sandbox.
 * Rejects with Node's error when a port cannot be had, for example `EADDRINUSE`.
 */
export async function startSandbox({
  port = 0,
  ...settings
}: SandboxOptions = {}): Promise<Sandbox> {
  const started: [string, VendorSandbox<unknown>][] = [];
  const each = (act: (vendor: VendorSandbox<unknown>) => void): void =>
    started.forEach(([, vendor]) => act(vendor));
  const close = async (): Promise<void> => {
    await Promise.all(started.map(([, vendor]) => vendor.close()));
  };
  try {
    for (const [index, name] of NAMES.entries()) {
      started.push([
        name,
        await STARTS[name](port === 0 ? 0 : port + index, settings[name] as never),
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
    clearFaults: () => each((vendor) => vendor.clearFaults()),
    clearLogs: () => each((vendor) => vendor.clearLog()),
    reset: () => each((vendor) => vendor.reset()),
    close,
  };
}

/** Any key will do while the sandbox takes any. */
const KEY = "sandbox-key";

const PACE = { requestsPerSecond: { value: "1000" }, backoffSeconds: { value: "0.02" } };

function stackConfig({ databar, supermetrics }: Pick<Sandbox, VendorName>): SandboxStackConfig {
  const common = ({ url, settings }: DatabarSandbox | SupermetricsSandbox): SandboxStackConfig => ({
    apiKey: { value: settings.keys?.[0] ?? KEY, secret: true },
    baseUrl: { value: url },
    ...PACE,
  });
  const below = (namespace: string, config: SandboxStackConfig): SandboxStackConfig =>
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [`${namespace}:${key}`, value]),
    );
  const [teamId] = supermetrics.settings.teams;
  return {
    ...below("databar", common(databar)),
    ...below("supermetrics", {
      ...common(supermetrics),
      ...(teamId !== undefined && { teamId: { value: teamId } }),
    }),
  };
}
