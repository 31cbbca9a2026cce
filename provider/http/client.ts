import { Activity } from "./interceptors/client-stats";
import { Budget, type Call, compose, type Send } from "./interceptor";
import { boundConcurrency } from "./interceptors/concurrency";
import { openConnections } from "./wire/dispatcher";
import { boundTime } from "./interceptors/deadline";
import { encodeRequest } from "./wire/encode-request";
import { parseJson } from "./wire/response-checks";
import { RateLimiter } from "./interceptors/rate-limiter";
import {
  countAttempts,
  followAttempts,
  notePlace,
  reportAttempts,
  unharmed,
} from "./interceptors/observe";
import { normalizeOptions, type NormalizedOptions } from "./options";
import { limitRate } from "./interceptors/rate-limit";
import { redactor } from "./redact/redact";
import { retry } from "./interceptors/retry";
import { transport } from "./wire/exchange";
import {
  type CountingHttpClient,
  type HttpClientOptions,
  type HttpInternals,
  type HttpRequest,
} from "./types";

/**
 * A client for one origin and credential, with limits of its own; see {@link sharedHttpClient} for the one that all
 * resources of a process share. Throws `configuration` for an option that cannot be used.
 */
export function createHttpClient(
  options: HttpClientOptions,
  internals: HttpInternals = {},
): CountingHttpClient {
  const settings = normalizeOptions(options);
  const { requestsPerSecond, maxConcurrentRequests } = settings;
  const limiter = new RateLimiter(requestsPerSecond);
  const activity = new Activity(limiter, { requestsPerSecond, maxConcurrentRequests });
  const connections = openConnections(settings);
  const send = stack(settings, internals, limiter, activity, transport(connections.dispatcher));
  const { onBusy } = internals;
  const start = onBusy && ((): void => unharmed(() => onBusy(activity)));
  return {
    origin: settings.origin,
    stats: activity,
    async send(request) {
      const {
        statusCode,
        headers,
        text,
        attempt: attempts,
        outcomeUnknown = false,
      } = await activity.during(() => send(firstCall(settings, request)), start);
      return {
        statusCode,
        headers,
        text,
        json: parseJson(text),
        attempts,
        ...(outcomeUnknown && { outcomeUnknown }),
      };
    },
    close: connections.close,
  };
}

/** Outermost first. Limits are taken per attempt, so that a retry queues like everybody else. */
function stack(
  settings: NormalizedOptions,
  internals: HttpInternals,
  limiter: RateLimiter,
  activity: Activity,
  transport: Send,
): Send {
  const { sleep = pause, random = Math.random, date = Date.now, onAttempt } = internals;
  const waits = { backoff: settings.backoff, random, date };
  const interceptors = [
    retry({
      ...waits,
      maxAttempts: settings.maxAttempts,
      sleep: (ms) => activity.repeating(() => sleep(ms)),
    }),
    followAttempts(activity),
    boundConcurrency(settings.maxConcurrentRequests),
    notePlace,
    limitRate(limiter, waits),
    countAttempts(activity),
    ...(onAttempt ? [reportAttempts(onAttempt, date)] : []),
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
    purpose: request.purpose,
    attempt: 1,
    budget: new Budget(settings.operationTimeout),
    redact: lazily(() => redactor([credential[1], ...sensitive, ...(request.sensitive ?? [])])),
  };
}

/** A function that is made when it is first called: most calls need no redaction, a logged one needs it often. */
function lazily<A, B>(make: () => (argument: A) => B): (argument: A) => B {
  let made: ((argument: A) => B) | undefined;
  return (argument) => (made ??= make())(argument);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
