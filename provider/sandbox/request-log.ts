/** The log of all requests in the order of arrival. */
import { performance } from "node:perf_hooks";

import { type RequestBody } from "./http-message";

/** One request as the sandbox received it. */
export interface RequestLogEntry {
  /** Time of arrival in milliseconds, from the monotonic clock `performance.now()`. */
  readonly time: number;
  /** Time of arrival in milliseconds since the epoch. */
  readonly wallTime: number;
  /**
   * Milliseconds from arrival until the answer was sent or the connection closed; null while in
   * progress.
   */
  readonly duration: number | null;
  /** Requests in progress at this vendor on arrival, including this one. */
  readonly inFlight: number;
  readonly method: string;
  /** Path as received, percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /**
   * Names in lower case. The value of a credential header, or of one equal to the key, is `[key]`
   * or `Bearer [key]`; so is a part of the query that is equal to the key.
   */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Index of the key: its position in the `keys` setting; other keys follow in order of first use.
   * Null without a key.
   */
  readonly keyIndex: number | null;
  /**
   * The parsed JSON, with numbers that would lose digits as `{ $number: "…" }`, or the form; for
   * multipart, the file name, media type and size of each part; otherwise undefined.
   */
  readonly body: unknown;
  /** Size of the request body in bytes. */
  readonly bodyBytes: number;
  /**
   * Status of the answer; null if none was sent: dropped, aborted by the client, or still in
   * progress.
   */
  readonly statusCode: number | null;
  /** Name of the fault that affected this request. */
  readonly fault?: string;
  /** True if the request changed the vendor's state, regardless of the answer. */
  readonly committed: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** An entry of a request that is still in progress. */
export type MutableLogEntry = Mutable<RequestLogEntry>;

const CREDENTIAL_HEADERS = [
  "x-apikey",
  "x-api-key",
  "authorization",
  "proxy-authorization",
  "cookie",
];

/** The request log of one vendor. */
export class RequestLog {
  private log: MutableLogEntry[] = [];
  private inFlight = 0;

  /** Copies, in order of arrival. */
  get entries(): RequestLogEntry[] {
    return this.log.map((entry) => ({ ...entry }));
  }

  /** Adds an entry when a request arrives; the caller completes it. */
  open(
    arrival: Pick<RequestLogEntry, "method" | "path" | "query" | "headers" | "keyIndex">,
    credential?: string,
  ): MutableLogEntry {
    this.inFlight += 1;
    const entry: MutableLogEntry = {
      ...arrival,
      headers: maskCredentials(arrival.headers, credential),
      query: maskCredentials(arrival.query, credential),
      time: performance.now(),
      wallTime: Date.now(),
      duration: null,
      inFlight: this.inFlight,
      body: undefined,
      bodyBytes: 0,
      statusCode: null,
      committed: false,
    };
    this.log.push(entry);
    return entry;
  }

  /** Records the end of a request: the answer is sent or the connection is closed. */
  close(entry: MutableLogEntry): void {
    this.inFlight -= 1;
    entry.duration = performance.now() - entry.time;
  }

  clear(): void {
    this.log = [];
  }
}

/** Numbers keys, so that the log can distinguish them without showing them. */
export class KnownKeys {
  private readonly keys: string[];

  constructor(keys: readonly string[]) {
    this.keys = [...keys];
  }

  indexOf(key: string | undefined): number | null {
    if (key === undefined) {
      return null;
    }
    if (!this.keys.includes(key)) {
      this.keys.push(key);
    }
    return this.keys.indexOf(key);
  }
}

/** The body as it appears in the log. */
export function loggedBody(body: RequestBody): unknown {
  switch (body.kind) {
    case "json":
      return structuredClone(body.value);
    case "form":
      return Object.fromEntries(body.fields);
    case "multipart":
      return Object.fromEntries(
        body.parts.map(({ name, fileName, mediaType, content }) => [
          name,
          { fileName, mediaType, size: content.length },
        ]),
      );
    case "none":
    case "broken":
    case "other":
      return undefined;
  }
}

function maskCredentials(
  headers: Readonly<Record<string, string>>,
  credential: string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      CREDENTIAL_HEADERS.includes(name) || value === credential ? mask(value) : value,
    ]),
  );
}

function mask(value: string): string {
  return /^Bearer /i.test(value) ? `${value.slice(0, "Bearer".length)} [key]` : "[key]";
}
