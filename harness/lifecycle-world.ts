/**
 * The real lifecycle and the real vendor adapters over real HTTP, against a sandbox that a test
 * owns.
 */
import {
  type CountingHttpClient,
  createHttpClient,
  type HttpClientOptions,
} from "../provider/http/index";
import { type Adapter, type Managed, type Reporter } from "../provider/lifecycle/adapter";
import { Claims } from "../provider/lifecycle/claims";
import { registrationOf } from "../provider/lifecycle/registrations";
import { Connectors } from "../provider/lifecycle/connectors";
import { check, knownInputs } from "../provider/model/check";
import { type Inputs, makeState, type Stages } from "../provider/model/state";
import { type LostAnswerPolicy } from "../provider/lifecycle/create-once";
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
import { DatabarApi } from "../provider/vendors/databar/api";
import { type Databar } from "../provider/vendors/databar/stage-types";
import { SupermetricsAdapter } from "../provider/vendors/supermetrics/adapter";
import { SupermetricsApi } from "../provider/vendors/supermetrics/api";
import { type Supermetrics } from "../provider/vendors/supermetrics/stage-types";

/** The team that every Supermetrics sandbox has. */
export const TEAM = "936506";

/** One deployment: its own list, claims and messages, on the vendor that outlives it. */
export interface Deployment<V extends Stages> {
  readonly connectors: PlainConnectors<V>;
  readonly adapter: Adapter<V>;
  readonly reporter: Reporter;
  readonly warnings: string[];
  readonly infos: string[];
}

/**
 * The verbs as tests call them: with inputs as a definition has them, checked on the way, and
 * states as objects.
 */
class PlainConnectors<V extends Stages> {
  private readonly connectors: Connectors<V>;

  constructor(
    private readonly adapter: Adapter<V>,
    reporter: Reporter,
    readonly claims: Claims,
    patience?: LostAnswerPolicy,
  ) {
    this.connectors = new Connectors(adapter, reporter, claims, patience);
  }

  /** The engine checks a resource, with the inputs of its last deployment where there was one. */
  register(args: Partial<V["inputs"]>, previous?: Partial<V["inputs"]>): void {
    this.claims.register(registrationOf<V>(this.adapter.addressing, args, previous));
  }

  create(args: V["inputs"]): Promise<Managed<V>> {
    return this.connectors.create(inputsOf<V>(this.adapter, args));
  }

  update(id: string, state: V["state"], args: V["inputs"]): Promise<Managed<V>> {
    return this.connectors.update(id, makeState<V>(state), inputsOf<V>(this.adapter, args));
  }

  read(id: string, state: V["state"]): ReturnType<Connectors<V>["read"]> {
    return this.connectors.read(id, makeState<V>(state));
  }

  delete(id: string, state: V["state"]): Promise<void> {
    return this.connectors.delete(id, makeState<V>(state));
  }
}

/** Inputs as check makes them of a definition. */
export function inputsOf<V extends Stages>(
  { table }: Pick<Adapter<V>, "table">,
  args: V["inputs"],
): Inputs<V> {
  return knownInputs<V>(check(table, args, undefined).inputs);
}

/** A vendor and the deployments that meet it. */
export interface World<S, V extends Stages> {
  readonly vendor: S;
  /** A new deployment. Options are the HTTP client's. */
  readonly deploy: (
    options?: Partial<HttpClientOptions>,
    patience?: LostAnswerPolicy,
  ) => Deployment<V>;
  /** `METHOD path` of each request so far. */
  readonly requests: () => string[];
  /** The requests that could change something. */
  readonly writes: () => RequestLogEntry[];
}

const PATIENCE: LostAnswerPolicy = { lookups: [0, 10] };

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
): Promise<World<DatabarSandbox, Databar>> {
  const { databar } = await openSandbox(options && { databar: options });
  return world(databar, (http, reporter) => new DatabarAdapter(new DatabarApi(http), reporter), [
    "x-apikey",
    "key-1",
  ]);
}

export async function supermetricsWorld(
  options?: SandboxOptions["supermetrics"],
): Promise<World<SupermetricsSandbox, Supermetrics>> {
  const { supermetrics } = await openSandbox(options && { supermetrics: options });
  return world(supermetrics, (http) => new SupermetricsAdapter(new SupermetricsApi(http), TEAM), [
    "authorization",
    "Bearer api_1",
  ]);
}

function world<S extends VendorSandbox<unknown>, V extends Stages>(
  vendor: S,
  connect: (http: CountingHttpClient, reporter: Reporter) => Adapter<V>,
  credential: HttpClientOptions["credential"],
): World<S, V> {
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
        connectors: new PlainConnectors(adapter, reporter, new Claims(), patience),
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
