import { isObject, type JsonObject } from "../json";
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

/**
 * A connector to add without an API call. Omitted fields get example values; the configuration, the
 * boilerplate. In a configuration, `{ $number: "12345678901234567890" }` is a number that
 * JavaScript cannot represent exactly.
 */
export interface SupermetricsSeed extends NewConnector {
  /** Default: the first team in the settings. */
  readonly teamId?: string;
  /** Secret values by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A change without an API call: fields of the connector, or its whole configuration document. */
export type SupermetricsChange = Omit<NewConnector, "connector_identifier">;

/**
 * An emulated Supermetrics Connector Builder. `startSandbox` starts it. Identifiers are unique
 * across teams.
 */
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

  /**
   * Copies of the stored connectors of all teams in order of creation, without the normalization of
   * reads.
   */
  get connectors(): SupermetricsConnectorObject[] {
    return this.store.list().map(({ connector }) => structuredClone(connector));
  }

  /** The connectors of one team. */
  connectorsOf(teamId: string): SupermetricsConnectorObject[] {
    return this.store.list(teamId).map(({ connector }) => structuredClone(connector));
  }

  /**
   * The secrets of a connector with their values, in order of creation. Throws if the connector
   * does not exist.
   */
  secrets(teamId: string, identifier: string): SupermetricsSecret[] {
    return structuredClone(this.store.require(identifier, teamId).secrets);
  }

  /** The uploaded logo of a connector; undefined if it has the default logo. */
  logo(teamId: string, identifier: string): SupermetricsLogo | undefined {
    return this.store.require(identifier, teamId).logo;
  }

  /** Adds a connector without an API call. */
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

  /**
   * Changes fields without an API call, like a change in the Hub. Throws if the connector does not
   * exist.
   */
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

  /**
   * Merges keys into a connector's configuration without an API call, like an edit in the Hub.
   * Objects are merged at any depth; other values are replaced. Throws if the connector does not
   * exist.
   */
  addToConfiguration(identifier: string, keys: JsonObject): SupermetricsConnectorObject {
    const { configuration } = this.store.require(identifier).connector;
    return this.change(identifier, {
      configuration_json: merge(configuration.configuration_json, keys),
    });
  }

  /** Removes a connector without an API call. Returns false if it does not exist. */
  remove(identifier: string): boolean {
    return this.store.remove(identifier);
  }

  /**
   * Sets a secret's value without an API call, creates the secret if necessary, and returns its
   * placeholder.
   */
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

  /** Removes a secret without an API call. Returns false if it does not exist. */
  removeSecret(identifier: string, name: string): boolean {
    const record = this.store.require(identifier);
    const found = record.secrets.find((secret) => secret.name === name);
    if (found !== undefined) {
      removeSecret(record, found, this.settings);
    }
    return found !== undefined;
  }

  /** Adds an entry to the run log of a connector. */
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

  protected override resetIds(): void {
    this.store.resetIdentifiers();
  }
}

function merge(document: JsonObject, keys: JsonObject): JsonObject {
  const merged = { ...document };
  for (const [key, value] of Object.entries(keys)) {
    const present = merged[key];
    merged[key] = isObject(present) && isObject(value) ? merge(present, value) : value;
  }
  return merged;
}

/** Starts an emulated Supermetrics on 127.0.0.1. Port 0 selects any free port. */
export async function startSupermetrics(
  port: number,
  options?: Partial<SupermetricsSettings>,
): Promise<SupermetricsSandbox> {
  const settings = supermetricsSettings(options);
  const store = new SupermetricsStore(settings);
  const server = new VendorServer(new SupermetricsEmulator(store, settings));
  return new SupermetricsSandbox(server, await server.listen(port), store, settings);
}
