/** Faults on demand: which requests they meet, and what becomes of those. */
import { type RequestLogEntry } from "./request-log";

/** Which requests a fault meets: all conditions given must hold. */
export interface FaultMatch {
  /** HTTP method, in any case. Default: any. */
  readonly method?: string;
  /** The whole path without the query, or a pattern searched in it. Default: any. */
  readonly path?: string | RegExp;
  /** A further condition on the request as logged; `body` and `headers` are there, `statusCode` is not yet. */
  readonly when?: (entry: RequestLogEntry) => boolean;
  /** How many requests the fault meets before it is used up; `Infinity` until removed. Default: 1. */
  readonly times?: number;
  /** Matching requests let through before the first is met. Default: 0. */
  readonly after?: number;
}

/** An answer put in place of the vendor's. Unless `commit` is set, the vendor never sees the request. */
export interface FaultAnswer {
  /**
   * Status of the answer. Default: the vendor's own with `commit`, else 307 with `redirect`, 502 with `html`, 200 with
   * another body. Without a body the answer is the vendor's documented error for that status.
   */
  readonly status?: number;
  /** Body: text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** An HTML page as a gateway sends it; a text gives the page. */
  readonly html?: boolean | string;
  /** `Location` of a redirect. */
  readonly redirect?: string;
  /** Bytes that are neither UTF-8 nor JSON, called JSON. */
  readonly garbage?: boolean;
  /** A JSON body of lists nested this deep. */
  readonly deepJson?: number;
  /** A well-formed JSON text of this many bytes. */
  readonly hugeBytes?: number;
  /** Send those bytes without saying first how many they are. Default: false. */
  readonly chunked?: boolean;
  /** A body that never ends: a byte every 20 ms until the client gives up. */
  readonly endless?: boolean;
  /** Let the vendor handle the request first, so that a write takes effect. Default: false. */
  readonly commit?: boolean;
}

/** What happens to an answer on its way, the vendor's own or a replaced one. Alone, these let the request take effect. */
export interface FaultDelivery {
  /** Headers added to the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds between handling the request and answering it. */
  readonly delay?: number;
  /** Destroy the connection without an answer, before or after the request takes effect. */
  readonly drop?: "before" | "after";
  /** Close the connection half-way through the body. An answer without a body is left alone. */
  readonly truncate?: boolean;
  /** Send the body at this pace. */
  readonly slowBody?: { readonly bytesPerSecond: number };
  /** Add this many bytes of headers. */
  readonly headerFlood?: number;
}

/** A fault: which requests it meets, and what happens to them. */
export interface FaultOptions extends FaultMatch, FaultAnswer, FaultDelivery {
  /** Name in the request log. Default: what the fault does, for example `status 500`. */
  readonly name?: string;
}

/** A fault that has been set. */
export interface FaultHandle {
  /** How many requests it has met; 0 at a test's end may mean that the test's `path` fits none. */
  readonly met: number;
  /** How many requests it will still meet. */
  readonly remaining: number;
  /** Ends it now. */
  remove(): void;
}

/** The parts of a fault that replace the vendor's answer. */
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

/** A fault in force. */
export class Fault implements FaultHandle {
  readonly name: string;
  met = 0;
  remaining: number;
  private skip: number;

  constructor(readonly options: FaultOptions) {
    this.name = options.name ?? describe(options);
    this.remaining = options.times ?? 1;
    this.skip = options.after ?? 0;
  }

  remove(): void {
    this.remaining = 0;
  }

  /** True when the fault meets this request; counts it. */
  meets(entry: RequestLogEntry): boolean {
    if (this.remaining <= 0 || !matches(this.options, entry)) {
      return false;
    }
    if (this.skip > 0) {
      this.skip -= 1;
      return false;
    }
    this.remaining -= 1;
    this.met += 1;
    return true;
  }

  /** Whether the vendor handles the request at all. */
  get reachesVendor(): boolean {
    if (this.options.drop !== undefined) {
      return this.options.drop === "after";
    }
    return this.options.commit === true || !replaces(this.options);
  }
}

/** The faults in force at one vendor, in the order they were set; the first that meets a request takes it. */
export class FaultList {
  private faults: Fault[] = [];

  /** How many requests have met one so far. */
  met = 0;

  add(options: FaultOptions): FaultHandle {
    const fault = new Fault(options);
    this.faults.push(fault);
    return fault;
  }

  take(entry: RequestLogEntry): Fault | undefined {
    this.faults = this.faults.filter((fault) => fault.remaining > 0);
    const fault = this.faults.find((each) => each.meets(entry));
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
