/**
 * The emulated Databar's behavior where the documentation is silent or a test needs a different
 * one.
 */

/** The limits of a plan. An omitted limit is unlimited. */
export interface DatabarLimits {
  /** Requests per minute of a connector. */
  rateLimit?: number;
  /** Concurrent requests of a connector. */
  maxConcurrency?: number;
}

/** What the server changes by itself. Default: nothing. */
export interface DatabarNormalization {
  /** Order in which headers, parameters and body are returned. Default: as written. */
  listOrder?: "reversed" | "sorted";
  /** How an empty list is returned. Default: `[]`. */
  emptyLists?: "null" | "missing";
  /** Trims name and url on write. */
  trimText?: boolean;
  /** Limits that are stored if a write leaves them unset. */
  limits?: DatabarLimits;
  /**
   * Returns header values masked: `true` as `********`, `partly` with both ends of long values,
   * `length` with one asterisk per character. A function returns its own mask, or the value. Empty
   * values stay empty. Writes store the value that was sent, even if it is a mask.
   */
  maskHeaderValues?: boolean | "partly" | "length" | ((value: string, name: string) => string);
  /** Fields that are added to every returned connector. */
  extraFields?: Record<string, unknown>;
  /** Returns rate_limit and max_concurrency as strings. */
  numbersAsText?: boolean;
  /** If body_template is set, stores the variables of the template in `body`. */
  bodyFromTemplate?: boolean;
  /** An update does not change `type`, but still answers 200. */
  typeIsFixed?: boolean;
  /** Returns created_at as null, or not at all. Default: a timestamp. */
  createdAt?: "null" | "missing";
}

/** Every field can be reassigned while the sandbox runs. */
export interface DatabarSettings {
  /** Accepted keys; null accepts any non-empty key. Default: null. */
  keys: readonly string[] | null;
  /** Gives each key its own workspace. Default: false, all keys share one workspace. */
  workspacePerKey: boolean;
  /**
   * Returns the workspace of a key, so that several keys can share one, like a key and its
   * replacement. Default: null, see `workspacePerKey`.
   */
  workspaceOf: ((key: string) => string) | null;
  /** Answer to a missing key: 403 as documented, or FastAPI's 422 on the header. Default: 403. */
  missingKeyStatus: 403 | 422;
  /** Answer to a key that is not accepted. Default: 403. */
  rejectedKeyStatus: 401 | 403;
  /** The plan's limits. A higher requested limit is lowered silently. Default: none. */
  plan: DatabarLimits;
  /**
   * Returns a lowered limit as requested once the plan rises. Default: false, it stays lowered
   * until the next write.
   */
  limitsFollowPlan: boolean;
  /** Maximum number of requests per second before a 429; null for no limit. Default: null. */
  requestsPerSecond: number | null;
  /** Seconds in the Retry-After header of a 429; null omits the header. Default: 1. */
  retryAfter: number | null;
  /** Lowest id of the next connector. Default: 1. */
  firstId: number;
  /**
   * Gives a new connector the lowest unused id, even if a deleted connector had it. Default: false.
   */
  reuseIds: boolean;
  /** How many lists omit a new connector before it appears. Default: 0. */
  listLag: number;
  /** How many gets of a new connector answer 404 before it appears. Default: 0. */
  readLag: number;
  /** Clock for created_at. Default: the system clock. */
  now: () => Date;
  /**
   * Origin in the Location header of a 307 for a wrong trailing slash. Default: null, the origin of
   * the request. A TLS proxy that downgrades to HTTP answers with `http://api.databar.ai`.
   */
  redirectOrigin: string | null;
  /** Status of a create. Default: 201. */
  createStatus: 200 | 201;
  /** Status of a delete; 200 comes with `{"status":"deleted"}`. Default: 204. */
  deleteStatus: 200 | 204;
  /** See {@link DatabarNormalization}. Default: `{}`. */
  normalize: DatabarNormalization;
}

/** The settings with all defaults. */
export function databarSettings(options: Partial<DatabarSettings> = {}): DatabarSettings {
  return {
    keys: null,
    workspacePerKey: false,
    workspaceOf: null,
    missingKeyStatus: 403,
    rejectedKeyStatus: 403,
    plan: {},
    limitsFollowPlan: false,
    requestsPerSecond: null,
    retryAfter: 1,
    firstId: 1,
    reuseIds: false,
    listLag: 0,
    readLag: 0,
    now: () => new Date(),
    redirectOrigin: null,
    createStatus: 201,
    deleteStatus: 204,
    normalize: {},
    ...options,
  };
}
