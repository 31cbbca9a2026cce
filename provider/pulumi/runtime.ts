import { formatDiagnostic } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Reporter } from "../lifecycle/adapter";
import { check, type CheckedInputs } from "../lifecycle/check";
import { Connectors } from "../lifecycle/connector";
import { diff } from "../lifecycle/diff";
import { patience } from "../lifecycle/exactly-once";
import { type FieldTable } from "../lifecycle/field";
import { type Json, type JsonObject } from "../lifecycle/json";
import { PartialWrite } from "../lifecycle/partial";
import { secretPaths, secretTexts, sensitiveTexts } from "../lifecycle/secrets";
import { type Inputs, type State } from "../lifecycle/state";
import { boundaryError, type Hidden, partialFailure } from "./failure";
import { decode, encode } from "./marks";
import { PROVIDER_KEY } from "./provider-text";
import { engineReporter } from "./reporter";
import { missingKey, readSettings, type SettingNames, type Settings, type StackConfig } from "./settings";

/** What the engine sends and gets: plain JSON with its own marks. */
type Props = Readonly<Record<string, unknown>>;

/** The verbs by which the engine reaches a resource's code. */
export interface DynamicProvider {
  check(olds: Props, news: Props): Promise<{ inputs: JsonObject; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Props, news: Props): Promise<{ changes?: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Props): Promise<{ id: string; outs: JsonObject }>;
  read(id: string, props: Props): Promise<{ id: string; props: JsonObject; inputs?: JsonObject }>;
  update(id: string, olds: Props, news: Props): Promise<{ outs: JsonObject }>;
  delete(id: string, props: Props): Promise<void>;
}

/** What a vendor brings to the boundary. */
export interface VendorRuntime<R> {
  readonly names: SettingNames;
  readonly table: FieldTable;
  /** Connects to the vendor. Called once per process, on the first verb that needs the network. */
  connect(settings: Settings & { readonly apiKey: string }, reporter: Reporter): Adapter<R>;
  /** Splits a resource id without a connection. */
  parseId(id: string, settings: Settings): Ref;
  /** What an id says of the replacing fields. */
  place(ref: Ref): Readonly<Record<string, unknown>>;
  /** Inputs that come from the settings when the program does not write them. */
  defaults(settings: Settings): Readonly<Record<string, unknown>>;
  /** Faults of the settings, by input that they stand for; reported once. */
  settingFaults(settings: Settings, inputs: CheckedInputs): readonly string[];
  /** The state's mark of each input that the state does not hold itself. */
  marks(inputs: CheckedInputs): Readonly<Record<string, readonly [string, unknown]>>;
}

/** Makes the function that the stored provider text calls: configuration → verbs. One set of verbs per configuration. */
export function createRuntime<R>(vendor: VendorRuntime<R>): (config: StackConfig | undefined) => DynamicProvider {
  const providers = new WeakMap<StackConfig, DynamicProvider>();
  return (config) => {
    const key = config ?? NO_CONFIG;
    let provider = providers.get(key);
    if (!provider) providers.set(key, (provider = new Boundary(vendor, key).verbs()));
    return provider;
  };
}

const NO_CONFIG: StackConfig = { get: () => undefined };

/** One provider instance of one deployment. */
class Boundary<R> {
  private readonly reporter = engineReporter();
  private readonly complained = new Set<string>();
  private known: Settings | undefined;
  private connected: Connectors<R> | undefined;

  constructor(
    private readonly vendor: VendorRuntime<R>,
    private readonly config: StackConfig,
  ) {}

  verbs(): DynamicProvider {
    return {
      check: (olds, news) => this.guard("check", news, () => this.check(olds, news)),
      diff: (id, olds, news) => this.guard("diff", news, () => this.diff(id, olds, news)),
      create: (inputs) => this.guard("create", inputs, () => this.create(inputs)),
      read: (id, props) => this.guard("read", props, () => this.read(id, props)),
      update: (id, olds, news) => this.guard("update", news, () => this.update(id, olds, news)),
      delete: (id, props) => this.guard("delete", props, () => this.connectors().delete(id, stateOf(props))),
    };
  }

