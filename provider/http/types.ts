/** The types that the HTTP stack shares with its callers. */

import type { ErrorCode } from "../errors";
import type { Redact } from "./redact/redact";

/** Supported methods. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request body, by encoding. Values are encoded once, before the first attempt. */
export type HttpBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "form"; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly kind: "multipart";
      readonly part: string;
      readonly fileName: string;
      readonly mediaType: string;
      readonly content: Uint8Array;
    }
  /** As it is; the media type is a header of the request. */
  | { readonly kind: "text"; readonly text: string };

/** One call of an API. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute path below the origin, already percent-encoded, exactly as it goes on the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A query that is encoded already, with its `?`, in place of `query`. */
  readonly search?: string;
  /** Headers besides the client's own, or in their place. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
  /**
   * Strings to redact from messages, besides the client's own credential: values sent in the body.
   * Read only when there is a message.
   */
  readonly sensitive?: Iterable<string>;
  /** Largest answer accepted, in bytes. Default: the client's `maxResponseBytes`. */
  readonly maxResponseBytes?: number;
  /** What the call is for; for observers only. */
  readonly purpose?: Purpose;
  /** Others wait for the answer too: the bounds of the work that happens to ask do not count. */
  readonly shared?: true;
}

/** What a call is for, in the caller's words. */
export interface Purpose {
  /** For example `create`. */
  readonly verb: string;
  /** The name of what the verb acts on. */
  readonly target?: string;
}

/** The answer to an operation, of any status. */
export interface HttpResponse {
  readonly statusCode: number;
  /** Header names in lower case; a repeated header is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty when there was none. */
  readonly text: string;
  /** The body parsed, when it is well-formed JSON; `undefined` otherwise. */
  readonly json: unknown;
  /** How many attempts were made, including the successful one. */
  readonly attempts: number;
  /** Redacts what this answer may repeat: the client's credential, and what the request sent. */
  readonly redact: Redact;
  /**
   * True when an earlier attempt of this write may have taken effect, independent of the status of
   * this answer.
   */
  readonly outcomeUnknown?: boolean;
}

/**
 * Sends requests to one origin with one credential.
 *
 * `send` resolves with the last answer, of any status, once no retry follows.
 *
 * It rejects with a {@link ConnectorError} when there is no usable answer: `timeout`, `network`,
 * `unexpected_response` (redirect, body or headers too large, content encoding that was not
 * requested), `rate_limited` (not sent, because the wait after a 429 exceeds the operation's
 * budget), or `configuration` (an invalid path or proxy setting). The error's `outcomeUnknown`
 * tells whether a write can have had an effect.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections; for tests and short-lived tools. */
  close(): Promise<void>;
}

/**
 * What a client can wait for, in order of precedence: a pause after a 429, the rate limit, the
 * limit of concurrent requests, a slow answer, or the time before a retry.
 */
export type WaitCause = "pause" | "rate" | "concurrency" | "answer" | "retry";

/** What a client waits for at the moment. */
export interface WaitStatus {
  readonly cause: WaitCause;
  /** Requests in the queues. */
  readonly queued: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Operations that wait before a retry. */
  readonly retrying: number;
  /** For how long the oldest request has been in flight, in milliseconds; 0 without one. */
  readonly oldestMs: number;
  /** What is left of a pause after a 429, in milliseconds; 0 without one. */
  readonly pauseMs: number;
  /** The rate limit now, which is lower than the configured one for a while after a 429. */
  readonly requestsPerSecond: number;
}

