/** The shapes that pass between vendors and the HTTP stack. */

import type { ErrorCode } from "../errors";

/** Methods that the vendors' APIs use. */
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
    };

/** One call of a vendor's API. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute path below the origin, already percent-encoded, exactly as it goes on the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
  /** Strings that must never reach a message, besides the client's own credential: values sent in the body. Gone through only when there is a message. */
  readonly sensitive?: Iterable<string>;
  /** Largest answer accepted, in bytes. Default: the client's `maxResponseBytes`. */
  readonly maxResponseBytes?: number;
  /** What the call is for; for observers only. */
  readonly purpose?: Purpose;
}

/** What a call is for, in the words of whoever makes it. */
export interface Purpose {
  /** For example `create`. */
  readonly verb: string;
  /** The connector's name. */
  readonly connector?: string;
}

/** What came back, whatever its status. */
export interface HttpResponse {
  readonly statusCode: number;
  /** Header names in lower case; a repeated header is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty when there was none. */
  readonly text: string;
  /** The body parsed, when it is well-formed JSON; `undefined` otherwise. */
  readonly json: unknown;
  /** How many attempts were made, the successful one included. */
  readonly attempts: number;
  /** True when an earlier attempt of this write may have taken effect, whatever this answer says. */
  readonly outcomeUnknown?: boolean;
}

/**
 * Talks to one origin with one credential.
 *
 * `send` sends a request and resolves with the last answer, whatever its status, once the retry rules are done.
 *
 * Rejects with a {@link ConnectorError} when there is no usable answer: `timeout`, `network`,
 * `unexpected_response` (redirect, body or headers too large, unasked content encoding), `rate_limited` (not sent,
 * because the wait that the vendor asked everybody for exceeds the operation's budget), or
 * `configuration` (a path or a proxy setting that cannot be used). The error's `outcomeUnknown` tells whether a write can have had an effect.
 */
export interface HttpClient {
  readonly origin: string;
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections; for tests and short-lived tools. */
  close(): Promise<void>;
}

/**
 * What work can stand still for, in order of precedence: a pause after a 429, the rate limit, the limit of requests under
 * way at once, an answer that takes long, or the wait before a failed request is repeated.
 */
export type WaitCause = "pause" | "rate" | "concurrency" | "answer" | "retry";

/** What a client stands still for at the moment. */
export interface Standstill {
  readonly cause: WaitCause;
  /** Requests that queue. */
  readonly queued: number;
  /** Requests that are under way. */
  readonly underWay: number;
  /** Operations that wait before they repeat a request. */
  readonly repeating: number;
  /** For how long the oldest request has been under way, in milliseconds; 0 without one. */
  readonly oldestMs: number;
  /** What is left of a pause after a 429, in milliseconds; 0 without one. */
  readonly pauseMs: number;
}

/** What a client has done so far. All numbers but `open` only grow. */
export interface HttpClientStats {
  /** Operations begun: calls of `send`. */
  readonly calls: number;
  /** Operations that have begun and not ended. */
  readonly open: number;
  /** Requests dispatched, retries included. */
  readonly attempts: number;
  /** Attempts after the first of their operation. */
  readonly retries: number;
  /** Milliseconds that attempts have queued for a free slot, summed over all of them. */
  readonly limiterWaitMs: number;
  /** Milliseconds, by the clock, in which some operation was open. */
  readonly busyMs: number;
  /** Milliseconds of those, by the clock, in which work stood still, by cause. */
  readonly heldMs: Readonly<Record<WaitCause, number>>;
  /** What work stands still for now, if it does. */
  readonly standstill: Standstill | undefined;
  /** The limits in force. */
  readonly limits: Readonly<
    Required<Pick<HttpClientOptions, "requestsPerSecond" | "maxConcurrentRequests">>
  >;
}

/** The client as made by this folder: {@link HttpClient} and its counters. */
export interface CountingHttpClient extends HttpClient {
  /** Live: reading it later gives later numbers. */
  readonly stats: HttpClientStats;
}

/** One attempt that ended, for logs. It never holds a body, a query or a header value other than the request id; its texts are without secrets. */
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
  /** How long it queued before its dispatch, in milliseconds. */
  readonly queuedMs: number;
  /** From dispatch to the last body byte or the failure, in milliseconds. */
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly statusCode?: number;
  /** The vendor's `X-Request-Id`, when it sent one. */
  readonly requestId?: string;
  /** Why there is no usable answer. */
  readonly code?: ErrorCode;
}

/** Whoever watches a client. What it throws is ignored, and what it does not ask for is not put together. */
export interface HttpObserver {
  /** Called after each attempt. */
  readonly onAttempt?: (event: AttemptEvent) => void;
  /** Called when an operation begins while none is open. The counters are live: reading them later gives later numbers. */
  readonly onBusy?: (stats: HttpClientStats) => void;
}

/** What a client takes from its surroundings; given by tests and by observers. */
export interface HttpInternals extends HttpObserver {
  /** Waits between attempts, in milliseconds. Default: `setTimeout`. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Jitter, in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since the epoch, for HTTP dates and messages. Default: `Date.now`. */
  readonly date?: () => number;
}

/** How a client is set up. Times are in milliseconds. */
export interface HttpClientOptions {
  /** The vendor's display name, for messages. */
  readonly vendor: string;
  /** Scheme, host and port, without path: `https://api.databar.ai`; see `parseBaseUrl`. */
  readonly origin: string;
  /** The header that carries the credential, for example `["x-apikey", key]`; sent to the origin only. */
  readonly credential: readonly [name: string, value: string];
  /** Other strings to be taken out of any message, for example the bare key of a `Bearer` header. */
  readonly sensitive?: readonly string[];
  /**
   * Most requests in any window of one second, over all attempts. Default: 20.
   * Below 1 it is one request per `1 / requestsPerSecond` seconds; a fraction above 1 is rounded down.
   */
  readonly requestsPerSecond?: number;
  /** Most requests under way at once. Default: 10. */
  readonly maxConcurrentRequests?: number;
  /** Deadline of one attempt, from dispatch to the last body byte. Default: 30 000. */
  readonly requestTimeout?: number;
  /** Budget of one operation: all attempts and the waits between them, not the queue for the limiter. Default: 120 000. */
  readonly operationTimeout?: number;
  /**
   * Most attempts of one operation, the first included; those that end with 429 are not counted, because they say nothing
   * of the operation. The budget bounds them. Default: 6.
   */
  readonly maxAttempts?: number;
  /** First back-off step. Default: 500; doubles per attempt up to 20 000, full jitter. */
  readonly backoff?: number;
  /** Largest answer accepted. Default: 64 MiB. */
  readonly maxResponseBytes?: number;
}
