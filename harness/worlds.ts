/** The real lifecycle and the real vendor adapters over real HTTP, against a sandbox that a test owns. */
import {
  type CountingHttpClient,
  createHttpClient,
  type HttpClientOptions,
} from "../provider/http/index";
import { type Adapter, type Reporter } from "../provider/lifecycle/adapter";
import { Connectors } from "../provider/lifecycle/connectors";
import { type Patience } from "../provider/lifecycle/create-once";
import {
  type DatabarSandbox,
  type RequestLogEntry,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  type SupermetricsSandbox,
  type VendorSandbox,
} from "../provider/sandbox/index";
import { DatabarAdapter } from "../provider/vendors/databar/adapter";
import { DatabarApi, type DatabarRemote } from "../provider/vendors/databar/api";
import { SupermetricsAdapter } from "../provider/vendors/supermetrics/adapter";
import { SupermetricsApi } from "../provider/vendors/supermetrics/api";
import { type SupermetricsRemote } from "../provider/vendors/supermetrics/remote";

/** The team that every Supermetrics sandbox has. */
export const TEAM = "936506";

/** What one deployment is: its own list, claims and words, on the vendor that outlives it. */
export interface Deployment<R> {
  readonly connectors: Connectors<R>;
  readonly adapter: Adapter<R>;
  readonly reporter: Reporter;
  readonly warnings: string[];
  readonly infos: string[];
}

/** A vendor and the deployments that meet it. */
export interface World<V, R> {
  readonly vendor: V;
  /** A new deployment. Options are the HTTP client's. */
  readonly deploy: (options?: Partial<HttpClientOptions>, patience?: Patience) => Deployment<R>;
  /** `METHOD path` of each request so far. */
  readonly requests: () => string[];
  /** The requests that could change something. */
  readonly writes: () => RequestLogEntry[];
}

const PATIENCE: Patience = { lookups: [0, 10], attempts: 3 };

const closers: (() => Promise<unknown>)[] = [];

/** Closes what the test that just ended has opened. */
export async function closeWorlds(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** A sandbox of the test's own. */
export async function openSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  closers.push(() => sandbox.close());
  return sandbox;
}

/** A client that is in no hurry with limits and quick to try again. */
export function openClient(
  options: Pick<HttpClientOptions, "vendor" | "origin" | "credential"> & Partial<HttpClientOptions>,
): CountingHttpClient {
  const client = createHttpClient({
    requestsPerSecond: 1000,
    backoff: 1,
    maxAttempts: 3,
    requestTimeout: 5_000,
    ...options,
  });
  closers.push(() => client.close());
  return client;
}

export async function databarWorld(
  options?: SandboxOptions["databar"],
): Promise<World<DatabarSandbox, DatabarRemote>> {
  const { databar } = await openSandbox(options && { databar: options });
  return world(databar, (http, reporter) => new DatabarAdapter(new DatabarApi(http), reporter), [
    "x-apikey",
    "key-1",
  ]);
}

export async function supermetricsWorld(
  options?: SandboxOptions["supermetrics"],
): Promise<World<SupermetricsSandbox, SupermetricsRemote>> {
  const { supermetrics } = await openSandbox(options && { supermetrics: options });
  return world(supermetrics, (http) => new SupermetricsAdapter(new SupermetricsApi(http), TEAM), [
    "authorization",
    "Bearer api_1",
  ]);
}

function world<V extends VendorSandbox<unknown>, R>(
  vendor: V,
  connect: (http: CountingHttpClient, reporter: Reporter) => Adapter<R>,
  credential: HttpClientOptions["credential"],
): World<V, R> {
  return {
    vendor,
    deploy(options = {}, patience = PATIENCE) {
      const warnings: string[] = [];
      const infos: string[] = [];
      const reporter = {
        warn: (message: string) => void warnings.push(message),
        info: (message: string) => void infos.push(message),
      };
      const name = vendor.constructor.name.replace("Sandbox", "");
      const adapter = connect(
        openClient({ vendor: name, origin: vendor.url, credential, ...options }),
        reporter,
      );
      return {
        connectors: new Connectors(adapter, reporter, patience),
        adapter,
        reporter,
        warnings,
        infos,
      };
    },
    requests: () => vendor.log.map(({ method, path }) => `${method} ${path}`),
    writes: () => vendor.log.filter(({ method }) => method !== "GET"),
  };
}
