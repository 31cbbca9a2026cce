/**
 * The emulated Supermetrics' behavior where the documentation is silent or a test needs a different
 * one.
 */
import { type JsonObject } from "../json";

/** The scopes of an API key. */
export type SupermetricsScope =
  | "cb_connectors_read"
  | "cb_connectors_write"
  | "cb_secrets_read"
  | "cb_secrets_write"
  | "cb_logo_read"
  | "cb_logo_write"
  | "cb_logs_read";

/** The platform's code of a 403 for every request. */
export type SupermetricsDenial =
  | "ACCESS_DENIED_IP"
  | "ACCESS_DENIED_PERMISSIONS"
  | "API_KEY_DISABLED"
  | "LICENSE_EXPIRED"
  | "PERMISSION_ERROR";

/** What the server changes by itself. Default: nothing. */
export interface SupermetricsNormalization {
  /** Returns an empty object of a configuration as `[]`, as PHP does. */
  emptyObjectsAsLists?: boolean;
  /** Returns the configuration's keys in alphabetical order. */
  sortKeys?: boolean;
  /**
   * How a null, an empty string, array or object at a key of a configuration is returned. Default:
   * as written.
   */
  emptyValues?: "null" | "missing";
  /** Returns the numbers of a configuration as strings. */
  numbersAsText?: boolean;
  /** Trims the strings of a configuration. */
  trimTexts?: boolean;
  /** Rounds the numbers of a configuration to 14 significant digits. */
  roundNumbers?: boolean;
  /** Keys that the server adds to a configuration where they are missing, at any depth. */
  configurationDefaults?: JsonObject;
  /**
   * Format of created_at and updated_at. Default: `2025-01-01T00:00:00+00:00`; `z` ends with Z,
   * `date` has no time.
   */
  timestamps?: "z" | "date";
  /**
   * The same for lists only, so that a list and a get return different strings. Default:
   * `timestamps`.
   */
  listTimestamps?: "z" | "date";
  /** Fields that are added to every returned connector. */
  extraFields?: JsonObject;
  /** Wraps the bodies of successful answers in `{meta, data}`. */
  wrapData?: boolean;
  /** Trims title and name on write. */
  trimNames?: boolean;
  /** Stores an empty description as null. */
  emptyDescriptionAsNull?: boolean;
  /**
   * Rewrites the root `secrets` of the configuration when a secret is created or deleted, as the
   * Hub does.
   */
  secretsInConfiguration?: boolean;
}

/** Every field can be reassigned while the sandbox runs. */
export interface SupermetricsSettings {
  /**
   * Accepted keys; null accepts any non-empty key. Other keys get 401 API_KEY_INVALID. Default:
   * null.
   */
  keys: readonly string[] | null;
  /** Answers every authenticated request with 403 and this code. Default: null. */
  denied: SupermetricsDenial | null;
  /**
   * Scopes of the keys; null for all. A missing scope gets 403 ACCESS_DENIED_PERMISSIONS. Default:
   * null.
   */
  scopes: readonly SupermetricsScope[] | null;
  /** Teams that the keys have access to. Default: `["936506"]`. */
  teams: readonly string[];
  /** Maximum number of requests per second before a 429; null for no limit. Default: null. */
  requestsPerSecond: number | null;
  /** Seconds in the Retry-After header of that 429. Default: 1. */
  retryAfter: number;
  /**
   * Maximum number of requests per hour before a 429 with the remaining seconds; null for no limit.
   * Default: null.
   */
  requestsPerHour: number | null;
  /** Maximum number of connectors in a list; `count` is the number returned. Default: 1000. */
  listLimit: number;
  /** Whether list items have `configuration` with include_configs=true. Default: true. */
  listCarriesConfigurations: boolean;
  /**
   * Whether a duplicate has the secrets of its source, under the same placeholders. Default: false.
   */
  duplicateCopiesSecrets: boolean;
  /** Status of an invalid create. Default: 422. */
  createInvalidStatus: 400 | 422;
  /**
   * Answers 404 with CONNECTOR_NOT_FOUND, SECRET_NOT_FOUND, LOG_NOT_FOUND instead of NOT_FOUND.
   * Default: false.
   */
  specificCodes: boolean;
  /**
   * What changes updated_at: any write, a write of name and description only, or also a read.
   * Default: `write`.
   */
  updatedAtMovesOn: "write" | "metadata" | "read";
  /**
   * Whether configuration.version increases with each new configuration. Default: false, it stays
   * 1.0.0.
   */
  versionCountsUp: boolean;
  /**
   * Rejects a configuration with 422 and the returned description. Default: null, accepts any JSON
   * object.
   */
  validateConfiguration: ((configuration: JsonObject) => string | undefined) | null;
  /**
   * Identifiers of the next connectors, consumed from the front; then random ones. Default: `[]`.
   */
  nextIdentifiers: string[];
  /**
   * Whether `nextIdentifiers` can contain the identifier of a deleted connector; otherwise it is
   * skipped. Default: false.
   */
  reuseIdentifiers: boolean;
  /** How many lists omit a new connector before it appears. Default: 0. */
  listLag: number;
  /** How many gets of a new connector answer 404 before it appears. Default: 0. */
  readLag: number;
  /** Clock for created_at and updated_at. Default: the system clock. */
  now: () => Date;
  /** See {@link SupermetricsNormalization}. Default: `{}`. */
  normalize: SupermetricsNormalization;
}

/** The settings with all defaults. */
export function supermetricsSettings(
  options: Partial<SupermetricsSettings> = {},
): SupermetricsSettings {
  return {
    keys: null,
    denied: null,
    scopes: null,
    teams: ["936506"],
    requestsPerSecond: null,
    retryAfter: 1,
    requestsPerHour: null,
    listLimit: 1000,
    listCarriesConfigurations: true,
    duplicateCopiesSecrets: false,
    createInvalidStatus: 422,
    specificCodes: false,
    updatedAtMovesOn: "write",
    versionCountsUp: false,
    validateConfiguration: null,
    nextIdentifiers: [],
    reuseIdentifiers: false,
    listLag: 0,
    readLag: 0,
    now: () => new Date(),
    normalize: {},
    ...options,
  };
}
