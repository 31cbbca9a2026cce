/** Faults on demand: which requests they affect, and what happens to those requests. */
import { type RequestLogEntry } from "./request-log";

/** Which requests a fault affects. All given conditions must hold. */
export interface FaultMatch {
  /** HTTP method, case-insensitive. Default: any. */
  readonly method?: string;
  /** The full path without the query, or a pattern that must match part of it. Default: any. */
  readonly path?: string | RegExp;
  /**
   * An additional condition on the log entry. `body` and `headers` are set; `statusCode` is not set
   * yet.
   */
  readonly when?: (entry: RequestLogEntry) => boolean;
  /**
   * How many requests the fault affects; `Infinity` keeps it active until it is removed. Default:
   * 1.
   */
  readonly times?: number;
  /** How many matching requests pass unaffected first. Default: 0. */
  readonly after?: number;
}

/**
 * An answer that replaces the vendor's. The vendor does not see the request unless `commit` is set.
 */
export interface FaultAnswer {
  /**
   * HTTP status. Default: the vendor's own with `commit`, otherwise 307 with `redirect`, 502 with
   * `html`, and 200 with any other body. Without a body, the answer is the vendor's documented
   * error for the status.
   */
  readonly status?: number;
  /**
   * Body. A string is sent unchanged; anything else as JSON, with `{ $number: "…" }` as a number of
   * any length.
   */
  readonly body?: unknown;
  /** An HTML page like that of a gateway, or the given page. */
  readonly html?: boolean | string;
  /** The `Location` header of a redirect. */
  readonly redirect?: string;
  /** Sends bytes that are neither UTF-8 nor JSON with a JSON content type. */
  readonly garbage?: boolean;
  /** A JSON body of arrays nested this deep. */
  readonly deepJson?: number;
  /** A valid JSON string of this many bytes. */
  readonly hugeBytes?: number;
  /** Sends those bytes without a `Content-Length`. Default: false. */
  readonly chunked?: boolean;
  /** A body that never ends: one byte every 20 ms until the client disconnects. */
  readonly endless?: boolean;
  /** Lets the vendor handle the request first, so that a write takes effect. Default: false. */
  readonly commit?: boolean;
}

/**
 * How an answer is delivered, whether it is the vendor's or a replacement. With these options
 * alone, the vendor handles the request.
 */
export interface FaultDelivery {
  /** Headers added to the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds between handling the request and sending the answer. */
  readonly delay?: number;
  /** Closes the connection without an answer, before or after the vendor handles the request. */
  readonly drop?: "before" | "after";
  /** Closes the connection halfway through the body. Has no effect on an answer without a body. */
  readonly truncate?: boolean;
  /** Sends the body at this rate. */
  readonly slowBody?: { readonly bytesPerSecond: number };
  /** Adds this many bytes of headers. */
  readonly headerFlood?: number;
}

/** A fault: which requests it affects, and what happens to them. */
export interface FaultOptions extends FaultMatch, FaultAnswer, FaultDelivery {
  /** Name in the request log. Default: the effect, for example `status 500`. */
  readonly name?: string;
}

/** Controls a fault that has been added. */
export interface FaultHandle {
  /**
   * How many requests it has affected. 0 at the end of a test can mean that `path` matches nothing.
   */
  readonly met: number;
  /** How many requests it can still affect. */
  readonly remaining: number;
  /** Ends the fault. */
  remove(): void;
}

/** The options that replace the vendor's answer. */
const REPLACEMENTS = [
  "status",
  "body",
  "html",
  "redirect",
  "garbage",
  "deepJson",
  "hugeBytes",
  "endless",
] as const;

/** A fault that has been added to an emulator. */
export class Fault implements FaultHandle {
  readonly name: string;
  met = 0;
  remaining: number;
  private toSkip: number;

  constructor(readonly options: FaultOptions) {
    this.name = options.name ?? describe(options);
    this.remaining = options.times ?? 1;
    this.toSkip = options.after ?? 0;
  }

  remove(): void {
    this.remaining = 0;
  }

  /** Returns true, and counts the request, when the fault affects it. */
  take(entry: RequestLogEntry): boolean {
    if (this.remaining <= 0 || !matches(this.options, entry)) {
      return false;
    }
    if (this.toSkip > 0) {
      this.toSkip -= 1;
      return false;
    }
    this.remaining -= 1;
    this.met += 1;
    return true;
  }

  /** Whether the vendor handles the request. */
  get reachesVendor(): boolean {
    if (this.options.drop !== undefined) {
      return this.options.drop === "after";
    }
    return this.options.commit === true || !replaces(this.options);
  }
}

/** The faults of one vendor in the order they were added. The first match takes the request. */
export class FaultList {
  private faults: Fault[] = [];

  /** How many requests have been affected so far. */
  met = 0;

  add(options: FaultOptions): FaultHandle {
    const fault = new Fault(options);
    this.faults.push(fault);
    return fault;
  }

  take(entry: RequestLogEntry): Fault | undefined {
    this.faults = this.faults.filter((fault) => fault.remaining > 0);
    const fault = this.faults.find((each) => each.take(entry));
    if (fault) {
      this.met += 1;
    }
    return fault;
  }

  clear(): void {
    for (const fault of this.faults) {
      fault.remove();
    }
    this.faults = [];
  }
}

function matches({ method, path, when }: FaultMatch, entry: RequestLogEntry): boolean {
  if (method !== undefined && method.toUpperCase() !== entry.method) {
    return false;
  }
  if (typeof path === "string" && path !== entry.path) {
    return false;
  }
  if (path instanceof RegExp && entry.path.search(path) < 0) {
    return false;
  }
  return when?.({ ...entry }) ?? true;
}

function replaces(options: FaultOptions): boolean {
  return REPLACEMENTS.some((kind) => options[kind] !== undefined && options[kind] !== false);
}

function describe(options: FaultOptions): string {
  if (options.drop !== undefined) {
    return `drop ${options.drop}`;
  }
  if (options.status !== undefined) {
    return `status ${options.status}`;
  }
  const kinds = [
    ...REPLACEMENTS,
    "truncate",
    "slowBody",
    "headerFlood",
    "delay",
    "headers",
  ] as const;
  return kinds.find((kind) => options[kind] !== undefined) ?? "none";
}
