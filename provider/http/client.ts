import { Budget } from "./budget";
import { type Call, compose, type Send } from "./call";
import { boundConcurrency } from "./concurrency";
import { openConnections } from "./connections";
import { boundTime } from "./deadline";
import { encodeRequest } from "./encode";
import { parseJson } from "./json";
import { RateLimiter } from "./limiter";
import { countQueueing, type MutableStats, observeAttempts } from "./observe";
import { normalizeOptions, type NormalizedOptions } from "./options";
import { limitRate } from "./rate-limit";
import { redact } from "./redact";
import { retry } from "./retry";
import { transport } from "./transport";
import { type CountingHttpClient, type HttpClientOptions, type HttpInternals, type HttpRequest } from "./types";

/**
 * A client for one origin and credential, with limits of its own; see {@link sharedHttpClient} for the one that all
 * resources of a process share. Throws `configuration` for an option that cannot be used.
 */
export function createHttpClient(options: HttpClientOptions, internals: HttpInternals = {}): CountingHttpClient {
  const settings = normalizeOptions(options);
  const stats: MutableStats = { calls: 0, attempts: 0, retries: 0, limiterWaitMs: 0 };
  const connections = openConnections(settings);
  const send = stack(settings, internals, stats, transport(connections.dispatcher));
  return {
    origin: settings.origin,
    stats,
    async send(request) {
      stats.calls++;
      const { statusCode, headers, text, attempt: attempts, outcomeUnknown = false } = await send(firstCall(settings, request));
      return { statusCode, headers, text, json: parseJson(text), attempts, ...(outcomeUnknown && { outcomeUnknown }) };
    },
    close: connections.close,
  };
}

/** Outermost first. Limits are taken per attempt, so that a retry queues like everybody else. */
function stack(settings: NormalizedOptions, internals: HttpInternals, stats: MutableStats, transport: Send): Send {
  const { sleep = pause, random = Math.random, date = Date.now, onAttempt } = internals;
  const waits = { backoff: settings.backoff, random, date };
  const interceptors = [
    retry({ ...waits, maxAttempts: settings.maxAttempts, sleep }),
    countQueueing(stats),
    boundConcurrency(settings.maxConcurrentRequests),
    limitRate(new RateLimiter(settings.requestsPerSecond), waits),
    observeAttempts(stats, onAttempt, date),
    boundTime(settings.requestTimeout),
  ];
  return compose(interceptors, transport);
}

function firstCall(settings: NormalizedOptions, request: HttpRequest): Call {
  const { vendor, origin, credential, sensitive } = settings;
  return {
    vendor,
    origin,
    request: encodeRequest(request, credential),
    maxResponseBytes: request.maxResponseBytes ?? settings.maxResponseBytes,
    attempt: 1,
    budget: new Budget(settings.operationTimeout),
    redact: (text) => redact(text, [credential[1], ...sensitive, ...(request.sensitive ?? [])]),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
