import { type Call, type Interceptor } from "../interceptor";
import { BudgetExceeded, type RateLimiter, type Slot } from "./rate-limiter";
import { retryAfterMs } from "./retry-timing";
import { type ConnectorError } from "../../errors";
import { own, ownText } from "../../message";
import { callError, requestLine, vendorOf } from "../call-error";

/** Takes a slot of the limiter for each attempt, and reports its answer to the limiter. */
export function limitRate(limiter: RateLimiter, date: () => number): Interceptor {
  return (next) => async (call) => {
    const slot = await acquireSlot(limiter, call, date);
    try {
      const reply = await next({ ...call, onSent: () => slot.sent() });
      if (reply.statusCode === 429) {
        return { ...reply, pause: limiter.refused(slot, retryAfterMs(reply.headers, date())) };
      }
      limiter.accepted();
      return reply;
    } finally {
      slot.ended();
    }
  };
}

async function acquireSlot(limiter: RateLimiter, call: Call, date: () => number): Promise<Slot> {
  try {
    return await limiter.acquire(call.budget);
  } catch (error) {
    throw error instanceof BudgetExceeded ? notSent(call, error.pauseMs, date()) : error;
  }
}

/**
 * The error of an attempt that was not made, because its operation has no time left for the wait.
 *
 * @param pauseMs what is left of the pause that the server requested; 0 when every answer was a 429
 *   instead
 */
export function notSent(call: Call, pauseMs: number, now: number): ConnectorError {
  const seconds = Math.ceil(pauseMs / 1000);
  const total = own`${Math.round(call.budget.total / 1000)} s`;
  const vendor = vendorOf(call);
  const message =
    pauseMs > 0
      ? own`${vendor} asks to wait ${String(seconds)} s (until ${ownText(utcMinute(now + pauseMs, now))}) before ${requestLine(call)}, longer than what is left of the ${total} that an operation may take.`
      : own`${vendor} has answered all requests with 429 (too many requests) for the ${total} that an operation may take; ${requestLine(call)} was not sent.`;
  return callError(call, "rate_limited", message, {
    statusCode: 429,
    retryable: true,
    ...(pauseMs > 0 && { retryAfter: seconds }),
  });
}

/** `14:05 UTC`, with the date when it is another day; rounded up, so that it is not too early. */
function utcMinute(time: number, now: number): string {
  const minute = new Date(Math.ceil(time / 60_000) * 60_000).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  const date = minute.slice(0, 10);
  return `${date === today ? "" : `${date} `}${minute.slice(11, 16)} UTC`;
}
