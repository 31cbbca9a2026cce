/** HTTP to a vendor's API: retries, limits, deadlines and redaction, knowing neither vendors nor Pulumi. */

export { type BaseUrlContext, isLoopback, parseBaseUrl } from "./options";
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
  Standstill,
  WaitCause,
} from "./types";
export { userAgent } from "./wire/encode-request";