  /** No I/O; claims only note that the engine is still going through the program. */
  private check(olds: Props, news: Props): ReturnType<DynamicProvider["check"]> {
    const { table } = this.vendor;
    this.claims?.sign();
    const before = decode(olds);
    const { settings, faults: unusable } = this.trySettings();
    const written = { ...(settings && this.vendor.defaults(settings)), ...decode(news) };
    const { inputs, secrets, diagnostics } = check(table, written, Object.keys(before).length === 0 ? undefined : before);
    const faults = [...unusable, ...(settings ? [...this.missing(settings), ...this.vendor.settingFaults(settings, inputs)] : [])];
    for (const warning of diagnostics.filter(({ severity }) => severity === "warning")) {
      const called = typeof inputs["name"] === "string" ? ` "${inputs["name"]}"` : "";
      this.reporter.warn(`${table.resource}${called}: ${formatDiagnostic(warning)}`);
    }
    const reasons = [...diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic), ...this.once(faults)];
    // With a property the engine would print its value, secret or not.
    return Promise.resolve({ inputs: encode(inputs, secrets), failures: reasons.map((reason) => ({ property: "", reason })) });
  }

  private trySettings(): { settings?: Settings; faults: string[] } {
    try {
      return { settings: this.settings(), faults: [] };
    } catch (error) {
      if (error instanceof ConnectorError) return { faults: [error.message] };
      throw error;
    }
  }

  private missing({ apiKey, keyUnknown }: Settings): string[] {
    return apiKey === undefined && !keyUnknown ? [`${missingKey(this.vendor.names)}.`] : [];
  }

  /** A fault of the settings concerns every resource alike; the first one says it. */
  private once(faults: readonly string[]): string[] {
    const fresh = faults.filter((fault) => !this.complained.has(fault));
    for (const fault of fresh) this.complained.add(fault);
    return fresh;
  }

  private diff(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["diff"]> {
    const inputs = decode(news);
    const state = stateOf(olds);
    this.manage(id, state);
    const place = this.vendor.place(this.vendor.parseId(id, this.settings()));
    const { replaces, nothing } = diff(this.vendor.table, place, state, inputs, () => this.vendor.marks(inputs));
    return Promise.resolve({ ...(nothing && { changes: false }), replaces: [...replaces], deleteBeforeReplace: false });
  }

  /** Two resources, one connector: the one that came second was adopted by mistake, and must not stay unnoticed. */
  private manage(id: string, state: State): void {
    const mark = state["claim"];
    if (this.claims?.manage(id, typeof mark === "string" ? mark : undefined) !== false) return;
    const { vendor } = this.vendor.table;
    const message =
      `${vendor} connector ${id} belongs to this resource, and another resource of this program adopted it in this deployment, because it looks the same. ` +
      'Give that resource onConflict: "create" and remove it from the state with `pulumi state delete`, so that each has its own connector.';
    throw new ConnectorError("conflict", message, { vendor });
  }

  private async create(props: Props): ReturnType<DynamicProvider["create"]> {
    const { id, state } = await this.recording(props, () => this.connectors().create(decode(props) as Inputs));
    return { id, outs: this.encodeState(state) };
  }

  private async update(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["update"]> {
    const { state } = await this.recording(news, () => this.connectors().update(id, stateOf(olds), decode(news) as Inputs));
    return { outs: this.encodeState(state) };
  }

  /** Passes a half-done write on in the engine's own terms. */
  private async recording<T>(props: Props, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialWrite)) throw error;
      const properties = { ...this.encodeState(error.state), [PROVIDER_KEY]: props[PROVIDER_KEY] as Json };
      throw partialFailure(error, properties, this.hidden(props));
    }
  }

  private async read(id: string, props: Props): ReturnType<DynamicProvider["read"]> {
    const written = stateOf(props);
    const found = await this.connectors().read(id, written);
    if (found) return { id: found.id, props: this.encodeState(found.state), inputs: encode(found.inputs, secretPaths(this.vendor.table, found.inputs)) };
    if (written["name"] !== undefined) return { id: "", props: {} };
    // To a program that asks for a connector by id, an empty answer would be no error.
    const { vendor } = this.vendor.table;
    throw new ConnectorError("not_found", `${vendor} has no connector ${id}. Correct the id, or remove the call of get`, { vendor });
  }

  private encodeState(state: State): JsonObject {
    return encode(state, secretPaths(this.vendor.table, state));
  }

  private settings(): Settings {
    return (this.known ??= readSettings(this.vendor.names, this.config));
  }

  private get claims(): Connectors<R>["claims"] | undefined {
    try {
      return this.connectors().claims;
    } catch {
      return undefined;
    }
  }

  private connectors(): Connectors<R> {
    if (this.connected) return this.connected;
    const settings = this.settings();
    const { apiKey } = settings;
    const { vendor } = this.vendor.names;
    if (apiKey === undefined && settings.keyUnknown) throw new ConnectorError("configuration", `The ${vendor} API key is not known yet: the provider gets it from a resource that does not exist yet.`, { vendor });
    if (apiKey === undefined) throw new ConnectorError("configuration", `${missingKey(this.vendor.names)}.`, { vendor });
    return (this.connected = new Connectors(this.vendor.connect({ ...settings, apiKey }, this.reporter), this.reporter, patience(settings.limits.backoff)));
  }

  private async guard<T>(verb: string, props: Props, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && "reasons" in error) throw error;
      throw boundaryError(error, verb, this.hidden(props));
    }
  }

  private hidden(props: Props): Hidden {
    const key = this.known?.apiKey === undefined ? [] : [this.known.apiKey];
    const values = decode(props);
    return { secret: [...key, ...secretTexts(this.vendor.table, values)], possible: [...key, ...sensitiveTexts(this.vendor.table, values)] };
  }
}

/** What the engine stored, without the provider's text. */
function stateOf(props: Props): State {
  return decode(props) as State;
}
