import { ConnectorError } from "../../errors";
import { type HttpObserver } from "../../http/index";
import { type Adapter, type Ref, type Reporter } from "../../lifecycle/adapter";
import { type CheckedInputs } from "../../model/check";
import { Connectors } from "../../lifecycle/connectors";
import { patience } from "../../lifecycle/create-once";
import { type ExportedDefinition } from "../../model/field";
import { isObject } from "../../json";
import { secretTexts, sensitiveTexts } from "../../model/secret-paths";
import { markOf, type State } from "../../model/state";
import { type Notifier, watch } from "../../observe/index";
import { type Hidden } from "./engine-errors";
import { BriefReporter } from "./engine-log";
import {
  type Configured,
  missingKey,
  readSettings,
  type Settings,
  type StackConfig,
} from "./settings";

/** What a vendor brings to the boundary. */
export interface VendorRuntime<R> extends Configured {
  /** Connects to the vendor. Called once per process, on the first verb that needs the network. */
  connect(
    settings: Settings & { readonly apiKey: string },
    reporter: Reporter,
    observer: HttpObserver,
  ): Adapter<R>;
  /** Splits a resource id without a connection. */
  parseId(id: string, settings: Settings): Ref;
  /** What an id says of the replacing fields. */
  place(ref: Ref): Readonly<Record<string, unknown>>;
  /** Faults of the settings, by input that they stand for; reported once. */
  settingFaults(settings: Settings, inputs: CheckedInputs): readonly string[];
  /** The definition that takes a connector over as it is. */
  exported(adapter: Adapter<R>, ref: Ref, remote: R, settings: Settings): ExportedDefinition;
  /** For each input of which the state holds only a digest: the digest's key and the new value's digest. */
  digests(inputs: CheckedInputs): Readonly<Record<string, readonly [string, unknown]>>;
}

/** A vendor as one provider instance of one deployment reaches it: what all its resources share. */
export class Session<R> {
  readonly reporter: BriefReporter;
  private readonly complained = new Set<string>();
  private known: Settings | undefined;
  private made: Connectors<R> | undefined;

  constructor(
    readonly vendor: VendorRuntime<R>,
    private readonly config: StackConfig,
    private readonly notifier: Notifier,
  ) {
    this.reporter = new BriefReporter(notifier);
  }

  /** @throws ConnectorError `configuration` for a setting that cannot be used. */
  settings(): Settings {
    return (this.known ??= readSettings(this.vendor, this.config));
  }

  /** The connectors, if some verb has needed them already. */
  get connected(): Connectors<R> | undefined {
    return this.made;
  }

  /** @throws ConnectorError `configuration` when there is no key. */
  connectors(): Connectors<R> {
    if (this.made) {
      return this.made;
    }
    const settings = this.settings();
    const { apiKey } = settings;
    const { vendor } = this.vendor.names;
    if (apiKey === undefined && settings.keyUnknown) {
      throw new ConnectorError(
        "configuration",
        `The ${vendor} API key is not known yet: the provider gets it from a resource that does not exist yet.`,
        { vendor },
      );
    }
    if (apiKey === undefined) {
      throw new ConnectorError("configuration", `${missingKey(this.vendor.names)}.`, { vendor });
    }
    const adapter = this.vendor.connect(
      { ...settings, apiKey },
      this.reporter,
      watch(this.vendor.names, this.notifier),
    );
    return (this.made = new Connectors(adapter, this.reporter, patience(settings.limits.backoff)));
  }

  /** Whether the vendor could be reached with these settings, without reaching for it. */
  trySettings(): { settings?: Settings; faults: string[] } {
    try {
      if (!this.settings().keyUnknown) {
        this.connectors();
      }
      return { settings: this.settings(), faults: [] };
    } catch (error) {
      if (!(error instanceof ConnectorError)) {
        throw error;
      }
      return { ...(this.known && { settings: this.known }), faults: [error.message] };
    }
  }

  /** What the settings say stands in for what the program does not write; null is not written. */
  withDefaults(
    written: Record<string, unknown>,
    settings: Settings | undefined,
  ): Record<string, unknown> {
    return {
      ...written,
      ...Object.fromEntries(
        Object.entries(settings?.inputs ?? {}).filter(([name]) => (written[name] ?? null) === null),
      ),
    };
  }

  /** A fault of the settings concerns every resource alike; the first one says it. */
  once(faults: readonly string[]): string[] {
    const fresh = [...new Set(faults)].filter((fault) => !this.complained.has(fault));
    for (const fault of fresh) {
      this.complained.add(fault);
    }
    return fresh;
  }

  /** Check says each fault of the settings once; the other resources that it concerns come to their create all the same. */
  requireSettings(inputs: CheckedInputs): void {
    const { vendor } = this.vendor.table;
    const [fault] = this.vendor.settingFaults(this.settings(), inputs);
    if (fault !== undefined) {
      throw new ConnectorError("configuration", fault, { vendor });
    }
  }

  /** What no error about these connectors, inputs or states, may say. */
  hiddenIn(connectors: readonly unknown[]): Hidden {
    const { table } = this.vendor;
    const key = this.known?.apiKey === undefined ? [] : [this.known.apiKey];
    const all = connectors.filter(isObject);
    return {
      secret: [...new Set([...key, ...all.flatMap((each) => secretTexts(table, each))])],
      possible: [...new Set([...key, ...all.flatMap((each) => sensitiveTexts(table, each))])],
    };
  }

  /** Two resources, one connector: one of them adopted it by mistake, and that must not stay unnoticed. */
  manage(id: string, state: State, name: string): void {
    if (this.made?.claims.manage(id, markOf(state), name) !== false) {
      return;
    }
    const { vendor } = this.vendor.table;
    const message =
      `${vendor} connector ${id} is managed by two resources of this program; one of them adopted it because it looks the same. ` +
      'Remove that one from the state with `pulumi state delete` and give it onConflict: "create", so that each has its own connector.';
    throw new ConnectorError("conflict", message, { vendor });
  }
}
