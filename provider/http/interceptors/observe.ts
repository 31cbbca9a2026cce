import { ConnectorError } from "../../errors";
import { type ClientStats } from "./client-stats";
import { type Call, type Interceptor } from "../interceptor";
import { type AttemptEvent } from "../types";

/**
 * Tracks an attempt from the moment in which it is queued to its end; stands in front of the
 * queues.
 */
export function trackAttempts(stats: ClientStats): Interceptor {
  return (next) => async (call) => {
    const tracker = stats.trackAttempt();
    try {
      return await next({ ...call, tracker });
    } finally {
      tracker.enter(undefined);
    }
  };
}

/** Tracks that an attempt waits for the rate limit; stands between the queues. */
export const trackRateQueue: Interceptor = (next) => (call) => {
  call.tracker?.enter("rate");
  return next(call);
};

/** Counts attempts; stands behind the queues. */
export function countAttempts(stats: ClientStats): Interceptor {
  return (next) => (call) => {
    call.tracker?.enter("inFlight");
    stats.attempts++;
    stats.retries += call.attempt > 1 ? 1 : 0;
    return next(call);
  };
}

/** Reports the end of each attempt; stands behind the queues. */
export function reportAttempts(
  report: (event: AttemptEvent) => void,
  date: () => number,
): Interceptor {
  return (next) => async (call) => {
    const start = performance.now();
    const end = (result: Partial<AttemptEvent>): void =>
      ignoreErrors(() =>
        report(
          withoutSecrets(call, {
            ...identityOf(call),
            time: date(),
            durationMs: performance.now() - start,
            ...result,
          }),
        ),
      );
    try {
      const reply = await next(call);
      end({ statusCode: reply.statusCode, requestId: reply.headers["x-request-id"] });
      return reply;
    } catch (error) {
      end(
        error instanceof ConnectorError
          ? { statusCode: error.statusCode, requestId: error.requestId, code: error.code }
          : {},
      );
      throw error;
    }
  };
}

/** Runs an observer, which must not be able to fail an operation. */
export function ignoreErrors(observe: () => void): void {
  try {
    observe();
  } catch {
    // Nothing depends on an observer.
  }
}

function identityOf({
  vendor,
  request,
  attempt,
  purpose,
  tracker,
}: Call): Pick<AttemptEvent, "vendor" | "method" | "path" | "attempt" | "purpose" | "queuedMs"> {
  return {
    vendor,
    method: request.method,
    path: request.path,
    attempt,
    purpose,
    queuedMs: tracker?.queuedMs ?? 0,
  };
}

/** The longest text in an event. No server gives longer ids. */
const LONGEST = 200;

/**
 * A server may repeat anything in a request id, and a user may write anything in a name or an id.
 */
function withoutSecrets(call: Call, event: AttemptEvent): AttemptEvent {
  const clean = <T extends string | undefined>(text: T): T =>
    text === undefined ? text : (String(call.redact(text)).slice(0, LONGEST) as T);
  const { purpose, path, requestId } = event;
  return {
    ...event,
    path: clean(path),
    // A very long text would take long to search.
    requestId: clean(requestId?.slice(0, 80 * LONGEST)),
    purpose: purpose && { ...purpose, target: clean(purpose.target) },
  };
}
