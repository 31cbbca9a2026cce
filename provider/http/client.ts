import { setTimeout as sleepFor } from "node:timers/promises";
import { ClientStats } from "./interceptors/client-stats";
import { Budget, type Call, compose, type Send } from "./interceptor";
import { limitConcurrency } from "./interceptors/concurrency";
import { openConnections } from "./wire/dispatcher";
import { limitTime } from "./interceptors/deadline";
import { encodeRequest } from "./wire/encode-request";
import { parseJson } from "./wire/response-checks";
import { RateLimiter } from "./interceptors/rate-limiter";
import {
  countAttempts,
  ignoreErrors,
  reportAttempts,
  trackAttempts,
  trackRateQueue,
} from "./interceptors/observe";
import { normalizeOptions, type NormalizedOptions } from "./options";
import { boundsOf } from "./bounds";
import { sendUnlessStopped, stopQueued } from "./interceptors/stop";
import { limitRate } from "./interceptors/rate-limit";
import { redactor } from "./redact/redact";
import { retry } from "./interceptors/retry";
import { backoffMs } from "./interceptors/retry-timing";
import { transport } from "./wire/exchange";
import {
  type CountingHttpClient,
  type HttpClientOptions,
  type HttpInternals,
  type HttpRequest,
  type HttpResponse,
} from "./types";

/**
 * A client for one origin and credential, with limits of its own; see {@link sharedHttpClient} for
 * the client that all callers in a process share. Throws `configuration` for an invalid option.
 */
export function createHttpClient(
  options: HttpClientOptions,
  internals: HttpInternals = {},
): CountingHttpClient {
  const settings = normalizeOptions(options);
  const { requestsPerSecond, maxConcurrentRequests } = settings;
  const waits = {
    backoff: settings.backoff,
    random: internals.random ?? Math.random,
    date: internals.date ?? Date.now,
    sleep: internals.sleep ?? ((ms) => sleepFor(ms)),
  };
  const limiter = new RateLimiter(requestsPerSecond, (failures) => backoffMs(failures, waits));
  const stats = new ClientStats(limiter, { requestsPerSecond, maxConcurrentRequests });
  const connections = openConnections(settings);
  const { onAttempt, onBusy } = internals;
  // Outermost first. Limits apply to each attempt, so that a retry queues like any other request.
  const interceptors = [
    retry({
      ...waits,
      maxAttempts: settings.maxAttempts,
      sleep: (ms) => stats.countRetryWait(() => waits.sleep(ms)),
    }),
    stopQueued,
    trackAttempts(stats),
    limitConcurrency(maxConcurrentRequests),
    trackRateQueue,
    limitRate(limiter, waits.date),
    sendUnlessStopped,
    countAttempts(stats),
    ...(onAttempt ? [reportAttempts(onAttempt, waits.date)] : []),
    limitTime(settings.requestTimeout),
  ];
  const send = compose(interceptors, transport(connections.dispatcher));
  return {
    stats,
    send: (request) =>
      stats.countOperation(
        () => sendOnce(send, settings, limiter, request),
        onBusy && ((): void => ignoreErrors(() => onBusy(stats))),
      ),
    close: connections.close,
  };
}

/** One operation: all attempts of one request. */
async function sendOnce(
  send: Send,
  settings: NormalizedOptions,
  limiter: RateLimiter,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { vendor, origin, namespace, credential, sensitive } = settings;
  const startedAt = performance.now();
  const call: Call = {
    vendor,
    origin,
    namespace,
    request: await encodeRequest(request, credential),
    maxResponseBytes: request.maxResponseBytes ?? settings.maxResponseBytes,
    purpose: request.purpose,
    bounds: boundsOf(request.shared ?? false),
    attempt: 1,
    budget: new Budget(settings.operationTimeout, () => limiter.refusedFor(startedAt)),
    redact: redactor(credential ? [credential[1]] : [], sensitive, request.sensitive ?? []),
  };
  const { statusCode, headers, text, attempt, outcomeUnknown = false } = await send(call);
  return {
    statusCode,
    headers,
    text,
    json: parseJson(text),
    attempts: attempt,
    redact: call.redact,
    ...(outcomeUnknown && { outcomeUnknown }),
  };
}
