/**
 * HTTP to a JSON API: retries, limits, deadlines and redaction. Knows neither vendors nor Pulumi.
 */

export { type BaseUrlContext, isLoopback, normalizeOptions, parseBaseUrl } from "./options";
export { type Bounds, type StopReason, withinBounds } from "./bounds";
export { createHttpClient } from "./client";
export { redact, redactValues } from "./redact/redact";
export { closeSharedHttpClients, sharedHttpClient } from "./shared-client";
export { retryAfterMs } from "./interceptors/retry-timing";
export type {
  AttemptEvent,
  CountingHttpClient,
  HttpBody,
  HttpClient,
  HttpClientOptions,
  HttpClientStats,
  HttpInternals,
  HttpMethod,
  HttpObserver,
  HttpRequest,
  HttpResponse,
  Purpose,
  WaitCause,
  WaitStatus,
} from "./types";
export { userAgent } from "./wire/encode-request";
