import { formatDiagnostic } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Reporter } from "../lifecycle/adapter";
import { check, type CheckedInputs } from "../lifecycle/check";
import { Connectors } from "../lifecycle/connector";
import { diff } from "../lifecycle/diff";
import { patience } from "../lifecycle/exactly-once";
import { type ExportedDefinition, type FieldTable } from "../lifecycle/field";
import { type Json, type JsonObject } from "../lifecycle/json";
import { PartialWrite } from "../lifecycle/partial";
import { secretPaths, secretTexts, sensitiveTexts } from "../lifecycle/secrets";
import { CLAIM, type Inputs, markOf, nameOf, type State } from "../lifecycle/state";
import { boundaryError, type Hidden, LONGEST, partialFailure } from "./failure";
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
  /** The definition that takes a connector over as it is. */
  exported(adapter: Adapter<R>, ref: Ref, remote: R, settings: Settings): ExportedDefinition;
  /** For each input of which the state holds only a digest: the digest's key and the new value's digest. */
  digests(inputs: CheckedInputs): Readonly<Record<string, readonly [string, unknown]>>;
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
      check: (olds, news) => this.guard("check", [news, olds], () => this.check(olds, news)),
      diff: (id, olds, news) => this.guard("diff", [news, olds], () => this.diff(id, olds, news)),
      create: (inputs) => this.guard("create", [inputs], () => this.create(inputs)),
      read: (id, props) => this.guard("read", [props], () => this.read(id, props)),
      update: (id, olds, news) => this.guard("update", [news, olds], () => this.update(id, olds, news)),
      delete: (id, props) => this.guard("delete", [props], () => this.connectors().delete(id, stateOf(props))),
    };
  }

  /** No I/O; the claims only learn what the engine is looking at. */
  private check(olds: Props, news: Props): ReturnType<DynamicProvider["check"]> {
    const { table } = this.vendor;
    const before = decode(olds);
    const exists = Object.keys(before).length > 0;
    const { settings, faults } = this.trySettings();
    const written = this.withDefaults(decode(news), settings);
    const { inputs, secrets, diagnostics } = check(table, written, exists ? before : undefined);
    if (settings) faults.push(...this.vendor.settingFaults(settings, inputs));
    this.connected?.sees(inputs as Inputs, exists ? (before as Inputs) : undefined);
    for (const warning of diagnostics.filter(({ severity }) => severity === "warning")) {
      const called = typeof inputs["name"] === "string" ? ` "${inputs["name"]}"` : "";
      this.reporter.warn(`${table.resource}${called}: ${formatDiagnostic(warning)}`);
    }
    const reasons = [...diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic), ...this.once(faults)];
    // With a property the engine would print its value, secret or not. What a reason names may be of any length.
    return Promise.resolve({ inputs: encode(inputs, secrets), failures: reasons.map((reason) => ({ property: "", reason: reason.slice(0, LONGEST) })) });
  }

  /** What the settings say stands in for what the program does not write; null is not written. */
  private withDefaults(written: Record<string, unknown>, settings: Settings | undefined): Record<string, unknown> {
    const defaults = Object.entries(settings ? this.vendor.defaults(settings) : {});
    return { ...written, ...Object.fromEntries(defaults.filter(([name]) => (written[name] ?? null) === null)) };
  }

  /** Whether the vendor could be reached with these settings, without reaching for it. */
  private trySettings(): { settings?: Settings; faults: string[] } {
    try {
      if (!this.settings().keyUnknown) this.connectors();
      return { settings: this.settings(), faults: [] };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return { ...(this.known && { settings: this.known }), faults: [error.message] };
    }
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
    this.manage(id, state, nameOf(inputs));
    const place = this.vendor.place(this.vendor.parseId(id, this.settings()));
    const { replaces, nothing } = diff(this.vendor.table, place, state, inputs, () => this.vendor.digests(inputs));
    return Promise.resolve({ ...(nothing && { changes: false }), replaces: [...replaces], deleteBeforeReplace: false });
  }

  /** Two resources, one connector: one of them adopted it by mistake, and that must not stay unnoticed. */
  private manage(id: string, state: State, name: string): void {
    if (this.connected?.claims.manage(id, markOf(state), name) !== false) return;
    const { vendor } = this.vendor.table;
    const message =
      `${vendor} connector ${id} is managed by two resources of this program; one of them adopted it because it looks the same. ` +
      'Remove that one from the state with `pulumi state delete` and give it onConflict: "create", so that each has its own connector.';
    throw new ConnectorError("conflict", message, { vendor });
  }

  private async create(props: Props): ReturnType<DynamicProvider["create"]> {
    const inputs = decode(props) as Inputs;
    // Check says each fault of the settings once; the other resources that it concerns come here all the same.
    const [fault] = this.vendor.settingFaults(this.settings(), inputs);
    if (fault !== undefined) throw new ConnectorError("configuration", fault, { vendor: this.vendor.table.vendor });
    const { id, state } = await this.recording(props, () => this.connectors().create(inputs));
    return { id, outs: this.encodeState(state) };
  }

  private async update(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["update"]> {
    const { state } = await this.recording(news, () => this.connectors().update(id, stateOf(olds), decode(news) as Inputs), olds);
    return { outs: this.encodeState(state) };
  }

  /** Passes a half-done write on in the engine's own terms. */
  private async recording<T>(props: Props, work: () => Promise<T>, olds: Props = {}): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialWrite)) throw error;
      const properties = { ...this.encodeState(error.state), [PROVIDER_KEY]: props[PROVIDER_KEY] as Json };
      throw partialFailure(error, properties, this.hidden([props, olds]));
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

  private connectors(): Connectors<R> {
    if (this.connected) return this.connected;
    const settings = this.settings();
    const { apiKey } = settings;
    const { vendor } = this.vendor.names;
    if (apiKey === undefined && settings.keyUnknown) throw new ConnectorError("configuration", `The ${vendor} API key is not known yet: the provider gets it from a resource that does not exist yet.`, { vendor });
    if (apiKey === undefined) throw new ConnectorError("configuration", `${missingKey(this.vendor.names)}.`, { vendor });
    return (this.connected = new Connectors(this.vendor.connect({ ...settings, apiKey }, this.reporter), this.reporter, patience(settings.limits.backoff)));
  }

  private async guard<T>(verb: string, props: readonly Props[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && "reasons" in error) throw error;
      const stored = (verb === "read" || verb === "delete") && props.some((each) => each[CLAIM] !== undefined);
      throw boundaryError(error, stored, this.hidden(props));
    }
  }

  private hidden(props: readonly Props[]): Hidden {
    const key = this.known?.apiKey === undefined ? [] : [this.known.apiKey];
    const values = props.map(decode);
    const { table } = this.vendor;
    return { secret: [...key, ...values.flatMap((each) => secretTexts(table, each))], possible: [...key, ...values.flatMap((each) => sensitiveTexts(table, each))] };
  }
}

/** What the engine stored, without the provider's text. */
function stateOf(props: Props): State {
  return decode(props) as State;
}
