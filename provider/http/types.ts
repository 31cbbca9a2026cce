/** The shapes that pass between vendors and the HTTP stack. */

/** Methods that the vendors' APIs use. */
export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** A request body, by encoding. Values are encoded once, before the first attempt. */
export type HttpBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "form"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "multipart"; readonly part: string; readonly fileName: string; readonly mediaType: string; readonly content: Uint8Array };

/** One call of a vendor's API. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute path below the origin, already percent-encoded, exactly as it goes on the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
  /** Strings that must never reach a message, besides the client's own credential: values sent in the body. */
  readonly sensitive?: readonly string[];
  /** Largest answer accepted, in bytes. Default: the client's `maxResponseBytes`. */
  readonly maxResponseBytes?: number;
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
}

/**
 * Sends a request and resolves with the last answer, whatever its status, once the retry rules are done.
 *
 * Rejects with a {@link ConnectorError} when there is no usable answer: `timeout`, `network`,
 * `unexpected_response` (redirect, body too large, broken encoding) or `rate_limited` (the wait that the vendor
 * asked for exceeds the operation's budget). The error's `outcomeUnknown` tells whether a write can have had an effect.
 */
export interface HttpClient {
  readonly origin: string;
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections; for tests and short-lived tools. */
  close(): Promise<void>;
}

/** How a client is set up. Times are in milliseconds. */
export interface HttpClientOptions {
  /** The vendor's display name, for messages. */
  readonly vendor: string;
  /** Scheme, host and port, without path: `https://api.databar.ai`. */
  readonly origin: string;
  /** The header that carries the credential, for example `["x-apikey", key]`; sent to the origin only. */
  readonly credential: readonly [name: string, value: string];
  /** Other strings to be taken out of any message, for example the bare key of a `Bearer` header. */
  readonly sensitive?: readonly string[];
  /** Most requests in any window of one second, over all attempts. Default: 20. */
  readonly requestsPerSecond?: number;
  /** Most requests under way at once. Default: 10. */
  readonly maxConcurrentRequests?: number;
  /** Deadline of one attempt, from dispatch to the last body byte. Default: 30 000. */
  readonly requestTimeout?: number;
  /** Budget of one operation: all attempts and the waits between them, not the queue for the limiter. Default: 120 000. */
  readonly operationTimeout?: number;
  /** First back-off step. Default: 500; doubles per attempt up to 20 000, full jitter. */
  readonly backoff?: number;
  /** Largest answer accepted. Default: 64 MiB. */
  readonly maxResponseBytes?: number;
}
