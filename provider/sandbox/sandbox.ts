import { type DatabarSandbox, startDatabar } from "./databar";
import { type DatabarSettings } from "./databar/settings";
import { startSupermetrics, type SupermetricsSandbox } from "./supermetrics";
import { type SupermetricsSettings } from "./supermetrics/settings";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Port of Databar; Supermetrics gets the next one. Default: 0, any two free ports. */
  readonly port?: number;
  /** Settings that differ from the defaults. */
  readonly databar?: Partial<DatabarSettings>;
  /** Settings that differ from the defaults. */
  readonly supermetrics?: Partial<SupermetricsSettings>;
}

/** Both vendors on loopback, empty at the start. */
export interface Sandbox {
  readonly databar: DatabarSandbox;
  readonly supermetrics: SupermetricsSandbox;
  /** Removes all faults of both vendors. */
  clearFaults(): void;
  /** Forgets the requests of both vendors. */
  clearLogs(): void;
  /** Forgets connectors, requests and faults of both vendors; settings stay. */
  reset(): void;
  /** Stops both at once and closes their connections. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a stateful emulator of Databar and one of Supermetrics on 127.0.0.1, each on a port of its own, independent of
 * any other sandbox. Rejects with Node's error when a port cannot be had, for example `EADDRINUSE`.
 */
export async function startSandbox({ port = 0, ...settings }: SandboxOptions = {}): Promise<Sandbox> {
  const databar = await startDatabar(port, settings.databar);
  const supermetrics = await startSupermetrics(port === 0 ? 0 : port + 1, settings.supermetrics).catch(async (error: unknown) => {
    await databar.close();
    throw error;
  });
  const each = (act: (vendor: DatabarSandbox | SupermetricsSandbox) => void): void => [databar, supermetrics].forEach(act);
  return {
    databar,
    supermetrics,
    clearFaults: () => each((vendor) => vendor.clearFaults()),
    clearLogs: () => each((vendor) => vendor.clearLog()),
    reset: () => each((vendor) => vendor.reset()),
    close: async () => {
      await Promise.all([databar.close(), supermetrics.close()]);
    },
  };
}
