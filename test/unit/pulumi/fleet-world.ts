/** Fleets on the in-process engine. */
import { unpack } from "../../../provider/model/document";
import { without } from "../../../provider/model/state";
import { PROVIDER_KEY } from "../../../provider/pulumi/program/provider-text";
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type DatabarSandbox, type SupermetricsSandbox } from "../../../provider/sandbox";
import { provider as databar } from "../../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../../provider/vendors/supermetrics/runtime";
import { failureOf } from "../../../harness/errors";
import { openSandbox, TEAM } from "../../../harness/worlds";
import { urnName } from "../../../harness/engine/core/urn";
import { decodeMap } from "../../../harness/engine/core/wire";
import { providerConfig, stackConfig } from "../../../harness/in-process/config";
import { type Runtime } from "../../../harness/in-process/provider";
import {
  type InProcessResult,
  InProcessStack,
  type StoredResource,
} from "../../../harness/in-process/stack";
import { plain } from "../../../harness/in-process/wire";

export type Values = Readonly<Record<string, unknown>>;

/** A failure as the engine sees it; with an id, it records the properties. */
export type Failure = Error & {
  readonly id?: string;
  readonly reasons?: readonly string[];
  readonly properties?: Values;
};

const NAME = "fleet";

/** A stack of one fleet, each of whose runs is a deployment of its own. */
export class StoredFleet {
  constructor(
    private readonly vendor: string,
    private readonly stack: InProcessStack,
    private readonly deploy: () => DynamicProvider,
  ) {}

  /** Empty for a fleet that is not in the state. */
  get id(): string {
    return this.stored?.id ?? "";
  }

  get inputs(): Values {
    return without(this.stored?.inputs ?? {}, PROVIDER_KEY);
  }

  get outs(): Values {
    return this.stored?.outputs ?? {};
  }

  set outs(outputs: Values) {
    this.stack.importState((state) => ({
      ...state,
      resources: state.resources.map((each) =>
        urnName(each.urn) === NAME ? { ...each, outputs: decodeMap({ ...outputs }) } : each,
      ),
    }));
  }

  /** The states of the connectors, by key. */
  get states(): Record<string, Values> {
    return unpack(this.outs["states"] as string) as Record<string, Values>;
  }

  /** What the outputs say of a map: `ids`, `replaced`. */
  map<T = string>(name: string): Record<string, T> {
    return (this.outs[name] ?? {}) as Record<string, T>;
  }

  get isRecord(): boolean {
    return this.outs["record"] !== undefined;
  }

  /** Rejects with the failure of the verb, or with what check refuses. A fleet is never replaced. */
  async up(connectors: Values, own: Values = {}): Promise<void> {
    const { vendor } = this;
    this.stack.program({ [NAME]: { vendor, args: { ...own, connectors } } });
    const { steps } = this.settled(await this.stack.up());
    expect(steps.flatMap(({ replaceKeys }) => replaceKeys)).toEqual([]);
  }

  /** The failure of an up that must fail. */
  async failedUp(connectors: Values, own: Values = {}): Promise<Failure> {
    return (await failureOf(this.up(connectors, own))) as Failure;
  }

  /** What a diff of these inputs answers, in a deployment that has checked them. */
  async diff(connectors: Values, own: Values = {}): ReturnType<DynamicProvider["diff"]> {
    const verbs = this.deploy();
    const { inputs } = await verbs.check(this.inputs, { ...own, connectors });
    return verbs.diff(this.id, this.outs, plain(inputs));
  }

  /** The connectors that the inputs hold after a refresh, by key. */
  async refresh(): Promise<Record<string, Values>> {
    const { id } = this;
    this.settled(await this.stack.refresh());
    expect(this.id).toBe(id);
    return (this.inputs["connectors"] ?? {}) as Record<string, Values>;
  }

  async destroy(): Promise<void> {
    this.settled(await this.stack.destroy());
  }

  private get stored(): StoredResource | undefined {
    return this.stack.resources[NAME];
  }

  private settled(result: InProcessResult): InProcessResult {
    const [failure] = Object.values(result.failures);
    if (failure) {
      throw failure;
    }
    expect({ ok: result.ok, text: result.text }).toEqual({ ok: true, text: result.text });
    return result;
  }
}

/** A vendor, the deployments that meet it, and a fleet there. */
export interface FleetWorld<V> {
  readonly vendor: V;
  readonly deploy: (values?: Values) => DynamicProvider;
  readonly fleet: StoredFleet;
  /** The requests since the last call, in any order: `METHOD path`, with paths as the vendor's API has them. */
  readonly requests: () => string[];
  /** The same, but only those that could change something. */
  readonly writes: () => string[];
}

export async function databarFleet(): Promise<FleetWorld<DatabarSandbox>> {
  const { databar: vendor } = await openSandbox();
  return world(vendor, "databar", databar, { apiKey: "key-1" }, "/v1/connectors");
}

export async function supermetricsFleet(): Promise<FleetWorld<SupermetricsSandbox>> {
  const { supermetrics: vendor } = await openSandbox();
  const settings = { apiKey: "api_1", teamId: TEAM };
  const root = `/v1/teams/${TEAM}/connector_builder/connectors`;
  return world(vendor, "supermetrics", supermetrics, settings, root);
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
  const stack = new InProcessStack({
    runtimes: { [name]: runtime },
    config: stackConfig(name, own),
  });
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
    fleet: new StoredFleet(name, stack, deploy),
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
