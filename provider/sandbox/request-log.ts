/** The request log: everything that arrived, in order, whatever became of it. */
import { performance } from "node:perf_hooks";

import { type RequestBody } from "./http-message";

/** One request as the sandbox saw it. */
export interface RequestLogEntry {
  /** Arrival in milliseconds on the monotonic clock of `performance.now()`. */
  readonly time: number;
  /** Arrival in milliseconds since the epoch. */
  readonly wallTime: number;
  /** Milliseconds from arrival until the connection was done with the answer; null while it is under way. */
  readonly duration: number | null;
  /** Requests under way at this vendor when this one arrived, itself included. */
  readonly inFlight: number;
  readonly method: string;
  /** Path as it came, percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. The value of a credential header is `[key]`, or `Bearer [key]`; so is any that holds the key alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which key was used: its place in the settings' `keys`, then in order of first use. Null without a credential. */
  readonly keyIndex: number | null;
  /** The parsed JSON or form; for multipart an object of the parts' names, media types and sizes; else undefined. */
  readonly body: unknown;
  /** Size of the request body in bytes. */
  readonly bodyBytes: number;
  /** Status of the answer; null when none was sent: dropped, given up by the client, or still under way. */
  readonly statusCode: number | null;
  /** Name of the fault that this request met. */
  readonly fault?: string;
  /** True when the request changed the vendor's state, whatever was answered. */
  readonly committed: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** An entry that is still being written. */
export type MutableLogEntry = Mutable<RequestLogEntry>;

const CREDENTIAL_HEADERS = [
  "x-apikey",
  "x-api-key",
  "authorization",
  "proxy-authorization",
  "cookie",
];

/** The log of one vendor. */
export class RequestLog {
  private written: MutableLogEntry[] = [];
  private inFlight = 0;

  /** Copies, in arrival order. */
  get entries(): RequestLogEntry[] {
    return this.written.map((entry) => ({ ...entry }));
  }

  /** Adds an entry at the moment of arrival; the caller completes it. */
  open(
    arrival: Pick<RequestLogEntry, "method" | "path" | "query" | "headers" | "keyIndex">,
    credential?: string,
  ): MutableLogEntry {
    this.inFlight += 1;
    const entry: MutableLogEntry = {
      ...arrival,
      headers: maskCredentials(arrival.headers, credential),
      time: performance.now(),
      wallTime: Date.now(),
      duration: null,
      inFlight: this.inFlight,
      body: undefined,
      bodyBytes: 0,
      statusCode: null,
      committed: false,
    };
    this.written.push(entry);
    return entry;
  }

  /** Marks the end of a request: its answer is sent, or its connection is gone. */
  close(entry: MutableLogEntry): void {
    this.inFlight -= 1;
    entry.duration = performance.now() - entry.time;
  }

  clear(): void {
    this.written = [];
  }
}

/** Tells keys apart without showing them. */
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

/** A body as the log shows it. */
export function describeBody(body: RequestBody): unknown {
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
