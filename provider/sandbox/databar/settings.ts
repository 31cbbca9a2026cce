/** How the emulated Databar behaves where its documentation leaves it open, or where a test wants it otherwise. */

/** Limits of a plan. A missing one is unlimited. */
export interface DatabarLimits {
  /** Requests per minute of a connector's own calls. */
  rateLimit?: number;
  /** Calls of a connector under way at once. */
  maxConcurrency?: number;
}

/** What the server changes on its own account. Nothing by default. */
export interface DatabarNormalization {
  /** Order in which headers, parameters and body come back. Default: as written. */
  listOrder?: "reversed" | "sorted";
  /** How an empty list comes back. Default: `[]`. */
  emptyLists?: "null" | "missing";
  /** Trims name and url when they are written. */
  trimText?: boolean;
  /** Stored for limits that a write leaves unset. */
  limits?: DatabarLimits;
  /** Shows header values as `********` on every read, or `partly` with the ends of long ones; empty ones stay empty. */
  maskHeaderValues?: boolean | "partly";
  /** Added to every connector returned. */
  extraFields?: Record<string, unknown>;
  /** Returns rate_limit and max_concurrency as text. */
  numbersAsText?: boolean;
  /** While body_template is set, `body` holds the template's variables. */
  bodyFromTemplate?: boolean;
  /** An update leaves `type` as it is, and still answers 200. */
  typeIsFixed?: boolean;
}

/** Every field may be reassigned while the sandbox runs. */
export interface DatabarSettings {
  /** Accepted keys; null accepts any that is not empty. Default: null. */
  keys: readonly string[] | null;
  /** Give each key a workspace of its own. Default: false, all keys see one workspace. */
  workspacePerKey: boolean;
  /** Answer to a missing key: 403 as documented, or FastAPI's 422 on the header. Default: 403. */
  missingKeyStatus: 403 | 422;
  /** Answer to a key that is not accepted. Default: 403. */
  rejectedKeyStatus: 401 | 403;
  /** Caps: a higher requested limit is lowered silently. Default: none. */
  plan: DatabarLimits;
  /** Most requests in one second before 429; null for no limit. Default: null. */
  requestsPerSecond: number | null;
  /** Seconds of the Retry-After header of a 429; null leaves the header out. Default: 1. */
  retryAfter: number | null;
  /** Lowest id given to the next connector. Default: 1. */
  firstId: number;
  /** The clock behind created_at. Default: the real one. */
  now: () => Date;
  /**
   * Origin in the Location of a 307 for a wrong trailing slash. Default: null, the request's own. A TLS proxy's
   * downgrade is `http://api.databar.ai`.
   */
  redirectOrigin: string | null;
  /** Status of a create. Default: 201. */
  createStatus: 200 | 201;
  /** Status of a delete; 200 comes with `{"status":"deleted"}`. Default: 204. */
  deleteStatus: 200 | 204;
  /** See {@link DatabarNormalization}. Default: `{}`. */
  normalize: DatabarNormalization;
}

/** Settings with every default filled in. */
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
