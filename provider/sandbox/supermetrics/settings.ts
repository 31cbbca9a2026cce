/** How the emulated Supermetrics behaves where its documentation leaves it open, or where a test wants it otherwise. */
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

/** Why every call is refused with 403, in the platform's words. */
export type SupermetricsDenial =
  | "ACCESS_DENIED_IP"
  | "ACCESS_DENIED_PERMISSIONS"
  | "API_KEY_DISABLED"
  | "LICENSE_EXPIRED"
  | "PERMISSION_ERROR";

/** What the server changes on its own account. Nothing by default. */
export interface SupermetricsNormalization {
  /** Returns an empty object of a configuration as `[]`, as PHP does. */
  emptyObjectsAsLists?: boolean;
  /** Returns the configuration's keys in alphabetical order. */
  sortKeys?: boolean;
  /** How a null, an empty text, an empty list or an empty object below a key of a configuration comes back. Default: as written. */
  emptyValues?: "null" | "missing";
  /** Returns numbers of a configuration as text. */
  numbersAsText?: boolean;
  /** Trims the texts of a configuration. */
  trimTexts?: boolean;
  /** Rounds numbers of a configuration to 14 significant digits. */
  roundNumbers?: boolean;
  /** Keys that the server fills into a configuration where they are missing, at any depth. */
  configurationDefaults?: JsonObject;
  /** Added to every connector returned. */
  extraFields?: JsonObject;
  /** Wraps the bodies of successful answers in `{meta, data}`. */
  wrapData?: boolean;
  /** Trims title and name when they are written. */
  trimNames?: boolean;
  /** Stores an empty description as null. */
  emptyDescriptionAsNull?: boolean;
  /** Rewrites the configuration's root `secrets` when a secret is created or deleted, as the Hub does. */
  secretsInConfiguration?: boolean;
}

/** Every field may be reassigned while the sandbox runs. */
export interface SupermetricsSettings {
  /** Accepted keys; null accepts any that is not empty. Others get 401 API_KEY_INVALID. Default: null. */
  keys: readonly string[] | null;
  /** Refuses every authenticated call with 403 and this code. Default: null. */
  denied: SupermetricsDenial | null;
  /** Scopes of the keys; null for all. Without a needed one: 403 ACCESS_DENIED_PERMISSIONS. Default: null. */
  scopes: readonly SupermetricsScope[] | null;
  /** Teams that the keys may enter. Default: `["936506"]`. */
  teams: readonly string[];
  /** Most requests in one second before 429; null for no limit. Default: null. */
  requestsPerSecond: number | null;
  /** Seconds of the Retry-After header of that 429. Default: 1. */
  retryAfter: number;
  /** Most requests in one hour before 429 with the seconds left; null for no limit. Default: null. */
  requestsPerHour: number | null;
  /** Most connectors that a list returns; `count` is what it returns. Default: 1000. */
  listLimit: number;
  /** Whether list items carry `configuration` with include_configs=true. Default: true. */
  listCarriesConfigurations: boolean;
  /** Whether a duplicate has the secrets of its source, under the same placeholders. Default: false. */
  duplicateCopiesSecrets: boolean;
  /** Status of a create that is not valid. Default: 422. */
  createInvalidStatus: 400 | 422;
  /** Answers 404 with CONNECTOR_NOT_FOUND, SECRET_NOT_FOUND, LOG_NOT_FOUND instead of NOT_FOUND. Default: false. */
  specificCodes: boolean;
  /** What moves updated_at: any write, a write of name and description only, or even a read. Default: `write`. */
  updatedAtMovesOn: "write" | "metadata" | "read";
  /** Whether configuration.version counts up with each new configuration. Default: false, it stays 1.0.0. */
  versionCountsUp: boolean;
  /** Refuses a configuration with 422 and the text returned. Default: null, any JSON object is taken. */
  validateConfiguration: ((configuration: JsonObject) => string | undefined) | null;
  /** Identifiers for the next connectors created, used up from the front; then random ones. Default: `[]`. */
  nextIdentifiers: string[];
  /** The clock behind created_at and updated_at. Default: the real one. */
  now: () => Date;
  /** See {@link SupermetricsNormalization}. Default: `{}`. */
  normalize: SupermetricsNormalization;
}

/** Settings with every default filled in. */
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
    now: () => new Date(),
    normalize: {},
    ...options,
  };
}
