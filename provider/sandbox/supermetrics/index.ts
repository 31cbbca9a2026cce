import { VendorServer } from "../server";
import { VendorSandbox } from "../vendor-sandbox";
import { SupermetricsEmulator } from "./routes";
import { removeSecret, addSecret } from "./secrets";
import { placeholder, timestamp } from "./generated-values";
import { type SupermetricsSettings, supermetricsSettings } from "./settings";
import {
  type NewConnector,
  type SupermetricsConnectorObject,
  type SupermetricsLogEntry,
  type SupermetricsLogo,
  type SupermetricsSecret,
  SupermetricsStore,
} from "./store";

/** A connector put there directly. Fields left out take example values, an unset configuration the boilerplate. */
export interface SupermetricsSeed extends NewConnector {
  /** Default: the first of the settings' teams. */
  readonly teamId?: string;
  /** Values by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A direct change: fields of the connector, its whole configuration document. */
export type SupermetricsChange = Omit<NewConnector, "connector_identifier">;

/** An emulated Supermetrics Connector Builder. Start one with `startSandbox`. Identifiers are unique over all teams. */
export class SupermetricsSandbox extends VendorSandbox<SupermetricsSettings> {
  /** @internal */
  constructor(
    server: VendorServer,
    url: string,
    private readonly store: SupermetricsStore,
    override readonly settings: SupermetricsSettings,
  ) {
    super(server, url);
  }

  /** Copies of all connectors as stored, of all teams, in creation order; read-time normalisation is not applied. */
  get connectors(): SupermetricsConnectorObject[] {
    return this.store.list().map(({ connector }) => structuredClone(connector));
  }

  /** The connectors of one team. */
  connectorsOf(teamId: string): SupermetricsConnectorObject[] {
    return this.store.list(teamId).map(({ connector }) => structuredClone(connector));
  }

  /** The secrets of a connector with their values, in creation order. Throws when there is no such connector. */
  secrets(teamId: string, identifier: string): SupermetricsSecret[] {
    return structuredClone(this.store.require(identifier, teamId).secrets);
  }

  /** The logo uploaded for a connector; undefined while it has the default one. */
  logo(teamId: string, identifier: string): SupermetricsLogo | undefined {
    return this.store.require(identifier, teamId).logo;
  }

  /** Puts a connector there directly. */
  seed({
    teamId = this.settings.teams[0] ?? "",
    secrets = {},
    ...connector
  }: SupermetricsSeed = {}): SupermetricsConnectorObject {
    const record = this.store.add(teamId, connector);
    for (const [name, value] of Object.entries(secrets)) {
      addSecret(record, { name, placeholder: placeholder(), value }, this.settings);
    }
    return structuredClone(record.connector);
  }

  /** Changes fields directly, as someone does in the Hub. Throws when there is no such connector. */
  change(
    identifier: string,
    { configuration_json, ...fields }: SupermetricsChange,
  ): SupermetricsConnectorObject {
    const { connector } = this.store.require(identifier);
    Object.assign(connector, { updated_at: timestamp(this.settings.now()) }, fields);
    if (configuration_json !== undefined) {
      connector.configuration.configuration_json = structuredClone(configuration_json);
    }
    return structuredClone(connector);
  }

  /** Removes a connector directly; false when there was none. */
  remove(identifier: string): boolean {
    return this.store.remove(identifier);
  }

  /** Sets a secret's value directly, creating it if need be; returns its placeholder. */
  changeSecret(identifier: string, name: string, value: string): string {
    const record = this.store.require(identifier);
    const found = record.secrets.find((secret) => secret.name === name);
    if (found !== undefined) {
      found.value = value;
    }
    const secret = found ?? { name, placeholder: placeholder(), value };
    if (found === undefined) {
      addSecret(record, secret, this.settings);
    }
    return secret.placeholder;
  }

  /** Removes a secret directly; false when there was none. */
  removeSecret(identifier: string, name: string): boolean {
    const record = this.store.require(identifier);
    const found = record.secrets.find((secret) => secret.name === name);
    if (found !== undefined) {
      removeSecret(record, found, this.settings);
    }
    return found !== undefined;
  }

  /** Adds an entry to a connector's run log. */
  addLog(identifier: string, entry: Partial<SupermetricsLogEntry> = {}): SupermetricsLogEntry {
    const { logs } = this.store.require(identifier);
    const empty = { status: null, event: null, request: null, duration_ms: null, request_id: null };
    const added = {
      ...empty,
      id: `log-${logs.length + 1}`,
      log_time: `${this.settings.now().toISOString().slice(0, 19)}Z`,
      ...entry,
    };
    logs.push(added);
    return { ...added };
  }

  protected override clearState(): void {
    this.store.clear();
  }
}

/** Starts an emulated Supermetrics on 127.0.0.1; port 0 takes any free one. */
export async function startSupermetrics(
  port: number,
  options?: Partial<SupermetricsSettings>,
): Promise<SupermetricsSandbox> {
  const settings = supermetricsSettings(options);
  const store = new SupermetricsStore(settings);
  const server = new VendorServer(new SupermetricsEmulator(store, settings));
  return new SupermetricsSandbox(server, await server.listen(port), store, settings);
}