/** What a client has done so far. All numbers but `open` only grow. */
export interface HttpClientStats {
  /** Operations begun: calls of `send`. */
  readonly calls: number;
  /** Operations that have begun and not ended. */
  readonly open: number;
  /** Requests sent, retries included. */
  readonly attempts: number;
  /** Attempts after the first of their operation. */
  readonly retries: number;
  /** Milliseconds that attempts have queued, summed over all of them. */
  readonly queuedMs: number;
  /** Milliseconds by the clock in which an operation was open. */
  readonly busyMs: number;
  /** Milliseconds by the clock in which the client waited, by cause. */
  readonly waitMs: Readonly<Record<WaitCause, number>>;
  /** What the client waits for now, if it does. */
  readonly waiting: WaitStatus | undefined;
  /** The configured limits. */
  readonly limits: Readonly<
    Required<Pick<HttpClientOptions, "requestsPerSecond" | "maxConcurrentRequests">>
  >;
}

/** A client and its counters. */
export interface CountingHttpClient extends HttpClient {
  /** Live: a later read returns later numbers. */
  readonly stats: HttpClientStats;
}

/**
 * One attempt that ended, for logs. It holds no body, no query, no header value but the request id,
 * and no secret.
 */
export interface AttemptEvent {
  /** When the attempt ended, in milliseconds since the epoch. */
  readonly time: number;
  readonly vendor: string;
  readonly purpose?: Purpose;
  readonly method: HttpMethod;
  /** The path without the query. */
  readonly path: string;
  /** 1 for the first attempt of an operation. */
  readonly attempt: number;
  /** How long it queued before it was sent, in milliseconds. */
  readonly queuedMs: number;
  /** How long it took from then to the last body byte or the failure, in milliseconds. */
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly statusCode?: number;
  /** The `X-Request-Id` of the answer, when there was one. */
  readonly requestId?: string;
  /** Why there is no usable answer. */
  readonly code?: ErrorCode;
}

/** Observes a client. Errors that it throws are ignored. */
export interface HttpObserver {
  /** Called after each attempt. */
  readonly onAttempt?: (event: AttemptEvent) => void;
  /**
   * Called when an operation begins while none is open. The counters are live: a later read returns
   * later numbers.
   */
  readonly onBusy?: (stats: HttpClientStats) => void;
}

/** What tests and observers can replace in a client. */
export interface HttpInternals extends HttpObserver {
  /** Waits between attempts, in milliseconds. Default: `setTimeout` of `node:timers/promises`. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Jitter, in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since the epoch, for HTTP dates and messages. Default: `Date.now`. */
  readonly date?: () => number;
}

/** How a client is set up. Times are in milliseconds. */
export interface HttpClientOptions {
  /** The display name of the API, for messages. */
  readonly vendor: string;
  /** Scheme, host and port, without path: `https://api.example.com`; see `parseBaseUrl`. */
  readonly origin: string;
  /**
   * The header that carries the credential, for example `["x-apikey", key]`; sent to the origin
   * only. Absent for requests that bring their own.
   */
  readonly credential?: readonly [name: string, value: string];
  /** Namespace of the settings that messages name: `acme` for `acme:baseUrl`. Default: none. */
  readonly namespace?: string;
  /** Other strings to redact from messages, for example the bare key of a `Bearer` header. */
  readonly sensitive?: readonly string[];
  /**
   * Most requests sent in any window of one second, retries included. Default: 20. Below 1 it is
   * one request per `1 / requestsPerSecond` seconds; a fraction above 1 is rounded down.
   */
  readonly requestsPerSecond?: number;
  /** Most requests in flight at once. Default: 10. */
  readonly maxConcurrentRequests?: number;
  /** Deadline of one attempt, from its dispatch to the last body byte. Default: 30 000. */
  readonly requestTimeout?: number;
  /**
   * Budget of one operation: all attempts and the waits between them, without the time in the
   * queue. Default: 120 000.
   */
  readonly operationTimeout?: number;
  /**
   * Most attempts of one operation, including the first. Attempts that end with 429 do not count,
   * because they say nothing about the operation; the budget limits them. Default: 6.
   */
  readonly maxAttempts?: number;
  /** First back-off step. Default: 500; doubles per attempt up to 20 000, full jitter. */
  readonly backoff?: number;
  /** Largest answer accepted. Default: 64 MiB. */
  readonly maxResponseBytes?: number;
}
