/** The connectors stored by the emulated Supermetrics, with their secrets, logos and run logs. */
import { type JsonObject } from "../json";
import { Visibility } from "../visibility";
import { boilerplate, DEFAULT_LOGO, takeIdentifier, timestamp } from "./generated-values";
import { type SupermetricsSettings } from "./settings";
import { type UpdateBlocks } from "./validate";

/** A connector as returned by get. */
export interface SupermetricsConnectorObject {
  readonly connector_identifier: string;
  name: string;
  description: string | null;
  logo_url: string | null;
  created_at: string;
  updated_at: string;
  configuration: {
    version: string;
    /**
     * Numbers that JavaScript cannot represent exactly are `{ $number: "12345678901234567890" }`.
     */
    configuration_json: JsonObject;
    created_at: string;
    updated_at: string;
  };
}

/** A secret with its value, which the API never returns. */
export interface SupermetricsSecret {
  readonly name: string;
  readonly placeholder: string;
  value: string;
}

/** An uploaded logo. */
export interface SupermetricsLogo {
  readonly bytes: Buffer;
  readonly mediaType: "image/png" | "image/jpeg";
}

/** An entry of a connector's run log. */
export interface SupermetricsLogEntry {
  id: string;
  log_time: string;
  status: number | null;
  event: string | null;
  request: string | null;
  duration_ms: number | null;
  request_id: string | null;
}

/** A connector with all its data. */
export interface StoredConnector {
  readonly teamId: string;
  readonly connector: SupermetricsConnectorObject;
  secrets: SupermetricsSecret[];
  logo?: SupermetricsLogo;
  readonly logs: SupermetricsLogEntry[];
  readonly visibility: Visibility;
}

/** The initial values of a new connector. */
export type NewConnector = Partial<Omit<SupermetricsConnectorObject, "configuration">> & {
  readonly configuration_json?: JsonObject;
};

/**
 * Stores connectors. Returns the stored records themselves; callers copy what leaves the sandbox.
 */
export class SupermetricsStore {
  private readonly stored = new Map<string, StoredConnector>();
  /** All identifiers so far, including those of deleted connectors. */
  private readonly usedIdentifiers = new Set<string>();

  constructor(private readonly settings: SupermetricsSettings) {}

  /** The connectors of one team, or of all, in order of creation. */
  list(teamId?: string): StoredConnector[] {
    return [...this.stored.values()].filter(
      (record) => teamId === undefined || record.teamId === teamId,
    );
  }

  get(identifier: string, teamId?: string): StoredConnector | undefined {
    const record = this.stored.get(identifier);
    return teamId === undefined || record?.teamId === teamId ? record : undefined;
  }

  /** Like {@link get}, but throws if the connector does not exist. */
  require(identifier: string, teamId?: string): StoredConnector {
    const record = this.get(identifier, teamId);
    if (record === undefined) {
      throw new Error(`The Supermetrics sandbox has no connector ${identifier}`);
    }
    return record;
  }

  /** The connectors of one team, without new connectors during `listLag`. */
  listVisible(teamId: string): StoredConnector[] {
    return this.list(teamId).filter(({ visibility }) => visibility.takeList());
  }

  add(teamId: string, seed: NewConnector, visibility = new Visibility()): StoredConnector {
    const identifier =
      seed.connector_identifier ??
      takeIdentifier(this.settings.nextIdentifiers, this.unavailableIdentifiers);
    const now = timestamp(this.settings.now());
    const { created_at = now, updated_at = created_at } = seed;
    const configuration_json = structuredClone(seed.configuration_json ?? boilerplate());
    const connector: SupermetricsConnectorObject = {
      connector_identifier: identifier,
      name: this.nameOf(seed.name ?? "Test Connector"),
      description: this.descriptionOf(seed.description ?? null),
      logo_url: seed.logo_url ?? DEFAULT_LOGO,
      created_at,
      updated_at,
      configuration: { version: "1.0.0", configuration_json, created_at, updated_at },
    };
    const record: StoredConnector = { teamId, connector, secrets: [], logs: [], visibility };
    this.usedIdentifiers.add(identifier);
    this.stored.set(identifier, record);
    return record;
  }

  /** Copies configuration and logo to a new connector; the description too, unless one is given. */
  duplicate(
    source: StoredConnector,
    name: string,
    description: string | null,
    visibility: Visibility,
  ): StoredConnector {
    const { configuration, logo_url, description: original } = source.connector;
    const { configuration_json } = configuration;
    const seed = { name, description: description ?? original, configuration_json, logo_url };
    const copy = this.add(source.teamId, seed, visibility);
    if (source.logo !== undefined) {
      copy.logo = source.logo;
    }
    if (this.settings.duplicateCopiesSecrets) {
      copy.secrets = structuredClone(source.secrets);
    }
    return copy;
  }

  /** Writes the blocks that are present. */
  update({ connector }: StoredConnector, blocks: UpdateBlocks): void {
    if (blocks.connector !== undefined) {
      connector.name = this.nameOf(blocks.connector.name);
      connector.description = this.descriptionOf(blocks.connector.description);
    }
    if (blocks.configuration !== undefined) {
      this.configure(connector, blocks.configuration);
    }
    const moving =
      this.settings.updatedAtMovesOn === "metadata"
        ? [blocks.connector]
        : [blocks.connector, blocks.configuration];
    if (moving.some((block) => block !== undefined)) {
      this.touch(connector);
    }
  }

  touch(connector: SupermetricsConnectorObject): void {
    connector.updated_at = timestamp(this.settings.now());
  }

  /** Returns false if the connector does not exist. The identifier stays used. */
  remove(identifier: string): boolean {
    return this.stored.delete(identifier);
  }

  clear(): void {
    this.stored.clear();
  }

  /** Makes all identifiers available again. */
  resetIdentifiers(): void {
    this.usedIdentifiers.clear();
  }

  private get unavailableIdentifiers(): ReadonlySet<string> {
    return this.settings.reuseIdentifiers ? new Set(this.stored.keys()) : this.usedIdentifiers;
  }

  private configure({ configuration }: SupermetricsConnectorObject, json: JsonObject): void {
    configuration.configuration_json = structuredClone(json);
    configuration.updated_at = timestamp(this.settings.now());
    if (this.settings.versionCountsUp) {
      configuration.version = configuration.version.replace(/\d+$/, (patch) =>
        String(Number(patch) + 1),
      );
    }
  }

  private nameOf(name: string): string {
    return this.settings.normalize.trimNames === true ? name.trim() : name;
  }

  private descriptionOf(description: string | null): string | null {
    return description === "" && this.settings.normalize.emptyDescriptionAsNull === true
      ? null
      : description;
  }
}
