/** The emulated Databar's behavior where the documentation is silent or a test needs a different one. */

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
  /** Returns header values as `********`, or, with `partly`, keeps both ends of long values. Empty values stay empty. */
  maskHeaderValues?: boolean | "partly";
  /** Fields that are added to every returned connector. */
  extraFields?: Record<string, unknown>;
  /** Returns rate_limit and max_concurrency as strings. */
  numbersAsText?: boolean;
  /** If body_template is set, stores the variables of the template in `body`. */
  bodyFromTemplate?: boolean;
  /** An update does not change `type`, but still answers 200. */
  typeIsFixed?: boolean;
}

/** Every field can be reassigned while the sandbox runs. */
export interface DatabarSettings {
  /** Accepted keys; null accepts any non-empty key. Default: null. */
  keys: readonly string[] | null;
  /** Gives each key its own workspace. Default: false, all keys share one workspace. */
  workspacePerKey: boolean;
  /** Answer to a missing key: 403 as documented, or FastAPI's 422 on the header. Default: 403. */
  missingKeyStatus: 403 | 422;
  /** Answer to a key that is not accepted. Default: 403. */
  rejectedKeyStatus: 401 | 403;
  /** The plan's limits. A higher requested limit is lowered silently. Default: none. */
  plan: DatabarLimits;
  /** Maximum number of requests per second before a 429; null for no limit. Default: null. */
  requestsPerSecond: number | null;
  /** Seconds in the Retry-After header of a 429; null omits the header. Default: 1. */
  retryAfter: number | null;
  /** Lowest id of the next connector. Default: 1. */
  firstId: number;
  /** Clock for created_at. Default: the system clock. */
  now: () => Date;
  /**
   * Origin in the Location header of a 307 for a wrong trailing slash. Default: null, the origin of the request. A TLS
   * proxy that downgrades to HTTP answers with `http://api.databar.ai`.
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
    missingKeyStatus: 403,
    rejectedKeyStatus: 403,
    plan: {},
    requestsPerSecond: null,
    retryAfter: 1,
    firstId: 1,
    now: () => new Date(),
    redirectOrigin: null,
    createStatus: 201,
    deleteStatus: 204,
    normalize: {},
    ...options,
  };
}
