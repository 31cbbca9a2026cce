import { ConnectorError, type ErrorCode } from "../../errors";
import { own, ownText } from "../../message";
import { type HttpClientOptions, type HttpObserver, normalizeOptions } from "../../http/index";
import { type Adapter, type Addressing, type Ref, type Reporter } from "../../lifecycle/adapter";
import { Claims, holdOf, type SharedClaims } from "../../lifecycle/claims";
import { Connectors } from "../../lifecycle/connectors";
import { lostAnswerPolicy } from "../../lifecycle/create-once";
import { placeOf } from "../../lifecycle/registrations";
import { isElsewhere } from "../../lifecycle/workspace";
import { adoptingField, type ExportedDefinition } from "../../model/field";
import { withoutDefaults } from "../../model/project";
import { isObject } from "../../json";
import { type KeyPath } from "../../model/credential-detection";
import { secretPaths, secretTexts, sensitiveTexts } from "../../model/secret-paths";
import { readSecrets } from "../../model/new-places";
import {
  type CheckedInputs,
  type CommonState,
  type Stages,
  type State,
  without,
} from "../../model/state";
import { type Notifier, watch } from "../../observe/index";
import { type Hidden, MOST_RECORDED } from "./engine-errors";
import { BriefReporter, engineAddress } from "./engine-log";
import { PreviewNotice } from "./preview-notice";
import { ClaimFolder, claimFolder } from "./shared-claims";
import {
  type Configured,
  LOOKS_IN_PREVIEW,
  missingKey,
  readSettings,
  type Settings,
  type StackConfig,
  workspaceIn,
} from "./stack-settings";

type Values = Readonly<Record<string, unknown>>;

/** Settings with a key. */
export type UsableSettings = Settings & { readonly apiKey: string };

/** A vendor, as the boundary to Pulumi sees it. */
export interface VendorRuntime<V extends Stages = Stages> extends Configured {
  readonly addressing: Addressing<V>;
  /** How the vendor is reached, as options of an HTTP client. */
  clientOptions(settings: UsableSettings): HttpClientOptions;
  /** Connects to the vendor. Called once per process, on the first verb that needs the network. */
  connect(settings: UsableSettings, reporter: Reporter, observer: HttpObserver): Adapter<V>;
  /** The scope of connectors that name none, constant where the vendor has none. */
  scopeIn(settings: Settings): string | undefined;
  /** Splits a resource id without a connection. */
  parseId(id: string, settings: Settings): Ref;
  /** What an id says of the replacing fields. */
  place(ref: Ref): Readonly<Record<string, unknown>>;
  /** What is wrong with the settings for these inputs; reported once. */
  settingErrors(settings: Settings, inputs: Readonly<Record<string, unknown>>): readonly string[];
  /** The definition that takes a connector over as it is. */
  exported(
    adapter: Adapter<V>,
    ref: Ref,
    remote: V["remote"],
    settings: Settings,
  ): ExportedDefinition;
}

/** Failures that say nothing about the connectors of a workspace. */
const UNREACHED: readonly ErrorCode[] = ["network", "timeout", "unavailable", "rate_limited"];

/** A vendor as one provider instance of one deployment reaches it: what all its resources share. */
export class Session<V extends Stages> {
  readonly reporter: BriefReporter;
  /** Which resource holds which connector. */
  readonly claims: Claims;
  /** Warns in a preview of what it shows as something else. */
  readonly notice: PreviewNotice;
  private readonly reported = new Set<string>();
  private known: Settings | undefined;
  private made: { readonly adapter: Adapter<V>; readonly connectors: Connectors<V> } | undefined;

  constructor(
    readonly vendor: VendorRuntime<V>,
    private readonly config: StackConfig,
    private readonly notifier: Notifier,
    /** Most bytes that a failure records. */
    readonly mostRecorded = MOST_RECORDED,
  ) {
    this.reporter = new BriefReporter(notifier);
    this.claims = new Claims(this.sharedClaims());
    this.notice = new PreviewNotice(vendor.table, notifier, this.claims);
  }

