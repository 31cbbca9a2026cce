import { type Call, type Interceptor, type Reply } from "./call";
import { type RateLimiter, PauseTooLong } from "./limiter";
import { retryAfterMs } from "./retry-after";
import { type Slot } from "./slot-log";
import { waitTooLong } from "./wait-too-long";

/**
 * Takes a slot of the shared limiter for each attempt. A 429 with `Retry-After` pauses the limiter for every user of
 * the client, so that parallel resources do not each collect a 429 of their own.
 */
export function limitRate(limiter: RateLimiter, date: () => number): Interceptor {
  return (next) => async (call) => {
    const slot = await takeSlot(limiter, call, date);
    try {
      const reply = await next({ ...call, onSent: () => slot.sent(), onAnswered: () => slot.answered() });
      pauseWhenAsked(limiter, reply, date());
      return reply;
    } finally {
      slot.ended();
    }
  };
}

async function takeSlot(limiter: RateLimiter, call: Call, date: () => number): Promise<Slot> {
  try {
    return await limiter.acquire(call.budget.remaining());
  } catch (error) {
    throw error instanceof PauseTooLong ? waitTooLong(call, { statusCode: 429, ms: error.ms, now: date() }) : error;
  }
}

function pauseWhenAsked(limiter: RateLimiter, reply: Reply, now: number): void {
  const ms = reply.statusCode === 429 ? retryAfterMs(reply.headers, now) : undefined;
  if (ms !== undefined) {
    limiter.pause(ms);
  }
}
