import { ConnectorError } from "../errors";
import { type Call, type Interceptor } from "./call";
import { type AttemptEvent, type HttpClientStats } from "./types";

/** {@link HttpClientStats}, while being counted. */
export type MutableStats = { -readonly [K in keyof HttpClientStats]: HttpClientStats[K] };

/** Counts how long attempts queue; stands in front of the queue. */
export function countQueueing(stats: MutableStats): Interceptor {
  return (next) => (call) => {
    const queuedAt = performance.now();
    return next({ ...call, onDispatch: () => (stats.limiterWaitMs += performance.now() - queuedAt) });
  };
}

/** Counts attempts and reports each one's end; stands behind the queue. */
export function observeAttempts(stats: MutableStats, report: ((event: AttemptEvent) => void) | undefined, date: () => number): Interceptor {
  return (next) => async (call) => {
    call.onDispatch?.();
    stats.attempts++;
    stats.retries += call.attempt > 1 ? 1 : 0;
    const start = performance.now();
    const end = (result: Partial<AttemptEvent>): void =>
      emit(report, { ...identity(call), time: date(), durationMs: performance.now() - start, ...result });
    try {
      const reply = await next(call);
      end({ statusCode: reply.statusCode, requestId: reply.headers["x-request-id"] });
      return reply;
    } catch (error) {
      end(error instanceof ConnectorError ? { statusCode: error.statusCode, requestId: error.requestId, code: error.code } : {});
      throw error;
    }
  };
}

function identity({ request, attempt }: Call): Pick<AttemptEvent, "method" | "path" | "attempt"> {
  return { method: request.method, path: request.path, attempt };
}

/** An observer must not be able to fail a deployment. */
function emit(report: ((event: AttemptEvent) => void) | undefined, event: AttemptEvent): void {
  try {
    report?.(event);
  } catch {
    // The observer's own concern.
  }
}