  /** @throws ConnectorError `configuration` for a setting that cannot be used. */
  settings(): Settings {
    return (this.known ??= readSettings(this.vendor, this.config));
  }

  /** @throws ConnectorError `configuration` when there is no key. */
  connectors(): Connectors<V> {
    return this.connected().connectors;
  }

  /**
   * The inputs that take a connector over as it is, without what the vendor would set by itself.
   *
   * @throws ConnectorError `configuration` when there is no key.
   */
  definitionOf(ref: Ref, remote: V["remote"]): Values {
    const { table } = this.vendor;
    const { adapter } = this.connected();
    const { properties } = this.vendor.exported(adapter, ref, remote, this.settings());
    return without(withoutDefaults(table, properties), adoptingField(table));
  }

  private connected(): NonNullable<typeof this.made> {
    if (this.made) {
      return this.made;
    }
    const settings = this.requireKey();
    const adapter = this.vendor.connect(
      settings,
      this.reporter,
      watch(this.vendor.names, this.notifier),
    );
    const connectors = new Connectors(
      adapter,
      this.reporter,
      this.claims,
      lostAnswerPolicy(settings.limits.backoff),
      workspaceIn(this.vendor.names, settings),
    );
    return (this.made = { adapter, connectors });
  }

  /**
   * Whether a state was written in another workspace than the settings lead to. Inputs alone do not
   * show that: the resource needs an update, and a warning says what that does.
   */
  isElsewhere(state: Pick<CommonState, "workspace">): boolean {
    const { names } = this.vendor;
    const here = workspaceIn(names, this.settings());
    if (here === undefined || !isElsewhere(state, here)) {
      return false;
    }
    this.reporter.warn(
      `${names.vendor} connectors of this stack belong to the workspace ${state.workspace ?? ""}, but the settings now lead to ${here.text}. ` +
        "The update looks each of them up there: those that are the same connectors stay managed; any other fails, and nothing is written to it or deleted.",
    );
    return true;
  }

  /**
   * The claims of all providers of a deployment; none without an engine that starts them, or with
   * unusable settings.
   */
  private sharedClaims(): SharedClaims | undefined {
    const address = engineAddress();
    const folder = address === undefined ? undefined : claimFolder(address);
    const settings = folder === undefined ? undefined : this.trySettings().settings;
    return folder === undefined || settings === undefined
      ? undefined
      : new ClaimFolder(folder, `${this.vendor.names.namespace} ${settings.origin}`);
  }

  private requireKey(): UsableSettings {
    const settings = this.settings();
    const { apiKey } = settings;
    if (apiKey !== undefined) {
      return { ...settings, apiKey };
    }
    const { vendor } = this.vendor.names;
    const message = settings.keyUnknown
      ? ownText(
          `The ${vendor} API key is not known yet: the provider gets it from a resource that does not exist yet.`,
        )
      : own`${missingKey(this.vendor.names, settings.provider)}.`;
    throw new ConnectorError("configuration", message, { vendor });
  }

  /** The settings, and what keeps them from reaching the vendor. Makes no HTTP client. */
  trySettings(): { settings?: Settings; errors: string[] } {
    try {
      const settings = this.settings();
      if (!settings.keyUnknown) {
        normalizeOptions(this.vendor.clientOptions(this.requireKey()));
      }
      return { settings, errors: [] };
    } catch (error) {
      if (!(error instanceof ConnectorError)) {
        throw error;
      }
      return { ...(this.known && { settings: this.known }), errors: [error.message] };
    }
  }

