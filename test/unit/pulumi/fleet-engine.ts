/** Fleets as the engine keeps them: each run is a deployment of its own, and what a verb answers is stored. */
import { unpack } from "../../../provider/model/document";
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type DatabarSandbox, type SupermetricsSandbox } from "../../../provider/sandbox";
import { provider as databar } from "../../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../../provider/vendors/supermetrics/runtime";
import { failureOf } from "../../../harness/errors";
import { openSandbox, TEAM } from "../../../harness/worlds";
import { providerConfig } from "../../../harness/in-process/config";
import { plain } from "../../../harness/in-process/wire";

export type Values = Readonly<Record<string, unknown>>;

/** A failure as the engine sees it; with an id, it records the properties. */
export type Failure = Error & {
  readonly id?: string;
  readonly reasons?: readonly string[];
  readonly properties?: Values;
};

const TEXT = { __provider: "text" };

export class StoredFleet {
  id = "";
  inputs: Values = {};
  outs: Values = {};

  constructor(private readonly deploy: () => DynamicProvider) {}

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

  /** check, diff, and the write. What check refuses is a failure. */
  async up(connectors: Values, own: Values = {}): Promise<void> {
    const verbs = this.deploy();
    const { inputs, failures } = await verbs.check(this.inputs, { ...TEXT, ...own, connectors });
    if (failures.length > 0) {
      throw new Error(failures.map(({ reason }) => reason).join("\n"));
    }
    const news: Values = { ...(plain(inputs) as Values), ...TEXT };
    if (this.id !== "") {
      expect((await verbs.diff(this.id, this.outs, news)).replaces).toEqual([]);
    }
    try {
      const { id, outs } =
        this.id === ""
          ? await verbs.create(news)
          : { id: this.id, ...(await verbs.update(this.id, this.outs, news)) };
      this.keep(id, news, outs);
    } catch (error) {
      const { id, properties } = error as Failure;
      if (id !== undefined) {
        this.keep(this.id === "" ? id : this.id, news, properties);
      }
      throw error;
    }
  }

  /** The failure of an up that must fail. */
  async failedUp(connectors: Values, own: Values = {}): Promise<Failure> {
    return (await failureOf(this.up(connectors, own))) as Failure;
  }

  /** What a diff of these inputs says, in a deployment that has checked them. */
  async diff(connectors: Values, own: Values = {}): ReturnType<DynamicProvider["diff"]> {
    const verbs = this.deploy();
    const { inputs } = await verbs.check(this.inputs, { ...TEXT, ...own, connectors });
    return verbs.diff(this.id, this.outs, { ...(plain(inputs) as Values), ...TEXT });
  }

  /** The connectors that the inputs hold after a refresh, by key. */
  async refresh(): Promise<Record<string, Values>> {
    const { id, props, inputs } = await this.deploy().read(this.id, this.outs);
    expect(id).toBe(this.id);
    this.keep(id, inputs === undefined ? this.inputs : plain(inputs), props);
    return (this.inputs["connectors"] ?? {}) as Record<string, Values>;
  }

  destroy(): Promise<void> {
    return this.deploy().delete(this.id, this.outs);
  }

  private keep(id: string, inputs: Values, outs: unknown): void {
    Object.assign(this, { id, inputs, outs: { ...(plain(outs) as Values), ...TEXT } });
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
  return world(
    vendor,
    (values) =>
      databar(providerConfig("databar", { apiKey: "key-1", baseUrl: vendor.url, ...values })),
    "/v1/connectors",
  );
}

export async function supermetricsFleet(): Promise<FleetWorld<SupermetricsSandbox>> {
  const { supermetrics: vendor } = await openSandbox();
  return world(
    vendor,
    (values) =>
      supermetrics(
        providerConfig("supermetrics", {
          apiKey: "api_1",
          baseUrl: vendor.url,
          teamId: TEAM,
          ...values,
        }),
      ),
    `/v1/teams/${TEAM}/connector_builder/connectors`,
  );
}

function world<V extends DatabarSandbox | SupermetricsSandbox>(
  vendor: V,
  deploy: FleetWorld<V>["deploy"],
  root: string,
): FleetWorld<V> {
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
    fleet: new StoredFleet(() => deploy()),
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
