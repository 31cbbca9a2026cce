/** Fleets on the in-process engine. */
import { unpack } from "../../../provider/model/document";
import { createRuntime, type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type DatabarSandbox, type SupermetricsSandbox } from "../../../provider/sandbox";
import { databar } from "../../../provider/vendors/databar/vendor";
import { supermetrics } from "../../../provider/vendors/supermetrics/vendor";
import { failureOf } from "../../../harness/errors";
import { openSandbox, TEAM } from "../../../harness/lifecycle-world";
import { providerConfig, stackConfig } from "../../../harness/in-process/config";
import { type Failure, OneResource } from "../../../harness/in-process/one-resource";
import { type Runtime } from "../../../harness/in-process/provider";
import { type InProcessOptions, type InProcessResult } from "../../../harness/in-process/stack";
import { plain } from "../../../harness/in-process/wire";

export type Values = Readonly<Record<string, unknown>>;

export { type Failure } from "../../../harness/in-process/one-resource";

/** A stack of one fleet, each of whose runs is a deployment of its own. */
export class StoredFleet extends OneResource {
  constructor(
    vendor: string,
    options: InProcessOptions,
    private readonly deploy: () => DynamicProvider,
  ) {
    super(vendor, options);
  }

  /** The states of the connectors, by key. */
  get states(): Record<string, Values> {
    return unpack(this.outs["states"] as string) as Record<string, Values>;
  }

  /** A map of the outputs: `ids`, `replaced`. */
  map<T = string>(name: string): Record<string, T> {
    return (this.outs[name] ?? {}) as Record<string, T>;
  }

  get isRecord(): boolean {
    return this.outs["record"] !== undefined;
  }

  /** A fleet is never replaced. */
  override async up(connectors: Values, own: Values = {}): Promise<InProcessResult> {
    const result = await super.up({ ...own, connectors });
    expect(result.steps.flatMap(({ replaceKeys }) => replaceKeys)).toEqual([]);
    return result;
  }

  override async failedUp(connectors: Values, own: Values = {}): Promise<Failure> {
    return (await failureOf(this.up(connectors, own))) as Failure;
  }

  /** What a diff of these inputs answers, in a deployment that has checked them. */
  async diff(connectors: Values, own: Values = {}): ReturnType<DynamicProvider["diff"]> {
    const verbs = this.deploy();
    const { inputs } = await verbs.check(this.inputs, { ...own, connectors });
    return verbs.diff(this.id, this.outs, plain(inputs));
  }

  /** A fleet stays, even when its connectors are gone. */
  override async refresh(): Promise<InProcessResult> {
    const { id } = this;
    const result = await super.refresh();
    expect(this.id).toBe(id);
    return result;
  }

  /** The connectors that the inputs hold after a refresh, by key. */
  async refreshed(): Promise<Record<string, Values>> {
    await this.refresh();
    return (this.inputs["connectors"] ?? {}) as Record<string, Values>;
  }
}

/** A vendor, the deployments that meet it, and a fleet there. */
export interface FleetWorld<V> {
  readonly vendor: V;
  readonly deploy: (values?: Values) => DynamicProvider;
  readonly fleet: StoredFleet;
  /**
   * The requests since the last call, in any order: `METHOD path`, with paths as the vendor's API
   * has them.
   */
  readonly requests: () => string[];
  /** The same, but only those that could change something. */
  readonly writes: () => string[];
}

/** @param mostRecorded most bytes that a failure records. */
export async function databarFleet(mostRecorded?: number): Promise<FleetWorld<DatabarSandbox>> {
  const { databar: vendor } = await openSandbox();
  const runtime = createRuntime(databar, undefined, mostRecorded);
  return world(vendor, "databar", runtime, { apiKey: "key-1" }, "/v1/connectors");
}

export async function supermetricsFleet(
  mostRecorded?: number,
): Promise<FleetWorld<SupermetricsSandbox>> {
  const { supermetrics: vendor } = await openSandbox();
  const runtime = createRuntime(supermetrics, undefined, mostRecorded);
  const settings = { apiKey: "api_1", teamId: TEAM };
  const root = `/v1/teams/${TEAM}/connector_builder/connectors`;
  return world(vendor, "supermetrics", runtime, settings, root);
}

function world<V extends DatabarSandbox | SupermetricsSandbox>(
  vendor: V,
  name: string,
  runtime: Runtime,
  settings: Values,
  root: string,
): FleetWorld<V> {
  const own = { baseUrl: vendor.url, ...settings };
  const deploy = (values: Values = {}): DynamicProvider =>
    runtime(providerConfig(name, { ...own, ...values }));
  const options = { runtimes: { [name]: runtime }, config: stackConfig(name, own) };
  const requests = (): string[] => {
    const all = vendor.log.map(({ method, path }) =>
      `${method} ${path.replace(root, "").replace(/\/$/, "")}`.trim(),
    );
    vendor.clearLog();
    return all.sort();
  };
  return {
    vendor,
    deploy,
    fleet: new StoredFleet(name, options, deploy),
    requests,
    writes: () => requests().filter((request) => !request.startsWith("GET")),
  };
}

/** Definitions of a Databar connector by key, named as the keys are. */
export function databarArgs(keys: readonly string[], more: Values = {}): Record<string, Values> {
  return Object.fromEntries(
    keys.map((name) => [name, { name, method: "get", url: "https://api.example.com/", ...more }]),
  );
}

/** `c0` and so on. */
export function keys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}

/** So many times the same request. */
export function times(count: number, request: string): string[] {
  return Array.from({ length: count }, () => request);
}

/** Ids by name, as the vendor has them. */
export function idsOf({ connectors }: DatabarSandbox): Record<string, string> {
  return Object.fromEntries(connectors.map(({ id, name }) => [name, String(id)]));
}