  /**
   * A look at the vendor in a preview. `undefined` where the settings do not allow one, and, with a
   * warning, where the vendor cannot be reached.
   */
  async foresee<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    if (!this.settings().looksInPreview) {
      return undefined;
    }
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ConnectorError) || !UNREACHED.includes(error.code)) {
        throw error;
      }
      const { vendor, namespace } = this.vendor.names;
      this.reporter.warn(
        `This preview does not show which ${vendor} connectors are adopted, because ${vendor} could not be reached. ` +
          `Set ${namespace}:${LOOKS_IN_PREVIEW} to false to preview without a look at ${vendor}.`,
      );
      return undefined;
    }
  }

  /** The errors that were not reported yet: an error in the settings concerns every resource. */
  once(errors: readonly string[]): string[] {
    const fresh = [...new Set(errors)].filter((error) => !this.reported.has(error));
    for (const error of fresh) {
      this.reported.add(error);
    }
    return fresh;
  }

  /**
   * Check reports each error of the settings for one resource only; the others still reach their
   * create.
   */
  requireSettings(inputs: CheckedInputs): void {
    const { vendor } = this.vendor.table;
    const [error] = this.vendor.settingErrors(this.settings(), inputs);
    if (error !== undefined) {
      throw new ConnectorError("configuration", error, { vendor });
    }
  }

  /**
   * The secret places of a connector's values as read, by what the engine marks them by.
   *
   * @param stored the connector's state, which says what is secret.
   */
  readSecrets(values: Values, stored: Values): (before: unknown) => KeyPath[] {
    const { table } = this.vendor;
    const always = secretPaths(table, values);
    let texts: readonly string[] | undefined;
    const known = (): readonly string[] =>
      (texts ??= [...this.key(), ...secretTexts(table, stored)]);
    return (before) => [
      ...always,
      ...readSecrets(table, values, isObject(before) ? before : {}, known),
    ];
  }

  private key(): string[] {
    return this.known?.apiKey === undefined ? [] : [this.known.apiKey];
  }

  /** What errors about these connectors, inputs or states, must not show. */
  hiddenIn(connectors: readonly unknown[]): Hidden {
    const { table } = this.vendor;
    const key = this.key();
    const all = connectors.filter(isObject);
    return {
      secret: [...new Set([...key, ...all.flatMap((each) => secretTexts(table, each))])],
      possible: [...new Set([...key, ...all.flatMap((each) => sensitiveTexts(table, each))])],
    };
  }

  /**
   * Notes which connector a resource holds. Returns false when it belongs to another one, and this
   * one adopted it because it looks alike: it needs a connector of its own.
   *
   * @throws ConnectorError `conflict` when two resources hold it, and neither is known to be a
   *   look-alike.
   */
  manage(id: string, state: State<V>, inputs: Partial<V["inputs"]>): boolean {
    const { vendor } = this.vendor.table;
    const { name = "" } = inputs;
    const isNamed = placeOf(this.vendor.addressing, inputs).id === id;
    switch (this.claims.manage(id, holdOf(state, isNamed), name)) {
      case "held":
        return true;
      case "taken back":
        this.reporter.warn(
          `${vendor} connector ${id} belongs to the resource with the connector name "${name}"; another resource of this program adopted it because it looks the same. That one gets a connector of its own, in this pulumi up or the next one.`,
        );
        return true;
      case "lost":
        this.reporter.warn(
          `${vendor} connector ${id} belongs to another resource of this program; the one with the connector name "${name}" adopted it because it looks the same. It is replaced, which gives it a connector of its own; connector ${id} stays.`,
        );
        return false;
      case "gone":
        this.reporter.warn(
          `${vendor} connector ${id} of the resource with the connector name "${name}" was deleted outside, and ${vendor} gave its id to the connector of another resource of this program. It is created again; the other one stays.`,
        );
        return false;
      case "conflict":
        throw this.conflict(id);
    }
  }

  private conflict(id: string): ConnectorError {
    const { table } = this.vendor;
    const { vendor } = table;
    const property = ownText(adoptingField(table));
    if (this.claims.isReserved(id)) {
      const message = own`${ownText(vendor)} connector ${id} is managed by one resource of this program, and another one names it. Remove ${property} from that one, or remove the resource that has it from the program and from the state with \`pulumi state delete\`.`;
      return new ConnectorError("conflict", message, { vendor });
    }
    const message = own`${ownText(vendor)} connector ${id} is managed by two resources of this program: one of them names it, or adopted it because it looks the same. Remove that one from the state with \`pulumi state delete\`, remove ${property} from its definition, and give it onConflict: "create", so that each has its own connector.`;
    return new ConnectorError("conflict", message, { vendor });
  }
}
